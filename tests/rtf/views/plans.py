"""Plans for the views to show, made from Terraform's JSON of a plan."""

from typing import Annotated, Any

from pydantic import BaseModel

from engine.address import parse_instance
from engine.lang.json_values import from_json, from_json_typed, read_json
from engine.lang.types import DYNAMIC, ObjectOf, TupleOf, Type, from_notation
from engine.lang.values import SENSITIVE_MARKS, Unknown, Value, mark
from engine.plan.attributes import Attributes, conform
from engine.plan.changes import Action, Change, OutputChange, Plan, Reason
from engine.plan.objects import Recorded
from engine.plan.options import PlanOptions
from providers.schema import Attr, Attribute, Schema, schema_of
from rtf.views.outputs import ShownOutput

DATA = Schema(
    {
        "id": Attribute("id", "string", computed=True),
        "input": Attribute("input", "dynamic", optional=True),
        "output": Attribute("output", "dynamic", computed=True),
        "triggers_replace": Attribute("triggers_replace", "dynamic", optional=True, force_new=True),
    }
)


class Tool(BaseModel):
    """A tool that a session may call."""

    kind: str
    label: str | None = None
    parameters: dict[str, Any] | None = None


class Detection(BaseModel):
    """How a session finds out that somebody stopped talking."""

    threshold: float | None = None
    eagerness: str | None = None


class Audio(BaseModel):
    """What a session sounds like."""

    voice: str | None = None
    speed: float | None = None
    detection: Annotated[Detection | None, Attr(explicit_null=True)] = None


class Session(BaseModel):
    """A session of known shape."""

    model: str
    instructions: str | None = None
    audio: Audio | None = None
    tools: list[Tool] | None = None
    modalities: list[str] | None = None
    limits: dict[str, Audio] | None = None


class Call(BaseModel):
    """A resource with nested attributes."""

    id: Annotated[str | None, Attr(computed=True)] = None
    session: Session
    sdp: Annotated[str, Attr(sensitive=True)] = ""
    note: Annotated[str | None, Attr(write_only=True)] = None
    labels: dict[str, str] | None = None
    expires_at: Annotated[int | None, Attr(computed=True)] = None


SCHEMAS = {"terraform_data": DATA, "openai_call": schema_of(Call)}


def read_plan(text: str) -> Plan:
    """Return the plan that Terraform's JSON tells of."""
    tree = read_json(text)
    return Plan(
        lineage="",
        serial=0,
        changes=tuple(_change(item) for item in tree.get("resource_changes", [])),
        outputs=tuple(_output(name, item) for name, item in tree.get("output_changes", {}).items()),
        options=PlanOptions("destroy" if tree.get("destroy", False) else "normal"),
        timestamp="2026-11-22T18:00:00Z",
    )


def _change(item: dict[str, Any]) -> Change:
    address = parse_instance(item["address"])
    assert address is not None
    change = item["change"]
    schema = SCHEMAS[address.resource.type]
    reasons = {reason.value: reason for reason in Reason}
    return Change(
        address,
        Action("/".join(change["actions"])),
        provider="terraform",
        before=_attributes(change["before"], False, change["before_sensitive"], schema),
        after=_attributes(change["after"], change["after_unknown"], change["after_sensitive"], schema),
        reason=reasons.get(item.get("action_reason", "")),
        replace_paths=tuple(tuple(path) for path in change.get("replace_paths", [])),
        deposed=item.get("deposed"),
        expired_at=item.get("expired_at"),
    )


def _attributes(tree: Any, unknown: Any, sensitive: Any, schema: Schema) -> Attributes | None:
    if tree is None:
        return None
    value = read_value(tree, unknown, sensitive)
    return conform(value, schema, [])


def _output(name: str, item: dict[str, Any]) -> OutputChange:
    action = Action("/".join(item["actions"]))
    before = None if action is Action.CREATE else read_value(item["before"])
    after = None if action is Action.DELETE else read_value(item["after"], item["after_unknown"])
    sensitive = item["before_sensitive"] is True or item["after_sensitive"] is True
    return OutputChange(name, action, before, after, sensitive)


def read_value(tree: Any, unknown: Any = False, sensitive: Any = False) -> Value:
    """Return a value of Terraform's JSON: the value, which of it is unknown, and which of it is sensitive."""
    if unknown is True:
        # What is sensitive in an unknown value tells whether it will be an object or a list.
        types: dict[str, Type] = {"{}": ObjectOf({}), "[]": TupleOf(())}
        value: Value = Unknown(types.get(str(sensitive), DYNAMIC))
    elif isinstance(tree, dict):
        names = {**tree, **(unknown if isinstance(unknown, dict) else {})}
        value = {
            name: read_value(tree.get(name), _member(unknown, name), _member(sensitive, name)) for name in sorted(names)
        }
    elif isinstance(tree, list):
        value = tuple(read_value(item, _member(unknown, i), _member(sensitive, i)) for i, item in enumerate(tree))
    else:
        value = from_json(tree)
    return mark(value, SENSITIVE_MARKS) if sensitive is True else value


def _member(tree: Any, key: str | int) -> Any:
    if isinstance(tree, dict):
        return tree.get(key, False)
    if isinstance(tree, list) and isinstance(key, int) and key < len(tree):
        return tree[key]
    return False


def read_state(text: str) -> tuple[list[Recorded], dict[str, ShownOutput]]:
    """Return the objects and outputs of the state that Terraform's JSON tells of."""
    values = read_json(text).get("values", {})
    objects = [_recorded(item) for item in values.get("root_module", {}).get("resources", [])]
    outputs = {
        name: ShownOutput(from_json_typed(item["value"], from_notation(item["type"])), item["sensitive"])
        for name, item in values.get("outputs", {}).items()
    }
    return objects, outputs


def _recorded(item: dict[str, Any]) -> Recorded:
    address = parse_instance(item["address"])
    assert address is not None
    attributes = _attributes(item["values"], False, item["sensitive_values"], SCHEMAS[address.resource.type])
    assert attributes is not None
    return Recorded(
        address,
        attributes,
        provider="terraform",
        tainted=item.get("tainted", False),
        dependencies=tuple(item.get("depends_on", [])),
        deposed=item.get("deposed_key"),
    )
