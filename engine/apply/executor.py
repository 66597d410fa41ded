"""Do what a plan says: create, update and delete objects, side by side where nothing needs the other.

Before a side effect its intent is in the journal, after it its result, and only then is it told. A failure stops
what depends on it and nothing else. Known values of the plan must come out the same; anything else is an error.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from engine.address import InstanceAddress, InstanceKey, static_address
from engine.apply.events import Listener, OperationFailed, OperationFinished, OperationProgress, OperationStarted, Verb
from engine.apply.operations import Operation, build_operations
from engine.apply.recorder import Recorder
from engine.config.model import Argument, Module, ResourceBlock
from engine.diagnostics import DiagnosticError, Diagnostics, SourceRange, error
from engine.graph.build import Node, block_of
from engine.graph.walk import walk
from engine.lang.convert import ConversionError
from engine.lang.values import NULL, Value, is_unknown, secret_texts, wholly_known
from engine.plan.attributes import Attributes, from_plain, referable, to_plain
from engine.plan.changes import Action, Change, Plan
from engine.plan.configured import configure, placed
from engine.plan.diff import difference
from engine.plan.expand import expand
from engine.plan.modules import ModuleInstance, Modules, assemble
from engine.plan.objects import Models, Providers, Recorded, current_objects
from engine.plan.planner import recorded_value
from engine.plan.settings import provider_settings
from engine.syntax.scope import Scope
from providers.checks import written
from providers.errors import OutcomeUnknown, ProviderError
from providers.resource import Resource

if TYPE_CHECKING:
    from engine.graph.build import Graph

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

    Results go to `recorder` as they arrive, problems to `found`. Once `stop` is set nothing new is begun. When the
    task is cancelled, what was in flight is reported as of unknown outcome, and the cancellation goes on.
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
            skipped = await walk(operations, lambda operation: _visit(run, operation), parallelism)
        except asyncio.CancelledError:
            _report_in_flight(run)
            raise
        run.outcome.skipped.extend(sorted({item.name for item in skipped if item.kind != "evaluate"}))


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
    wanted = _wanted(run, change, model, block, instance)
    with _provider_problems(block.arguments, block.range, str(change.address)):
        resource = model.load(to_plain(wanted))
        api = await _api(run, change.provider)
        identity = _identity(model, change.before) if verb == "update" else None
        operation = await run.recorder.begin(change, verb)
        with _in_flight(run, change.address, verb, identity, started):
            try:
                if verb == "update":
                    made = await resource.update(api, model.from_state(to_plain(change.before)))
                else:
                    made = await resource.create(api)
            except OutcomeUnknown:
                raise
            except ProviderError:
                await run.recorder.failed(operation)
                raise
    attributes = _made(change, model, wanted, made.data())
    run.found.secrets.update(secret_texts(attributes))
    await run.recorder.written(operation, change, attributes)
    run.objects.setdefault(str(change.address.resource), {})[change.address.key] = attributes
    if verb == "update":
        run.outcome.changed += 1
    else:
        run.outcome.added += 1
    run.emit(OperationFinished(change.address, verb, monotonic() - started, _identity(model, attributes)))


def _site(run: _Run, change: Change) -> tuple[ResourceBlock, ModuleInstance]:
    """Return the block of an instance, and the instance of its module."""
    node = block_of(run.graph, static_address(str(change.address.resource)))
    path = change.address.resource.module
    instance = next(found for found in run.modules.of(node.place) if found.path == path)
    return node.place.module.resources[node.name], instance


def _wanted(
    run: _Run, change: Change, model: type[Resource], block: ResourceBlock, instance: ModuleInstance
) -> Attributes:
    """Return the planned attributes with those filled in that could not be known during the plan."""
    schema = model.schema_of_type()
    planned = change.after or {}
    own = {name for name, attribute in schema.attributes.items() if not attribute.computed or attribute.optional}
    known = {name: value for name, value in planned.items() if not is_unknown(value)}
    if all(wholly_known(value) for name, value in planned.items() if name in own):
        return known
    names = expand(block, instance.scope).instances[change.address.key]
    problems = Diagnostics(secrets=run.found.secrets)
    configured = configure(
        block.arguments, block.range, model, schema, instance.scope.with_roots(**names), problems, str(change.address)
    )
    problems.raise_errors()
    for name in own & configured.keys():
        if name in planned and (place := difference(planned[name], configured[name])) is not None:
            detail = (
                f'When expanding the plan for {change.address}, "{written((name, *place))}" came out different from '
                "what the plan said. This is a bug of rtf or of a function that is not what it seems; please report it."
            )
            raise error("Inconsistent final plan", detail, block.range)
    return {**known, **configured}


def _made(change: Change, model: type[Resource], wanted: Attributes, data: Mapping[str, Any]) -> Attributes:
    """Return the attributes of an object as it was made: as wanted, and what the provider added."""
    schema = model.schema_of_type()
    computed = {name: data.get(name) for name, attribute in schema.attributes.items() if attribute.computed}
    try:
        added = from_plain(computed, schema)
    except ConversionError as problem:
        detail = f"The provider made {change.address}, but gave it an attribute of the wrong type: {problem}."
        raise error("Provider produced invalid object", detail) from None
    return {
        name: added.get(name, wanted.get(name, NULL)) for name in schema.attributes if name in added or name in wanted
    }


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
        with _in_flight(run, change.address, "delete", _identity(model, before), started):
            try:
                await model.from_state(to_plain(before)).delete(api)
            except OutcomeUnknown:
                raise
            except ProviderError:
                await run.recorder.failed(operation)
                raise
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
    run: _Run, address: InstanceAddress, verb: Verb, identity: tuple[str, str] | None, started: float
) -> Iterator[None]:
    """Tell that an operation started, and every while that it is still going on."""
    loop = asyncio.get_running_loop()
    run.emit(OperationStarted(address, verb, identity))
    run.in_flight[str(address)] = verb

    timers: list[asyncio.TimerHandle] = []

    def tick() -> None:
        run.emit(OperationProgress(address, verb, monotonic() - started, identity))
        timers[:] = [loop.call_later(PROGRESS_INTERVAL, tick)]

    timers.append(loop.call_later(PROGRESS_INTERVAL, tick))
    try:
        yield
    except asyncio.CancelledError:
        raise  # it stays in flight: nobody knows what came of it
    except BaseException:
        del run.in_flight[str(address)]
        raise
    else:
        del run.in_flight[str(address)]
    finally:
        timers.pop().cancel()


def _identity(model: type[Resource], attributes: Attributes | None) -> tuple[str, str] | None:
    value = (attributes or {}).get(model.identity)
    return (model.identity, value) if isinstance(value, str) else None
