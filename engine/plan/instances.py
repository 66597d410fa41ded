"""One instance of a managed resource: what is recorded, what is configured, and the change that makes these one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.address import InstanceAddress, InstanceKey
from engine.config.model import ResourceBlock
from engine.diagnostics import DiagnosticError, Diagnostics, error
from engine.lang.values import Value
from engine.plan.attributes import Attributes, from_plain, propose, referable, to_plain
from engine.plan.changes import Action, Change, Reason
from engine.plan.configured import configure, placed
from engine.plan.diff import attribute_changes, forcing_paths, sensitivity_changes
from engine.plan.ignoring import ignoring
from engine.plan.imports import Imported
from engine.plan.objects import Recorded, managed_model
from engine.plan.rules import Kind
from engine.plan.stand_ins import Given, planned_by
from engine.plan.triggers import is_triggered
from engine.plan.walk import Site, Walk, check_conditions
from providers.resource import Resource


def plan_instance(
    walk: Walk, site: Site, key: InstanceKey, names: dict[str, Value], imported: Imported | None
) -> Change | None:
    """Return the change of one instance, or None when something stands in its way, which is told.

    `imported` is the real object that an import block says it is.
    """
    block, model = site.block, managed_model(walk.models, site.block.address)
    address = site.address.instance(key)
    scope, schema = site.scope(names), model.schema_of_type()
    if not check_conditions(walk, site, address, Kind.PRECONDITION, scope):
        return None
    problems = Diagnostics(secrets=walk.found.secrets)
    configured = configure(block.arguments, block.range, model, schema, scope, problems, str(address))
    walk.found.extend(problems)
    if problems.has_errors:
        return None
    recorded = walk.recorded.get(str(site.address), {}).get(key)
    importing = imported if recorded is None else None
    forced = None
    if recorded is not None or importing is not None:
        forced = _forced(walk, site, address, names)
    existing = recorded if importing is None else importing.object
    given = walk.options.stand_ins.of(address, site.provider)
    change = decide(address, model, configured, existing, block, walk.now, forced, given)
    change = replace(
        change,
        dependencies=walk.dependencies.get(site.node, ()),
        provider=site.provider,
        previous_address=recorded.previous if recorded is not None else None,
        importing=importing.id if importing is not None else None,
    )
    if change.action.replaces and site.node in walk.creating_first:
        change = replace(change, action=Action.CREATE_THEN_DELETE)
    if block.lifecycle.prevent_destroy and change.action.replaces:
        walk.found.extend(protected(address, block).diagnostics)
    planned = referable(change.after or {}, schema)
    if not check_conditions(walk, site, address, Kind.POSTCONDITION, scope, planned):
        return None
    return change


def _forced(walk: Walk, site: Site, address: InstanceAddress, names: dict[str, Value]) -> Reason | None:
    """Return why an object has to be replaced that would not have to by itself."""
    if address in walk.options.replace:
        return Reason.REQUESTED
    if is_triggered(walk, site, names):
        return Reason.TRIGGERED
    return None


def decide(
    address: InstanceAddress,
    model: type[Resource],
    configured: Attributes,
    recorded: Recorded | None,
    block: ResourceBlock,
    now: float,
    forced: Reason | None = None,
    given: Given | None = None,
) -> Change:
    """Return the one change that turns what is `recorded` of an instance into what is `configured`.

    `forced` says why the object is replaced in any case, `given` what stands in for it. Raises DiagnosticError when
    that is of no use.
    """
    schema = model.schema_of_type()

    def planned(configured: Attributes, prior: Attributes | None) -> Attributes:
        if given is None:
            return model_plan(model, propose(configured, prior, schema), prior)
        attributes, problems = planned_by(given, configured, prior, schema)
        if problems:
            raise DiagnosticError(*placed(problems, {}, block.range, str(address)))
        return attributes

    if recorded is None:
        after = planned(configured, None)
        return Change(address, Action.CREATE, block.provider, None, after)
    prior = recorded.attributes
    expiry = model.expiry(to_plain(prior)) if given is None else None
    reason = Reason.TAINTED if recorded.tainted else None
    if reason is None and expiry is not None and expiry <= now:
        reason = Reason.EXPIRED
    after = planned(ignoring(configured, prior, block.lifecycle, schema), prior)
    differences = attribute_changes(prior, after)
    forcing = forcing_paths(differences, schema) if given is None else ()
    if reason is None and not forcing:
        reason = forced
    if reason is None and not differences and not sensitivity_changes(prior, after):
        return Change(address, Action.NO_OP, block.provider, prior, after)
    if reason is None and not forcing:
        return Change(address, Action.UPDATE, block.provider, prior, after, None, differences)
    after = planned(configured, None)  # in a new object there is nothing to keep as it was
    return Change(
        address,
        Action.DELETE_THEN_CREATE,
        block.provider,
        prior,
        after,
        reason or (forced if forced is Reason.REQUESTED else Reason.CANNOT_UPDATE),
        attribute_changes(prior, after),
        forcing,
        expired_at=expiry if reason is Reason.EXPIRED else None,
    )


def model_plan(model: type[Resource], planned: Attributes, prior: Attributes | None) -> Attributes:
    """Return planned attributes after the type's own `plan` has had its say about the computed ones."""
    if "plan" not in vars(model):
        return planned
    known: Mapping[str, Any] = model.plan(None if prior is None else to_plain(prior), to_plain(planned))
    schema = model.schema_of_type()
    computed = {
        name: known[name] for name, attribute in schema.attributes.items() if attribute.computed and name in known
    }
    return {**planned, **from_plain(computed, schema)}


def protected(address: InstanceAddress, block: ResourceBlock) -> DiagnosticError:
    """Return the error for an object that may not be destroyed and would be."""
    detail = (
        f"Resource {address} has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. "
        "To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or change the "
        "configuration so that it stays."
    )
    return error("Instance cannot be destroyed", detail, block.range)
