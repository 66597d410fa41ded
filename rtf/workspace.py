"""From a root module to a plan, and from a plan to an apply: the whole way on one screen.

    find_root -> load -> make_plan -> apply

The command line and the Python interface (`rtf.api`) call these functions. Nothing here prints or asks.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.config.body import blocks_of
from engine.config.load import configuration_files, parse_files, read_module
from engine.config.model import Module, Variable
from engine.config.modules import Locate, check_calls, check_required_versions, load_modules
from engine.config.variables import (
    Assignment,
    assign,
    automatic_files,
    check_defaults,
    command_line_assignment,
    environment_assignments,
    file_assignments,
    given_values,
    marks_of,
)
from engine.diagnostics import Diagnostics, SourceFile, error
from engine.events import Listener
from engine.graph.build import build_graph, check_cycles, has_cycles
from engine.lang.convert import ConversionError
from engine.lang.json_values import from_json_typed
from engine.lang.types import from_notation
from engine.lang.values import NULL, SENSITIVE_MARKS, Unknown, Value, equal, mark, secret_texts, unmark_deep
from engine.plan import planner
from engine.plan.changes import Action, OutputChange, Plan
from engine.plan.modules import ModuleInstance
from engine.plan.moves import apply_moves
from engine.plan.objects import LoadProvider, Models, Providers, find_models, find_providers, recorded_objects
from engine.plan.options import PlanOptions
from engine.plan.prior import settled
from engine.plan.references import check_attributes
from engine.plan.relevant import relevant_attributes
from engine.plan.scope import module_scope
from engine.plan.validate import validate as validate_module
from engine.syntax.scope import Scope
from providers.registry import load_provider, provider_names
from rtf.installing import locate_installed
from rtf.requirements import check_usable
from rtf.workspaces import selected_workspace
from state.snapshot import Snapshot

if TYPE_CHECKING:
    from engine.graph.build import Graph


@dataclass(frozen=True, slots=True)
class Root:
    """Where a root module is: a directory, or one file that is a module of its own."""

    path: Path
    directory: Path
    state: Path

    @property
    def data(self) -> Path:
        """Where notes about the root module are kept: a folder of its own for a single file."""
        data = data_directory(self.directory)
        return data if self.path == self.directory else data / self.state.stem


def data_directory(directory: Path) -> Path:
    """Return where notes about the root modules in a directory are kept: `.terraform`, or what TF_DATA_DIR names."""
    given = os.environ.get("TF_DATA_DIR")
    return Path(given) if given else directory / ".terraform"


def find_root(path: Path) -> Root:
    """Return the root module at `path`; the state of a single file is kept beside it under the file's name."""
    if os.path.isdir(path):
        return Root(path, path, path / "terraform.tfstate")
    return Root(path, path.parent, path.with_name(f"{path.name.removesuffix('.hcl').removesuffix('.tf')}.tfstate"))


def has_configuration(root: Root) -> bool:
    """Return whether there is anything to load at `root`. Raises DiagnosticError when it does not exist."""
    return bool(configuration_files(root.path))


@dataclass(frozen=True, slots=True)
class VariableSources:
    """Where values of variables come from, besides the files that are read by themselves."""

    arguments: Sequence[tuple[str, str]] = ()  # ("var", "name=value") or ("var-file", path), in the order given
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    ask: Callable[[Variable], str] | None = None
    values: Mapping[str, Value] = field(default_factory=dict)  # from a program; these go before all others


@dataclass(frozen=True, slots=True)
class Loaded:
    """A root module and all that it calls, read and put together. `sources` are the files by folder."""

    root: Root
    sources: dict[str, tuple[SourceFile, ...]]
    module: Module
    graph: "Graph"


CheckProviders = Callable[[Module, Path, Diagnostics], None]


@dataclass(frozen=True, slots=True)
class Modules:
    """A root module and all that it calls, as read. `sources` are the files by folder."""

    root: Root
    sources: dict[str, tuple[SourceFile, ...]]
    module: Module


