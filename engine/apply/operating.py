"""The operations on one object: create, change, read, delete, forget.

Before a side effect its intent is in the journal, after it its result, and only then is it told.
"""

import traceback
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic, time
from typing import Any, TypeVar

from engine.address import static_address
from engine.apply.attributes import made_attributes, wanted_attributes
from engine.apply.provisioning import provision, repetition
from engine.apply.run import Run
from engine.config.model import Argument, Provisioner, ResourceBlock
from engine.diagnostics import Diagnostic, DiagnosticError, Diagnostics, SourceRange
from engine.events import OperationFinished, OperationStarted, Verb
from engine.lang.values import is_unknown, secret_texts, wholly_known
from engine.plan.attributes import Attributes, propose, referable, to_plain
from engine.plan.changes import Action, Change
from engine.plan.configured import configure, placed
from engine.plan.data import read_attributes
from engine.plan.diff import attribute_changes
from engine.plan.objects import managed_model
from engine.plan.refreshing import identity_of
from engine.plan.removed import removed_block
from engine.plan.rules import Kind
from engine.plan.stand_ins import Given, filled
from providers.errors import OutcomeUnknown, Problem, ProviderError, failure
from providers.resource import Resource
from providers.schema import Schema

Done = TypeVar("Done")


async def write(run: Run, change: Change, verb: Verb, started: float) -> None:
    """Create an object, or change one in place."""
    model = managed_model(run.models, change.address.resource)
    block, _ = run.site(change.address)
    scope = run.scope(change.address)
    run.check(change.address, Kind.PRECONDITION, scope).raise_errors()
    wanted = wanted_attributes(change, model, block, scope, run.found)
    if verb == "update" and _came_out_equal(change, model, wanted):
        run.objects.setdefault(str(change.address.resource), {})[change.address.key] = change.before or {}
        await run.recorder.kept([replace(change, after=change.before)])
        return
    operation, attributes, problems = await _make(run, change, verb, wanted, block, started)
    run.found.secrets.update(secret_texts(attributes))
    commands = [one for one in block.provisioners if not one.at_destroy] if verb == "create" else []
    # Until its provisioners have run, a new object is not in order, should this run end before.
    tainted = verb == "create" and bool(problems or commands)
    await run.recorder.written(operation, change, attributes, tainted=tainted)
    run.objects.setdefault(str(change.address.resource), {})[change.address.key] = attributes
    if problems:
        raise DiagnosticError(*problems)
    value = referable(attributes, model.schema_of_type())
    if commands:
        with_self = scope.with_roots(self=value)
        await provision(commands, change.address, with_self, run.directory, run.found, run.emit)
        await run.recorder.in_order(change)
    if verb == "update":
        run.outcome.changed += 1
    else:
        run.outcome.added += 1
    run.emit(OperationFinished(change.address, verb, monotonic() - started, identity_of(model, attributes)))
    run.check(change.address, Kind.POSTCONDITION, scope, value).raise_errors()


async def _make(
    run: Run, change: Change, verb: Verb, wanted: Attributes, block: ResourceBlock, started: float
) -> tuple[str, Attributes, list[Diagnostic]]:
    """Have an object created or changed; return the operation's id, the attributes, and what is wrong with them."""
    model = managed_model(run.models, change.address.resource)
    identity = identity_of(model, change.before) if verb == "update" else None
    given = run.plan.options.stand_ins.of(change.address, change.provider)
    if given is not None:
        operation = await run.recorder.begin(change, verb)
        with run.working_on(change, verb, identity, started):
            attributes, problems = filled(given, wanted, model.schema_of_type())
        return operation, attributes, placed(problems, {}, block.range, str(change.address))
    with _provider_problems(block.arguments, block.range, str(change.address)):
        resource = model.load(to_plain(wanted))
        api = await run.api(change.provider)
        operation = await run.recorder.begin(change, verb)
        with run.working_on(change, verb, identity, started):
            if verb == "update" and not change.attributes:  # only what is sensitive changes, and that is our business
                effect = Resource.update(resource, api, resource)
            elif verb == "update":
                effect = resource.update(api, model.from_state(to_plain(change.before)))
            else:
                effect = resource.create(api)
            data = await _done(run, operation, change, _data(effect))
    return operation, *made_attributes(change, model, wanted, data, block)


def _came_out_equal(change: Change, model: type[Resource], wanted: Attributes) -> bool:
    """Return whether what was unknown in the plan is what it was, so that there is nothing to change."""
    before, attributes = change.before or {}, model.schema_of_type().attributes
    own = {
        name
        for name, attribute in attributes.items()
        if (not attribute.computed or attribute.optional) and not attribute.write_only
    }
    if not any(is_unknown(value) for name, value in (change.after or {}).items() if name in own):
        return False
    return not attribute_changes(
        {name: value for name, value in before.items() if name in own},
        {name: value for name, value in wanted.items() if name in own},
    )


