"""rtf for Python programs: what the commands do, with typed results and nothing printed.

`import rtf` gives these functions. They read the same files, variables, workspaces and locks as the commands, and leave
the same state. Parsing flags and showing results stay out.
"""

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from engine.config.model import Module
from engine.diagnostics import DiagnosticError, Diagnostics, error
from engine.lang.convert import ConversionError
from engine.lang.json_values import from_json
from engine.lang.values import Value
from engine.plan.changes import Action, Counts, count
from engine.plan.objects import recorded_objects
from engine.plan.options import PlanOptions
from providers.errors import ProviderError
from rtf import planning, workspace
from rtf.planning import Prepared, plan_options, tell_unknown
from rtf.problems import as_diagnostics
from rtf.requirements import check_valid
from rtf.results import (
    Applied,
    Change,
    Diagnostic,
    Error,
    Output,
    OutputChange,
    State,
    change_of,
    diagnostics_of,
    objects_of,
    output_change_of,
    outputs_of,
)
from rtf.storage import places_of
from rtf.workspace import Root, VariableSources, find_root
from rtf.workspaces import selected_workspace
from state.backend import LockedState
from state.backends.local import LocalBackend
from state.errors import StateError
from state.snapshot import Snapshot

StrPath = str | os.PathLike[str]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Plan:
    """What `apply` would do. It holds everything for that in memory: files that change afterwards make no difference.

    `changes` are the objects to which something happens, moves and imports included; `drift` is what became of objects
    outside since they were recorded. `notices` say what one has to know before, such as which server is meant.
    """

    changes: tuple[Change, ...]
    outputs: tuple[OutputChange, ...]
    drift: tuple[Change, ...]
    counts: Counts
    has_changes: bool
    notices: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]
    _prepared: Prepared = field(repr=False, compare=False)
    _found: Diagnostics = field(repr=False, compare=False)  # of which only the secrets are of use any more

    def apply(self, *, parallelism: int = 10, lock_timeout: float = 0.0) -> Applied:
        """Do what the plan says and return what came of it. Raises Error.

        A plan can be applied as long as its state is the one that it was made for: once, and before anybody else.
        """

        def work(found: Diagnostics) -> Applied:
            _check_apply(parallelism)
            with _backend(self._prepared.loaded.root).lock("OperationTypeApply", lock_timeout) as locked:
                planning.check_current(self._prepared.plan, _read(locked, found))
                return _carry_out(self._prepared, locked, found, parallelism)

        return _told(work, Diagnostics(secrets=self._found.secrets))


def validate(path: StrPath = ".") -> tuple[Diagnostic, ...]:
    """Check the configuration at `path` by itself and return the warnings. Raises Error when it is not valid.

    No state is read, no variable needs a value, nothing is requested.
    """

    def work(found: Diagnostics) -> tuple[Diagnostic, ...]:
        root = _root(path)
        if workspace.has_configuration(root):
            workspace.validate(workspace.load(root, found, check_valid), found)
        return diagnostics_of(found)

    return _told(work, Diagnostics())


