"""A plan and a state as Terraform's JSON, for programs.

Values are in clear, sensitive ones too, as in Terraform: trees beside them say which these are. Whoever prints this
prints secrets.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from engine.address import address_order
from engine.lang.json_values import JSON
from engine.lang.types import to_notation
from engine.lang.values import EPHEMERAL, has_mark, is_null, type_of, wholly_known
from engine.plan.changes import Action, Change, OutputChange, Plan, Reason
from engine.plan.checks import CheckResult
from engine.plan.objects import Recorded
from rtf.views.changes_json import change_json, output_change_json
from rtf.views.checks_json import checks_json
from rtf.views.json_text import compact, value_json
from rtf.views.objects_json import Schemas, Sources, module_tree, object_json
from rtf.views.outputs import ShownOutput
from rtf.views.plan import change_order

PLAN_FORMAT: Final = "1.2"
STATE_FORMAT: Final = "1.0"


def plan_json(
    plan: Plan,
    schemas: Schemas,
    sources: Sources,
    prior: JSON,
    *,
    terraform_version: str,
    configuration: JSON = None,
    errored: bool = False,
) -> str:
    """Return a plan as one line of JSON, without a newline.

    `prior` is the state it was made for, as `state_tree` returns it, or None when there was none. `configuration` is
    what `configuration_json` returns, None to leave it out. `errored` says that planning ended with an error.
    """
    tree: dict[str, JSON] = {"format_version": PLAN_FORMAT, "terraform_version": terraform_version}
    variables = plan.given or {name: value for name, value in plan.variables.items() if not has_mark(value, EPHEMERAL)}
    if variables:
        tree["variables"] = {name: {"value": value_json(variables[name])} for name in sorted(variables)}
    tree["planned_values"] = _planned_values(plan, schemas, sources)
    for name, changes in (("resource_drift", plan.drift), ("resource_changes", plan.changes)):
        shown = [change for change in sorted(changes, key=change_order) if not _is_dropped_read(change)]
        if shown:
            tree[name] = [change_json(change, schemas, sources) for change in shown]
    if plan.outputs:
        tree["output_changes"] = {item.name: output_change_json(item) for item in sorted(plan.outputs, key=_name)}
    if prior is not None:
        tree["prior_state"] = prior
    if configuration is not None:
        tree["configuration"] = configuration
    if plan.relevant_attributes:
        tree["relevant_attributes"] = [
            {"resource": item.resource, "attribute": list(item.path)} for item in plan.relevant_attributes
        ]
    if plan.checks:
        tree["checks"] = checks_json(plan.checks)
    tree["timestamp"] = plan.timestamp
    tree["applyable"] = plan.has_changes and not errored
    tree["complete"] = plan.complete and not errored
    tree["errored"] = errored
    return compact(tree)


def _name(output: OutputChange) -> str:
    return output.name


def _is_dropped_read(change: Change) -> bool:
    """Return whether a change only takes what was read from a data source out of the state."""
    return change.address.resource.mode == "data" and change.action is Action.DELETE


def _planned_values(plan: Plan, schemas: Schemas, sources: Sources) -> JSON:
    tree: dict[str, JSON] = {}
    wanted = [item for item in sorted(plan.outputs, key=_name) if item.action is not Action.DELETE]
    if wanted:
        tree["outputs"] = {item.name: _planned_output(item) for item in wanted}
    kept = [change for change in plan.changes if change.action is not Action.DELETE and change.deposed is None]
    tree["root_module"] = module_tree(
        (
            change.address.resource.module,
            object_json(change.address, None if change.action is Action.FORGET else change.after, schemas, sources),
        )
        for change in sorted(kept, key=lambda change: str(change.address))
    )
    return tree


def objects_before(recorded: Iterable[Recorded], plan: Plan) -> list[Recorded]:
    """Return the objects of the state that a plan was made for: those recorded, and those that it takes over.

    What a data source gave before is not among them when it is about to be read again, unless only to check it.
    """
    read = {
        change.address
        for change in plan.changes
        if change.action is Action.READ and change.reason is not Reason.READ_CHECK
    }
    imported = [
        Recorded(change.address, change.before or {}, change.provider)
        for change in plan.changes
        if change.importing is not None
    ]
    return [*(item for item in recorded if item.address not in read), *imported]


def outputs_before(
    recorded: Mapping[str, ShownOutput], plan: Plan, configured: Mapping[str, bool]
) -> dict[str, ShownOutput]:
    """Return the outputs of the state that a plan was made for, as it was found: those that go are still there.

    `recorded` are those that the apply begins with; `configured` says which outputs the configuration calls sensitive.
    """
    gone = {
        item.name: ShownOutput(item.before, item.sensitive)
        for item in plan.outputs
        if item.action is Action.DELETE and item.before is not None
    }
    null = {item.name for item in plan.outputs if item.after is not None and is_null(item.after)}
    known = {
        name: replace(output, sensitive=configured.get(name, output.sensitive))
        for name, output in recorded.items()
        if name not in null
    }
    return {**gone, **known}


def _planned_output(output: OutputChange) -> JSON:
    tree: dict[str, JSON] = {"sensitive": output.sensitive}
    if output.after is None:
        tree |= {"type": "dynamic", "value": None}  # it is null, and so it was before
    elif wholly_known(output.after):
        tree |= {"type": to_notation(type_of(output.after)), "value": value_json(output.after)}
    return tree


def state_tree(
    objects: Iterable[Recorded],
    outputs: Mapping[str, ShownOutput],
    schemas: Schemas,
    sources: Sources,
    *,
    terraform_version: str,
    checks: Iterable[CheckResult] = (),
) -> JSON:
    """Return a state as JSON data."""
    tree: dict[str, JSON] = {"format_version": STATE_FORMAT}
    recorded = sorted(objects, key=lambda item: (address_order(item.address), item.deposed or ""))
    shown_checks = checks_json(checks)
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
    values["root_module"] = module_tree(
        (item.address.resource.module, _recorded(item, schemas, sources)) for item in recorded
    )
    tree["values"] = values
    if shown_checks:
        tree["checks"] = shown_checks
    return tree


def state_json(
    objects: Iterable[Recorded],
    outputs: Mapping[str, ShownOutput],
    schemas: Schemas,
    sources: Sources,
    *,
    terraform_version: str,
    checks: Iterable[CheckResult] = (),
) -> str:
    """Return a state as one line of JSON, without a newline."""
    return compact(state_tree(objects, outputs, schemas, sources, terraform_version=terraform_version, checks=checks))


def _recorded(item: Recorded, schemas: Schemas, sources: Sources) -> JSON:
    tree = object_json(item.address, item.attributes, schemas, sources)
    if item.dependencies:
        tree["depends_on"] = sorted(item.dependencies)
    if item.tainted:
        tree["tainted"] = True
    if item.deposed is not None:
        tree["deposed_key"] = item.deposed
    return tree
