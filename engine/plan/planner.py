"""Decide what apply would do: go through the configuration in order, and give every object one action.

Nothing here calls an API or writes a file. Values known only after apply stand in as unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.address import InstanceAddress, InstanceKey, ResourceAddress, key_order, static_address
from engine.config.model import Module, Output, Place, ResourceBlock
from engine.diagnostics import DiagnosticError, Diagnostics, error
from engine.graph.build import Node, block_of, needed_by_providers, resource_dependencies
from engine.graph.walk import order
from engine.lang.values import SENSITIVE, UNKNOWN, Value, has_mark, is_null
from engine.plan.attributes import Attributes, from_plain, propose, referable, to_plain
from engine.plan.changes import Action, Change, OutputChange, Plan, Reason
from engine.plan.configured import configure
from engine.plan.diff import attribute_changes, forcing_paths, sensitivity_changes
from engine.plan.expand import Expansion, expand
from engine.plan.ignoring import ignoring
from engine.plan.modules import ModuleInstance, Modules, assemble
from engine.plan.objects import Models, Providers, Recorded, creating_first, current_objects
from engine.plan.settings import provider_settings
from engine.syntax.scope import Scope
from providers.resource import Resource

if TYPE_CHECKING:
    from engine.graph.build import Graph


@dataclass(slots=True)
class _Walk:
    """What one pass through the configuration has found so far."""

    module: Module
    graph: "Graph"
    modules: Modules
    models: Models
    creating_first: frozenset[str]
    recorded: Mapping[str, dict[InstanceKey, Recorded]]
    now: float
    found: Diagnostics
    changes: list[Change] = field(default_factory=list)
    seen: dict[str, Expansion] = field(default_factory=dict)  # by address of the resource, its module's keys included
    failed: set[str] = field(default_factory=set)


def make_plan(
    module: Module,
    graph: "Graph",
    scope: Scope,
    models: Models,
    providers: Providers,
    objects: Sequence[Recorded],
    base: Plan,
    prior_outputs: Mapping[str, OutputChange],
    now: float,
    found: Diagnostics,
) -> Plan:
    """Return the plan that turns the recorded `objects` into what `module` and all it calls say.

    `base` carries what is known beforehand: whose state it is, the variables, whether everything goes away.
    `prior_outputs` are the recorded outputs, as if to be deleted. Problems are added to `found`; with errors among
    them the plan is of no use.
    """
    modules = Modules(scope, found)
    walk = _Walk(module, graph, modules, models, creating_first(graph, models), current_objects(objects), now, found)
    notices: list[str] = []
    for node in _to_plan(graph, base):
        block = block_of(graph, node)
        if block.kind == "provider":
            settings = provider_settings(module, block.name, providers, scope, found)
            if settings is not None:
                notices.extend(providers[block.name.partition(".")[0]]().notices(settings))
        elif walk.failed.intersection(graph.predecessors(node)):
            _poison(walk, node, block)
        elif block.kind == "resource":
            _visit_resource(walk, node, block, destroy=base.destroy)
        else:
            _visit(walk, node, block)
    changes = [*walk.changes, *_removed(walk, everything=base.destroy), *_deposed(walk, objects)]
    outputs = (
        [] if base.destroy else [_plan_output(walk, module, name, prior_outputs.get(name)) for name in module.outputs]
    )
    outputs += [change for name, change in prior_outputs.items() if base.destroy or name not in module.outputs]
    outputs.sort(key=lambda change: change.name)
    return replace(base, changes=tuple(changes), outputs=tuple(outputs), notices=tuple(dict.fromkeys(notices)))


def _to_plan(graph: "Graph", base: Plan) -> list[str]:
    """Return the blocks to go through, in order; to destroy, only providers and what they need have to have values."""
    nodes = order(graph)
    if not base.destroy:
        return nodes
    needed = needed_by_providers(graph)
    return [node for node in nodes if node in needed]


def _visit(walk: _Walk, node: str, block: Node) -> None:
    """Give a block its value; an error makes it, and what needs it, unknown."""
    try:
        walk.modules.evaluate(block)
    except DiagnosticError as problem:
        walk.found.extend(problem.diagnostics)
        _poison(walk, node, block)


def _poison(walk: _Walk, node: str, block: Node) -> None:
    walk.failed.add(node)
    walk.modules.poison(block)
    if block.kind == "resource":
        address = block.place.module.resources[block.name].address
        for instance in walk.modules.of(block.place):
            walk.modules.set_resource(instance, address.type, address.name, UNKNOWN)


def _visit_resource(walk: _Walk, node: str, block: Node, *, destroy: bool) -> None:
    resource = block.place.module.resources[block.name]
    model = walk.models.get(resource.address.type)
    if model is None:
        _poison(walk, node, block)
        return
    dependencies = tuple(resource_dependencies(walk.graph, node))
    for instance in walk.modules.of(block.place):
        site = _Site(node, block.place, instance, resource, model, dependencies)
        value = _recorded_value(walk, site) if destroy else _plan_resource(walk, site)
        walk.modules.set_resource(instance, resource.address.type, resource.address.name, value)
    if node in walk.failed:
        _poison(walk, node, block)


@dataclass(frozen=True, slots=True)
class _Site:
    """A resource block in one instance of its module."""

    node: str
    place: Place
    instance: ModuleInstance
    block: ResourceBlock
    model: type[Resource]
    dependencies: tuple[str, ...]

    @property
    def address(self) -> ResourceAddress:
        """The resource's address with the keys of its module."""
        return replace(self.block.address, module=self.instance.path)