def read_modules(
    root: Root, found: Diagnostics, locate: Locate | None = None, *, directory: str = ".", key: str = ""
) -> Modules:
    """Return the modules at `root`. Raises DiagnosticError with everything that is wrong with their texts.

    `locate` knows where called modules are; the manifest says it unless given. For a test of another module,
    `directory` is the folder of that, seen from the root module's, and `key` what the manifest calls it.
    """
    sources: dict[str, tuple[SourceFile, ...]] = {}

    def read(directory: str) -> list[SourceFile] | None:
        place = root.path if directory == "." else root.directory / directory
        if directory != "." and not place.is_dir():
            return None
        if directory not in sources:
            sources[directory] = tuple(read_module(place, Path.cwd(), found))
        return list(sources[directory])

    if not read(directory):
        found.raise_errors()
        detail = (
            f'The directory "{root.directory / directory}" contains no configuration. Write one, such as main.hcl, or '
            "name another directory with -chdir=DIR."
        )
        raise error("No configuration files", detail)
    locate = locate or installed_modules(root)
    module = load_modules(read, locate, found, directory, key)
    found.raise_errors()  # what is missing from a file that does not parse is not undeclared
    check_required_versions(module, found)
    found.raise_errors()
    return Modules(root, sources, module)


def installed_modules(root: Root) -> Locate:
    """Return what knows where the modules are that were installed for a root module."""
    return locate_installed(root.data, everything=root.path.is_dir())


def calls_modules(root: Root, found: Diagnostics) -> bool:
    """Return whether the root module calls others. Raises DiagnosticError when its files cannot be read."""
    files = parse_files(read_module(root.path, Path.cwd(), found), Diagnostics())
    return any(block.type == "module" for source, body in files for block in blocks_of(body, source))


def load(root: Root, found: Diagnostics, check: CheckProviders = check_usable) -> Loaded:
    """Return the root module, ready to plan. Raises DiagnosticError with everything that is wrong with its text.

    `check` tells whether the required providers are there.
    """
    return ready(read_modules(root, found), found, check)


def ready(modules: Modules, found: Diagnostics, check: CheckProviders = check_usable) -> Loaded:
    """Return modules that were read, ready to plan; see `load`."""
    check(modules.module, modules.root.directory, found)
    found.raise_errors()
    return connect(modules, found)


def put_together(
    root: Root,
    sources: Sequence[SourceFile],
    found: Diagnostics,
    called: Mapping[str, Sequence[SourceFile]] | None = None,
) -> Loaded:
    """Return the root module that the given texts make, without reading any file. Raises DiagnosticError.

    `called` are the files of the modules it calls, by folder.
    """
    texts = {**(called or {}), ".": sources}
    files = {directory: tuple(texts[directory]) for directory in texts}
    locate = locate_installed(root.data, everything=False)
    module = load_modules(lambda directory: list(files[directory]) if directory in files else None, locate, found)
    found.raise_errors()
    return connect(Modules(root, files, module), found)


def connect(modules: Modules, found: Diagnostics) -> Loaded:
    """Return modules with who needs whom in them; what is wrong with that is added to `found`."""
    check_calls(modules.module, found)
    graph = build_graph(modules.module, found)
    check_cycles(graph, found)
    return Loaded(modules.root, modules.sources, modules.module, graph)


def read_variables(loaded: Loaded, given: VariableSources, found: Diagnostics) -> dict[str, Value]:
    """Return the values of the module's variables; what is wrong with them is added to `found`."""
    reading = Diagnostics(secrets=found.secrets)
    assignments = [*_found_assignments(loaded, given, reading), *_given_assignments(given, reading)]
    reading.raise_errors()  # a variable without a value may be one whose value could not be read
    found.extend(reading)
    return assign(loaded.module, assignments, found, given.ask)


def given_variables(loaded: Loaded, given: VariableSources) -> dict[str, Value]:
    """Return the values of variables as they were given; those without a value are left out."""
    ignored = Diagnostics()
    assignments = [*_found_assignments(loaded, given, ignored), *_given_assignments(given, ignored)]
    return given_values(loaded.module, assignments)


