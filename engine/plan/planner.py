"""Decide what apply would do: go through the configuration in order, and give every object one action.

Nothing here changes anything: providers are asked only what exists. Values known only after apply stand in as unknown.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.address import InstanceAddress, InstanceKey, key_order, static_address
from engine.config.model import Module, ResourceBlock
from engine.diagnostics import DiagnosticError, Diagnostics, Severity, error
from engine.events import Listener
from engine.graph.build import Node, block_of, needed_by_providers, recorded_dependencies
from engine.graph.walk import order
from engine.lang.values import UNKNOWN, Value
from engine.plan.attributes import referable
from engine.plan.changes import Action, Change, OutputChange, Plan
from engine.plan.data import close_ephemerals, plan_data, plan_ephemeral
from engine.plan.expand import Expansion, expand
from engine.plan.imports import imports_of, usable_imports
from engine.plan.instances import plan_instance
from engine.plan.modules import ModuleInstance, Modules, assemble
from engine.plan.objects import Models, Providers, Recorded, creating_first, current_objects, managed_model
from engine.plan.options import PlanOptions
from engine.plan.outputs import plan_output
from engine.plan.reading import Reader
from engine.plan.refreshing import refresh
from engine.plan.removal import deposed_objects, removed_objects
from engine.plan.removed import check_removed
from engine.plan.rules import Kind, expected_checks
from engine.plan.settings import provider_settings
from engine.plan.targeting import left_out, named_nodes, wanted_instances, wanted_nodes
from engine.plan.walk import Site, Walk, check_conditions, expect_instances
from engine.syntax.scope import Scope

if TYPE_CHECKING:
    from engine.graph.build import Graph


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, the objects that it begins with (recorded ones as they are now, and what was read), and its values."""

    plan: Plan
    objects: tuple[Recorded, ...]
    root: ModuleInstance  # what the expressions of the root module see, and its outputs


def make_plan(
    module: Module,
    graph: "Graph",
    scope: Scope,
    models: Models,
    providers: Providers,
    objects: Sequence[Recorded],
    base: Plan,
    prior_outputs: Mapping[str, OutputChange],
    options: PlanOptions,
    directory: Path,
    now: float,
    found: Diagnostics,
    emit: Listener = lambda event: None,
) -> Planned:
    """Return the plan that turns the recorded `objects` into what `module` and all it calls say.

    `base` carries what is known beforehand: whose state it is, and the variables. `prior_outputs` are the recorded
    outputs, as if to be deleted. Problems are added to `found`; with errors among them the plan is of no use.
    """
    imports = usable_imports(module, found, generates=options.generates)
    check_removed(module, found)
    checks = expected_checks(module.places())
    severity = Severity.WARNING if options.mode == "refresh-only" else Severity.ERROR
    modules = Modules(scope, found, checks=checks, severity=severity, stand_ins=options.stand_ins)
    nodes = wanted_nodes(graph, options)
    with Reader(providers, directory, options.at_a_time) as reader:
        walk = Walk(
            module,
            graph,
            modules,
            models,
            providers,
            creating_first(graph, models),
            recorded_dependencies(graph),
            imports,
            current_objects(objects),
            [recorded for recorded in objects if recorded.deposed is not None],
            options,
            _wanted(graph, options, nodes),
            reader,
            checks,
            now,
            found,
            emit,
        )
        notices = _go_through(walk, nodes)
        close_ephemerals(walk)
    _check_moved(walk)
    changes = [*walk.changes.values()]
    if options.mode != "refresh-only":
        changes += [*removed_objects(walk), *deposed_objects(walk)]
    plan = replace(
        base,
        changes=tuple(changes),
        outputs=tuple(sorted(_outputs(walk, prior_outputs, nodes), key=lambda change: change.name)),
        notices=tuple(dict.fromkeys(notices)),
        drift=tuple(_drift(walk)),
        checks=checks.results(),
        complete=not options.is_partial,
    )
    current = [recorded for instances in walk.recorded.values() for recorded in instances.values()]
    return Planned(plan, (*_remaining(walk, current), *walk.deposed), modules.root)


