"""What a module's expressions can see: its variables, locals, resources, paths, and all functions."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.diagnostics import SourceFile
from engine.lang.function import Function
from engine.lang.functions import all_functions
from engine.lang.functions.terraform_provider import provider_functions
from engine.lang.values import EPHEMERAL_MARKS, Value, mark
from engine.syntax.rendering import decode_variables, render_template
from engine.syntax.scope import Scope


def module_scope(
    directory: Path,
    variables: Mapping[str, Value],
    now: str | None,
    planned: str | None = None,
    terraform_names: Iterable[str] = ("terraform",),
    workspace: str = "default",
    *,
    folder: str = ".",
) -> Scope:
    """Return a scope in which variables and functions are known, and nothing else yet.

    `workspace` is the one that is selected, `folder` the module's own, seen from `directory`. For `now`, `planned` and
    `terraform_names` see `module_functions`.
    """
    roots: dict[str, Value] = {
        "var": dict(variables),
        "local": {},
        "path": {"module": folder, "root": folder, "cwd": str(directory.resolve())},
        "terraform": {"workspace": workspace, "applying": mark(now is not None, EPHEMERAL_MARKS)},
    }
    return Scope(roots, module_functions(directory, now, planned, terraform_names))


def module_functions(
    directory: Path,
    now: str | None = None,
    planned: str | None = None,
    terraform_names: Iterable[str] = ("terraform",),
) -> dict[str, Function]:
    """Return all functions that the expressions of a module may call, but for `try` and `can`.

    File functions read below `directory` when their paths are relative. `now` is the moment that `timestamp()` gives,
    None while it is not known; `planned` that of `plantimestamp()`, which a plan keeps for its apply (when left out,
    the apply gives its own). `terraform_names` are the names under which `required_providers` lists the builtin
    provider; its functions are called by them.
    """
    functions: dict[str, Function] = {}

    def render(text: str, name: str, names: Mapping[str, Value]) -> Value:
        return render_template(SourceFile(name, text), names, functions)

    functions.update(all_functions(directory, now, planned or now, render))
    for name in terraform_names:
        functions.update((function.name, function) for function in provider_functions(name, decode_variables))
    return functions
