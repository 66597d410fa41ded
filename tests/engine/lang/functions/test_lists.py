"""Lists of one element type, and sets."""

import pytest

from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, SetOf
from engine.lang.values import NULL, ListValue, Null, SetValue, Unknown, Value
from tests.engine.lang.describing import call, describe, failure, number, numerals, secret, strings

FLAG = Unknown(BOOL)


@pytest.mark.parametrize(("name", "arguments", "expected"), [
    pytest.param("alltrue", [(NULL, True)], False, id="null is not true"),
    pytest.param("alltrue", [(FLAG, False)], FLAG, id="an unknown one decides, whatever comes after it"),
    pytest.param("alltrue", [(FLAG, True)], FLAG, id="else the unknown one does"),
    pytest.param("anytrue", [(FLAG, "true")], True, id="one that is true decides"),
    pytest.param("anytrue", [(FLAG, False)], FLAG, id="an unknown one may be true"),
    pytest.param("anytrue", [()], False, id="none is true"),
    pytest.param("chunklist", [("a", "b", "c"), 2], ListValue(ListOf(STRING), [strings("a", "b"), strings("c")]), id="chunks"),
    pytest.param("chunklist", [("a", "b"), 0], ListValue(ListOf(STRING), [strings("a", "b")]), id="one chunk"),
    pytest.param("chunklist", [("a", secret("b")), 1], ListValue(ListOf(STRING), [strings("a"), strings(secret("b"))]), id="a secret stays in its chunk"),
    pytest.param("chunklist", [(), 0], ListValue(ListOf(DYNAMIC)), id="no chunks"),
    pytest.param("coalescelist", [Null(ListOf(STRING)), (), ("a",)], ("a",), id="the first that is not empty"),
    pytest.param("coalescelist", [("a",), Unknown(ListOf(STRING))], ("a",), id="known before an unknown one"),
    pytest.param("coalescelist", [(), Unknown(ListOf(STRING))], Unknown(DYNAMIC), id="unknown after an empty one"),
    pytest.param("index", [(1, "2"), "2"], 1, id="nothing is converted"),
    pytest.param("matchkeys", [("a", "b"), (1, 2), ("2",)], strings("b"), id="keys are converted"),
    pytest.param("sort", [("é", "e", "B", "10", "9")], strings("10", "9", "B", "e", "é"), id="sorted"),
    pytest.param("setunion", [(2,), ("10",), ()], SetValue(STRING, ["10", "2"]), id="a union of one type"),
    pytest.param("setintersection", [(NULL, 2), (1, NULL)], SetValue(NUMBER, [Null(NUMBER)]), id="null is in both"),
    pytest.param("setsubtract", [(1, 2), ("1",)], SetValue(STRING, ["2"]), id="a difference of one type"),
    pytest.param("setunion", [(), ()], SetValue(DYNAMIC), id="a union of nothing"),
    pytest.param("setunion", [SetValue(STRING, ["a"]), Unknown(SetOf(STRING))], Unknown(SetOf(STRING)), id="an unknown union"),
    pytest.param("sum", [(number("0.5"), 1)], number("1.5"), id="sum"),
    pytest.param("range", [3], numerals("0", "1", "2"), id="range"),
])  # fmt: skip
def test_a_list_function_gives_what_terraform_gives(name: str, arguments: list[Value], expected: Value) -> None:
    assert describe(call(name, *arguments)) == describe(expected)


@pytest.mark.parametrize(("name", "arguments", "message", "argument"), [
    pytest.param("alltrue", [(1,)], "element 0: bool required", 0, id="a number is not true"),
    pytest.param("chunklist", [("a",), -1], "the size argument must be positive", None, id="a size below zero"),
    pytest.param("coalescelist", [SetValue(STRING, ["a"])], "coalescelist arguments must be lists or tuples", None, id="a set"),
    pytest.param("coalescelist", [(), ()], "no non-null arguments", None, id="only empty ones"),
    pytest.param("coalescelist", [], "at least one argument is required", None, id="no argument"),
    pytest.param("index", [(1, 2), "2"], "item not found", None, id="not there"),
    pytest.param("index", [(), 1], "cannot search an empty list", None, id="nothing to search"),
    pytest.param("index", [{"a": 1}, 1], "argument must be a list or tuple", None, id="an object"),
    pytest.param("matchkeys", [("a",), (1, 2), (1,)], "length of keys and values should be equal", None, id="other lengths"),
    pytest.param("matchkeys", [("a",), (1,), ((1,),)], "keys and searchset must be of the same type", None, id="other types"),
    pytest.param("sort", [("a", NULL)], "given list element 1 is null; a null string cannot be sorted", None, id="a null"),
    pytest.param("transpose", [{"a": NULL}], "input must not contain null list", None, id="a null list"),
    pytest.param("transpose", [{"a": (NULL,)}], "input list must not contain null string", None, id="a null text"),
    pytest.param("setunion", [(1,), (True,)], "given sets must all have compatible element types", None, id="sets of other types"),
])  # fmt: skip
def test_a_list_function_says_what_it_cannot_take(
    name: str, arguments: list[Value], message: str, argument: int | None
) -> None:
    assert failure(name, *arguments) == (message, argument)
