"""Functions over numbers; the expected values are what Terraform prints."""

import pytest

from engine.lang import numbers
from engine.lang.types import NUMBER, STRING, ListOf, MapOf
from engine.lang.values import NULL, SetValue, Unknown, Value, equal
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


@pytest.mark.parametrize(("name", "arguments", "expected"), [
    pytest.param("pow", [2, 64], "18446744073709550000", id="a power has the digits of a float"),
    pytest.param("pow", [1.7, 37], "336209585.3201808", id="a power is found by squaring"),
    pytest.param("pow", [2.5, -7.3], "0.0012446233279404014", id="a power that is not whole"),
    pytest.param("pow", [0.1, 3], "0.0010000000000000002", id="a power of a fraction"),
    pytest.param("pow", [0, -1], "+Inf", id="a power that is infinite"),
    pytest.param("pow", [10, 400], "+Inf", id="a power beyond floats"),
    pytest.param("pow", [-2, 3], "-8", id="a power of a number below zero"),
    pytest.param("log", [1000, 10], "2.9999999999999996", id="a logarithm is divided"),
    pytest.param("log", [7, 3], "1.7712437491614224", id="a logarithm to the last bit"),
    pytest.param("log", [0, 10], "-Inf", id="a logarithm of zero"),
    pytest.param("log", [5, 1], "+Inf", id="a logarithm to base one"),
    pytest.param("parseint", ["aA", 62], "656", id="digits beyond 36 are upper case"),
    pytest.param("parseint", ["-FF", 16], "-255", id="up to 36 the case does not matter"),
    pytest.param("parseint", ["9" * 30, 10], "9" * 30, id="many digits"),
    pytest.param("signum", [-3], "-1", id="the sign"),
])  # fmt: skip
def test_a_function_of_numbers_gives_the_digits_of_terraform(name: str, arguments: list[Value], expected: str) -> None:
    exact = [numbers.from_python(item) if isinstance(item, float) else item for item in arguments]
    assert numbers.text(call(name, *exact)) == expected


@pytest.mark.parametrize(("name", "arguments", "message", "argument"), [
    pytest.param("pow", [-8, number("0.5")], "the result is not a number", None, id="a root of a number below zero"),
    pytest.param("log", [-1, 10], "the result is not a number", None, id="a logarithm of a number below zero"),
    pytest.param("parseint", ["12", 2], 'cannot parse "12" as a base 2 integer', 0, id="a digit too high"),
    pytest.param("parseint", ["", 10], 'cannot parse "" as a base 10 integer', 0, id="no digits"),
    pytest.param("parseint", ["1_0", 10], 'cannot parse "1_0" as a base 10 integer', 0, id="an underscore"),
    pytest.param("parseint", [secret("x"), 10], "cannot parse (sensitive value) as a base (sensitive value) integer", 0, id="a secret"),
    pytest.param("parseint", ["1" * 10_001, 10], "more than 10000 digits", 0, id="too many digits"),
    pytest.param("parseint", ["1", 63], "base must be a whole number between 2 and 62 inclusive", 1, id="a base too high"),
    pytest.param("parseint", [True, 10], "first argument must be a string, not bool", 0, id="no text"),
])  # fmt: skip
def test_a_function_of_numbers_says_what_it_cannot_take(
    name: str, arguments: list[Value], message: str, argument: int | None
) -> None:
    assert failure(name, *arguments) == (message, argument)


def test_a_result_is_as_precise_as_its_operands() -> None:
    power = call("pow", 2, 64)
    assert numbers.text(numbers.add(power, power)) == "36893488147419100000"
    assert numbers.text(numbers.add(power, 0)) == "18446744073709551616"
    assert equal(power, 18446744073709551616)
    root = call("pow", 2, number("0.5"))
    assert numbers.text(numbers.multiply(root, root)) == "2.00000000000000027343234630647693"
