"""Functions over lists, sets and tuples; the expected values are what Terraform gives."""

import pytest

from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, SetOf, TupleOf
from engine.lang.values import NULL, ListValue, Null, SetValue, Unknown, Value
from tests.engine.lang.describing import call, describe, failure, number, numerals, secret, strings

UNKNOWN_LIST = Unknown(ListOf(STRING))
PAIR = TupleOf((STRING, STRING))
LETTERS = ("a", "b", "c", "d")


@pytest.mark.parametrize(("name", "arguments", "expected"), [
    pytest.param("concat", [("a",), (1,), (True,)], ("a", 1, True), id="concat of tuples"),
    pytest.param("concat", [strings("a"), numerals("1")], strings("a", "1"), id="concat of lists"),
    pytest.param("concat", [ListValue(DYNAMIC), numerals("1")], numerals("1"), id="concat of an empty list"),
    pytest.param("concat", [strings("a"), ListValue(TupleOf((STRING,)), [("b",)])], ("a", ("b",)), id="concat of lists that have no common type"),
    pytest.param("concat", [strings("a"), ("b",)], ("a", "b"), id="concat of a list and a tuple"),
    pytest.param("concat", [(secret(1),), (Unknown(),)], (secret(1), Unknown()), id="concat keeps what is inside"),
    pytest.param("concat", [UNKNOWN_LIST, strings("a")], UNKNOWN_LIST, id="concat of an unknown list"),
    pytest.param("concat", [Unknown(PAIR), (1,)], Unknown(TupleOf((STRING, STRING, NUMBER))), id="concat of an unknown tuple"),
    pytest.param("concat", [UNKNOWN_LIST, ("a",)], Unknown(), id="concat of an unknown list and a tuple"),
    pytest.param("contains", [(1, 2), 1], True, id="contains"),
    pytest.param("contains", [(1, 2), "1"], False, id="contains does not convert"),
    pytest.param("contains", [(True,), 1], False, id="contains tells a bool from a number"),
    pytest.param("contains", [({"a": 1},), {"a": 1}], True, id="contains an object"),
    pytest.param("contains", [ListValue(TupleOf((NUMBER,)), [(1,)]), numerals("1")], False, id="contains tells a tuple from a list"),
    pytest.param("contains", [("a", Unknown(STRING)), "a"], True, id="contains beside something unknown"),
    pytest.param("contains", [("a", Unknown(STRING)), "b"], Unknown(BOOL), id="contains what may be there"),
    pytest.param("contains", [UNKNOWN_LIST, "b"], Unknown(BOOL), id="contains in an unknown list"),
    pytest.param("contains", [("a", secret("b")), "a"], secret(True), id="contains among secrets"),
    pytest.param("compact", [(1, 2, "", NULL)], strings("1", "2"), id="compact"),
    pytest.param("compact", [SetValue(STRING, ("", "a"))], strings("a"), id="compact of a set"),
    pytest.param("compact", [strings("a", Unknown(STRING))], UNKNOWN_LIST, id="compact of an unknown element"),
    pytest.param("distinct", [(1, "1")], strings("1"), id="distinct converts"),
    pytest.param("distinct", [(True, "true")], strings("true"), id="distinct of a bool and a text"),
    pytest.param("distinct", [((1,), (1,), (2,))], ListValue(TupleOf((NUMBER,)), [(1,), (2,)]), id="distinct of tuples"),
    pytest.param("distinct", [()], ListValue(DYNAMIC), id="distinct of nothing"),
    pytest.param("distinct", [strings()], strings(), id="distinct of an empty list"),
    pytest.param("distinct", [(number("0.5"), number("0.5"))], numerals("0.5"), id="distinct of fractions"),
    pytest.param("distinct", [(secret("a"), "b")], secret(strings("a", "b")), id="distinct of a secret"),
    pytest.param("distinct", [strings("a", Unknown(STRING))], UNKNOWN_LIST, id="distinct of an unknown element"),
    pytest.param("element", [("a", "b", "c"), 7], "b", id="element goes round"),
    pytest.param("element", [("a", "b"), "1"], "b", id="element converts the index"),
    pytest.param("element", [(secret("a"), "b"), 1], "b", id="element beside a secret"),
    pytest.param("element", [("a", Unknown()), 0], "a", id="element beside something unknown"),
    pytest.param("element", [UNKNOWN_LIST, 0], Unknown(STRING), id="element of an unknown list"),
    pytest.param("element", [("a", 1), Unknown(NUMBER)], Unknown(), id="element at an unknown index"),
    pytest.param("flatten", [(("a", ("b", strings("c"))), "d")], ("a", "b", "c", "d"), id="flatten"),
    pytest.param("flatten", [((), ((),))], (), id="flatten of nothing"),
    pytest.param("flatten", [({"a": (1,)}, (2,))], ({"a": (1,)}, 2), id="flatten leaves objects"),
    pytest.param("flatten", [((secret("a"),), ("b",))], (secret("a"), "b"), id="flatten keeps marks of elements"),
    pytest.param("flatten", [(secret(("a",)), "b")], secret(("a", "b")), id="flatten of a secret inside"),
    pytest.param("flatten", [(Unknown(),)], Unknown(), id="flatten of something unknown"),
    pytest.param("one", [("a",)], "a", id="one"),
    pytest.param("one", [()], NULL, id="one of no tuple"),
    pytest.param("one", [strings()], Null(STRING), id="one of an empty list"),
    pytest.param("one", [(secret(1),)], secret(1), id="one of a secret"),
    pytest.param("one", [UNKNOWN_LIST], Unknown(STRING), id="one of an unknown list"),
    pytest.param("reverse", [(1, "a", True)], (True, "a", 1), id="reverse of a tuple"),
    pytest.param("reverse", [SetValue(STRING, ("a", "b"))], strings("b", "a"), id="reverse of a set"),
    pytest.param("reverse", [Unknown(TupleOf((STRING, NUMBER)))], Unknown(TupleOf((NUMBER, STRING))), id="reverse of an unknown tuple"),
    pytest.param("slice", [LETTERS, 1, 3], ("b", "c"), id="slice of a tuple"),
    pytest.param("slice", [strings(*LETTERS), 4, 4], strings(), id="slice of nothing"),
    pytest.param("slice", [LETTERS, "0", "1"], ("a",), id="slice converts"),
    pytest.param("slice", [(secret("a"), "b"), 1, 2], ("b",), id="slice beside a secret"),
    pytest.param("slice", [UNKNOWN_LIST, 0, 1], UNKNOWN_LIST, id="slice of an unknown list"),
    pytest.param("setproduct", [("a", "b"), (1, 2)], ListValue(TupleOf((STRING, NUMBER)), [("a", 1), ("a", 2), ("b", 1), ("b", 2)]), id="setproduct of tuples"),
    pytest.param("setproduct", [SetValue(STRING, ("a", "b")), SetValue(STRING, ("x",))], SetValue(PAIR, [("a", "x"), ("b", "x")]), id="setproduct of sets"),
    pytest.param("setproduct", [("a", 1), ("x",)], ListValue(PAIR, [("a", "x"), ("1", "x")]), id="setproduct converts"),
    pytest.param("setproduct", [("a",), ()], ListValue(TupleOf((STRING, DYNAMIC))), id="setproduct with nothing"),
    pytest.param("setproduct", [UNKNOWN_LIST, ("x",)], Unknown(ListOf(PAIR)), id="setproduct of an unknown list"),
    pytest.param("setproduct", [Unknown(SetOf(STRING)), ("x",)], Unknown(SetOf(PAIR)), id="setproduct of an unknown set"),
    pytest.param("setproduct", [(secret("a"),), ("x",)], ListValue(PAIR, [(secret("a"), "x")]), id="setproduct keeps marks inside"),
])  # fmt: skip
def test_a_sequence_function_gives_what_terraform_gives(name: str, arguments: list[Value], expected: Value) -> None:
    assert describe(call(name, *arguments)) == describe(expected)


