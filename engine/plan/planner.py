"""Decide what apply would do: go through the configuration in order, and give every object one action.

Nothing here calls an API or writes a file. Values known only after apply stand in as unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.address import InstanceAddress, InstanceKey, key_order
from engine.config.model import Module, Output, ResourceBlock
from engine.diagnostics import DiagnosticError, Diagnostics, error
from engine.graph.build import needed_by_providers, resource_dependencies
from engine.graph.walk import order
from engine.lang.values import SENSITIVE, UNKNOWN, Value, is_null, marked_paths
from engine.plan.attributes import Attributes, from_plain, propose, referable, to_plain
from engine.plan.changes import Action, Change, OutputChange, Plan, Reason
from engine.plan.configured import configure
from engine.plan.diff import attribute_changes
from engine.plan.expand import Expansion, expand
from engine.plan.ignoring import ignoring
from engine.plan.objects import Models, Providers, Recorded, creating_first, current_objects
from engine.plan.settings import provider_settings
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.scope import Scope
from providers.resource import Resource

if TYPE_CHECKING:
    from engine.graph.build import Graph


@dataclass(slots=True)
class _Walk:
    """What one pass through the configuration has found so far."""

    module: Module
    graph: "Graph"
    scope: Scope
    models: Models
    creating_first: frozenset[str]
    recorded: Mapping[str, dict[InstanceKey, Recorded]]
    now: float
    found: Diagnostics
    changes: list[Change] = field(default_factory=list)
    seen: dict[str, Expansion] = field(default_factory=dict)
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
    """Return the plan that turns the recorded `objects` into what `module` says.

    `base` carries what is known beforehand: whose state it is, the variables, whether everything goes away.
    `prior_outputs` are the recorded outputs, as if to be deleted. Problems are added to `found`; with errors among
    them the plan is of no use.
    """
    recorded = current_objects(objects)
    walk = _Walk(module, graph, scope, models, creating_first(module, graph, models), recorded, now, found)
    outputs: list[OutputChange] = []
    notices: list[str] = []
    for node in _to_plan(graph, base):
        kind, _, name = node.partition(".")
        if node in module.resources:
            if base.destroy:
                _keep_recorded(walk, module.resources[node])
            else:
                _plan_resource(walk, node, module.resources[node])
        elif kind == "local":
            walk.scope.roots["local"][name] = _evaluated(walk, node, module.locals[name].expression)
        elif kind == "provider":
            settings = provider_settings(module, name, providers, scope, found)
            if settings is not None:
                notices.extend(providers[name.partition(".")[0]]().notices(settings))
        elif kind == "output":
            outputs.append(_plan_output(walk, name, prior_outputs.get(name)))
    changes = [*walk.changes, *_removed(walk, everything=base.destroy), *_deposed(walk, objects)]
    gone = [change for name, change in prior_outputs.items() if base.destroy or name not in module.outputs]
    outputs = sorted([*outputs, *gone], key=lambda change: change.name)
    return replace(base, changes=tuple(changes), outputs=tuple(outputs), notices=tuple(dict.fromkeys(notices)))


def _to_plan(graph: "Graph", base: Plan) -> list[str]:
    """Return the blocks to go through, in order; to destroy, only providers and what they need have to have values."""
    nodes = order(graph)
    if not base.destroy:
        return nodes
    needed = needed_by_providers(graph)
    return [node for node in nodes if node in needed]


def _value(walk: _Walk, node: str, compute: Callable[[], Value]) -> Value:
    """Return a value, or unknown when it cannot be computed or needs something that failed."""
    if walk.failed.intersection(walk.graph.predecessors(node)):
        walk.failed.add(node)
        return UNKNOWN
    try:
        return compute()
    except DiagnosticError as problem:
        walk.found.extend(problem.diagnostics)
        walk.failed.add(node)
        return UNKNOWN


def _evaluated(walk: _Walk, node: str, expression: Expression) -> Value:
    return _value(walk, node, lambda: evaluate(expression, walk.scope))


def _plan_resource(walk: _Walk, node: str, block: ResourceBlock) -> None:
    values: dict[InstanceKey, Value] = {}
    model = walk.models.get(block.address.type)
    expansion = None if model is None else _value(walk, node, lambda: expand(block, walk.scope))
    if model is None or not isinstance(expansion, Expansion):
        walk.failed.add(node)
        expansion = None
    else:
        walk.seen[node] = expansion
        dependencies = tuple(resource_dependencies(walk.graph, node, walk.module))
        for key, names in expansion.instances.items():
            change = _plan_instance(walk, block, model, key, names, dependencies)
            if change is None:
                walk.failed.add(node)
                continue
            walk.changes.append(change)
            values[key] = referable(change.after or {}, model.schema_of_type())
    value = assemble(expansion, values) if node not in walk.failed else UNKNOWN
    walk.scope.roots.setdefault(block.address.type, {})[block.address.name] = value


def assemble(expansion: Expansion | None, values: Mapping[InstanceKey, Value]) -> Value:
    """Return what a reference to a block gives: its object, a tuple of them, or an object of them by key."""
    if expansion is None:
        return UNKNOWN
    if expansion.kind == "single":
        return values[None]
    if expansion.kind == "count":
        return tuple(values[key] for key in expansion.instances)
    return {str(key): values[key] for key in expansion.instances}


def _plan_instance(
    walk: _Walk,
    block: ResourceBlock,
    model: type[Resource],
    key: InstanceKey,
    names: dict[str, Value],
    dependencies: tuple[str, ...],
) -> Change | None:
    address = block.address.instance(key)
    problems = Diagnostics(secrets=walk.found.secrets)
    schema = model.schema_of_type()
    inner = walk.scope.with_roots(**names) if names else walk.scope
    configured = configure(block.arguments, block.range, model, schema, inner, problems, str(address))
    walk.found.extend(problems)
    if problems.has_errors:
        return None
    recorded = walk.recorded.get(str(block.address), {}).get(key)
    change = decide(address, model, configured, recorded, block, walk.now)
    change = replace(change, dependencies=dependencies)
    if change.action.replaces and str(block.address) in walk.creating_first:
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
    forcing = tuple(
        difference.path for difference in differences if schema.attributes[str(difference.path[0])].force_new
    )
    if reason is None and not differences:
        return Change(address, Action.NO_OP, block.provider, prior, after)  # equal, but what is sensitive may differ
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


def _keep_recorded(walk: _Walk, block: ResourceBlock) -> None:
    """Let references see a block's recorded objects, when everything is about to be destroyed."""
    model = walk.models.get(block.address.type)
    instances = walk.recorded.get(str(block.address), {})
    value: Value = UNKNOWN
    if model is not None and instances:
        values = {key: referable(recorded.attributes, model.schema_of_type()) for key, recorded in instances.items()}
        kind = "single" if block.count is None and block.for_each is None else "count" if block.count else "for_each"
        if kind != "single" or None in values:
            value = assemble(Expansion(kind, {key: {} for key in sorted(values, key=key_order)}), values)
    walk.scope.roots.setdefault(block.address.type, {})[block.address.name] = value


