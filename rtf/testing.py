"""Run tests: plan, or plan and apply, on states that only this process has; at the end destroy all that was made.

Nothing is printed: a listener hears what happens, and the results are data. No state file is read or written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Final

from engine.address import InstanceAddress, parse_resource_instance, parse_target
from engine.config.model import Module
from engine.config.variables import Assignment
from engine.diagnostics import Diagnostic, DiagnosticError, Diagnostics, error
from engine.lang.values import Value
from engine.plan.changes import Action, Plan
from engine.plan.modules import ModuleInstance
from engine.plan.objects import LoadProvider, provider_of
from engine.plan.options import PlanOptions
from engine.plan.scope import module_functions
from engine.plan.targeting import tell_of_incompleteness, tell_of_targets
from engine.testing.assertions import Names, assertion_scope, assess, outputs_of
from engine.testing.decode_mocks import address_of
from engine.testing.expectations import Origins, expected_failures, explained, unexpected
from engine.testing.model import RunBlock, SuiteFile
from engine.testing.overrides import stand_ins
from engine.testing.providers import check_passed, with_places, with_providers
from engine.testing.results import (
    Abandoned,
    FileEnded,
    FileResult,
    FileStarted,
    FileTearingDown,
    Listener,
    RunEnded,
    RunResult,
    RunStarted,
    RunTearingDown,
    Shown,
    Status,
    SuiteEnded,
    SuiteFound,
    SuiteResult,
    TornDown,
    remaining,
)
from engine.testing.variables import Known, RunValues, run_values
from providers.errors import ProviderError
from providers.redaction import Redactor
from providers.registry import load_provider
from rtf import workspace
from rtf.applying import apply
from rtf.interruptions import Interruptions
from rtf.problems import as_diagnostics
from rtf.requirements import check_usable
from rtf.suites import Suite
from rtf.workspace import Loaded
from state.backends.memory import MemoryState
from state.errors import StateError
from state.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class _Made:
    """Who changed a state last, and with what: the objects in it are destroyed the same way."""

    index: int
    run: str
    loaded: Loaded
    variables: dict[str, Value]
    options: PlanOptions


@dataclass(slots=True)
class _State:
    """What the runs with one state key have made so far."""

    held: MemoryState = field(default_factory=MemoryState)
    snapshot: Snapshot = field(default_factory=Snapshot.empty)
    made: _Made | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What all files of a suite are run with."""

    suite: Suite
    assignments: Sequence[Assignment]  # values of variables from outside, weakest first
    interruptions: Interruptions
    tell: Listener
    secrets: Redactor
    load: LoadProvider = load_provider


def run_suite(setting: Setting, files: Sequence[SuiteFile], warnings: Sequence[Diagnostic] = ()) -> SuiteResult:
    """Run files of tests one after the other, and return what they came to. `warnings` are about the files."""
    setting.tell(SuiteFound({file.name: tuple(run.name for run in file.runs) for file in files}))
    results: list[FileResult] = []
    for file in files:
        if setting.interruptions.abandoning:
            break
        results.append(_FileOfTests(setting, file).result())
    status = max((result.status for result in results), default=Status.PASS)
    interrupted = setting.interruptions.abandoning
    result = SuiteResult(max(status, Status.PASS), tuple(results), tuple(warnings), interrupted)
    setting.tell(SuiteEnded(result))
    return result


class _Failed(Exception):
    """Raised when a run cannot go on; what is in the way is told already."""


@dataclass(slots=True)
class _Run:
    """One run under way."""

    block: RunBlock
    found: Diagnostics
    status: Status = Status.PENDING
    failures: list[str] = field(default_factory=list)
    shown: Shown | None = None

    def stop_at_errors(self) -> None:
        """Raise when what was found so far stands in the way."""
        if self.found.has_errors:
            raise _Failed