@pytest.mark.parametrize(("name", "arguments", "message", "argument"), [
    pytest.param("concat", [], "at least one argument is required", None, id="concat of nothing"),
    pytest.param("concat", [("a",), SetValue(STRING, ("b",))], "all arguments must be lists or tuples; got set of string", 1, id="concat of a set"),
    pytest.param("concat", [NULL, ("a",)], "argument must not be null", 0, id="concat of null"),
    pytest.param("contains", ["abc", "a"], "argument must be list, tuple, or set", None, id="contains in a text"),
    pytest.param("contains", [("a",), NULL], "argument must not be null", 1, id="contains null"),
    pytest.param("compact", [(("a",),)], "element 0: string required", 0, id="compact of tuples"),
    pytest.param("compact", [{"a": "b"}], "list of string required", 0, id="compact of an object"),
    pytest.param("distinct", [(1, True)], "all list elements must have the same type", 0, id="distinct of other types"),
    pytest.param("distinct", ["aab"], "list of any single type required", 0, id="distinct of a text"),
    pytest.param("element", [(), 0], "cannot use element function with an empty list", None, id="element of nothing"),
    pytest.param("element", [("a",), -1], "cannot use element function with a negative index", None, id="element before the start"),
    pytest.param("element", [SetValue(STRING, ("a",)), 0], "cannot read elements from set of string", None, id="element of a set"),
    pytest.param("flatten", [{"a": ()}], "can only flatten lists, sets and tuples", None, id="flatten of an object"),
    pytest.param("one", [("a", "b")], "must be a list, set, or tuple value with either zero or one elements", 0, id="one of two"),
    pytest.param("one", [strings("a", "b")], "must be a list, set, or tuple value with either zero or one elements", 0, id="one of a list of two"),
    pytest.param("one", [{"a": 1}], "must be a list, set, or tuple value with either zero or one elements", 0, id="one of an object"),
    pytest.param("reverse", [{"a": 1}], "can only reverse list or tuple values, not object", 0, id="reverse of an object"),
    pytest.param("slice", [LETTERS, -1, 1], "start index must not be less than zero", 1, id="slice from before the start"),
    pytest.param("slice", [LETTERS, 2, 1], "start index must not be greater than end index", 1, id="slice backwards"),
    pytest.param("slice", [LETTERS, 5, 5], "start index must not be greater than the length of the list", 1, id="slice from behind the end"),
    pytest.param("slice", [LETTERS, 0, 5], "end index must not be greater than the length of the list", 2, id="slice beyond the end"),
    pytest.param("slice", [LETTERS, number("0.5"), 1], "invalid start index: value must be a whole number, between -9223372036854775808 and 9223372036854775807", 1, id="slice from half an index"),
    pytest.param("slice", [{}, 0, 1], "must be a list or tuple value", 0, id="slice of an object"),
    pytest.param("setproduct", [("a",)], "at least two arguments are required", None, id="setproduct of one"),
    pytest.param("setproduct", [("a",), "ab"], "a set or a list is required", 1, id="setproduct of a text"),
    pytest.param("setproduct", [(1, True), ("x",)], "all elements must be of the same type", 0, id="setproduct of other types"),
])  # fmt: skip
def test_a_sequence_function_says_what_it_cannot_take(
    name: str, arguments: list[Value], message: str, argument: int | None
) -> None:
    assert failure(name, *arguments) == (message, argument)


def test_a_set_cannot_be_sliced() -> None:
    message, argument = failure("slice", SetValue(STRING, ("a",)), 0, 1)
    assert message.startswith("cannot slice a set")
    assert argument == 0