def _check_moved(walk: Walk) -> None:
    """Report objects that moved and that targets leave out: half a move is none."""
    if not walk.options.is_partial:
        return
    moved = [
        recorded
        for instances in walk.recorded.values()
        for recorded in instances.values()
        if recorded.previous is not None and not walk.wanted(recorded.address)
    ]
    if moved:
        listed = "".join(f"\n  -target={address}" for address in sorted(str(one.address) for one in moved))
        detail = (
            "Objects have moved to new addresses, and this plan leaves them out. A move takes effect wholly or not at "
            f"all; plan without targets, or add:{listed}"
        )
        walk.found.extend(error("Moved resource instances excluded by targeting", detail).diagnostics)


def _drift(walk: Walk) -> list[Change]:
    """Return what changed outside; where nothing else is planned, moves as well."""
    if walk.options.mode != "refresh-only":
        return walk.drift
    told = {change.name for change in walk.drift}
    moved = [
        Change(
            recorded.address,
            Action.NO_OP,
            recorded.provider,
            recorded.attributes,
            recorded.attributes,
            previous_address=recorded.previous,
        )
        for instances in walk.recorded.values()
        for recorded in instances.values()
        if recorded.previous is not None and str(recorded.address) not in told
    ]
    return [*walk.drift, *moved]


def _remaining(walk: Walk, objects: Iterable[Recorded]) -> list[Recorded]:
    """Return the objects less the data sources that were not read now: those are no longer of interest."""
    read = {node for node in walk.seen if walk.options.mode != "destroy"}
    return [
        recorded
        for recorded in objects
        if recorded.address.resource.mode == "managed" or str(recorded.address.resource) in read
    ]


def _wanted(graph: "Graph", options: PlanOptions, nodes: set[str] | None) -> Callable[[InstanceAddress], bool]:
    """Return what tells whether the plan is about an instance."""
    matches = wanted_instances(options)
    if nodes is None:
        return matches
    if options.excluded:
        out = left_out(graph, options)
        return lambda address: matches(address) and static_address(str(address.resource)) not in out
    import networkx

    named = named_nodes(graph, options)
    if options.mode == "destroy":  # what needs a target goes with it; what it needs only has to have a value
        nodes = named.union(*(networkx.descendants(graph, node) for node in named)) if named else nodes
        needed: set[str] = set()
    else:
        needed = set().union(*(networkx.ancestors(graph, node) for node in named))

    def wanted(address: InstanceAddress) -> bool:
        node = static_address(str(address.resource))
        if node not in graph or (node in named and node not in needed):
            return matches(address)
        return node in nodes

    return wanted


def _go_through(walk: Walk, nodes: set[str] | None) -> list[str]:
    """Give every block its value or its changes; return what providers have to say beforehand."""
    notices: list[str] = []
    _configure_absent_providers(walk)
    for node in _to_plan(walk, nodes):
        block = block_of(walk.graph, node)
        if block.kind == "provider" and block.name in walk.options.stand_ins.mocks:
            refresh(walk, block.name)
        elif block.kind == "provider":
            settings = provider_settings(walk.module, block.name, walk.providers, walk.modules.root.scope, walk.found)
            walk.settings[block.name] = settings
            if settings is not None:
                notices.extend(walk.providers[block.name.partition(".")[0]]().notices(settings))
            refresh(walk, block.name)
        elif walk.failed.intersection(walk.graph.predecessors(node)):
            _poison(walk, node, block)
        elif block.kind == "resource":
            _visit_resource(walk, node, block)
        else:
            _visit(walk, node, block)
    return notices


def _configure_absent_providers(walk: Walk) -> None:
    """Set up the providers of recorded objects that no block of the configuration uses any more."""
    used = {recorded.provider for instances in walk.recorded.values() for recorded in instances.values()}
    for name in sorted(used):
        known = "." not in name or name in walk.module.providers
        known = known and name not in walk.options.stand_ins.mocks
        if f"provider.{name}" not in walk.graph and known and name.partition(".")[0] in walk.providers:
            walk.settings[name] = provider_settings(
                walk.module, name, walk.providers, walk.modules.root.scope, walk.found
            )
            refresh(walk, name)


def _to_plan(walk: Walk, nodes: set[str] | None) -> list[str]:
    """Return the blocks to go through, in order; to destroy, only providers and what they need have to have values."""
    ordered = order(walk.graph)
    if walk.options.mode == "destroy":
        needed = needed_by_providers(walk.graph)
        return [node for node in ordered if node in needed]
    return ordered if nodes is None else [node for node in ordered if node in nodes]