class _FileOfTests:
    """One file under way: the states of its runs, and what those that are over have given."""

    def __init__(self, setting: Setting, file: SuiteFile) -> None:
        self._setting = setting
        self._file = file
        self._states: dict[str, _State] = {}
        self._outputs: dict[str, Mapping[str, Value] | None] = {run.name: None for run in file.runs}
        self._planned: set[str] = set()
        self._status = Status.SKIP if file.runs else Status.PASS
        self._assignments = list(setting.assignments)
        self._creating: tuple[str, ...] = ()  # what the latest plan was to create

    def result(self) -> FileResult:
        """Go through the file."""
        tell, name = self._setting.tell, self._file.name
        tell(FileStarted(name))
        results: list[RunResult] = []
        try:
            results.extend(self._runs())
        except Exception:
            self._tear_down()  # whatever went wrong, nobody else knows of what was made
            raise
        tell(FileTearingDown(name))
        self._tear_down()
        if self._setting.interruptions.abandoning:
            self._abandon(results[-1].name if results else "")
        result = FileResult(name, self._status, tuple(results))
        tell(FileEnded(result))
        return result

    def _runs(self) -> Iterator[RunResult]:
        interruptions = self._setting.interruptions
        self._read_variables()
        for index, run in enumerate(self._file.runs):
            if interruptions.abandoning:
                self._status = Status.ERROR
                return
            if interruptions.stopping or self._status is Status.ERROR:
                result = RunResult(run.name, Status.SKIP, assertions=len(run.assertions))
            else:
                self._setting.tell(RunStarted(self._file.name, run.name))
                result = self._run(index, run)
            self._setting.tell(RunEnded(self._file.name, result))
            self._status = max(self._status, result.status)
            yield result

    def _read_variables(self) -> None:
        """Read the values that lie beside the tests; what is wrong with them was told when the suite was read."""
        suite = self._setting.suite
        if suite.is_in_directory(self._file):
            directory = suite.modules.root.directory / suite.directory
            self._assignments += workspace.directory_assignments(directory, Diagnostics())

    # ---------------------------------------------------------------- one run

    def _run(self, index: int, block: RunBlock) -> RunResult:
        run = _Run(block, Diagnostics(secrets=self._setting.secrets))
        started, moment = monotonic(), datetime.now(UTC)
        try:
            self._carry_out(index, run)
        except _Failed:
            run.status = Status.ERROR
        except (DiagnosticError, ProviderError, StateError) as problem:
            run.found.extend(as_diagnostics(problem))
            run.status = Status.ERROR
        return RunResult(
            block.name,
            run.status,
            tuple(run.found),
            len(block.assertions),
            tuple(run.failures),
            run.shown,
            moment,
            monotonic() - started,
        )

    def _carry_out(self, index: int, run: _Run) -> None:
        block, found = run.block, run.found
        expected = expected_failures(block, found)
        run.stop_at_errors()
        loaded, values, provided = self._prepare(run)
        options = self._options(run, loaded.module)
        state = self._states.setdefault(block.state, _State())
        variables = {**values.module, **provided}
        origins = Origins(loaded.module)

        planning = Diagnostics(secrets=found.secrets)
        tell_of_targets(options, planning)
        plan, root = self._plan(loaded, variables, state.snapshot, planning, options)
        if block.command == "plan":
            found.extend(unexpected(planning, expected, origins))
            shown = Shown(loaded.module, plan)
            self._planned.add(block.name)
        else:
            found.extend(explained(planning, expected, origins))
            run.stop_at_errors()
            if plan is None:
                raise _Failed
            found.forget({item.summary for item in found if _is_of_check(item, origins)})  # apply has the last word
            applying = Diagnostics(secrets=found.secrets)
            state.made = _Made(index, block.name, loaded, variables, options)
            root = self._apply(state, plan, applying)
            found.extend(unexpected(applying, expected, origins))
            shown = Shown(loaded.module, snapshot=state.snapshot)
        run.stop_at_errors()
        if root is None:
            raise _Failed
        run.shown = shown
        self._assess(run, loaded.module, root, values)

    def _prepare(self, run: _Run) -> tuple[Loaded, RunValues, dict[str, Value]]:
        """Return the module under test as the run wants it, values for its variables, and for its providers."""
        block, found, suite = run.block, run.found, self._setting.suite
        modules = suite.under_test(self._file, block)
        check_passed(self._file, block, found)
        run.stop_at_errors()
        functions = module_functions(modules.root.directory, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        known = Known(self._file, modules.module, self._assignments, functions, self._outputs, frozenset(self._planned))
        resources = self._states.get(block.state, _State()).snapshot.resources.values()
        recorded = {provider_of(resource.provider) for resource in resources}
        module, provided = with_providers(modules.module, self._file, block, recorded, known, found)
        check_usable(module, modules.root.directory, found)
        run.stop_at_errors()
        later = Diagnostics(secrets=found.secrets)
        values = run_values(block, known, later)
        loaded = workspace.connect(replace(modules, module=with_places(module, values.places)), found)
        run.stop_at_errors()
        found.extend(later)
        run.stop_at_errors()
        return loaded, values, provided

    def _options(self, run: _Run, module: Module) -> PlanOptions:
        planning = run.block.planning
        targets, replaced = [], []
        for expression in planning.targets:
            with run.found.collecting():
                targets.append(address_of(expression, parse_target))
        for expression in planning.replace:
            with run.found.collecting():
                address: InstanceAddress = address_of(expression, parse_resource_instance)
                if address.resource.mode != "managed":
                    summary = "Can only target managed resources for forced replacements."
                    raise error(summary, str(address), expression.range)
                replaced.append(address)
        run.stop_at_errors()
        return PlanOptions(
            "refresh-only" if planning.refresh_only else "normal",
            planning.refresh,
            tuple(targets),
            replace=tuple(replaced),
            stand_ins=stand_ins(self._file, run.block, module),
        )

    def _plan(
        self,
        loaded: Loaded,
        variables: dict[str, Value],
        snapshot: Snapshot,
        found: Diagnostics,
        options: PlanOptions,
    ) -> tuple[Plan | None, ModuleInstance | None]:
        with found.collecting():
            outlook = workspace.look_ahead(loaded, variables, snapshot, found, options, load=self._setting.load)
            self._creating = _creations(outlook.plan)
            return outlook.plan, outlook.root
        return None, None

    def _apply(self, state: _State, plan: Plan, found: Diagnostics) -> ModuleInstance | None:
        """Apply a plan; the state has all that came of it. Returns the values afterwards."""
        made, interruptions = state.made, self._setting.interruptions
        if made is None:
            return None
        tell_of_incompleteness(plan.options, found)
        with found.collecting():
            applied = apply(
                made.loaded,
                plan,
                state.snapshot,
                state.held,
                found,
                load=self._setting.load,
                interrupts=interruptions.watching,
            )
            state.snapshot = applied.snapshot
            if interruptions.abandoning:
                found.extend(error("Test interrupted", _INTERRUPTED).diagnostics)
            return applied.outcome.root
        return None

    def _assess(self, run: _Run, module: Module, root: ModuleInstance, values: RunValues) -> None:
        """Look at what the run asserts, and keep its outputs for the runs after it."""
        outputs = outputs_of(module, root)
        scope = assertion_scope(module, root, {**values.module, **values.others}, outputs, self._outputs)
        names = Names(module, frozenset(values.others), self._outputs)
        run.status = Status.PASS
        for rule in run.block.assertions:
            status, message = assess(rule, names, scope, run.found)
            run.status = max(run.status, status)
            if message is not None:
                run.failures.append(message)
        self._outputs[run.block.name] = outputs

    # ---------------------------------------------------------------- the end

    def _tear_down(self) -> None:
        """Destroy what the runs made, the latest first."""
        made = [(state.made, state) for state in self._states.values() if state.made is not None]
        for last, state in sorted(made, key=lambda item: -item[0].index):
            if self._setting.interruptions.abandoning:
                return
            if state.snapshot.resources:
                self._setting.tell(RunTearingDown(self._file.name, last.run))
                found = Diagnostics(secrets=self._setting.secrets)
                self._destroy(last, state, found)
                left = remaining(state.snapshot)
                if state.snapshot.resources:
                    self._status = Status.ERROR
                self._setting.tell(TornDown(self._file.name, last.run, tuple(found), left))

    def _destroy(self, made: _Made, state: _State, found: Diagnostics) -> None:
        options = PlanOptions("destroy", stand_ins=made.options.stand_ins)
        plan, _ = self._plan(made.loaded, made.variables, state.snapshot, found, options)
        if plan is not None and not found.has_errors:
            self._apply(state, plan, found)

    def _abandon(self, run: str) -> None:
        """Tell what is left because nobody waits for its end."""
        self._status = Status.ERROR
        left = {
            "" if key == "" or state.made is None else state.made.run: remaining(state.snapshot)
            for key, state in self._states.items()
            if state.snapshot.resources
        }
        there = {item.address for objects in left.values() for item in objects}
        planned = tuple(address for address in self._creating if address not in there)
        self._setting.tell(Abandoned(self._file.name, run, left, planned))


_INTERRUPTED: Final = (
    "The test operation could not be completed due to an interrupt signal. Please read the remaining diagnostics "
    "carefully for any sign of failed state cleanup or dangling resources."
)


def _creations(plan: Plan | None) -> tuple[str, ...]:
    changes = plan.changes if plan is not None else ()
    return tuple(change.name for change in changes if change.action is Action.CREATE)


def _is_of_check(problem: Diagnostic, origins: Origins) -> bool:
    failure = origins.of(problem)
    return failure is not None and failure.of_check
