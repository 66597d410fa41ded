"""Conversion and unification; results and messages are Terraform's."""

import pytest

from engine.lang.convert import ConversionError, convert, convertible, unify
from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf, TupleOf, Type
from engine.lang.values import NULL, ListValue, MapValue, Null, SetValue, Unknown, Value
from tests.engine.lang.describing import describe, number, numerals, secret, strings

OBJECT = ObjectOf({"a": STRING})
OPTIONAL = ObjectOf({"a": STRING, "b": NUMBER}, frozenset({"b"}))
OPTIONAL_SETTLED = ObjectOf({"a": STRING, "b": NUMBER})


@pytest.mark.parametrize(("value", "wanted", "expected"), [
    pytest.param(number("1.50"), STRING, "1.5", id="number to string"),
    pytest.param(True, STRING, "true", id="bool to string"),
    pytest.param("1e3", NUMBER, 1000, id="string to number"),
    pytest.param("false", BOOL, False, id="string to bool"),
    pytest.param(NULL, STRING, Null(STRING), id="null to string"),
    pytest.param(Null(ListOf(STRING)), ListOf(DYNAMIC), Null(ListOf(STRING)), id="typed null to any list"),
    pytest.param((1, 2), ListOf(STRING), strings("1", "2"), id="tuple to list"),
    pytest.param(SetValue(STRING, ("a",)), ListOf(STRING), strings("a"), id="set to list"),
    pytest.param(strings("b", "a", "b"), SetOf(STRING), SetValue(STRING, ("a", "b")), id="list to set"),
    pytest.param(strings("1"), SetOf(NUMBER), SetValue(NUMBER, (1,)), id="list of strings to set of numbers"),
    pytest.param((), ListOf(NUMBER), numerals(), id="empty tuple to list"),
    pytest.param(strings(), ListOf(DYNAMIC), strings(), id="empty list to any list"),
    pytest.param((1, "x", True), ListOf(DYNAMIC), strings("1", "x", "true"), id="tuple to any list"),
    pytest.param((1, NULL), ListOf(DYNAMIC), ListValue(NUMBER, (1, Null(NUMBER))), id="tuple with null to any list"),
    pytest.param({"a": 1}, MapOf(STRING), MapValue(STRING, {"a": "1"}), id="object to map"),
    pytest.param({"k": (1,), "l": ("x",)}, MapOf(ListOf(DYNAMIC)), MapValue(ListOf(STRING), {"k": strings("1"), "l": strings("x")}), id="object to map of any lists"),
    pytest.param({"a": 1, "x": 2}, OBJECT, {"a": "1"}, id="object to smaller object"),
    pytest.param(MapValue(NUMBER, {"a": 1}), OBJECT, {"a": "1"}, id="map to object"),
    pytest.param({"a": "x"}, OPTIONAL, {"a": "x", "b": Null(NUMBER)}, id="object that leaves out an optional attribute"),
    pytest.param(({"a": "x"},), ListOf(OPTIONAL), ListValue(OPTIONAL_SETTLED, ({"a": "x", "b": Null(NUMBER)},)), id="the type of a value has nothing optional"),
    pytest.param(Null(OPTIONAL_SETTLED), OPTIONAL, Null(OPTIONAL_SETTLED), id="the type of a null has nothing optional"),
    pytest.param((1, "2"), TupleOf((STRING, NUMBER)), ("1", 2), id="tuple to tuple"),
    pytest.param({"a": (1, True)}, ObjectOf({"a": DYNAMIC}), {"a": (1, True)}, id="any keeps a tuple"),
    pytest.param((secret("a"), "b"), ListOf(STRING), strings(secret("a"), "b"), id="marks stay inside lists"),
    pytest.param((secret("a"), "b"), SetOf(STRING), secret(SetValue(STRING, ("a", "b"))), id="marks move to sets"),
    pytest.param(secret(1), STRING, secret("1"), id="marks stay"),
    pytest.param(Unknown(), STRING, Unknown(STRING), id="unknown to string"),
    pytest.param(Unknown(TupleOf((STRING, NUMBER))), ListOf(DYNAMIC), Unknown(ListOf(STRING)), id="unknown tuple to any list"),
    pytest.param(("a", Unknown()), ListOf(DYNAMIC), strings("a", Unknown(STRING)), id="unknown element to any list"),
    pytest.param(("a", Unknown(STRING)), SetOf(STRING), SetValue(STRING, ["a", Unknown(STRING)]), id="unknown element to set"),
])  # fmt: skip
def test_a_value_converts(value: Value, wanted: Type, expected: Value) -> None:
    assert describe(convert(value, wanted)) == describe(expected)