def plan(
    path: StrPath = ".",
    *,
    variables: Mapping[str, Any] | None = None,
    var_files: Iterable[StrPath] = (),
    destroy: bool = False,
    refresh_only: bool = False,
    refresh: bool = True,
    targets: Sequence[str] = (),
    excluded: Sequence[str] = (),
    replace: Sequence[str] = (),
    lock: bool = True,
    lock_timeout: float = 0.0,
) -> Plan:
    """Return what would have to change for the world to be as the configuration at `path` says. Raises Error.

    `path` is a directory, or one file that is a root module of its own. `variables` are Python data and go before
    `var_files` and everything that is read without being asked for (`TF_VAR_...`, `*.auto.tfvars`). The others are the
    flags of `rtf plan`; the lock is waited for `lock_timeout` seconds, and not taken at all with `lock=False`.
    """

    def work(found: Diagnostics) -> Prepared:
        _check_no_loop()
        options = plan_options(
            destroy=destroy,
            refresh_only=refresh_only,
            refresh=refresh,
            targets=targets,
            excluded=excluded,
            replaced=replace,
        )
        root, given = _root(path), _given(variables, var_files)
        backend = _backend(root)
        if lock:
            with backend.lock("OperationTypePlan", lock_timeout) as locked:
                return planning.prepare(root, _read(locked, found), given, found, options)
        snapshot, unknown = backend.peek()
        tell_unknown(unknown, found)
        return planning.prepare(root, snapshot, given, found, options)

    found = Diagnostics()
    prepared = _told(work, found)
    planned = prepared.plan
    changed = [
        change
        for change in planned.changes
        if change.action is not Action.NO_OP or change.previous_address is not None or change.importing is not None
    ]
    return Plan(
        tuple(map(change_of, changed)),
        tuple(output_change_of(change) for change in planned.outputs if change.action is not Action.NO_OP),
        tuple(map(change_of, planned.drift)),
        count(planned.changes),
        planned.has_changes,
        planned.notices,
        diagnostics_of(found),
        prepared,
        found,
    )


def apply(
    path: StrPath = ".",
    *,
    variables: Mapping[str, Any] | None = None,
    var_files: Iterable[StrPath] = (),
    refresh_only: bool = False,
    refresh: bool = True,
    targets: Sequence[str] = (),
    excluded: Sequence[str] = (),
    replace: Sequence[str] = (),
    parallelism: int = 10,
    lock_timeout: float = 0.0,
) -> Applied:
    """Make the world as the configuration at `path` says, without asking, and return what was done. Raises Error.

    Planned and applied under one lock. For the arguments see `plan`; at most `parallelism` operations run at a time.
    """
    return _plan_and_apply(
        path,
        lambda: _given(variables, var_files),
        lambda: plan_options(
            refresh_only=refresh_only,
            refresh=refresh,
            targets=targets,
            excluded=excluded,
            replaced=replace,
            at_a_time=parallelism,
        ),
        parallelism,
        lock_timeout,
    )


def destroy(
    path: StrPath = ".",
    *,
    variables: Mapping[str, Any] | None = None,
    var_files: Iterable[StrPath] = (),
    refresh: bool = True,
    targets: Sequence[str] = (),
    excluded: Sequence[str] = (),
    parallelism: int = 10,
    lock_timeout: float = 0.0,
) -> Applied:
    """Make everything go away that the state records, without asking, and return what was done. Raises Error."""
    return _plan_and_apply(
        path,
        lambda: _given(variables, var_files),
        lambda: plan_options(destroy=True, refresh=refresh, targets=targets, excluded=excluded, at_a_time=parallelism),
        parallelism,
        lock_timeout,
    )


def outputs(path: StrPath = ".") -> dict[str, Output]:
    """Return the outputs that the state of the root module at `path` records, by name. Raises Error. Takes no lock."""

    def work(found: Diagnostics) -> dict[str, Output]:
        return _outputs(_backend(_root(path)).peek()[0], found)

    return _told(work, Diagnostics())


def show(path: StrPath = ".") -> State:
    """Return what the state of the root module at `path` records. Raises Error. Takes no lock."""

    def work(found: Diagnostics) -> State:
        snapshot, unknown = _backend(_root(path)).peek()
        tell_unknown(unknown, found)
        _, models = workspace.find_types(Module(), snapshot, found)
        objects = objects_of(recorded_objects(snapshot, models, found))
        recorded = _outputs(snapshot, found)
        return State(snapshot.lineage, snapshot.serial, objects, recorded, diagnostics_of(found))

    return _told(work, Diagnostics())


# ---------------------------------------------------------------- what they have in common