def _plan_resource(walk: _Walk, site: _Site) -> Value:
    try:
        expansion = expand(site.block, site.instance.scope)
    except DiagnosticError as problem:
        walk.found.extend(problem.diagnostics)
        walk.failed.add(site.node)
        return UNKNOWN
    walk.seen[str(site.address)] = expansion
    values: dict[InstanceKey, Value] = {}
    for key, names in expansion.instances.items():
        change = _plan_instance(walk, site, key, names)
        if change is None:
            walk.failed.add(site.node)
            return UNKNOWN
        walk.changes.append(change)
        values[key] = referable(change.after or {}, site.model.schema_of_type())
    return assemble(expansion, values)


def _plan_instance(walk: _Walk, site: _Site, key: InstanceKey, names: dict[str, Value]) -> Change | None:
    block, model = site.block, site.model
    address = site.address.instance(key)
    problems = Diagnostics(secrets=walk.found.secrets)
    scope = site.instance.scope.with_roots(**names) if names else site.instance.scope
    schema = model.schema_of_type()
    configured = configure(block.arguments, block.range, model, schema, scope, problems, str(address))
    walk.found.extend(problems)
    if problems.has_errors:
        return None
    recorded = walk.recorded.get(str(site.address), {}).get(key)
    change = decide(address, model, configured, recorded, block, walk.now)
    change = replace(change, dependencies=site.dependencies, provider=site.place.provider_of(block.provider))
    if change.action.replaces and site.node in walk.creating_first:
        change = replace(change, action=Action.CREATE_THEN_DELETE)
    if block.lifecycle.prevent_destroy and change.action.replaces:
        walk.found.extend(_protected(address, block).diagnostics)
    return change


def decide(
    address: InstanceAddress,
    model: type[Resource],
    configured: Attributes,
    recorded: Recorded | None,
    block: ResourceBlock,
    now: float,
) -> Change:
    """Return the one change that turns what is `recorded` of an instance into what is `configured`."""
    schema = model.schema_of_type()
    if recorded is None:
        after = _planned(model, configured, None)
        return Change(address, Action.CREATE, block.provider, None, after)
    prior = recorded.attributes
    expiry = model.expiry(to_plain(prior))
    reason = Reason.TAINTED if recorded.tainted else None
    if reason is None and expiry is not None and expiry <= now:
        reason = Reason.EXPIRED
    after = _planned(model, ignoring(configured, prior, block.lifecycle), prior)
    differences = attribute_changes(prior, after)
    forcing = forcing_paths(differences, schema)
    if reason is None and not differences and not sensitivity_changes(prior, after):
        return Change(address, Action.NO_OP, block.provider, prior, after)
    if reason is None and not forcing:
        return Change(address, Action.UPDATE, block.provider, prior, after, None, differences)
    after = _planned(model, configured, None)  # in a new object there is nothing to keep as it was
    return Change(
        address,
        Action.DELETE_THEN_CREATE,
        block.provider,
        prior,
        after,
        reason or Reason.CANNOT_UPDATE,
        attribute_changes(prior, after),
        forcing,
        expired_at=expiry if reason is Reason.EXPIRED else None,
    )


def _planned(model: type[Resource], configured: Attributes, prior: Attributes | None) -> Attributes:
    return model_plan(model, propose(configured, prior, model.schema_of_type()), prior)


def model_plan(model: type[Resource], planned: Attributes, prior: Attributes | None) -> Attributes:
    """Return planned attributes after the type's own `plan` has had its say about the computed ones."""
    if "plan" not in vars(model):
        return planned
    known = model.plan(None if prior is None else to_plain(prior), to_plain(planned))
    schema = model.schema_of_type()
    computed = {
        name: known[name] for name, attribute in schema.attributes.items() if attribute.computed and name in known
    }
    return {**planned, **from_plain(computed, schema)}


def _recorded_value(walk: _Walk, site: _Site) -> Value:
    """Return what references see of a block's recorded objects, when everything is about to be destroyed."""
    instances = walk.recorded.get(str(site.address), {})
    schema = site.model.schema_of_type()
    values = {key: referable(recorded.attributes, schema) for key, recorded in instances.items()}
    return recorded_value(site.block, values)