@pytest.mark.parametrize(("value", "wanted", "message"), [
    pytest.param((), STRING, "string required", id="tuple to string"),
    pytest.param(True, NUMBER, "number required", id="bool to number"),
    pytest.param("x", NUMBER, "a number is required", id="text to number"),
    pytest.param("x", BOOL, "a bool is required", id="text to bool"),
    pytest.param("TRUE", BOOL, 'a bool is required; to convert from string, use lowercase "true"', id="upper case to bool"),
    pytest.param("a", ListOf(ListOf(NUMBER)), "list of list of number required", id="text to list"),
    pytest.param("a", SetOf(DYNAMIC), "set of any single type required", id="text to any set"),
    pytest.param((1, ()), ListOf(STRING), "element 1: string required", id="element of a list"),
    pytest.param({"z": ()}, MapOf(STRING), 'element "z": string required', id="element of a map"),
    pytest.param({"a": {"b": ()}}, ObjectOf({"a": ObjectOf({"b": BOOL})}), 'attribute "a": attribute "b": bool required', id="attribute"),
    pytest.param(("x",), ListOf(NUMBER), "[0]: a number is required", id="text in a list"),
    pytest.param({"a": {"k k": "x"}}, ObjectOf({"a": MapOf(NUMBER)}), '.a["k k"]: a number is required', id="text in a map"),
    pytest.param((1, ()), TupleOf((STRING, STRING)), "tuple required", id="element of a tuple"),
    pytest.param((1, "x"), TupleOf((STRING, NUMBER)), "[1]: a number is required", id="text in a tuple"),
    pytest.param((1,), TupleOf(()), "tuple required", id="longer tuple"),
    pytest.param((), OBJECT, "object required", id="tuple to object"),
    pytest.param({}, OBJECT, 'attribute "a" is required', id="one attribute missing"),
    pytest.param({}, ObjectOf({"b": BOOL, "a": BOOL}), 'attributes "a" and "b" are required', id="two attributes missing"),
    pytest.param({}, ObjectOf({"b": BOOL, "c": BOOL, "a": BOOL}), 'attributes "a", "b", and "c" are required', id="three attributes missing"),
    pytest.param((1, ()), ListOf(DYNAMIC), "all list elements must have the same type", id="unlike elements to list"),
    pytest.param((1, True), SetOf(DYNAMIC), "all set elements must have the same type", id="unlike elements to set"),
    pytest.param({"a": 1, "b": ()}, MapOf(DYNAMIC), "all map elements must have the same type", id="unlike elements to map"),
    pytest.param(Unknown(BOOL), NUMBER, "number required", id="unknown bool to number"),
    pytest.param(Null(BOOL), NUMBER, "number required", id="null bool to number"),
])  # fmt: skip
def test_a_value_that_does_not_convert_is_told_why(value: Value, wanted: Type, message: str) -> None:
    with pytest.raises(ConversionError) as caught:
        convert(value, wanted)
    assert str(caught.value) == message


def test_an_error_knows_the_path() -> None:
    with pytest.raises(ConversionError) as caught:
        convert({"a": (1, "x")}, MapOf(ListOf(NUMBER)))
    assert caught.value.path == ("a", 1)


