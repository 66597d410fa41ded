"""A plan and a state as Terraform's JSON, for programs.

Values are in clear, sensitive ones too, as in Terraform: maps beside them say which these are. Whoever prints this
prints secrets. The configuration itself is not part of it yet.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from engine.address import InstanceAddress, key_order
from engine.lang.json_values import JSON
from engine.lang.types import to_notation
from engine.lang.values import (
    EPHEMERAL,
    SENSITIVE,
    Marked,
    Null,
    Unknown,
    Value,
    children,
    has_mark,
    type_of,
    wholly_known,
)
from engine.plan.attributes import Attributes
from engine.plan.changes import Action, Change, OutputChange, Plan, Reason
from engine.plan.objects import Recorded
from providers.schema import Schema
from rtf.views.json_text import compact, is_mapping, is_sequence, value_json
from rtf.views.outputs import ShownOutput
from rtf.views.plan import change_order

PLAN_FORMAT: Final = "1.2"
STATE_FORMAT: Final = "1.0"

Sources = Mapping[str, str]
"""The full name of the provider of each resource type."""


def plan_json(
    plan: Plan,
    schemas: Mapping[str, Schema],
    sources: Sources,
    prior: JSON,
    *,
    terraform_version: str,
    complete: bool = True,
) -> str:
    """Return a plan as one line of JSON, without a newline.

    `prior` is the state it was made for, as `state_tree` returns it, or None when there was none. `complete` says
    whether planning came to its end without an error.
    """
    changes = sorted(plan.changes, key=change_order)
    tree: dict[str, JSON] = {"format_version": PLAN_FORMAT, "terraform_version": terraform_version}
    recorded = {name: value for name, value in plan.variables.items() if not has_mark(value, EPHEMERAL)}
    if recorded:
        tree["variables"] = {name: {"value": value_json(recorded[name])} for name in sorted(recorded)}
    tree["planned_values"] = _planned_values(changes, plan.outputs, schemas, sources)
    if changes:
        tree["resource_changes"] = [_resource_change(change, schemas, sources) for change in changes]
    if plan.outputs:
        tree["output_changes"] = {item.name: _output_change(item) for item in sorted(plan.outputs, key=_name)}
    if prior is not None:
        tree["prior_state"] = prior
    tree["timestamp"] = plan.timestamp
    tree["applyable"] = complete and plan.has_changes
    tree["complete"] = complete
    tree["errored"] = not complete
    return compact(tree)


def _name(output: OutputChange) -> str:
    return output.name


def _header(address: InstanceAddress, sources: Sources) -> dict[str, JSON]:
    resource = address.resource
    header: dict[str, JSON] = {"address": str(address)}
    if resource.module:
        header["module_address"] = resource.module
    header |= {"mode": resource.mode, "type": resource.type, "name": resource.name}
    if address.key is not None:
        header["index"] = address.key
    header["provider_name"] = sources.get(resource.type, "")
    return header


def _resource_change(change: Change, schemas: Mapping[str, Schema], sources: Sources) -> JSON:
    schema = schemas.get(change.address.resource.type, Schema())
    tree = _header(change.address, sources)
    if change.deposed is not None:
        tree["deposed"] = change.deposed
    before = None if change.action is Action.CREATE else change.before
    after = None if change.action is Action.DELETE else change.after
    details: dict[str, JSON] = {
        "actions": change.action.value.split("/"),
        "before": None if before is None else _attributes(before, schema),
        "after": None if after is None else _attributes(after, schema),
        "after_unknown": _members(after or {}, _unknown),
        "before_sensitive": False if before is None else _members(before, _sensitive),
        "after_sensitive": False if after is None else _members(after, _sensitive),
    }
    if change.replace_paths:
        details["replace_paths"] = [list(path) for path in change.replace_paths]
    tree["change"] = details
    if isinstance(change.reason, Reason):
        tree["action_reason"] = change.reason.value
    return tree


def _output_change(output: OutputChange) -> JSON:
    after = output.after
    return {
        "actions": output.action.value.split("/"),
        "before": None if output.before is None else value_json(output.before),
        "after": None if after is None else value_json(after),
        "after_unknown": after is not None and not wholly_known(after),
        "before_sensitive": output.sensitive,
        "after_sensitive": output.sensitive,
    }


def _planned_values(
    changes: Iterable[Change], outputs: Iterable[OutputChange], schemas: Mapping[str, Schema], sources: Sources
) -> JSON:
    tree: dict[str, JSON] = {}
    wanted = [item for item in sorted(outputs, key=_name) if item.action is not Action.DELETE]
    if wanted:
        tree["outputs"] = {item.name: _planned_output(item) for item in wanted}
    resources = [
        _resource(change.address, change.after, schemas, sources)
        for change in changes
        if change.after is not None and change.action is not Action.DELETE and change.deposed is None
    ]
    tree["root_module"] = {"resources": resources} if resources else {}
    return tree


def _planned_output(output: OutputChange) -> JSON:
    tree: dict[str, JSON] = {"sensitive": output.sensitive}
    if output.after is not None and wholly_known(output.after):
        tree["type"] = to_notation(type_of(output.after))
        tree["value"] = value_json(output.after)
    return tree


def _resource(
    address: InstanceAddress, attributes: Attributes, schemas: Mapping[str, Schema], sources: Sources
) -> dict[str, JSON]:
    schema = schemas.get(address.resource.type, Schema())
    return {
        **_header(address, sources),
        "schema_version": schema.version,
        "values": _attributes(attributes, schema),
        "sensitive_values": _members(attributes, _sensitive),
    }


def state_tree(
    objects: Iterable[Recorded],
    outputs: Mapping[str, ShownOutput],
    schemas: Mapping[str, Schema],
    sources: Sources,
    *,
    terraform_version: str,
) -> JSON:
    """Return a state as JSON data."""
    tree: dict[str, JSON] = {"format_version": STATE_FORMAT}
    recorded = sorted(objects, key=lambda item: (str(item.address.resource), key_order(item.address.key)))
    if not recorded and not outputs:
        return tree
    tree["terraform_version"] = terraform_version
    values: dict[str, JSON] = {}
    if outputs:
        values["outputs"] = {
            name: {
                "sensitive": outputs[name].sensitive,
                "value": value_json(outputs[name].value),
                "type": to_notation(type_of(outputs[name].value)),
            }
            for name in sorted(outputs)
        }
    resources = [_recorded(item, schemas, sources) for item in recorded]
    values["root_module"] = {"resources": resources} if resources else {}
    tree["values"] = values
    return tree


def state_json(
    objects: Iterable[Recorded],
    outputs: Mapping[str, ShownOutput],
    schemas: Mapping[str, Schema],
    sources: Sources,
    *,
    terraform_version: str,
) -> str:
    """Return a state as one line of JSON, without a newline."""
    return compact(state_tree(objects, outputs, schemas, sources, terraform_version=terraform_version))


def _recorded(item: Recorded, schemas: Mapping[str, Schema], sources: Sources) -> JSON:
    tree = _resource(item.address, item.attributes, schemas, sources)
    if item.dependencies:
        tree["depends_on"] = sorted(item.dependencies)
    if item.tainted:
        tree["tainted"] = True
    if item.deposed is not None:
        tree["deposed_key"] = item.deposed
    return tree


def _attributes(attributes: Attributes, schema: Schema) -> JSON:
    """Return an object's values: null where an attribute is absent, unless null has a meaning of its own there."""
    dense: dict[str, Value] = {
        name: Null() for name, attribute in schema.attributes.items() if not attribute.explicit_null
    }
    return value_json({**dense, **attributes})


def _members(members: Mapping[str, Value], tell: Callable[[Value], JSON]) -> JSON:
    """Return what `tell` says of each member, without those of which it says false."""
    told = {name: tell(members[name]) for name in sorted(members)}
    return {name: item for name, item in told.items() if item is not False}


def _unknown(value: Value) -> JSON:
    """Return true for an unknown value, and for containers what is unknown in them."""
    if value.__class__ is Marked:
        return _unknown(value.value)
    if value.__class__ in (Null, Unknown):
        return value.__class__ is Unknown
    return _structure(value, _unknown)


def _sensitive(value: Value) -> JSON:
    """Return true for a sensitive value, and for containers what is sensitive in them."""
    if value.__class__ is Marked:
        return True if SENSITIVE in value.marks else _sensitive(value.value)
    if value.__class__ is Null:
        return False
    if value.__class__ is Unknown:
        return {} if is_mapping(value) else [] if is_sequence(value) else False
    return _structure(value, _sensitive)


def _structure(value: Value, tell: Callable[[Value], JSON]) -> JSON:
    if is_mapping(value):
        return _members({str(key): item for key, item in children(value)}, tell)
    if is_sequence(value):
        return [tell(item) for _, item in children(value)]
    return False
