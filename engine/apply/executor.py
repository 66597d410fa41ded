"""Do what a plan says: create, update and delete objects, side by side where nothing needs the other.

Before a side effect its intent is in the journal, after it its result, and only then is it told. A failure stops
what depends on it and nothing else. Known values of the plan must come out the same; anything else is an error.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, time
from typing import TYPE_CHECKING, Any, TypeVar

from engine.address import InstanceKey, static_address
from engine.apply.attributes import made_attributes, wanted_attributes
from engine.events import Listener, OperationFailed, OperationFinished, OperationProgress, OperationStarted, Verb
from engine.apply.operations import Operation, build_operations
from engine.apply.recorder import Recorder
from engine.config.model import Argument, Module, ResourceBlock
from engine.diagnostics import DiagnosticError, Diagnostics, SourceRange, error
from engine.graph.build import Node, block_of
from engine.graph.walk import walk
from engine.lang.values import Value, secret_texts
from engine.plan.attributes import Attributes, referable, to_plain
from engine.plan.changes import Action, Change, Plan
from engine.plan.configured import placed
from engine.plan.expand import expand
from engine.plan.modules import ModuleInstance, Modules, assemble
from engine.plan.objects import Models, Providers, Recorded, current_objects
from engine.plan.planner import recorded_value
from engine.plan.settings import provider_settings
from engine.syntax.scope import Scope
from providers.errors import OutcomeUnknown, ProviderError, failure
from providers.resource import Resource
from state.errors import StateError

if TYPE_CHECKING:
    from engine.graph.build import Graph

Done = TypeVar("Done")

PROGRESS_INTERVAL = 10.0  # seconds between two "still creating"


@dataclass(slots=True)
class Outcome:
    """What an apply came to. Addresses are those of resource instances."""

    added: int = 0
    changed: int = 0
    destroyed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    outputs: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class _Run:
    """One apply under way."""

    module: Module
    graph: "Graph"
    plan: Plan
    modules: Modules
    models: Models
    providers: Providers
    directory: Path
    recorder: Recorder
    emit: Listener
    found: Diagnostics
    stop: asyncio.Event
    connections: AsyncExitStack
    outcome: Outcome
    objects: dict[str, dict[InstanceKey, Attributes]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)  # checked provider configurations
    apis: dict[str, "asyncio.Future[Any]"] = field(default_factory=dict)
    in_flight: dict[str, Verb] = field(default_factory=dict)


async def apply_plan(
    module: Module,
    graph: "Graph",
    plan: Plan,
    scope: Scope,
    models: Models,
    providers: Providers,
    objects: Sequence[Recorded],
    directory: Path,
    recorder: Recorder,
    parallelism: int,
    emit: Listener,
    found: Diagnostics,
    stop: asyncio.Event,
    outcome: Outcome,
) -> None:
    """Do everything `plan` says, at most `parallelism` operations at a time; `outcome` tells what it came to so far.

    Results go to `recorder` as they arrive, problems to `found`. Once `stop` is set nothing new is begun; a journal
    that takes no more sets it as well. When the task is cancelled, what was in flight is reported as of unknown
    outcome, and the cancellation goes on.
    """
    operations = build_operations(graph, plan)
    async with AsyncExitStack() as connections:
        run = _Run(
            module,
            graph,
            plan,
            Modules(scope, found),
            models,
            providers,
            directory,
            recorder,
            emit,
            found,
            stop,
            connections,
            outcome,
        )
        for name, instances in current_objects(objects).items():
            run.objects[name] = {key: one.attributes for key, one in instances.items()}
        try:
            await _keep(run)
            skipped = await walk(operations, lambda operation: _visit(run, operation), parallelism)
        except asyncio.CancelledError:
            _report_in_flight(run)
            raise
        run.outcome.skipped.extend(item.name for item in skipped if item.kind != "evaluate")
        run.outcome.skipped[:] = sorted(set(run.outcome.skipped) - set(run.outcome.failed))


async def _keep(run: _Run) -> None:
    """Take over the objects that stay as they are: equal to what is recorded, but what is sensitive may differ."""
    kept = [change for change in run.plan.changes if change.action is Action.NO_OP and change.after is not None]
    for change in kept:
        run.objects.setdefault(str(change.address.resource), {})[change.address.key] = change.after or {}
    with run.found.collecting(), _journal_problems(run):
        await run.recorder.kept(kept)


@contextmanager
def _journal_problems(run: _Run) -> Iterator[None]:
    """When the journal takes no more, begin nothing new; what is in flight ends, and is in the snapshot."""
    try:
        yield
    except StateError as problem:
        run.stop.set()
        raise error(problem.summary, problem.detail) from None


def _report_in_flight(run: _Run) -> None:
    for name, verb in sorted(run.in_flight.items()):
        detail = (
            f"The run was stopped while {name} was in work ({verb}), so it is not known whether that took effect. "
            "Check at the provider before applying again."
        )
        run.found.extend(error("Outcome unknown", detail).diagnostics)


async def _visit(run: _Run, operation: Operation) -> bool:
    """Do one operation; return whether what comes after it may be done."""
    if operation.kind == "evaluate":
        with run.found.collecting():
            _evaluate(run, operation.name)
            return True
        return False
    change = operation.change
    if change is None or run.stop.is_set():
        run.outcome.skipped.append(operation.name)
        return False
    verb: Verb = "delete" if operation.kind == "delete" else "update" if change.action is Action.UPDATE else "create"
    started = monotonic()
    try:
        with _journal_problems(run):
            await (_delete(run, change, started) if verb == "delete" else _write(run, change, verb, started))
    except DiagnosticError as problem:
        run.found.extend(problem.diagnostics)
        run.outcome.failed.append(operation.name)
        run.emit(OperationFailed(change.address, verb, monotonic() - started))
        return False
    return True


def _evaluate(run: _Run, node: str) -> None:
    """Give a block of the configuration its value."""
    if node not in run.graph:  # the provider of an object whose block is gone
        _configure_provider(run, node.partition(".")[2])
        return
    block = block_of(run.graph, node)
    if block.kind == "provider":
        _configure_provider(run, block.name)
    elif block.kind == "resource":
        _assemble(run, block)
    elif block.kind != "output" or block.place.path or not run.plan.destroy:
        run.modules.evaluate(block)
        if block.kind == "output" and not block.place.path:
            run.outcome.outputs[block.name] = run.modules.root.outputs[block.name]


def _assemble(run: _Run, node: Node) -> None:
    """Let references see a resource block as it is now, in every instance of its module."""
    block = node.place.module.resources[node.name]
    schema = run.models[block.address.type].schema_of_type()
    for instance in run.modules.of(node.place):
        objects = run.objects.get(instance.name(node.name), {})
        values = {key: referable(attributes, schema) for key, attributes in objects.items()}
        if run.plan.destroy:
            value = recorded_value(block, values)
        else:
            value = assemble(expand(block, instance.scope), values)
        run.modules.set_resource(instance, block.address.type, block.address.name, value)


def _configure_provider(run: _Run, name: str) -> None:
    """Check a provider's configuration; its connection is opened when the first operation needs it."""
    problems = Diagnostics(secrets=run.found.secrets)
    settings = provider_settings(run.module, name, run.providers, run.modules.root.scope, problems)
    problems.raise_errors()
    run.settings[name] = settings