@pytest.mark.parametrize(("types", "expected"), [
    pytest.param([], DYNAMIC, id="nothing"),
    pytest.param([NUMBER, STRING, BOOL], STRING, id="primitives with a string"),
    pytest.param([NUMBER, BOOL], None, id="number and bool"),
    pytest.param([NUMBER, DYNAMIC], NUMBER, id="null beside a number"),
    pytest.param([NUMBER, DYNAMIC, BOOL], DYNAMIC, id="null between a number and a bool"),
    pytest.param([OBJECT, DYNAMIC], DYNAMIC, id="null beside an object"),
    pytest.param([ListOf(NUMBER), ListOf(STRING)], ListOf(STRING), id="lists"),
    pytest.param([SetOf(NUMBER), SetOf(BOOL)], None, id="sets"),
    pytest.param([ListOf(DYNAMIC), ListOf(STRING)], ListOf(STRING), id="an empty list"),
    pytest.param([SetOf(STRING), ListOf(NUMBER)], ListOf(NUMBER), id="a list before a set"),
    pytest.param([SetOf(NUMBER), TupleOf((STRING,))], SetOf(NUMBER), id="a set before a tuple"),
    pytest.param([ListOf(NUMBER), TupleOf((STRING,))], ListOf(STRING), id="a list and a tuple"),
    pytest.param([SetOf(NUMBER), TupleOf((STRING,)), ListOf(STRING)], ListOf(STRING), id="a list before a set and a tuple"),
    pytest.param([TupleOf((NUMBER,)), TupleOf((STRING,))], TupleOf((STRING,)), id="tuples of one length"),
    pytest.param([TupleOf((NUMBER, STRING)), TupleOf((BOOL, STRING))], None, id="tuples of one length that differ"),
    pytest.param([TupleOf((NUMBER, STRING)), TupleOf((BOOL,))], ListOf(STRING), id="tuples of other lengths"),
    pytest.param([TupleOf(()), TupleOf((NUMBER,))], ListOf(NUMBER), id="an empty tuple"),
    pytest.param([ObjectOf({"a": NUMBER}), ObjectOf({"a": STRING})], OBJECT, id="objects of the same attributes"),
    pytest.param([ObjectOf({"a": NUMBER}), ObjectOf({"a": BOOL})], None, id="objects of the same attributes that differ"),
    pytest.param([ObjectOf({"a": NUMBER}), ObjectOf({"b": STRING})], MapOf(STRING), id="objects of other attributes"),
    pytest.param([MapOf(NUMBER), ObjectOf({"b": STRING})], MapOf(STRING), id="a map and an object"),
    pytest.param([OBJECT, TupleOf(())], None, id="an object and a tuple"),
    pytest.param([STRING, TupleOf(())], None, id="a string and a tuple"),
])  # fmt: skip
def test_types_have_one_type_in_common(types: list[Type], expected: Type | None) -> None:
    assert unify(types) == expected


@pytest.mark.parametrize(("actual", "wanted", "expected"), [
    pytest.param(STRING, NUMBER, True, id="a string may be a number"),
    pytest.param(BOOL, NUMBER, False, id="a bool is no number"),
    pytest.param(TupleOf((STRING, BOOL)), ListOf(STRING), True, id="tuple to list"),
    pytest.param(TupleOf((NUMBER, BOOL)), ListOf(DYNAMIC), False, id="unlike tuple to any list"),
    pytest.param(MapOf(STRING), OBJECT, True, id="map to object"),
    pytest.param(OBJECT, OPTIONAL, True, id="object without the optional attribute"),
    pytest.param(OBJECT, ObjectOf({"b": STRING}), False, id="object without an attribute"),
    pytest.param(ListOf(STRING), TupleOf((STRING,)), False, id="list to tuple"),
    pytest.param(SetOf(STRING), MapOf(STRING), False, id="set to map"),
    pytest.param(DYNAMIC, OBJECT, True, id="anything unknown"),
])  # fmt: skip
def test_a_type_may_convert(actual: Type, wanted: Type, expected: bool) -> None:
    assert convertible(actual, wanted) is expected