def _visit(walk: Walk, node: str, block: Node) -> None:
    """Give a block its value; an error makes it, and what needs it, unknown."""
    try:
        walk.modules.evaluate(block)
    except DiagnosticError as problem:
        walk.found.extend(problem.diagnostics)
        _poison(walk, node, block)


def _poison(walk: Walk, node: str, block: Node) -> None:
    walk.failed.add(node)
    walk.modules.poison(block)
    if block.kind == "resource":
        address = block.place.module.resources[block.name].address
        for instance in walk.modules.of(block.place):
            walk.modules.set_resource(instance, address, UNKNOWN)


def _visit_resource(walk: Walk, node: str, block: Node) -> None:
    resource = block.place.module.resources[block.name]
    if resource.address.kind not in walk.models:
        _poison(walk, node, block)
        return
    for instance in walk.modules.of(block.place):
        site = Site(node, block.place, instance, resource)
        value = _recorded_value(walk, site) if walk.options.mode == "destroy" else _plan_resource(walk, site)
        if value is None:
            walk.failed.add(node)
            value = UNKNOWN
        walk.modules.set_resource(instance, resource.address, value)
    if node in walk.failed:
        _poison(walk, node, block)


def _plan_resource(walk: Walk, site: Site) -> Value | None:
    """Return what references to a block give, or None when something is wrong with it, which is told."""
    try:
        expansion = expand(site.block, site.instance.scope)
        walk.seen[str(site.address)] = expansion
        expect_instances(walk, site, expansion)
        if site.block.address.mode == "data":
            return plan_data(walk, site, expansion)
        if site.block.address.mode == "ephemeral":
            return plan_ephemeral(walk, site, expansion)
        return _plan_managed(walk, site, expansion)
    except DiagnosticError as problem:
        walk.found.extend(problem.diagnostics)
        return None


def _plan_managed(walk: Walk, site: Site, expansion: Expansion) -> Value | None:
    schema = managed_model(walk.models, site.block.address).schema_of_type()
    recorded = walk.recorded.get(str(site.address), {})
    values: dict[InstanceKey, Value] = {}
    if walk.options.mode == "refresh-only":
        for key, names in expansion.instances.items():
            if key in recorded:
                values[key] = referable(recorded[key].attributes, schema)
                scope, address = site.scope(names), site.address.instance(key)
                check_conditions(walk, site, address, Kind.PRECONDITION, scope)
                check_conditions(walk, site, address, Kind.POSTCONDITION, scope, values[key])
        return assemble(expansion, values)
    imported = imports_of(walk, site, expansion) if walk.imports else {}
    failed = False
    for key, names in expansion.instances.items():
        if not walk.wanted(site.address.instance(key)):
            if key in recorded:
                values[key] = referable(recorded[key].attributes, schema)
            continue
        change = plan_instance(walk, site, key, names, imported.get(key))
        if change is None:
            failed = True
            continue
        walk.add(change)
        values[key] = referable(change.after or {}, schema)
    return None if failed else assemble(expansion, values)


def _recorded_value(walk: Walk, site: Site) -> Value:
    """Return what references see of a block's recorded objects, when everything is about to be destroyed."""
    instances = walk.recorded.get(str(site.address), {})
    schema = walk.models[site.block.address.kind].schema_of_type()
    values = {key: referable(recorded.attributes, schema) for key, recorded in instances.items()}
    return recorded_value(site.block, values)


def recorded_value(block: ResourceBlock, values: dict[InstanceKey, Value]) -> Value:
    """Return what a reference to `block` gives when its objects are those recorded, whatever the block says."""
    kind = "for_each" if block.for_each is not None else "count" if block.count is not None else "single"
    if not values or (kind == "single" and None not in values):
        return UNKNOWN
    return assemble(Expansion(kind, {key: {} for key in sorted(values, key=key_order)}), values)


def _outputs(walk: Walk, prior: Mapping[str, OutputChange], nodes: set[str] | None) -> list[OutputChange]:
    """Return what happens to the outputs of the root module."""
    module, destroy = walk.module, walk.options.mode == "destroy"
    if destroy and walk.options.is_partial:
        return []
    if destroy:
        return list(prior.values())
    values = walk.modules.root.outputs
    changes = [
        plan_output(module, name, values[name], prior.get(name), walk.found)
        for name in module.outputs
        if (nodes is None or f"output.{name}" in nodes) and name in values
    ]
    if nodes is None:
        changes += [change for name, change in prior.items() if name not in module.outputs]
    return changes
