"""Do what a plan says: operations side by side where nothing needs the other.

A failure stops what depends on it and nothing else. Known values of the plan must come out the same; anything else is
an error.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from engine.address import InstanceKey, static_address
from engine.apply.ephemerals import open_ephemerals
from engine.apply.operating import delete, forget, read, write
from engine.apply.operations import Operation, build_operations
from engine.apply.recorder import Recorder
from engine.apply.run import Outcome, Run
from engine.config.model import Module
from engine.diagnostics import DiagnosticError, Diagnostics, Severity, error
from engine.events import Listener, OperationFailed, Verb
from engine.graph.build import Node, block_of
from engine.graph.walk import walk
from engine.lang.values import Value
from engine.plan.attributes import referable
from engine.plan.changes import Action, Change, Plan
from engine.plan.expand import Expansion
from engine.plan.modules import ModuleInstance, Modules, assemble
from engine.plan.objects import Models, Providers, Recorded, current_objects
from engine.plan.planner import recorded_value
from engine.plan.rules import Kind, Verdict, expected_checks
from engine.plan.settings import provider_settings
from engine.plan.targeting import wanted_nodes
from engine.syntax.scope import Scope

if TYPE_CHECKING:
    from engine.graph.build import Graph


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

    `objects` are those of the snapshot that the plan begins with. Results go to `recorder` as they arrive, problems to
    `found`. Once `stop` is set nothing new is begun; a journal that takes no more sets it as well. When the task is
    cancelled, what was in flight is reported as of unknown outcome, and the cancellation goes on.
    """
    operations = build_operations(graph, plan, wanted_nodes(graph, plan.options))
    checks = expected_checks(module.places())
    async with AsyncExitStack() as connections:
        run = Run(
            module,
            graph,
            plan,
            Modules(scope, found, checks=checks, applying=True, stand_ins=plan.options.stand_ins),
            checks,
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
        outcome.root = run.modules.root
        run.written = frozenset(change.name for change in plan.changes if change.action is not Action.NO_OP)
        for name, instances in current_objects(objects).items():
            run.objects[name] = {key: one.attributes for key, one in instances.items()}
        try:
            await _keep(run)
            skipped = await walk(operations, lambda operation: _visit(run, operation), parallelism)
        except asyncio.CancelledError:
            _report_in_flight(run)
            raise
        run.outcome.skipped.extend(item.name for item in skipped if item.kind != "evaluate")
        if run.outcome.failed or run.outcome.skipped:
            _show_recorded(run)
        run.outcome.skipped[:] = sorted(set(run.outcome.skipped) - set(run.outcome.failed))
        recorder.note_checks(checks.results())


async def _keep(run: Run) -> None:
    """Take over what moved, drifted, was read or imported, and the objects that stay as they are.

    Those are equal to what is recorded, but what is sensitive may differ.
    """
    kept = [change for change in run.plan.changes if change.action is Action.NO_OP and change.after is not None]
    for change in kept:
        run.objects.setdefault(str(change.address.resource), {})[change.address.key] = change.after or {}
    imported = [change for change in run.plan.changes if change.importing is not None]
    with run.found.collecting(), run.journal_problems():
        await run.recorder.take_over(run.plan.prior)
        await run.recorder.imported(imported)
        await run.recorder.kept(kept)
    run.outcome.imported += len(imported)


def _report_in_flight(run: Run) -> None:
    for name, verb in sorted(run.in_flight.items()):
        detail = (
            f"The run was stopped while {name} was in work ({verb}), so it is not known whether that took effect. "
            "Check at the provider before applying again."
        )
        run.found.extend(error("Outcome unknown", detail).diagnostics)


async def _visit(run: Run, operation: Operation) -> bool:
    """Do one operation; return whether what comes after it may be done."""
    if operation.kind == "evaluate":
        with run.found.collecting():
            await _evaluate(run, operation.name)
            return True
        return False
    change = operation.change
    if change is None or run.stop.is_set():
        run.outcome.skipped.append(operation.name)
        return False
    verb = _verb(operation, change)
    started = monotonic()
    try:
        with run.journal_problems():
            await _operate(run, operation, change, verb, started)
    except DiagnosticError as problem:
        if verb == "read" and _covers(run, change, problem):
            return True
        run.found.extend(problem.diagnostics)
        run.outcome.failed.append(operation.name)
        run.emit(OperationFailed(change.address, verb, monotonic() - started, deposed=change.deposed))
        return False
    return True


def _verb(operation: Operation, change: Change) -> Verb:
    if operation.kind == "delete":
        return "delete"
    return "read" if change.action is Action.READ else "update" if change.action is Action.UPDATE else "create"


async def _operate(run: Run, operation: Operation, change: Change, verb: Verb, started: float) -> None:
    if operation.kind == "forget":
        await forget(run, change)
    elif verb == "delete":
        await delete(run, change, started)
    elif verb == "read":
        await read(run, change, started)
    else:
        await write(run, change, verb, started)


def _covers(run: Run, change: Change, problem: DiagnosticError) -> bool:
    """Return whether a data source that could not be read is a check's own: then that is a result, and only warns."""
    block = run.block(change.address)
    if block is None or not block.check:
        return False
    run.found.extend(replace(item, severity=Severity.WARNING) for item in problem.diagnostics)
    module = change.address.resource.module
    name = f"{module}.check.{block.check}" if module else f"check.{block.check}"
    message = "; ".join(f"{item.summary}: {item.detail}" for item in problem.diagnostics)
    place = block_of(run.graph, static_address(str(change.address.resource))).place
    run.checks.note(place.node(f"check.{block.check}"), name, module, None, [Verdict("fail", message)])
    run.modules.unreadable.add(name)
    return True


async def _evaluate(run: Run, node: str) -> None:
    """Give a block of the configuration its value."""
    if node not in run.graph:  # the provider of an object whose block is gone
        _configure_provider(run, node.partition(".")[2])
        return
    block = block_of(run.graph, node)
    if block.kind == "provider":
        _configure_provider(run, block.name)
    elif block.kind == "resource" and block.place.module.resources[block.name].address.mode == "ephemeral":
        await open_ephemerals(run, block)
    elif block.kind == "resource":
        _assemble(run, block)
    elif block.kind != "output" or block.place.path or not run.plan.destroy:
        run.modules.evaluate(block)
        if block.kind == "output" and not block.place.path:
            run.outcome.outputs[block.name] = run.modules.root.outputs[block.name]


def _assemble(run: Run, node: Node) -> None:
    """Let references see a resource block as it is now, in every instance of its module."""
    block = node.place.module.resources[node.name]
    schema = run.models[block.address.kind].schema_of_type()
    for instance in run.modules.of(node.place):
        objects = run.objects.get(instance.name(node.name), {})
        values: dict[InstanceKey, Value] = {key: referable(attributes, schema) for key, attributes in objects.items()}
        if run.plan.destroy:
            value = recorded_value(block, values)
        else:
            expansion = run.expansion(block, instance)
            value = assemble(expansion, values)
            _check_unchanged(run, node, instance, expansion, values)
        run.modules.set_resource(instance, block.address, value)


def _show_recorded(run: Run) -> None:
    """Let references see what there is of resource blocks that an operation which failed kept from their value."""
    for node in run.graph:
        block = block_of(run.graph, node)
        if block.kind != "resource":
            continue
        resource = block.place.module.resources[block.name]
        schema = run.models[resource.address.kind].schema_of_type()
        for instance in run.modules.of(block.place):
            objects = run.objects.get(instance.name(block.name), {})
            values: dict[InstanceKey, Value] = {key: referable(one, schema) for key, one in objects.items()}
            if values and not run.modules.has_resource(instance, resource.address):
                run.modules.set_resource(instance, resource.address, recorded_value(resource, values))


def _check_unchanged(
    run: Run, node: Node, instance: ModuleInstance, expansion: Expansion, values: dict[InstanceKey, Value]
) -> None:
    """Look at the conditions of the instances that this run did not write: what they refer to may have changed."""
    block = node.place.module.resources[node.name]
    if not block.lifecycle.preconditions and not block.lifecycle.postconditions:
        return
    address = replace(block.address, module=instance.path)
    listed = [(str(address.instance(key)), instance.path, key) for key in expansion.instances]
    run.checks.instances(node.place.node(node.name), listed)
    problems = Diagnostics(secrets=run.found.secrets)
    for key, names in expansion.instances.items():
        if str(address.instance(key)) in run.written or key not in values:
            continue
        scope = instance.scope.with_roots(**names)
        problems.extend(run.check(address.instance(key), Kind.PRECONDITION, scope))
        problems.extend(run.check(address.instance(key), Kind.POSTCONDITION, scope, values[key]))
    problems.raise_errors()


def _configure_provider(run: Run, name: str) -> None:
    """Check a provider's configuration; its connection is opened when the first operation needs it."""
    if name in run.plan.options.stand_ins.mocks:
        return
    problems = Diagnostics(secrets=run.found.secrets)
    settings = provider_settings(run.module, name, run.providers, run.modules.root.scope, problems)
    problems.raise_errors()
    run.settings[name] = settings