def variables_of_saved_plan(
    loaded: Loaded, saved: Mapping[str, Value], given: VariableSources, found: Diagnostics
) -> dict[str, Value]:
    """Return the values to apply a saved plan with: those it has, and ephemeral ones, which have to be given again.

    A value that is given and is not the one in the plan is an error.
    """
    named = _given_assignments(given, found)
    names = {assignment.name for assignment in named}
    declared = loaded.module.variables
    wanted = {name: one for name, one in declared.items() if one.ephemeral or name in names}
    assignments = [*_found_assignments(loaded, given, found), *named]
    fitting = [one for one in assignments if one.name in wanted or one.name not in declared]
    values = assign(Module(variables=wanted), fitting, found, given.ask)
    for name, value in values.items():
        if not declared[name].ephemeral and not equal(unmark_deep(value)[0], unmark_deep(saved.get(name, NULL))[0]):
            detail = (
                f"The plan was made with another value of var.{name}, and a saved plan is applied with the values that "
                "it has. Leave out this value, or make a new plan."
            )
            found.extend(error("Can't change variable when applying a saved plan", detail).diagnostics)
    return {**saved, **{name: value for name, value in values.items() if declared[name].ephemeral}}


def given_assignments(root: Root, given: VariableSources, found: Diagnostics) -> list[Assignment]:
    """Return all values that are given from outside, weakest first."""
    environment = environment_assignments(given.environment)
    return [*environment, *directory_assignments(root.directory, found), *_given_assignments(given, found)]


def directory_assignments(directory: Path, found: Diagnostics) -> list[Assignment]:
    """Return the values from the files in a folder that are read without being asked for."""
    assignments: list[Assignment] = []
    for path in automatic_files(directory):
        assignments.extend(file_assignments(path, os.path.relpath(path), found))
    return assignments


def _found_assignments(loaded: Loaded, given: VariableSources, found: Diagnostics) -> list[Assignment]:
    """Return the values from the environment and from the files that are read without being asked for."""
    return [*environment_assignments(given.environment), *directory_assignments(loaded.root.directory, found)]


def _given_assignments(given: VariableSources, found: Diagnostics) -> list[Assignment]:
    """Return the values that `-var` and `-var-file` give."""
    assignments: list[Assignment] = []
    for kind, text in given.arguments:
        if kind == "var-file":
            assignments.extend(file_assignments(Path(text), text, found))
        else:
            with found.collecting():
                assignments.append(command_line_assignment(text))
    assignments.extend(Assignment(name, "program", value) for name, value in given.values.items())
    return assignments


def scope_of(loaded: Loaded, variables: Mapping[str, Value], now: str | None, planned: str | None) -> Scope:
    """Return what the root module's expressions see. `now` is the moment of an apply, `planned` that of its plan."""
    required = loaded.module.required_providers
    names = [name for name, provider in required.items() if provider.source == "terraform.io/builtin/terraform"]
    workspace = selected_workspace(loaded.root.data)
    return module_scope(
        loaded.root.directory, variables, now, planned, names, workspace, folder=loaded.module.directory
    )


def validate(loaded: Loaded, found: Diagnostics, load: LoadProvider = load_provider) -> None:
    """Add to `found` what is wrong with a module as far as that can be told without values from outside."""
    providers, models = find_types(loaded.module, Snapshot.empty(), found, load)
    check_attributes(loaded.module, models, found)
    variables: dict[str, Value] = {}
    for name, variable in loaded.module.variables.items():
        variables[name] = mark(Unknown(variable.type), marks_of(variable))
    check_defaults(loaded.module, found)
    scope = scope_of(loaded, variables, None, None)
    if not has_cycles(loaded.graph):  # else nothing can be evaluated in order
        validate_module(loaded.module, loaded.graph, scope, models, providers, found)


_NORMAL: Final = PlanOptions()