def _told(work: Callable[[Diagnostics], Result], found: Diagnostics) -> Result:
    """Return what `work` gives. Raises Error with all that was found when any of it is an error.

    The exceptions of the engine do not become causes or contexts of that: their texts may hold secrets.
    """
    results: list[Result] = []
    try:
        results.append(work(found))
    except (DiagnosticError, StateError, ProviderError) as problem:
        found.extend(as_diagnostics(problem))
    if found.has_errors:
        applied = results[0] if results and isinstance(results[0], Applied) else None
        raise Error(diagnostics_of(found), applied)
    return results[0]


def _root(path: StrPath) -> Root:
    """Return the root module, found again whatever the working directory is by then."""
    return find_root(Path(path).absolute())


def _backend(root: Root) -> LocalBackend:
    state = places_of(root).state_of(selected_workspace(root.data))
    return LocalBackend(state, rescue=root.directory / "errored.tfstate")


def _read(locked: LockedState, found: Diagnostics) -> Snapshot:
    snapshot, unknown = locked.read()
    tell_unknown(unknown, found)
    return snapshot


def _given(variables: Mapping[str, Any] | None, var_files: Iterable[StrPath]) -> VariableSources:
    """Return where the values of variables come from. Raises DiagnosticError for data that is no value."""
    files = [("var-file", os.fspath(path)) for path in var_files]
    return VariableSources(files, values={name: _value(name, data) for name, data in (variables or {}).items()})


def _value(name: str, data: Any) -> Value:
    try:
        return from_json(_json(data))
    except (ConversionError, TypeError, ValueError, RecursionError) as problem:
        why = "it is nested too deeply" if isinstance(problem, RecursionError) else str(problem)
        raise error("Invalid value for input variable", f'The value given for variable "{name}": {why}.') from None


def _json(data: Any) -> Any:
    """Return Python data as JSON data. Raises TypeError for what is neither."""
    if isinstance(data, Mapping):
        return {_key(key): _json(item) for key, item in data.items()}
    if isinstance(data, (list, tuple, set, frozenset)):
        return [_json(item) for item in data]
    if data is None or isinstance(data, (str, bool, int, float, Decimal)):
        return data
    raise TypeError(f"a {type(data).__name__} has no form in the language; give str, bool, numbers, None, list or dict")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError("the keys of a dict have to be str")
    return key


def _outputs(snapshot: Snapshot, found: Diagnostics) -> dict[str, Output]:
    return outputs_of(workspace.recorded_outputs(snapshot, found))


def _plan_and_apply(
    path: StrPath,
    read_variables: Callable[[], VariableSources],
    read_options: Callable[[], PlanOptions],
    parallelism: int,
    lock_timeout: float,
) -> Applied:
    def work(found: Diagnostics) -> Applied:
        _check_apply(parallelism)
        options, root, given = read_options(), _root(path), read_variables()
        with _backend(root).lock("OperationTypeApply", lock_timeout) as locked:
            prepared = planning.prepare(root, _read(locked, found), given, found, options)
            return _carry_out(prepared, locked, found, parallelism)

    return _told(work, Diagnostics())


def _carry_out(prepared: Prepared, locked: LockedState, found: Diagnostics, parallelism: int) -> Applied:
    from rtf.applying import carry_out

    applied = carry_out(prepared, locked, found, parallelism=parallelism)
    outcome, outputs = applied.outcome, _outputs(applied.snapshot, found)
    return Applied(
        outcome.added,
        outcome.changed,
        outcome.destroyed,
        outcome.imported,
        outputs,
        tuple(outcome.failed),
        tuple(outcome.skipped),
        tuple(item for item in diagnostics_of(found) if item.severity == "warning"),
    )


def _check_apply(parallelism: int) -> None:
    _check_no_loop()
    if parallelism < 1:
        raise error("Invalid parallelism", f"At least 1 operation has to run at a time, not {parallelism}.")


def _check_no_loop() -> None:
    """Raise DiagnosticError inside of a running event loop, which rtf would keep from running."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    detail = "Planning and applying take their time. Use a thread: await asyncio.to_thread(rtf.plan, ...)."
    raise error("Called from an event loop", detail)
