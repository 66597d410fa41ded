from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.lang.json_values import from_json
from engine.lang.types import NUMBER, STRING
from engine.lang.values import (
    NULL,
    SENSITIVE_MARKS,
    UNKNOWN,
    ListValue,
    MapValue,
    Null,
    Unknown,
    Value,
    equal,
    mark,
)
from engine.plan.changes import AttributeChange
from engine.plan.diff import at_path, attribute_changes, difference, forcing_paths, sensitivity_changes
from providers.schema import Attribute, Schema, object_type


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        pytest.param({}, {}, [], id="nothing"),
        pytest.param({"a": 1}, {"a": 1}, [], id="equal"),
        pytest.param({"a": 1}, {"a": 2}, [("a",)], id="number"),
        pytest.param({"a": 1}, {"a": True}, [("a",)], id="one is not true"),
        pytest.param({"a": (0,)}, {"a": (False,)}, [("a", 0)], id="zero is not false, in a list"),
        pytest.param({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": True}}}, [("a", "b", "c")], id="one is not true, deep"),
        pytest.param({"a": 1}, {"a": "1"}, [("a",)], id="a number is no text"),
        pytest.param({"a": 1}, {}, [("a",)], id="gone"),
        pytest.param({}, {"a": 1}, [("a",)], id="new"),
        pytest.param({}, {"a": NULL}, [("a",)], id="null is not absent"),
        pytest.param({"a": {}}, {"a": {"b": NULL}}, [("a", "b")], id="null is not absent, inside"),
        pytest.param({"a": NULL}, {"a": Null(STRING)}, [], id="nulls are equal"),
        pytest.param({"a": NULL}, {"a": {"b": 1}}, [("a",)], id="from null"),
        pytest.param({"a": (1, 2)}, {"a": (1, 3)}, [("a", 1)], id="element"),
        pytest.param(
            {"a": (1, 2, 3)}, {"a": (0, 1, 2, 3)}, [("a", 0), ("a", 1), ("a", 2), ("a", 3)], id="put in front"
        ),
        pytest.param({"a": (1, 2, 3)}, {"a": (1, 3)}, [("a", 1), ("a", 2)], id="taken out"),
        pytest.param({"a": (1,)}, {"a": ()}, [("a", 0)], id="emptied"),
        pytest.param({"a": ((1, 2), (3,))}, {"a": ((1, 2), (4,))}, [("a", 1, 0)], id="nested lists"),
        pytest.param({"a": "x"}, {"a": UNKNOWN}, [("a",)], id="unknown"),
        pytest.param({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": UNKNOWN}}, [("a", "c")], id="unknown inside"),
        pytest.param({"a": {"b": 1, "c": 2}}, {"a": {"b": 2, "c": 3}}, [("a", "b"), ("a", "c")], id="two members"),
        pytest.param({"a": mark("x", SENSITIVE_MARKS)}, {"a": "x"}, [], id="marks make no difference"),
        pytest.param({"a": {"b": mark(1, SENSITIVE_MARKS)}}, {"a": {"b": 2}}, [("a", "b")], id="a marked value does"),
        pytest.param({"a": ListValue(STRING)}, {"a": ListValue(STRING)}, [], id="equal lists"),
        pytest.param(
            {"a": MapValue(NUMBER, {"k'\"]": 1})}, {"a": MapValue(NUMBER, {"k'\"]": 2})}, [("a", "k'\"]")], id="odd key"
        ),
        pytest.param({"a": ListValue(STRING, ["x"])}, {"a": ("x",)}, [("a",)], id="a list is no tuple"),
        pytest.param({"b": 1, "a": 1}, {"b": 2, "a": 2}, [("a",), ("b",)], id="sorted"),
    ],
)
def test_the_places_that_differ_are_found(before: dict[str, Value], after: dict[str, Value], paths: list[Any]) -> None:
    changes = attribute_changes(before, after)
    assert [change.path for change in changes] == paths
    for change in changes:
        assert change.before is at_path(before, change.path)
        assert change.after is at_path(after, change.path)


@pytest.mark.parametrize(
    ("paths", "forcing"),
    [
        pytest.param([("free", "x", 1), ("plain",)], [("free",)], id="inside a value of any type"),
        pytest.param([("free", "x"), ("free", "y")], [("free",)], id="once for all"),
        pytest.param([("items", 0, "fixed"), ("items", 0, "loose")], [("items", 0, "fixed")], id="in a list"),
        pytest.param([("items", 1)], [], id="an element more"),
        pytest.param([("one", "fixed", 2)], [("one", "fixed")], id="in an object"),
        pytest.param([("whole", "loose")], [("whole", "loose")], id="in what replaces as a whole"),
    ],
)
def test_a_replacement_is_told_of_the_innermost_attribute(paths: list[Any], forcing: list[Any]) -> None:
    inner = Schema(
        {
            "fixed": Attribute("fixed", "dynamic", force_new=True),
            "loose": Attribute("loose", "string"),
        }
    )
    schema = Schema(
        {
            "free": Attribute("free", "dynamic", force_new=True),
            "plain": Attribute("plain", "string"),
            "items": Attribute("items", ["list", object_type(inner)], nested=inner, nesting="list"),
            "one": Attribute("one", object_type(inner), nested=inner, nesting="single"),
            "whole": Attribute("whole", object_type(inner), nested=inner, nesting="single", force_new=True),
        }
    )
    assert forcing_paths([AttributeChange(path, 1, 2) for path in paths], schema) == tuple(forcing)


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        pytest.param({"a": "x"}, {"a": mark("x", SENSITIVE_MARKS)}, True, id="becomes sensitive"),
        pytest.param(
            {"a": mark({"b": 1}, SENSITIVE_MARKS)}, {"a": {"b": mark(1, SENSITIVE_MARKS)}}, True, id="in part"
        ),
        pytest.param({"a": mark("x", SENSITIVE_MARKS)}, {"a": mark("y", SENSITIVE_MARKS)}, False, id="stays sensitive"),
    ],
)
def test_what_is_sensitive_may_change(before: dict[str, Value], after: dict[str, Value], changes: bool) -> None:
    assert sensitivity_changes(before, after) is changes