def recorded_value(block: ResourceBlock, values: dict[InstanceKey, Value]) -> Value:
    """Return what a reference to `block` gives when its objects are those recorded, whatever the block says."""
    kind = "for_each" if block.for_each is not None else "count" if block.count is not None else "single"
    if not values or (kind == "single" and None not in values):
        return UNKNOWN
    return assemble(Expansion(kind, {key: {} for key in sorted(values, key=key_order)}), values)


def _removed(walk: _Walk, *, everything: bool) -> list[Change]:
    """Return a deletion for every recorded object that nothing asks for any more."""
    changes = []
    for name, instances in walk.recorded.items():
        node = static_address(name)
        block = _resource_block(walk.graph, node)
        if node in walk.failed:
            continue
        for key, recorded in sorted(instances.items(), key=lambda item: key_order(item[0])):
            wanted = walk.seen[name].instances if name in walk.seen else {}
            if not everything and key in wanted:
                continue
            _check_provider(walk, recorded, block)
            if block is not None and block.lifecycle.prevent_destroy:
                walk.found.extend(_protected(recorded.address, block).diagnostics)
            changes.append(
                Change(
                    recorded.address,
                    Action.DELETE,
                    recorded.provider,
                    recorded.attributes,
                    None,
                    None if everything else _removal_reason(block, key, called=name in walk.seen or block is None),
                    dependencies=recorded.dependencies,
                )
            )
    return changes


def _resource_block(graph: "Graph", node: str) -> ResourceBlock | None:
    if node not in graph:
        return None
    block = block_of(graph, node)
    return block.place.module.resources.get(block.name)


def _deposed(walk: _Walk, objects: Sequence[Recorded]) -> list[Change]:
    """Return a deletion for every old object that its replacement outlived."""
    changes = []
    for recorded in objects:
        if recorded.deposed is None or static_address(str(recorded.address.resource)) in walk.failed:
            continue
        _check_provider(walk, recorded, None)
        changes.append(
            Change(
                recorded.address,
                Action.DELETE,
                recorded.provider,
                recorded.attributes,
                dependencies=recorded.dependencies,
                deposed=recorded.deposed,
            )
        )
    return changes


def _check_provider(walk: _Walk, recorded: Recorded, block: ResourceBlock | None) -> None:
    """Report an object to delete whose provider configuration is gone: another one may lead to another account."""
    if block is None and "." in recorded.provider and recorded.provider not in walk.module.providers:
        name, _, alias = recorded.provider.partition(".")
        detail = (
            f"To delete {recorded.address}, the provider configuration {recorded.provider} that made it is required, "
            f'but it has been removed. Put back the provider "{name}" block with alias = "{alias}", apply, and take it '
            "away afterwards."
        )
        walk.found.extend(error("Provider configuration not present", detail).diagnostics)


def _removal_reason(block: ResourceBlock | None, key: InstanceKey, *, called: bool) -> Reason:
    """Return why an object goes; `called` is false when its module has no such instance any more."""
    if block is None:
        return Reason.NO_BLOCK
    if not called:
        return Reason.NO_MODULE
    if block.count is not None:
        return Reason.COUNT_INDEX if isinstance(key, int) else Reason.WRONG_REPETITION
    if block.for_each is not None:
        return Reason.EACH_KEY if isinstance(key, str) else Reason.WRONG_REPETITION
    return Reason.WRONG_REPETITION


def _protected(address: InstanceAddress, block: ResourceBlock) -> DiagnosticError:
    detail = (
        f"Resource {address} has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. "
        "To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or change the "
        "configuration so that it stays."
    )
    return error("Instance cannot be destroyed", detail, block.range)


def _plan_output(walk: _Walk, module: Module, name: str, prior: OutputChange | None) -> OutputChange:
    output = module.outputs[name]
    value = walk.modules.root.outputs[name]
    before = None if prior is None else prior.before
    check_exposure(output, value, walk.found)
    if is_null(value) and before is None:
        return OutputChange(name, Action.NO_OP, None, None, output.sensitive)
    same = (
        prior is not None
        and before is not None
        and prior.sensitive == output.sensitive
        and not attribute_changes({"value": before}, {"value": value})
    )
    action = Action.NO_OP if same else Action.CREATE if before is None else Action.UPDATE
    sensitive = output.sensitive or (prior is not None and before is not None and prior.sensitive)
    return OutputChange(name, action, before, value, sensitive)


def check_exposure(output: Output, value: Value, found: Diagnostics) -> None:
    """Report an output that would show a sensitive value without saying so, or record an ephemeral one."""
    if output.ephemeral:
        detail = "Ephemeral outputs are not allowed in the root module: its outputs are recorded in the state."
        found.extend(error("Ephemeral output not allowed", detail, output.range).diagnostics)
    if not output.sensitive and has_mark(value, SENSITIVE):
        detail = (
            "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, rtf "
            "requires that any root module output containing sensitive data be explicitly marked as sensitive, to "
            "confirm your intent.\n\nIf you do intend to export this data, annotate the output value as sensitive by "
            "adding the following argument:\n    sensitive = true"
        )
        found.extend(error("Output refers to sensitive values", detail, output.range).diagnostics)
