"""Laws that hold for all values: generated ones, and a call of every function."""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.lang import numbers
from engine.lang.convert import ConversionError, convert, normalize
from engine.lang.json_values import from_json, from_json_typed, to_json, to_json_typed
from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf, TupleOf, Type
from engine.lang.values import (
    NULL,
    SENSITIVE,
    Unknown,
    Value,
    equal,
    mark_path,
    marked_paths,
    type_of,
    unmark_deep,
)
from tests.engine.lang.describing import call, describe, secret

bounded = settings(
    max_examples=80,
    derandomize=True,
    deadline=None,
    # Many values do not convert to a type chosen at random.
    suppress_health_check=[HealthCheck.filter_too_much],
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6).map(normalize)
decimals = st.decimals(-(10**20), 10**20, allow_nan=False, allow_infinity=False, places=12).map(numbers.from_python)
primitives = st.one_of(texts, st.booleans(), st.integers(-(10**150), 10**150), decimals, st.just(NULL))


def containers(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.one_of(st.lists(inner, max_size=3).map(tuple), st.dictionaries(texts, inner, max_size=3))


values = st.recursive(primitives, containers, max_leaves=8)


def collections(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    names = st.sampled_from(["a", "b"])
    return st.one_of(
        inner.map(ListOf),
        inner.map(SetOf),
        inner.map(MapOf),
        st.lists(inner, max_size=2).map(lambda elements: TupleOf(tuple(elements))),
        st.dictionaries(names, inner, max_size=2).map(ObjectOf),
    )


types = st.recursive(st.sampled_from([STRING, NUMBER, BOOL, DYNAMIC]), collections, max_leaves=3)


def converted(value: Value, wanted: Type) -> Value:
    try:
        return convert(value, wanted)
    except ConversionError:
        assume(False)


@bounded
@given(values, types)
def test_conversion_is_idempotent(value: Value, wanted: Type) -> None:
    once = converted(value, wanted)
    assert describe(convert(once, wanted)) == describe(once)


@bounded
@given(values, types)
def test_a_converted_value_has_its_type_throughout(value: Value, wanted: Type) -> None:
    once = converted(value, wanted)
    assert describe(convert(once, type_of(once))) == describe(once)


@bounded
@given(values, types)
def test_the_type_of_an_unknown_value_converts_like_the_value(value: Value, wanted: Type) -> None:
    once = converted(value, wanted)
    assert type_of(convert(Unknown(type_of(value)), wanted)) == type_of(once)


@bounded
@given(values, types)
def test_marks_survive_conversion(value: Value, wanted: Type) -> None:
    plain = converted(value, wanted)
    assert unmark_deep(convert(secret(value), wanted))[1] == {SENSITIVE}
    assert describe(unmark_deep(convert(secret(value), wanted))[0]) == describe(plain)


@bounded
@given(values)
def test_json_decodes_to_what_was_encoded(value: Value) -> None:
    assert describe(call("jsondecode", call("jsonencode", value))) == describe(value)


@bounded
@given(values)
def test_data_goes_there_and_back(value: Value) -> None:
    assert describe(from_json(to_json(value))) == describe(value)


@bounded
@given(values, types)
def test_typed_data_goes_there_and_back(value: Value, wanted: Type) -> None:
    once = converted(value, wanted)
    kept = type_of(once)
    assert describe(from_json_typed(to_json_typed(once, kept), kept)) == describe(once)
    assert describe(from_json_typed(to_json_typed(once, DYNAMIC), DYNAMIC)) == describe(once)


@bounded
@given(values)
def test_a_value_equals_itself_and_its_marked_copy(value: Value) -> None:
    assert equal(value, value)
    assert equal(secret(value), value)


@bounded
@given(st.lists(texts, max_size=5))
def test_a_set_does_not_depend_on_the_order_of_its_members(items: list[Value]) -> None:
    assert describe(convert(tuple(items), SetOf(STRING))) == describe(convert(tuple(reversed(items)), SetOf(STRING)))


def test_marks_are_found_where_they_were_put() -> None:
    value = mark_path({"a": ("x", {"b": 1})}, ("a", 1, "b"), frozenset({SENSITIVE}))
    assert list(marked_paths(value, SENSITIVE)) == [("a", 1, "b")]