DATA = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a", "1"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from("xyz"), DATA, max_size=3)


def replaced(value: Value | None, path: tuple[str | int, ...], new: Value | None) -> Value | None:
    """Return plain data with `new` at `path`, or with nothing there."""
    if not path:
        return new
    assert isinstance(value, dict | list)
    copy: Any = dict(value) if isinstance(value, dict) else dict(enumerate(value))
    inner = replaced(copy.get(path[0]), path[1:], new)
    copy[path[0]] = inner
    if inner is _GONE:
        del copy[path[0]]
    return copy if isinstance(value, dict) else [copy[key] for key in sorted(copy)]


_GONE = object()


def plain(value: Value | None) -> Any:
    if value is None:
        return _GONE
    if value.__class__ is Null:
        return None
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


@settings(max_examples=300, deadline=None)
@given(OBJECTS, OBJECTS)
def test_the_changes_are_all_that_differs(before: dict[str, Any], after: dict[str, Any]) -> None:
    old, new = from_json(before), from_json(after)
    changes = attribute_changes(old, new)
    assert (not changes) == equal(old, new)
    result: Any = before
    there = [change for change in changes if change.after is not None]
    gone = [change for change in changes if change.after is None]
    for change in [*there, *reversed(gone)]:  # a list grows at its end, and shrinks from there
        assert (change.before is None) != (change.after is None) or not equal(change.before, change.after)
        result = replaced(result, change.path, plain(change.after))
    assert equal(from_json(result), new)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), {"a": (1, {"b": 2})}),
        (("a",), (1, {"b": 2})),
        (("a", 1, "b"), 2),
        (("a", 2), None),
        (("x",), None),
        (("a", 0, "b"), None),
    ],
)
def test_a_path_leads_to_a_value_or_to_nothing(path: tuple[str | int, ...], value: Value | None) -> None:
    assert at_path({"a": (1, {"b": 2})}, path) == value


def test_a_path_ends_at_what_has_no_members() -> None:
    assert at_path({"a": NULL}, ("a", "b")) is None
    assert at_path({"a": UNKNOWN}, ("a", "b")) is None
    assert at_path({"a": mark({"b": 1}, SENSITIVE_MARKS)}, ("a", "b")) == 1


@pytest.mark.parametrize(
    ("planned", "actual", "path"),
    [
        pytest.param(1, 1, None, id="equal"),
        pytest.param(1, 2, (), id="other"),
        pytest.param(1, True, (), id="one is not true"),
        pytest.param(UNKNOWN, {"a": 1}, None, id="anything for unknown"),
        pytest.param(Unknown(STRING), NULL, None, id="null for unknown"),
        pytest.param({"a": UNKNOWN, "b": 1}, {"a": 5, "b": 1}, None, id="unknown member"),
        pytest.param({"a": UNKNOWN, "b": 1}, {"a": 5, "b": 2}, ("b",), id="known member beside"),
        pytest.param({"a": UNKNOWN}, {"a": 1, "b": 2}, (), id="a member more"),
        pytest.param({"a": UNKNOWN}, {}, (), id="a member less"),
        pytest.param((1, UNKNOWN), (1, 2), None, id="unknown element"),
        pytest.param((1, UNKNOWN), (1,), (), id="too short"),
        pytest.param({"a": ({"b": 1},)}, {"a": ({"b": 2},)}, ("a", 0, "b"), id="deep"),
        pytest.param(mark(1, SENSITIVE_MARKS), 1, None, id="marks make no difference"),
        pytest.param({}, (), (), id="another kind"),
        pytest.param(NULL, "x", (), id="no longer null"),
    ],
)
def test_what_was_planned_has_to_be_kept(planned: Value, actual: Value, path: Any) -> None:
    assert difference(planned, actual) == path
