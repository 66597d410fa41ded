"""Values as JSON data and back."""

from decimal import Decimal
from typing import Any

import pytest

from engine.lang import numbers
from engine.lang.convert import ConversionError
from engine.lang.json_values import (
    MAX_DEPTH,
    from_json,
    from_json_typed,
    read_json,
    to_json,
    to_json_typed,
    write_json,
)
from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf, TupleOf, Type
from engine.lang.values import NULL, ListValue, MapValue, Null, SetValue, Unknown, Value
from tests.engine.lang.describing import describe, number, numerals, secret, strings

BIG = 123456789012345678901234567890


def nested(depth: int) -> Value:
    value: Value = ()
    for _ in range(depth):
        value = (value,)
    return value


@pytest.mark.parametrize(("value", "data"), [
    pytest.param({"b": 1, "a": (NULL, True)}, {"a": [None, True], "b": 1}, id="object and tuple"),
    pytest.param(MapValue(STRING, {"k": "v"}), {"k": "v"}, id="map"),
    pytest.param(SetValue(STRING, ("a", "b")), ["a", "b"], id="set"),
    pytest.param(number("0.1"), Decimal("0.1"), id="fraction"),
    pytest.param(BIG, BIG, id="big number"),
    pytest.param(Null(ListOf(STRING)), None, id="typed null"),
])  # fmt: skip
def test_a_value_becomes_data(value: Value, data: Any) -> None:
    assert to_json(value) == data


def test_keys_stand_in_order() -> None:
    assert list(to_json({"b": 1, "a": 2, "B": 3})) == ["B", "a", "b"]


@pytest.mark.parametrize("value", [pytest.param(secret(1), id="a secret"), pytest.param((Unknown(),), id="unknown")])
def test_what_has_no_form_in_json_is_refused(value: Value) -> None:
    with pytest.raises(ValueError, match="no form in JSON"):
        to_json(value)


def test_an_infinite_number_is_told_with_its_path() -> None:
    with pytest.raises(ConversionError) as caught:
        to_json({"a": (numbers.divide(1, 0),)})
    assert caught.value.path == ("a", 0)


@pytest.mark.parametrize(("data", "value"), [
    pytest.param({"a": [1, None]}, {"a": (1, NULL)}, id="dict and list"),
    pytest.param(Decimal("2.50"), number("2.5"), id="decimal"),
    pytest.param(1.5, number("1.5"), id="float"),
    pytest.param("e\u0301\ud800", "é\ufffd", id="text in NFC without half pairs"),
    pytest.param({"e\u0301": 1}, {"é": 1}, id="key in NFC"),
])  # fmt: skip
def test_data_becomes_a_value(data: Any, value: Value) -> None:
    assert describe(from_json(data)) == describe(value)


OBJECT = ObjectOf({"a": STRING, "b": ListOf(NUMBER)})


@pytest.mark.parametrize(("wanted", "data", "value"), [
    pytest.param(OBJECT, {"a": "x", "b": [1]}, {"a": "x", "b": numerals("1")}, id="object"),
    pytest.param(OBJECT, {"a": "x"}, {"a": "x", "b": Null(ListOf(NUMBER))}, id="object that lacks an attribute"),
    pytest.param(MapOf(STRING), {"k": 1}, MapValue(STRING, {"k": "1"}), id="map"),
    pytest.param(SetOf(STRING), ["b", "a"], SetValue(STRING, ("a", "b")), id="set"),
    pytest.param(TupleOf((STRING, BOOL)), ["x", True], ("x", True), id="tuple"),
    pytest.param(ListOf(STRING), None, Null(ListOf(STRING)), id="null"),
    pytest.param(NUMBER, "12", 12, id="number in a text"),
    pytest.param(DYNAMIC, None, NULL, id="null of any type"),
])  # fmt: skip
def test_data_becomes_a_value_of_a_type(wanted: Type, data: Any, value: Value) -> None:
    assert describe(from_json_typed(data, wanted)) == describe(value)