async def _api(run: _Run, name: str) -> Any:
    """Return the connection of a provider configuration, opened once whoever asks first."""
    if name not in run.apis:
        run.apis[name] = asyncio.get_running_loop().create_future()
        try:
            provider = run.providers[name.partition(".")[0]]()
            api = await run.connections.enter_async_context(provider.open(run.settings[name], run.directory))
        except BaseException as problem:
            run.apis[name].set_exception(problem)
            run.apis[name].exception()  # retrieved: nobody else may be waiting
            raise
        run.apis[name].set_result(api)
    return await run.apis[name]


async def _write(run: _Run, change: Change, verb: Verb, started: float) -> None:
    """Create an object, or change one in place."""
    model = run.models[change.address.resource.type]
    block, instance = _site(run, change)
    wanted = wanted_attributes(change, model, block, instance.scope, run.found)
    with _provider_problems(block.arguments, block.range, str(change.address)):
        resource = model.load(to_plain(wanted))
        api = await _api(run, change.provider)
        identity = _identity(model, change.before) if verb == "update" else None
        operation = await run.recorder.begin(change, verb)
        with _in_flight(run, change, verb, identity, started):
            if verb == "update":
                effect = resource.update(api, model.from_state(to_plain(change.before)))
            else:
                effect = resource.create(api)
            data = await _done(run, operation, change, _data(effect))
    attributes, problems = made_attributes(change, model, wanted, data, block)
    run.found.secrets.update(secret_texts(attributes))
    await run.recorder.written(operation, change, attributes, tainted=verb == "create" and bool(problems))
    run.objects.setdefault(str(change.address.resource), {})[change.address.key] = attributes
    if problems:
        raise DiagnosticError(*problems)
    if verb == "update":
        run.outcome.changed += 1
    else:
        run.outcome.added += 1
    run.emit(OperationFinished(change.address, verb, monotonic() - started, _identity(model, attributes)))


