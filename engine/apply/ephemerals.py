"""Ephemeral resources during an apply: opened when what they ask for is known, renewed, and closed at the end."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from time import time
from typing import Any

from engine.apply.run import Run
from engine.diagnostics import DiagnosticError, Diagnostics
from engine.graph.build import Node
from engine.lang.values import EPHEMERAL_MARKS, Value, mark, secret_texts
from engine.plan.attributes import Attributes, propose, referable, to_plain
from engine.plan.configured import configure, placed
from engine.plan.data import read_attributes
from engine.plan.modules import ModuleInstance, assemble
from engine.plan.rules import Kind
from engine.plan.stand_ins import filled
from providers.errors import Problem, ProviderError
from providers.resource import EphemeralResource
from providers.schema import Schema


async def open_ephemerals(run: Run, node: Node) -> None:
    """Open all instances of an ephemeral resource, and let references see them. Raises DiagnosticError."""
    block = node.place.module.resources[node.name]
    if run.plan.destroy:
        return
    for instance in run.modules.of(node.place):
        expansion = run.expansion(block, instance)
        values = {key: await _open(run, node, instance, names, key) for key, names in expansion.instances.items()}
        run.modules.set_resource(instance, block.address, assemble(expansion, values))


async def _open(run: Run, node: Node, instance: ModuleInstance, names: dict[str, Value], key: Any) -> Value:
    block = node.place.module.resources[node.name]
    model: Any = run.models[block.address.kind]
    schema = model.schema_of_type()
    scope = instance.scope.with_roots(**names)
    address = instance.name(str(block.address.instance(key)))
    provider = node.place.provider_of(block.provider)
    problems = Diagnostics(secrets=run.found.secrets)
    configured = configure(block.arguments, block.range, model, schema, scope, problems, address, recorded=False)
    problems.raise_errors()
    given = run.plan.options.stand_ins.of(replace(block.address, module=instance.path).instance(key), provider)
    if given is not None:
        return _seen(filled(given, propose(configured, None, schema), schema)[0], schema)
    try:
        api = await run.api(provider)
        opened = await model.load({name: to_plain(value) for name, value in configured.items()}).open(api)
        run.connections.push_async_callback(_close, run, opened, api, address)
        _keep_open(run, opened, api)
        attributes = read_attributes(opened, configured, schema)
        if isinstance(attributes, Problem):
            raise ProviderError(attributes)
    except ProviderError as problem:
        raise DiagnosticError(*placed(problem.problems, block.arguments, block.range, address)) from None
    run.found.secrets.update(secret_texts(attributes, secret=True))
    value = referable(attributes, schema)
    where = block.address.instance(key)
    run.check(where, Kind.POSTCONDITION, scope, value).raise_errors()
    return _seen(attributes, schema)


def _seen(attributes: Attributes, schema: Schema) -> Value:
    """Return what references to an open object give."""
    return {name: mark(item, EPHEMERAL_MARKS) for name, item in referable(attributes, schema).items()}


def _keep_open(run: Run, opened: EphemeralResource, api: Any) -> None:
    """Renew an object in the background for as long as the run takes, when it needs that."""
    if opened.renew_at() is None:
        return
    task = asyncio.get_running_loop().create_task(_renew(run, opened, api))

    async def stop() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    run.connections.push_async_callback(stop)


async def _renew(run: Run, opened: EphemeralResource, api: Any) -> None:
    while (moment := opened.renew_at()) is not None:
        await asyncio.sleep(max(0.0, moment - time()))
        try:
            opened = await opened.renew(api)
        except ProviderError as problem:
            run.found.extend(placed(problem.problems, {}, None))
            return


async def _close(run: Run, opened: EphemeralResource, api: Any, address: str) -> None:
    try:
        await opened.close(api)
    except ProviderError as problem:
        run.found.extend(placed(problem.problems, {}, None, address))