def _removed(walk: _Walk, *, everything: bool) -> list[Change]:
    """Return a deletion for every recorded object that nothing asks for any more."""
    changes = []
    for name, instances in walk.recorded.items():
        block = walk.module.resources.get(name)
        if name in walk.failed:
            continue
        for key, recorded in sorted(instances.items(), key=lambda item: key_order(item[0])):
            wanted = walk.seen[name].instances if name in walk.seen else {}
            if not everything and key in wanted:
                continue
            address = recorded.address
            _check_provider(walk, recorded, block)
            if block is not None and block.lifecycle.prevent_destroy:
                walk.found.extend(_protected(address, block).diagnostics)
            reason = None if everything else _removal_reason(block, key)
            changes.append(
                Change(
                    address,
                    Action.DELETE,
                    block.provider if block else recorded.provider,
                    recorded.attributes,
                    None,
                    reason,
                    dependencies=recorded.dependencies,
                )
            )
    return changes


def _deposed(walk: _Walk, objects: Sequence[Recorded]) -> list[Change]:
    """Return a deletion for every old object that its replacement outlived."""
    changes = []
    for recorded in objects:
        if recorded.deposed is None or str(recorded.address.resource) in walk.failed:
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


def _removal_reason(block: ResourceBlock | None, key: InstanceKey) -> Reason:
    if block is None:
        return Reason.NO_BLOCK
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


def _plan_output(walk: _Walk, name: str, prior: OutputChange | None) -> OutputChange:
    output = walk.module.outputs[name]
    value = _evaluated(walk, f"output.{name}", output.expression)
    before = None if prior is None else prior.before
    check_exposure(output, value, walk.found)
    if is_null(value) and before is None:
        return OutputChange(name, Action.NO_OP, None, None, output.sensitive)
    same = before is not None and not attribute_changes({"value": before}, {"value": value})
    action = Action.NO_OP if same else Action.CREATE if before is None else Action.UPDATE
    return OutputChange(name, action, before, value, output.sensitive)


def check_exposure(output: Output, value: Value, found: Diagnostics) -> None:
    """Report an output that would show a sensitive value without saying that it means to."""
    if not output.sensitive and next(marked_paths(value, SENSITIVE), None) is not None:
        detail = (
            "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, rtf "
            "requires that any root module output containing sensitive data be explicitly marked as sensitive, to "
            "confirm your intent.\n\nIf you do intend to export this data, annotate the output value as sensitive by "
            "adding the following argument:\n    sensitive = true"
        )
        found.extend(error("Output refers to sensitive values", detail, output.range).diagnostics)