def _site(run: _Run, change: Change) -> tuple[ResourceBlock, ModuleInstance]:
    """Return the block of an instance, and the instance of its module."""
    node = block_of(run.graph, static_address(str(change.address.resource)))
    instance = run.modules.instance(node.place, change.address.resource.module)
    return node.place.module.resources[node.name], instance


async def _data(effect: Awaitable[Resource]) -> dict[str, Any]:
    return (await effect).data()


async def _done(run: _Run, operation: str, change: Change, effect: Awaitable[Done]) -> Done:
    """Wait for a side effect. When it surely did not happen, that is noted; with any other error, nobody knows."""
    try:
        return await effect
    except OutcomeUnknown:
        raise
    except ProviderError:
        await run.recorder.failed(operation)
        raise
    except Exception as bug:
        frames = traceback.extract_tb(bug.__traceback__)  # the text of the error may hold values of the run
        detail = (
            f"The provider {change.provider} failed in a way that it does not foresee, while working on "
            f"{change.address}: {type(bug).__name__} in {frames[-1].name}, line {frames[-1].lineno}. It is not known "
            "whether the operation took effect. Please report this to the makers of the provider."
        )
        raise failure("Provider has a bug", detail) from bug


async def _delete(run: _Run, change: Change, started: float) -> None:
    """Delete an object, or forget it where the API has nothing to call."""
    model = run.models[change.address.resource.type]
    node = static_address(str(change.address.resource))
    place = block_of(run.graph, node) if node in run.graph else None
    block = place.place.module.resources[place.name] if place else None
    before = change.before or {}
    with _provider_problems(block.arguments if block else {}, block.range if block else None, str(change.address)):
        api = await _api(run, change.provider)
        operation = await run.recorder.begin(change, "delete")
        with _in_flight(run, change, "delete", _identity(model, before), started):
            await _done(run, operation, change, model.from_state(to_plain(before)).delete(api))
    await run.recorder.deleted(operation, change)
    remaining = model.remains(to_plain(before), time())
    if remaining is not None:
        run.found.extend(placed((remaining,), {}, None, str(change.address)))
    if not change.action.replaces and change.deposed is None:
        run.objects.get(str(change.address.resource), {}).pop(change.address.key, None)
    run.outcome.destroyed += 1
    run.emit(OperationFinished(change.address, "delete", monotonic() - started, _identity(model, before)))


@contextmanager
def _provider_problems(
    arguments: Mapping[str, Argument], header: SourceRange | None, address: str | None = None
) -> Iterator[None]:
    """Turn what a provider reports into diagnostics at the text it is about."""
    try:
        yield
    except ProviderError as problem:
        raise DiagnosticError(*placed(problem.problems, arguments, header, address)) from None


@contextmanager
def _in_flight(
    run: _Run, change: Change, verb: Verb, identity: tuple[str, str] | None, started: float
) -> Iterator[None]:
    """Tell that an operation started, and every while that it is still going on. One that is cancelled stays listed."""
    loop = asyncio.get_running_loop()
    run.emit(OperationStarted(change.address, verb, identity))
    run.in_flight[change.name] = verb

    timers: list[asyncio.TimerHandle] = []

    def tick() -> None:
        run.emit(OperationProgress(change.address, verb, monotonic() - started, identity))
        timers[:] = [loop.call_later(PROGRESS_INTERVAL, tick)]

    timers.append(loop.call_later(PROGRESS_INTERVAL, tick))
    try:
        yield
    except Exception:
        del run.in_flight[change.name]
        raise
    else:
        del run.in_flight[change.name]
    finally:
        timers.pop().cancel()


def _identity(model: type[Resource], attributes: Attributes | None) -> tuple[str, str] | None:
    value = (attributes or {}).get(model.identity)
    return (model.identity, value) if isinstance(value, str) else None
