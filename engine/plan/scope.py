"""What a module's expressions can see: its variables, locals, resources, paths, and all functions."""

from collections.abc import Mapping
from pathlib import Path

from engine.diagnostics import DiagnosticError, SourceFile
from engine.lang.function import Function, FunctionError
from engine.lang.functions import builtin_functions
from engine.lang.functions.files import file_functions
from engine.lang.functions.time import time_functions
from engine.lang.values import Value
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.parser import parse_template
from engine.syntax.scope import Scope


def module_scope(directory: Path, variables: Mapping[str, Value], now: str | None) -> Scope:
    """Return a scope in which variables and functions are known, and nothing else yet.

    File functions read below `directory` when their paths are relative. `now` is the moment that `timestamp()`
    gives, None while it is not known.
    """
    roots: dict[str, Value] = {
        "var": dict(variables),
        "local": {},
        "path": {"module": ".", "root": ".", "cwd": str(directory.resolve())},
        "terraform": {"workspace": "default"},
    }
    functions: dict[str, Function] = dict(builtin_functions())
    functions.update((function.name, function) for function in time_functions(now))

    def render(text: str, name: str, names: Mapping[str, Value]) -> Value:
        inner = {key: function for key, function in functions.items() if key != "templatefile"}
        source = SourceFile(name, text)
        try:
            return evaluate(Expression(parse_template(source), source), Scope(dict(names), inner))
        except DiagnosticError as problem:
            first = problem.diagnostics[0]
            raise FunctionError(f"{first.subject}: {first.summary}; {first.detail}") from None

    functions.update((function.name, function) for function in file_functions(directory, render))
    return Scope(roots, functions)