def find_types(
    module: Module, snapshot: Snapshot, found: Diagnostics, load: LoadProvider = load_provider
) -> tuple[Providers, Models]:
    """Return the providers in use, and all their resource types; what is missing is added to `found`.

    `load` finds a provider by its name; unless given, those that are installed.
    """
    providers = find_providers(module, snapshot, load, provider_names(), found)
    return providers, find_models(module, providers, found)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What planning came to: a plan, unless something stands in its way, and the values found on the way."""

    plan: Plan | None
    root: ModuleInstance


def make_plan(
    loaded: Loaded,
    variables: dict[str, Value],
    snapshot: Snapshot,
    found: Diagnostics,
    options: PlanOptions = _NORMAL,
    *,
    now: float | None = None,
    load: LoadProvider = load_provider,
    emit: Listener = lambda event: None,
) -> Plan:
    """Return the plan that turns `snapshot` into what the module says, or what else `options` ask for.

    Raises DiagnosticError with everything that is in the way. `now` is the moment to plan for, in Unix seconds; `emit`
    hears what is read on the way.
    """
    plan = look_ahead(loaded, variables, snapshot, found, options, now=now, load=load, emit=emit).plan
    found.raise_errors()
    if plan is None:
        raise RuntimeError("a plan without errors was expected")
    return plan


def look_ahead(
    loaded: Loaded,
    variables: dict[str, Value],
    snapshot: Snapshot,
    found: Diagnostics,
    options: PlanOptions = _NORMAL,
    *,
    now: float | None = None,
    load: LoadProvider = load_provider,
    emit: Listener = lambda event: None,
) -> Outlook:
    """Return what `make_plan` does, and the values of the root module as they are then.

    What is in the way of the plan is added to `found`. Raises DiagnosticError when it is so much in the way that
    nothing could be evaluated.
    """
    now = time.time() if now is None else now
    moves = apply_moves(loaded.module, snapshot, found)
    providers, models = find_types(loaded.module, moves.snapshot, found, load)
    check_attributes(loaded.module, models, found)
    if found.has_errors:
        validate(loaded, found, load)  # tell everything else that is wrong as well
    found.raise_errors()
    objects = [
        replace(recorded, previous=moves.previous.get(recorded.address))
        for recorded in recorded_objects(moves.snapshot, models, found)
    ]
    found.raise_errors()
    moment = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    base = Plan(snapshot.lineage, snapshot.serial, variables=variables, options=options, timestamp=moment)
    planned = planner.make_plan(
        loaded.module,
        loaded.graph,
        scope_of(loaded, variables, None, moment),
        models,
        providers,
        objects,
        base,
        recorded_outputs(snapshot, found),
        options,
        loaded.root.directory,
        now,
        found,
        emit,
    )
    if not found.has_errors and options.mode == "normal" and _has_unused_blocks(loaded.module, planned.plan):
        validate(loaded, found, load)  # nothing has looked inside them yet
    if found.has_errors:
        return Outlook(None, planned.root)
    prior = settled(moves.snapshot, objects, planned, models, providers)
    plan = replace(planned.plan, prior=prior)
    if plan.drift:  # only then people have to be told what matters of it
        plan = replace(plan, relevant_attributes=relevant_attributes(loaded.module, plan.changes, plan.outputs))
    return Outlook(plan, planned.root)


def _has_unused_blocks(module: Module, plan: Plan) -> bool:
    """Return whether some resource block has no instances at present."""
    used = {str(change.address.resource) for change in plan.changes if change.after is not None}
    return not used.issuperset(module.resources)


def recorded_outputs(snapshot: Snapshot, found: Diagnostics) -> dict[str, OutputChange]:
    """Return the recorded outputs, each as if it were to be deleted."""
    outputs: dict[str, OutputChange] = {}
    for name, output in snapshot.outputs.items():
        try:
            value = from_json_typed(output.value, from_notation(output.type))
        except (ConversionError, ValueError) as problem:
            detail = f'The state\'s record of output "{name}" is not what its type says: {problem}.'
            found.extend(error("Invalid output value in state", detail).diagnostics)
            continue
        if output.sensitive:
            value = mark(value, SENSITIVE_MARKS)
            found.secrets.update(secret_texts(value))
        outputs[name] = OutputChange(name, Action.DELETE, value, None, output.sensitive)
    return outputs
