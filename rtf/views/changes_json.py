"""What a plan changes, in Terraform's JSON: objects, and outputs of the root module."""

from engine.lang.json_values import JSON
from engine.lang.values import Unknown, Value, unmark, wholly_known
from engine.plan.changes import Action, Change, OutputChange, Reason
from rtf.views.json_text import value_json
from rtf.views.masks import sensitive_mask, unknown_mask
from rtf.views.objects_json import Schemas, Sources, attributes_json, name_json, schema_for


def change_json(change: Change, schemas: Schemas, sources: Sources) -> JSON:
    """Return what happens to one object."""
    schema = schema_for(change.address, schemas)
    before = None if change.action is Action.CREATE else change.before
    after = None if change.action in (Action.DELETE, Action.FORGET) else change.after
    details: dict[str, JSON] = {
        "actions": change.action.value.split("/"),
        "before": None if before is None else attributes_json(before, schema),
        "after": None if after is None else attributes_json(after, schema),
        "after_unknown": {} if after is None or wholly_known(after) else unknown_mask(after),
        "before_sensitive": False if before is None else sensitive_mask(before),
        "after_sensitive": False if after is None else sensitive_mask(after),
    }
    if change.replace_paths:
        details["replace_paths"] = [list(path) for path in change.replace_paths]
    if change.importing is not None:
        details["importing"] = {"id": change.importing}
    tree: dict[str, JSON] = {}
    for name, value in name_json(change.address, sources).items():
        tree[name] = value
        if name == "address" and change.previous_address is not None:
            tree["previous_address"] = str(change.previous_address)
        if name == "address" and change.address.resource.module:
            tree["module_address"] = change.address.resource.module
    if change.deposed is not None:
        tree["deposed"] = change.deposed
    tree["change"] = details
    if isinstance(change.reason, Reason):
        tree["action_reason"] = change.reason.value
    return tree


def output_change_json(output: OutputChange) -> JSON:
    """Return what happens to one output of the root module. An output that is unknown has no member `after`."""
    tree: dict[str, JSON] = {
        "actions": output.action.value.split("/"),
        "before": None if output.before is None else value_json(output.before),
    }
    after: Value | None = output.after
    if after is None or unmark(after)[0].__class__ is not Unknown:
        tree["after"] = None if after is None else value_json(after)
    tree["after_unknown"] = False if after is None or wholly_known(after) else unknown_mask(after)
    tree["before_sensitive"] = tree["after_sensitive"] = output.sensitive
    return tree
