from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.lang.convert import ConversionError
from engine.lang.json_values import read_json
from engine.lang.types import BOOL, NUMBER, STRING, MapOf
from engine.lang.values import (
    NULL,
    SENSITIVE,
    SENSITIVE_MARKS,
    ListValue,
    MapValue,
    Null,
    Unknown,
    Value,
    equal,
    is_null,
    is_unknown,
    mark,
    marked_paths,
    type_of,
)
from engine.plan.attributes import conform, from_plain, from_record, propose, referable, to_plain, to_record
from providers.errors import Problem
from providers.unknown import UNKNOWN
from state.jsontext import render
from tests.engine.plan.things import Thing

SCHEMA = Thing.schema_of_type()
PART = {"label": "x"}


def conformed(**members: Value) -> dict[str, Value]:
    problems: list[Problem] = []
    attributes = conform(members, SCHEMA, problems)
    assert problems == []
    return attributes


def same(one: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    """Return whether two objects are the same: names, types, marks and values."""
    return (
        equal(dict(one), dict(other))
        and {name: type_of(value) for name, value in one.items()}
        == {name: type_of(value) for name, value in other.items()}
        and sorted(marked_paths(dict(one), SENSITIVE)) == sorted(marked_paths(dict(other), SENSITIVE))
    )


def test_what_is_left_out_stays_absent() -> None:
    assert conformed(name="a", inner={"turn": NULL}) == {"name": "a", "inner": {"turn": NULL}}


@pytest.mark.parametrize(
    ("name", "given", "kind"),
    [
        ("name", 5, "'5'"),
        ("size", "7", "7"),
        ("labels", ("a", 1), f"ListValue({STRING!r}, ('a', '1'))"),
        ("tags", {"a": True}, f"MapValue({STRING!r}, {{'a': 'true'}})"),
        ("content", (1, "x"), "(1, 'x')"),
        ("size", NULL, f"Null({NUMBER!r})"),
        ("size", Unknown(), f"Unknown({NUMBER!r})"),
        ("inner", {"parts": ({"label": 1},)}, "{'parts': ({'label': '1'},)}"),
        ("inner", {"by_key": {"k": PART}}, "{'by_key': {'k': {'label': 'x'}}}"),
        ("inner", {"parts": ListValue(STRING)}, "{'parts': ()}"),
        ("inner", {"turn": NULL}, "{'turn': Null("),
    ],
)
def test_values_take_the_types_of_their_attributes(name: str, given: Value, kind: str) -> None:
    assert repr(conformed(**{name: given})[name]).startswith(kind)


@pytest.mark.parametrize(
    ("given", "path", "detail"),
    [
        ({"size": "x"}, ("size",), "a number is required"),
        ({"name": ()}, ("name",), "string required"),
        ({"labels": ("a", ())}, ("labels",), "string required"),
        ({"inner": "x"}, ("inner",), "an object is required"),
        ({"inner": {"speed": ()}}, ("inner", "speed"), "number required"),
        ({"inner": {"parts": "x"}}, ("inner", "parts"), "a list of objects is required"),
        ({"inner": {"parts": ("x",)}}, ("inner", "parts"), "an object is required"),
        ({"inner": {"parts": (PART, {"label": ()})}}, ("inner", "parts", 1, "label"), "string required"),
        ({"inner": {"by_key": ("x",)}}, ("inner", "by_key"), "an object is required"),
        ({"inner": {"by_key": {"k": {"label": ()}}}}, ("inner", "by_key", "k", "label"), "string required"),
    ],
)
def test_what_does_not_fit_is_told_with_its_path_and_kept(
    given: dict[str, Value], path: tuple[str, ...], detail: str
) -> None:
    problems: list[Problem] = []
    attributes = conform(given, SCHEMA, problems)
    assert [problem.path for problem in problems] == [path]
    assert detail in problems[0].detail
    assert attributes.keys() == given.keys()


def test_all_that_does_not_fit_is_told() -> None:
    problems: list[Problem] = []
    conform({"size": "x", "inner": {"speed": "y", "turn": {"weight": "z"}}}, SCHEMA, problems)
    assert [problem.path for problem in problems] == [("size",), ("inner", "speed"), ("inner", "turn", "weight")]


def test_sensitive_attributes_are_marked_wherever_they_are_but_not_when_null() -> None:
    attributes = conformed(token="t", inner={"password": "p"})
    assert sorted(marked_paths(attributes, SENSITIVE)) == [("inner", "password"), ("token",)]
    assert not list(marked_paths(conformed(token=NULL, inner={"password": NULL}), SENSITIVE))
    assert list(marked_paths(propose({}, None, SCHEMA), SENSITIVE)) == []


def test_marks_of_a_value_stay_with_it() -> None:
    attributes = conformed(
        name=mark("a", SENSITIVE_MARKS),
        inner=mark({"speed": "1"}, SENSITIVE_MARKS),
        labels=(mark("x", SENSITIVE_MARKS),),
    )
    assert sorted(marked_paths(attributes, SENSITIVE)) == [("inner",), ("labels", 0), ("name",)]


def test_a_new_object_has_unknown_computed_attributes() -> None:
    planned = propose(conformed(name="a"), None, SCHEMA)
    assert is_unknown(planned["id"])
    assert planned["id"].type == STRING
    assert is_unknown(planned["note"])
    assert is_null(planned["size"])
    assert "spare" not in planned  # absent is not null here


def test_a_recorded_object_keeps_its_computed_attributes() -> None:
    prior = propose(conformed(name="a"), None, SCHEMA) | {"id": "id-1", "note": "n", "revision": 1}
    assert propose(conformed(name="b"), prior, SCHEMA)["id"] == "id-1"
    assert propose(conformed(name="b", note=NULL), prior, SCHEMA)["note"] == "n"
    assert propose(conformed(name="b", note="own"), prior, SCHEMA)["note"] == "own"
    assert is_null(propose(conformed(name="b", spare=NULL), prior, SCHEMA)["spare"])


def test_other_expressions_see_every_attribute_and_lists_as_lists() -> None:
    seen = referable(conformed(name="a", inner={"parts": (PART, NULL, Unknown()), "by_key": {"k": PART}}), SCHEMA)
    assert seen.keys() == SCHEMA.attributes.keys()
    assert is_null(seen["spare"])
    assert is_null(seen["id"])
    parts = seen["inner"]["parts"]
    assert isinstance(parts, ListValue)
    assert parts.items[0] == {"label": "x", "weight": NULL, "mode": NULL}
    assert is_null(parts.items[1])
    assert is_unknown(parts.items[2])
    assert isinstance(seen["inner"]["by_key"], MapValue)
    assert is_null(seen["inner"]["turn"])


def test_sensitive_values_stay_sensitive_for_other_expressions() -> None:
    seen = referable(conformed(token="t", inner={"password": "p", "parts": (mark(PART, SENSITIVE_MARKS),)}), SCHEMA)
    assert sorted(marked_paths(seen, SENSITIVE)) == [("inner", "parts", 0), ("inner", "password"), ("token",)]


def test_a_record_has_absent_attributes_as_null_unless_null_has_a_meaning() -> None:
    record = to_record(propose(conformed(name="a", inner={}), {"id": "i", "note": "n", "revision": 1}, SCHEMA), SCHEMA)
    assert list(record) == sorted(record)
    assert record["size"] is None
    assert "spare" not in record
    assert record["inner"] == {}
    assert to_record({"spare": NULL}, SCHEMA)["spare"] is None


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"size": "x"}, r"\.size: a number is required"),
        ({"inner": []}, 'attribute "inner": an object is required'),
        ({"inner": {"parts": {}}}, 'attribute "inner": attribute "parts": a list is required'),
        ({"inner": {"parts": [1]}}, "an object is required"),
        ({"inner": {"by_key": []}}, "an object is required"),
        ({"content": 5}, "a value with its type is required"),
        ({"labels": "x"}, "a list is required"),
    ],
)
def test_a_record_that_does_not_fit_is_refused(record: dict[str, Any], message: str) -> None:
    with pytest.raises(ConversionError, match=message):
        from_record(record, SCHEMA)


