"""Laws that hold for all values: generated ones, and a call of every function."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.lang import numbers
from engine.lang.convert import ConversionError, convert, normalize
from engine.lang.functions import builtin_functions
from engine.lang.json_values import from_json, from_json_typed, to_json, to_json_typed
from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf, TupleOf, Type
from engine.lang.values import (
    NULL,
    SENSITIVE,
    ListValue,
    Unknown,
    Value,
    equal,
    is_unknown,
    mark_path,
    marked_paths,
    type_of,
    unmark_deep,
)
from tests.engine.lang.describing import call, describe, number, secret, strings

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


@pytest.mark.parametrize("name", sorted(builtin_functions()))
def test_unknown_arguments_give_unknown_results(name: str) -> None:
    function = builtin_functions()[name]
    parameters = [*function.parameters, *([function.variadic] if function.variadic else [])]
    arguments = [Unknown(parameter.type) for parameter in parameters]
    if name == "setproduct":
        arguments *= 2
    assert is_unknown(call(name, *arguments))


# One call of each function in which every argument has a part in the result.
CALLS: dict[str, list[Value]] = {
    **{name: [number("-1.5")] for name in ("abs", "ceil", "floor")},
    **{
        name: ["YQ=="]
        for name in [
            "base64decode",
            "base64encode",
            "chomp",
            "lower",
            "sha256",
            "strrev",
            "title",
            "trimspace",
            "upper",
            "urlencode",
        ]
    },
    **{name: [2, 1] for name in ("max", "min", "range")},
    **{name: [("a", "b")] for name in ("compact", "distinct", "flatten", "reverse", "tolist", "toset", "length")},
    **{name: ["abc", "c"] for name in ("trim", "trimprefix", "trimsuffix")},
    **{name: [{"a": "x"}] for name in ("jsonencode", "keys", "values", "tomap")},
    "coalesce": [NULL, "a"],
    "concat": [("a",), ("b",)],
    "contains": [("a",), "b"],
    "element": [("a", "b"), 1],
    "format": ["%s", "a"],
    "formatlist": ["%s", ("a",)],
    "indent": [1, "a\nb"],
    "join": [",", strings("a")],
    "jsondecode": ["[1]"],
    "lookup": [{"a": 1}, "b", 2],
    "merge": [{"a": 1}, {"b": 2}],
    "one": [("a",)],
    "replace": ["a", "a", "b"],
    "sensitive": ["a"],
    "setproduct": [("a",), ("b",)],
    "slice": [("a", "b"), 0, 1],
    "split": [",", "a"],
    "substr": ["abc", 0, 1],
    "sum": [(1, 2)],
    "tobool": ["true"],
    "tonumber": ["1"],
    "tostring": [1],
    "zipmap": [("a",), (1,)],
}

# These tell about secrets, or make them known: that is what they are for.
WITHOUT = {"issensitive", "nonsensitive"}
# `coalesce` passes over a null, secret or not, and takes no mark from it; so does Terraform.
UNUSED = {("coalesce", 0)}


def test_every_function_has_a_call_here() -> None:
    assert CALLS.keys() | WITHOUT == builtin_functions().keys()


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_secret_argument_makes_the_result_secret_and_changes_nothing_else(name: str) -> None:
    arguments = CALLS[name]
    plain = call(name, *arguments)
    for position in range(len(arguments)):
        marked = [secret(item) if i == position else item for i, item in enumerate(arguments)]
        stripped, marks = unmark_deep(call(name, *marked))
        assert describe(stripped) == describe(unmark_deep(plain)[0])
        assert (SENSITIVE in marks) is ((name, position) not in UNUSED)


@pytest.mark.parametrize("kind", [tuple, lambda items: ListValue(STRING, items)], ids=["tuple", "list"])
@pytest.mark.parametrize("name", ["join", "jsonencode", "distinct", "compact", "toset", "formatlist"])
def test_a_secret_inside_makes_a_result_that_mixes_elements_secret(name: str, kind: Callable[..., Value]) -> None:
    items = kind(("a", secret("b")))
    arguments = {"join": [",", items], "formatlist": ["%s", items]}.get(name, [items])
    assert unmark_deep(call(name, *arguments))[1] == {SENSITIVE}