async def _data(effect: Awaitable[Resource]) -> dict[str, Any]:
    return (await effect).data()


async def _done(run: Run, operation: str, change: Change, effect: Awaitable[Done]) -> Done:
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


async def read(run: Run, change: Change, started: float) -> None:
    """Read a data source whose arguments were not known, or could not be trusted yet, when the plan was made."""
    model: Any = run.models[change.address.resource.kind]
    block, _ = run.site(change.address)
    scope = run.scope(change.address)
    schema = model.schema_of_type()
    address = str(change.address)
    run.check(change.address, Kind.PRECONDITION, scope).raise_errors()
    problems = Diagnostics(secrets=run.found.secrets)
    configured = configure(block.arguments, block.range, model, schema, scope, problems, address)
    problems.raise_errors()
    own = {name: value for name, value in propose(configured, {}, schema).items() if wholly_known(value)}
    given = run.plan.options.stand_ins.of(change.address, change.provider)
    with _provider_problems(block.arguments, block.range, address):
        if given is not None:
            run.emit(OperationStarted(change.address, "read"))
            attributes = _stood_in(given, propose(configured, None, schema), schema)
        else:
            api = await run.api(change.provider)
            with run.working_on(change, "read", None, started):
                answer = await model.load({name: to_plain(value) for name, value in own.items()}).read(api)
            found = read_attributes(answer, configured, schema)
            if isinstance(found, Problem):
                raise ProviderError(found)
            attributes = found
    run.found.secrets.update(secret_texts(attributes))
    await run.recorder.read(change, attributes)
    run.objects.setdefault(str(change.address.resource), {})[change.address.key] = attributes
    run.emit(OperationFinished(change.address, "read", monotonic() - started))
    run.check(change.address, Kind.POSTCONDITION, scope, referable(attributes, schema)).raise_errors()


def _stood_in(given: Given, attributes: Attributes, schema: Schema) -> Attributes:
    whole, problems = filled(given, attributes, schema)
    if problems:
        raise ProviderError(*problems)
    return whole


async def delete(run: Run, change: Change, started: float) -> None:
    """Delete an object, or forget it where the API has nothing to call."""
    model = managed_model(run.models, change.address.resource)
    block = run.block(change.address)
    before = change.before or {}
    arguments = block.arguments if block else {}
    given = run.plan.options.stand_ins.of(change.address, change.provider)
    with _provider_problems(arguments, block.range if block else None, str(change.address)):
        api = await run.api(change.provider) if given is None else None
        with run.working_on(change, "delete", identity_of(model, before), started):
            await _provision_end(run, change, before)
            operation = await run.recorder.begin(change, "delete")
            if given is None:
                await _done(run, operation, change, model.from_state(to_plain(before)).delete(api))
    await run.recorder.deleted(operation, change)
    remaining = model.remains(to_plain(before), time()) if given is None else None
    if remaining is not None:
        run.found.extend(placed((remaining,), {}, None, str(change.address)))
    if not change.action.replaces and change.deposed is None:
        run.objects.get(str(change.address.resource), {}).pop(change.address.key, None)
    run.outcome.destroyed += 1
    run.emit(
        OperationFinished(change.address, "delete", monotonic() - started, identity_of(model, before), change.deposed)
    )


async def _provision_end(run: Run, change: Change, before: Attributes) -> None:
    """Run the provisioners of an object before it goes. Old objects and those in disorder go without."""
    if change.deposed is not None or change.action is Action.CREATE_THEN_DELETE or run.recorder.is_tainted(change):
        return
    block = run.block(change.address)
    commands: tuple[Provisioner, ...] = block.provisioners if block is not None else ()
    if block is None:
        removed = removed_block(run.module, static_address(str(change.address.resource)))
        commands = removed.provisioners if removed is not None else ()
    at_end = [one for one in commands if one.at_destroy]
    if not at_end:
        return
    schema = managed_model(run.models, change.address.resource).schema_of_type()
    names = {"self": referable(before, schema), **repetition(change.address.key)}
    scope = run.modules.root.scope.with_roots(**names)
    await provision(at_end, change.address, scope, run.directory, run.found, run.emit)


async def forget(run: Run, change: Change) -> None:
    """Take an object out of the state without touching it."""
    await run.recorder.forgotten(change)
    run.objects.get(str(change.address.resource), {}).pop(change.address.key, None)


@contextmanager
def _provider_problems(
    arguments: Mapping[str, Argument], header: SourceRange | None, address: str | None = None
) -> Iterator[None]:
    """Turn what a provider reports into diagnostics at the text it is about."""
    try:
        yield
    except ProviderError as problem:
        raise DiagnosticError(*placed(problem.problems, arguments, header, address)) from None