def test_attributes_of_a_record_that_the_type_no_longer_has_are_left_out() -> None:
    assert from_record({"gone": 1, "name": "a", "inner": {"gone": 1}}, SCHEMA) == {"name": "a", "inner": {}}


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("a", "a"),
        (True, True),
        (1, 1),
        (NULL, None),
        (Unknown(), UNKNOWN),
        (mark({"a": mark("b", SENSITIVE_MARKS)}, SENSITIVE_MARKS), {"a": "b"}),
        (MapValue(BOOL, {"a": True}), {"a": True}),
        (ListValue(STRING, ["a"]), ["a"]),
        ((1, NULL), [1, None]),
    ],
)
def test_providers_see_plain_data(value: Value, plain: Any) -> None:
    assert to_plain(value) == plain
    assert type(to_plain(value)) is type(plain)


def test_what_a_provider_gives_has_to_fit() -> None:
    assert from_plain({"id": "x", "revision": 1.5, "note": None}, SCHEMA)["id"] == "x"
    with pytest.raises(ConversionError, match="number"):
        from_plain({"revision": "many"}, SCHEMA)
    assert is_unknown(from_plain({"id": UNKNOWN}, SCHEMA)["id"])


TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=5).map(lambda text: text.encode().decode())
NUMBERS = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False, width=32).map(
    lambda x: Decimal(str(x))
)


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


