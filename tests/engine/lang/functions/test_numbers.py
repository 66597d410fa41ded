"""Functions over numbers; the expected values are what Terraform prints."""

import pytest

from engine.lang import numbers
from engine.lang.types import NUMBER, STRING, ListOf, MapOf
from engine.lang.values import NULL, SetValue, Unknown, Value
from tests.engine.lang.describing import call, describe, failure, number, numerals, secret

INFINITY = numbers.divide(1, 0)


@pytest.mark.parametrize(("name", "arguments", "expected"), [
    pytest.param("abs", [number("-12.75")], number("12.75"), id="abs of a fraction"),
    pytest.param("abs", ["-5"], 5, id="abs of a text"),
    pytest.param("abs", [numbers.normal(-(2**600))], numbers.normal(2**600), id="abs beyond 512 bits"),
    pytest.param("ceil", [number("5.0000000000000000000001")], 6, id="ceil of a little more"),
    pytest.param("ceil", [number("-0.5")], 0, id="ceil below zero"),
    pytest.param("ceil", [number("123456789012345678901234567890.5")], 123456789012345678901234567891, id="ceil of many digits"),
    pytest.param("ceil", [INFINITY], INFINITY, id="ceil of infinity"),
    pytest.param("floor", [number("4.9999999999999999999999")], 4, id="floor of a little less"),
    pytest.param("floor", [number("-0.5")], -1, id="floor below zero"),
    pytest.param("floor", [7], 7, id="floor of a whole number"),
    pytest.param("max", [123456789012345678901234567890, 123456789012345678901234567891], 123456789012345678901234567891, id="max is exact"),
    pytest.param("max", ["10", "9", number("2.5")], 10, id="max of texts"),
    pytest.param("min", [number("1.5"), number("1.25")], number("1.25"), id="min of fractions"),
    pytest.param("min", [1, secret(2)], secret(1), id="min of a secret"),
    pytest.param("min", [1, Unknown(NUMBER)], Unknown(NUMBER), id="min of something unknown"),
    pytest.param("range", [3], numerals("0", "1", "2"), id="range to an end"),
    pytest.param("range", [-3], numerals("0", "-1", "-2"), id="range to below zero"),
    pytest.param("range", [4, 1], numerals("4", "3", "2"), id="range downwards"),
    pytest.param("range", [1, 3, number("0.5")], numerals("1", "1.5", "2", "2.5"), id="range by halves"),
    pytest.param("range", [0, number("0.5"), number("0.1")], numerals("0", "0.1", "0.2", "0.3", "0.4"), id="range by tenths"),
    pytest.param("range", [1, 1], numerals(), id="range of nothing"),
    pytest.param("range", [secret(1)], secret(numerals("0")), id="range to a secret"),
    pytest.param("range", [Unknown(NUMBER)], Unknown(ListOf(NUMBER)), id="range to something unknown"),
    pytest.param("sum", [(1, "2", 3)], 6, id="sum converts"),
    pytest.param("sum", [SetValue(NUMBER, (1, 2))], 3, id="sum of a set"),
    pytest.param("sum", [(number("0.1"), number("0.2"))], number("0.3"), id="sum of tenths"),
    pytest.param("sum", [(number("1e300"), number("-1e300"), 1)], 1, id="sum that cancels out"),
    pytest.param("sum", [(1, Unknown(NUMBER))], Unknown(NUMBER), id="sum of something unknown"),
])  # fmt: skip
def test_a_number_function_gives_what_terraform_gives(name: str, arguments: list[Value], expected: Value) -> None:
    assert describe(call(name, *arguments)) == describe(expected)


NO_SUM = "argument must be list, set, or tuple of number values"


@pytest.mark.parametrize(("name", "arguments", "message", "argument"), [
    pytest.param("abs", ["abc"], "a number is required", 0, id="abs of another text"),
    pytest.param("abs", [True], "number required", 0, id="abs of a bool"),
    pytest.param("max", [], "must pass at least one number", None, id="max of nothing"),
    pytest.param("min", [1, NULL], "argument must not be null", 1, id="min of null"),
    pytest.param("range", [], "must have one, two, or three arguments", None, id="range without arguments"),
    pytest.param("range", [1, 4, -1], "end must be less than start when step is negative", 1, id="range that never ends"),
    pytest.param("range", [5, 1, 1], "end must be greater than start when step is positive", 1, id="range that never starts"),
    pytest.param("sum", ["abc"], "cannot sum noniterable", 0, id="sum of a text"),
    pytest.param("sum", [()], "cannot sum an empty list", 0, id="sum of nothing"),
    pytest.param("sum", [{"a": 1}], "argument must be list, set, or tuple. Received object", 0, id="sum of an object"),
    pytest.param("sum", [(True,)], NO_SUM, 0, id="sum of a bool"),
    pytest.param("sum", [(1, NULL)], NO_SUM, 0, id="sum of null"),
    pytest.param("sum", [(INFINITY, numbers.divide(-1, 0))], "can't compute sum of opposing infinities", None, id="sum of infinities"),
])  # fmt: skip
def test_a_number_function_says_what_it_cannot_take(
    name: str, arguments: list[Value], message: str, argument: int | None
) -> None:
    assert failure(name, *arguments) == (message, argument)


@pytest.mark.parametrize("arguments", [pytest.param([1025], id="too far"), pytest.param([1, 4, 0], id="no step")])
def test_range_is_bounded(arguments: list[Value]) -> None:
    assert failure("range", *arguments)[0].startswith("more than 1024 values were generated")


def test_sum_refuses_unknown_values_that_can_never_be_summed() -> None:
    assert failure("sum", Unknown(STRING)) == ("cannot sum noniterable", 0)


def test_sum_of_an_unknown_map_is_left_to_be_found_out() -> None:
    assert describe(call("sum", Unknown(MapOf(NUMBER)))) == describe(Unknown(NUMBER))
