"""The provider kit, on a small resource type made for these tests."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import Field

from providers.checks import models_in
from providers.errors import Problem
from providers.resource import Block, Members, Resource, Text, by_kind
from providers.schema import Attr
from providers.unknown import UNKNOWN


class Custom(Block):
    id: str


class Member(Block):
    kind: Literal["small", "large"]
    size: Annotated[int | None, Field(ge=1, le=9)] = None
    token: Annotated[str | None, Attr(sensitive=True)] = None

    def rules(self) -> Iterator[Problem]:
        if self.kind == "small" and self.size is not None:
            yield Problem("Conflict", "A small one has no size.", ("size",))


class Thing(Resource):
    type: ClassVar[str] = "demo_thing"

    name: str
    enabled: bool | None = None
    ratio: float | None = None
    tags: list[str] | None = None
    labels: dict[str, str] | None = None
    member: Annotated[Member | None, Attr(explicit_null=True)] = None
    members: list[Member] | None = None
    voice: Annotated[Annotated[str, Text] | Annotated[Custom, Members], by_kind] | None = None
    anything: Any = None
    id: Annotated[str | None, Attr(computed=True)] = None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({"name": "a"}, [], id="minimal"),
        pytest.param(
            {"nmae": "a"},
            [("missing", ("name",)), ('Did you mean "name"?', ("nmae",))],
            id="misspelt",
        ),
        pytest.param({"name": 5}, [], id="numbers become strings"),
        pytest.param({"name": ["a"]}, [("string required, got a list", ("name",))], id="wrong kind"),
        pytest.param({"name": "a", "member": {"kind": "smal"}}, [('Did you mean "small"?', ("member", "kind"))], id="closed set"),
        pytest.param({"name": "a", "member": {"kind": "large", "size": 12}}, [("at most 9, but is 12", ("member", "size"))], id="range"),
        pytest.param({"name": "a", "members": [{"kind": "large", "szie": 1}]}, [('"members[0].szie" is not expected here. Did you mean "size"', ("members", 0, "szie"))], id="nested misspelt"),
        pytest.param({"name": "a", "member": {"kind": "small", "size": 1}}, [("no size", ("member", "size"))], id="rule"),
        pytest.param({"name": "a", "voice": {"id": "x"}}, [], id="union object"),
        pytest.param({"name": "a", "voice": {"idd": "x"}}, [("required", ("voice", "id")), ("voice.idd", ("voice", "idd"))], id="union tells of one branch only"),
        pytest.param({"name": "a", "voice": [1]}, [("a string or an object required, got a list", ("voice",))], id="union kind"),
        pytest.param({"name": "a", "ratio": True}, [("number required, got a bool", ("ratio",))], id="a bool is no number"),
        pytest.param({"name": "a", "member": {"kind": "large", "size": False}}, [("whole number required, got a bool", ("member", "size"))], id="nor a whole one"),
        pytest.param({"name": "a", "enabled": 1}, [("bool required, got a number", ("enabled",))], id="a number is no bool"),
        pytest.param({"name": "a", "ratio": "0.5", "enabled": "true"}, [], id="texts that say a number or a bool"),
        pytest.param({"name": UNKNOWN, "member": {"kind": UNKNOWN, "size": 99}}, [("at most 9", ("member", "size"))], id="unknown passes, the rest is checked"),
        pytest.param({"name": UNKNOWN, "member": {"kind": "small", "size": 2}}, [("no size", ("member", "size"))], id="rules run beside unknown values"),
        pytest.param({"name": "a", "tags": [UNKNOWN], "voice": UNKNOWN, "labels": {"a": UNKNOWN}}, [], id="unknown elements"),
        pytest.param({"name": "a", "member": {"kind": "large", "token": ["s3cret"]}}, [("string required, got a list", ("member", "token"))], id="sensitive is not quoted"),
    ],
)  # fmt: skip
def test_check_reports_every_problem_with_its_path(data: dict[str, Any], expected: list[tuple[str, Any]]) -> None:
    problems = Thing.check(data)
    assert [problem.path for problem in problems] == [path for _, path in expected]
    for problem, (text, _) in zip(problems, expected, strict=True):
        assert text in f"{problem.summary} {problem.detail}" or text in problem.summary.lower()
        assert "s3cret" not in problem.detail


def test_the_schema_is_read_off_the_model() -> None:
    attributes = Thing.schema_of_type().attributes
    assert {name: attribute.type for name, attribute in attributes.items() if attribute.nested is None} == {
        "name": "string",
        "enabled": "bool",
        "ratio": "number",
        "tags": ["list", "string"],
        "labels": ["map", "string"],
        "voice": "dynamic",
        "anything": "dynamic",
        "id": "string",
    }
    assert attributes["name"].required
    assert attributes["name"].force_new, "a type without update replaces on every change"
    assert attributes["id"].computed
    assert not attributes["id"].optional
    assert attributes["member"].explicit_null
    nested = attributes["members"].nested
    assert attributes["members"].nesting == "list"
    assert nested is not None
    assert nested.attributes["token"].sensitive


def test_absent_and_null_stay_apart() -> None:
    assert Thing.load({"name": "a"}).data() == {"name": "a"}
    assert Thing.load({"name": "a", "member": None}).data() == {"name": "a", "member": None}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"name": UNKNOWN, "member": {"kind": UNKNOWN}, "members": UNKNOWN, "voice": UNKNOWN}, id="unknown values"),
        pytest.param({"name": "a", "member": {"kind": "gone"}, "members": [{"kind": "large"}], "anything": {"a": [1]}}, id="values that are valid no more"),
    ],
)  # fmt: skip
def test_data_comes_out_as_it_went_in(data: dict[str, Any]) -> None:
    assert Thing.from_state(data).data() == data
    assert not any(problem.path == ("name",) for problem in Thing.check(data))


def test_repr_hides_what_is_sensitive() -> None:
    data = {
        "name": "a",
        "member": {"kind": "large", "token": "s3cret"},
        "members": [{"kind": "large", "token": "s3cret"}],
    }
    loaded = Thing.load(data)
    assert "s3cret" not in repr(loaded)
    assert "(sensitive value)" in repr(loaded)
    assert "s3cret" not in repr(Thing.from_state(data)), "recorded objects hold plain data"
    assert "name='a'" in repr(Thing.from_state(data))


def test_models_in_names_the_shapes_an_attribute_may_have() -> None:
    assert models_in(Thing, "voice") == [Custom]
    assert models_in(Thing, "members") == [Member]
    assert models_in(Thing, "anything") == []
