"""What ignore_changes keeps, as Terraform 1.11.4 keeps it."""

from typing import Any

import pytest

from engine.config.model import AttributePath, Lifecycle
from engine.diagnostics import SourceFile, SourceRange
from engine.lang.types import STRING
from engine.lang.values import NULL, SENSITIVE_MARKS, ListValue, MapValue, Value, equal, mark
from engine.plan.ignoring import ignoring
from engine.syntax.references import Key
from providers.schema import Attribute, Schema, object_type

PART = Schema({"voice": Attribute("voice", "string"), "speed": Attribute("speed", "number")})
SCHEMA = Schema(
    {
        "input": Attribute("input", "dynamic", optional=True),
        "output": Attribute("output", "dynamic", computed=True),
        "part": Attribute("part", object_type(PART), optional=True, nested=PART, nesting="single"),
        "parts": Attribute("parts", ["list", object_type(PART)], optional=True, nested=PART, nesting="list"),
        "named": Attribute("named", ["map", object_type(PART)], optional=True, nested=PART, nesting="map"),
    }
)
A, B = Key("a"), Key("b")


def strings(**items: str) -> MapValue:
    return MapValue(STRING, items)


@pytest.mark.parametrize(
    ("prior", "configured", "paths", "kept"),
    [
        pytest.param({"a": 1, "b": 1}, {"a": 2, "b": 2}, [("a",)], {"a": 1, "b": 2}, id="attribute of an object"),
        pytest.param({"a": 1, "b": 1}, {"a": 2, "b": 2}, [(A,)], {"a": 1, "b": 1}, id="a key keeps all of an object"),
        pytest.param({"b": 1}, {"a": 2, "b": 1}, [("a",)], {"a": 2, "b": 1}, id="attribute that is new"),
        pytest.param({"a": 1, "b": 1}, {"b": 1}, [("a",)], {"b": 1}, id="attribute that is gone"),
        pytest.param(strings(a="1", b="1"), strings(a="2", b="2"), [(A,)], strings(a="1", b="2"), id="key of a map"),
        pytest.param(strings(b="1"), strings(a="2", b="2"), [(A,)], strings(b="2"), id="key that is new"),
        pytest.param(strings(a="1", b="1"), strings(b="2"), [(A,)], strings(a="1", b="2"), id="key that is gone"),
        pytest.param(strings(a="1"), strings(), [(A,)], strings(a="1"), id="key that was the only one"),
        pytest.param(strings(a="1", b="1"), strings(a="2", b="2"), [("a",)], strings(a="2", b="2"), id="no attribute"),
        pytest.param(
            strings(a="1", b="1", c="1"),
            strings(a="2", b="2", c="2"),
            [(A,), (B,)],
            strings(a="1", b="1", c="2"),
            id="two keys",
        ),
        pytest.param((1, 1), (2, 2), [(Key(0),)], (1, 2), id="element of a tuple"),
        pytest.param((1,), (2, 2), [(Key(1),)], (2, 2), id="element that is new"),
        pytest.param(
            ListValue(STRING, ["1", "1"]), ListValue(STRING, ["2", "2"]), [(Key(0),)], ListValue(STRING, ["1", "2"]), id="list"
        ),
        pytest.param(
            {"a": ({"b": 1, "c": 1},)}, {"a": ({"b": 2, "c": 2},)}, [("a", Key(0), "b")], {"a": ({"b": 1, "c": 2},)}, id="deep"
        ),
        pytest.param({"a": ("x",)}, {"a": ("y",)}, [(A, Key(0))], {"a": ("y",)}, id="a key leads not into an object"),
        pytest.param(NULL, {"a": 1}, [("a",)], {"a": 1}, id="from null"),
        pytest.param({"a": 1}, NULL, [("a",)], NULL, id="to null"),
        pytest.param({"a": {"x": 1}}, {"a": {"x": 2}}, [("a",), ("a", "x")], {"a": {"x": 1}}, id="inside of another"),
    ],
)  # fmt: skip
def test_a_place_in_a_value_of_any_type(prior: Value, configured: Value, paths: list[Any], kept: Value) -> None:
    result = ignored({"input": configured}, {"input": prior}, *(("input", *path) for path in paths))
    assert equal(result, {"input": kept})


@pytest.mark.parametrize(
    ("prior", "configured", "path", "kept"),
    [
        pytest.param({"input": 1}, {"input": 2}, ("input",), {"input": 1}, id="all of an attribute"),
        pytest.param({}, {"input": 2}, ("input",), {}, id="attribute that was not there"),
        pytest.param({"input": 1}, {}, ("input",), {"input": 1}, id="attribute that is not there"),
        pytest.param({"output": 1}, {}, ("output",), {}, id="computed"),
        pytest.param(
            {"part": {"voice": "a"}}, {"part": {"voice": "b", "speed": 1}}, ("part", "voice"),
            {"part": {"voice": "a", "speed": 1}}, id="member",
        ),
        pytest.param({"part": {}}, {"part": {"voice": "b"}}, ("part", "voice"), {"part": {}}, id="member that was absent"),
        pytest.param({}, {"part": {"voice": "b"}}, ("part", "voice"), {"part": {"voice": "b"}}, id="no object before"),
        pytest.param(
            {"parts": ({"voice": "a"}, {"voice": "a"})}, {"parts": ({"voice": "b"}, {"voice": "b"})},
            ("parts", Key(1), "voice"), {"parts": ({"voice": "b"}, {"voice": "a"})}, id="in a list",
        ),
        pytest.param(
            {"named": {"a": {"voice": "a"}}}, {"named": {"a": {"voice": "b"}, "b": {}}}, ("named", B),
            {"named": {"a": {"voice": "b"}}}, id="key of a map of objects",
        ),
        pytest.param(
            {"named": {"a": {"voice": "a"}}}, {"named": {"a": {"voice": "b", "speed": 2}}}, ("named", A, "voice"),
            {"named": {"a": {"voice": "a", "speed": 2}}}, id="in a map of objects",
        ),
    ],
)  # fmt: skip
def test_a_place_that_the_schema_knows(
    prior: dict[str, Value], configured: dict[str, Value], path: Any, kept: dict[str, Value]
) -> None:
    assert equal(ignored(configured, prior, path), kept)


def test_what_is_kept_stays_sensitive() -> None:
    secret = mark("s", SENSITIVE_MARKS)
    assert ignored({"input": {"a": "x", "b": 1}}, {"input": {"a": secret, "b": 0}}, ("input", "a")) == {
        "input": {"a": secret, "b": 1}
    }


def test_everything_may_be_ignored() -> None:
    assert ignoring({"input": 2}, {"input": 1, "output": 1}, Lifecycle(ignore_all=True), SCHEMA) == {
        "input": 1,
        "output": 1,
    }


def ignored(configured: dict[str, Value], prior: dict[str, Value], *paths: Any) -> dict[str, Value]:
    where = SourceRange(SourceFile("main.tf", ""), 0, 0)
    lifecycle = Lifecycle(ignore_changes=tuple(AttributePath(path, where) for path in paths))
    return ignoring(configured, prior, lifecycle, SCHEMA)