PARTS = st.fixed_dictionaries({"label": TEXT}, optional={"weight": optional(st.integers()), "mode": optional(TEXT)})
INNER = st.fixed_dictionaries(
    {},
    optional={
        "speed": optional(NUMBERS),
        "parts": optional(st.lists(optional(PARTS), max_size=3)),
        "by_key": optional(st.dictionaries(TEXT, optional(PARTS), max_size=3)),
        "turn": optional(PARTS),
        "password": optional(TEXT),
    },
)
ANY = st.recursive(
    optional(st.booleans() | TEXT | NUMBERS), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
)  # fmt: skip
OBJECTS = st.fixed_dictionaries(
    {"name": TEXT},
    optional={
        "size": optional(st.integers()),
        "content": ANY,
        "tags": optional(st.dictionaries(TEXT, optional(TEXT), max_size=3)),
        "labels": optional(st.lists(optional(TEXT), max_size=3)),
        "inner": optional(INNER),
        "token": optional(TEXT),
        "spare": optional(TEXT),
    },
)


@settings(max_examples=150, deadline=None)
@given(OBJECTS)
def test_every_object_comes_back_from_its_record_as_it_was(data: dict[str, Any]) -> None:
    planned = propose(from_plain(data, SCHEMA), {"id": "i", "note": "n", "revision": 1}, SCHEMA)
    record = to_record(planned, SCHEMA)
    back = from_record(read_json(render(record).decode()), SCHEMA)
    assert same(back, planned)
    assert to_record(back, SCHEMA) == record
    assert to_plain(conform(referable(back, SCHEMA), SCHEMA, [])) == to_plain(
        conform(referable(planned, SCHEMA), SCHEMA, [])
    )


def test_types_of_collections_survive_even_when_empty() -> None:
    planned = conformed(labels=(), tags={})
    back = from_record(to_record(planned, SCHEMA), SCHEMA)
    assert [back["labels"].element, back["tags"].element] == [STRING, STRING]
    assert back["content"].__class__ is Null
    assert from_record({"content": {"value": [], "type": ["list", ["map", "bool"]]}}, SCHEMA)[
        "content"
    ].element == MapOf(BOOL)