@pytest.mark.parametrize(("wanted", "value", "data"), [
    pytest.param(DYNAMIC, strings("x"), {"value": ["x"], "type": ["list", "string"]}, id="any"),
    pytest.param(DYNAMIC, NULL, None, id="null"),
    pytest.param(ObjectOf({"a": DYNAMIC}), {"a": (1,)}, {"a": {"value": [1], "type": ["tuple", ["number"]]}}, id="any inside an object"),
    pytest.param(MapOf(STRING), MapValue(STRING, {"k": "v"}), {"k": "v"}, id="nothing of any type"),
    pytest.param(TupleOf((DYNAMIC, STRING)), (True, "x"), [{"value": True, "type": "bool"}, "x"], id="any inside a tuple"),
])  # fmt: skip
def test_what_is_of_any_type_is_written_with_its_type(wanted: Type, value: Value, data: Any) -> None:
    assert to_json_typed(value, wanted) == data
    assert describe(from_json_typed(data, wanted)) == describe(value)


@pytest.mark.parametrize(("wanted", "data", "message"), [
    pytest.param(OBJECT, [], "an object is required", id="list for an object"),
    pytest.param(OBJECT, {"b": ["x"]}, ".b[0]: a number is required", id="text for a number"),
    pytest.param(MapOf(STRING), {"k": []}, 'element "k": string required', id="list for a text"),
    pytest.param(TupleOf((STRING,)), [], "a tuple of 1 elements is required", id="short tuple"),
    pytest.param(DYNAMIC, 5, 'a value with its type is required: {"value": ..., "type": ...}', id="no type"),
    pytest.param(DYNAMIC, {"value": 1, "type": "int"}, "not a type: 'int'", id="another type"),
    pytest.param(OBJECT, {"c": 1}, "unsupported attribute", id="another attribute"),
])  # fmt: skip
def test_data_of_another_shape_is_refused(wanted: Type, data: Any, message: str) -> None:
    with pytest.raises(ConversionError) as caught:
        from_json_typed(data, wanted)
    assert str(caught.value) == message


def test_attributes_of_an_older_schema_can_be_dropped() -> None:
    data = {"a": "x", "c": 1}
    assert from_json_typed(data, ObjectOf({"a": STRING}), drop_unsupported=True) == {"a": "x"}


def test_depth_is_bounded_both_ways() -> None:
    deep = to_json(nested(MAX_DEPTH))
    assert describe(from_json(deep)) == describe(nested(MAX_DEPTH))
    with pytest.raises(ConversionError):
        to_json(nested(MAX_DEPTH + 1))
    with pytest.raises(ConversionError):
        from_json([deep])
    with pytest.raises(ConversionError):
        from_json_typed([deep], types_of_depth(MAX_DEPTH + 1))


def types_of_depth(depth: int) -> Type:
    wanted: Type = TupleOf(())
    for _ in range(depth):
        wanted = TupleOf((wanted,))
    return wanted


@pytest.mark.parametrize("text", ["", "{", "[1,]", "NaN", "-Infinity", "1 2", "[" * 100_000, '{"a" 1}'])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reader's own words
        read_json(text)


def test_text_is_read_and_written_exactly() -> None:
    text = f'{{"a":[{BIG},0.10,1.5,true,null,""],"b":{{}},"c":[],"d":"é\\n"}}'
    assert write_json(read_json(text)) == text


def test_more_digits_than_python_takes_at_once_are_read() -> None:
    assert read_json("9" * 5000) == Decimal("9" * 5000)


def test_an_empty_list_keeps_its_type() -> None:
    assert describe(from_json_typed([], ListOf(STRING))) == describe(ListValue(STRING))


@pytest.mark.parametrize("text", ["10E999999999999999999", "[1e-999999999999999999999]"])
def test_a_number_out_of_all_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is out of range"):
        read_json(text)
