import re

import pytest

from engine.address import InstanceAddress, ResourceAddress, parse_resource_instance, parse_target
from engine.lang.types import from_notation
from engine.lang.values import Unknown, is_null, unmark
from engine.plan.stand_ins import Given, Mock, StandIns, filled, made_up, planned_by
from providers.schema import Attribute, Schema

SCHEMA = Schema(
    {
        "name": Attribute("name", "string", optional=True),
        "id": Attribute("id", "string", computed=True),
        "key": Attribute("key", "string", computed=True, sensitive=True),
        "size": Attribute("size", "number", computed=True, optional=True),
        "parts": Attribute("parts", ["list", ["object", {"a": "string", "b": "bool"}]], computed=True),
    }
)


def address(text: str) -> InstanceAddress:
    return parse_resource_instance(text)


@pytest.mark.parametrize(
    ("notation", "shown"),
    [
        ("string", r"[a-z0-9]{8}"),
        ("number", "0"),
        ("bool", "False"),
        (["list", "string"], r"ListValue\(.*\(\)\)"),
        (["set", "number"], r"SetValue\(.*\(\)\)"),
        (["map", "bool"], r"MapValue\(.*\{\}\)"),
        (["tuple", ["number", "bool"]], r"\(0, False\)"),
        (["object", {"a": "number"}], r"\{'a': 0\}"),
        ("dynamic", "NULL"),
    ],
    ids=str,
)
def test_values_are_made_up_by_type(notation: object, shown: str) -> None:
    assert re.fullmatch(shown, str(made_up(from_notation(notation))))


def test_what_is_given_is_taken_and_the_rest_made_up() -> None:
    given = Given({"id": 7, "parts": ({"a": "x"},), "name": "ignored"})
    attributes, problems = filled(given, {"name": "n", "size": Unknown()}, SCHEMA)
    assert not problems
    assert (attributes["name"], attributes["id"], attributes["size"]) == ("n", "7", 0)
    assert attributes["parts"].items == ({"a": "x", "b": False},)
    key, marks = unmark(attributes["key"])
    assert (len(key), set(marks)) == (8, {"sensitive"})


def test_what_is_given_has_to_fit() -> None:
    attributes, problems = filled(Given({"id": ("wrong",)}), {}, SCHEMA)
    assert [problem.summary for problem in problems] == ["Failed to compute attribute"]
    assert len(attributes["id"]) == 8


def test_a_plan_knows_what_is_given_for_plans_only() -> None:
    later, _ = planned_by(Given({"id": "i"}), {"name": "n"}, None, SCHEMA)
    assert isinstance(later["id"], Unknown)
    now, _ = planned_by(Given({"id": "i"}, during_plan=True), {"name": "n"}, None, SCHEMA)
    assert now["id"] == "i"
    again, _ = planned_by(Given({"id": "j"}, during_plan=True), {"name": "m"}, {"name": "n", "id": "i"}, SCHEMA)
    assert (again["id"], again["name"]) == ("i", "m")
    assert is_null(planned_by(Given(), {}, None, SCHEMA)[0]["name"])


ONE, ALL, MODULE, TYPE = (Given({"from": name}) for name in ("one", "all", "module", "type"))
STAND_INS = StandIns(
    {
        parse_target("t.a[0]"): ONE,
        parse_target("t.a"): ALL,
        parse_target("module.m[0]"): MODULE,
        parse_target("module.n"): MODULE,
    },
    {"t": Mock({"t": TYPE}, {parse_target("t.b"): ONE, parse_target("t.a[1]"): TYPE}), "t.other": Mock()},
)


@pytest.mark.parametrize(
    ("name", "provider", "expected"),
    [
        pytest.param("t.a[0]", "t", ONE, id="an instance before its resource"),
        pytest.param("t.a[1]", "t", TYPE, id="an instance, though only by the provider"),
        pytest.param("t.a[2]", "t", ALL, id="the resource"),
        pytest.param("t.a[0]", "real", ONE, id="whatever the provider is"),
        pytest.param("t.b", "t", ONE, id="by the mocked provider"),
        pytest.param("t.b", "real", None, id="not by another provider"),
        pytest.param("t.c", "t", TYPE, id="by type"),
        pytest.param("t.c", "t.other", Given(), id="nothing given"),
        pytest.param("t.c", "real", None, id="a real one"),
        pytest.param("module.q.t.a", "real", None, id="elsewhere"),
    ],
)
def test_what_stands_in_for_an_object(name: str, provider: str, expected: Given | None) -> None:
    assert STAND_INS.of(address(name), provider) == expected


@pytest.mark.parametrize(
    ("module", "expected"),
    [("module.m[0]", MODULE), ("module.m[1]", None), ("module.n", MODULE), ("module.n[3]", MODULE), ("", None)],
)
def test_what_stands_in_for_a_module(module: str, expected: Given | None) -> None:
    assert STAND_INS.outputs_of(module) == (None if expected is None else expected.values)


def test_nothing_stands_in_unless_asked_for() -> None:
    assert StandIns().of(ResourceAddress("t", "a").instance(), "t") is None
