"""What a run of a test planned or made, for machines: messages `test_plan` and `test_state` of `-json -verbose`.

They have the form that Terraform's own plans and states have in JSON. Known secrets are taken out by value.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.lang.json_values import JSON
from engine.lang.types import to_notation
from engine.lang.values import type_of
from engine.plan.changes import Plan
from engine.plan.objects import Recorded
from providers.provider import Provider
from rtf.views.changes_json import change_json, output_change_json
from rtf.views.json_text import value_json
from rtf.views.objects_json import Schemas, Sources
from rtf.views.outputs import ShownOutput
from rtf.views.plan import change_order
from rtf.views.providers import PROVIDERS_FORMAT, provider_schemas
from rtf.views.show_json import PLAN_FORMAT, STATE_FORMAT, state_tree
from rtf.views.stream_json import Stream

Tree = dict[str, Any]


def say_plan(
    stream: Stream,
    plan: Plan,
    schemas: Schemas,
    sources: Sources,
    providers: Iterable[type[Provider]],
    hide: Callable[[str], str],
    place: Mapping[str, str],
) -> None:
    """Write a plan."""
    tree: Tree = {"plan_format_version": PLAN_FORMAT, **_offered(providers)}
    if plan.outputs:
        tree["output_changes"] = {item.name: output_change_json(item) for item in plan.outputs}
    for name, changes in (("resource_changes", plan.changes), ("resource_drift", plan.drift)):
        if changes:
            ordered = sorted(changes, key=change_order)
            tree[name] = [change_json(change, schemas, sources) for change in ordered]
    stream.say("test_plan", "-verbose flag enabled, printing plan", test_plan=_hidden(tree, hide), **place)


def say_state(
    stream: Stream,
    objects: Iterable[Recorded],
    outputs: Mapping[str, ShownOutput],
    schemas: Schemas,
    sources: Sources,
    providers: Iterable[type[Provider]],
    hide: Callable[[str], str],
    place: Mapping[str, str],
) -> None:
    """Write a state."""
    tree: Tree = {"state_format_version": STATE_FORMAT, **_offered(providers)}
    whole: Any = state_tree(objects, {}, schemas, sources, terraform_version="")
    tree["root_module"] = whole.get("values", {}).get("root_module", {})
    if outputs:
        tree["outputs"] = {name: _output(outputs[name]) for name in sorted(outputs)}
    stream.say("test_state", "-verbose flag enabled, printing state", test_state=_hidden(tree, hide), **place)


def _offered(providers: Iterable[type[Provider]]) -> Tree:
    return {"provider_format_version": PROVIDERS_FORMAT, "provider_schemas": provider_schemas(providers)}


def _output(output: ShownOutput) -> Tree:
    return {
        "sensitive": output.sensitive,
        "type": to_notation(type_of(output.value)),
        "value": value_json(output.value),
    }


def _hidden(tree: JSON, hide: Callable[[str], str]) -> JSON:
    if isinstance(tree, str):
        return hide(tree)
    if isinstance(tree, dict):
        return {name: _hidden(item, hide) for name, item in tree.items()}
    return [_hidden(item, hide) for item in tree] if isinstance(tree, list) else tree
