"""Numbers: exact whole numbers and binary fractions of 512 bits, printed as Terraform prints them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.lang import numbers
from tests.engine.lang.describing import number

THIRD = "0." + "3" * 154 + "5"


@pytest.mark.parametrize(("text", "printed"), [
    pytest.param("010", "10", id="leading zero"),
    pytest.param("+5", "5", id="plus"),
    pytest.param("1.", "1", id="nothing after the point"),
    pytest.param(".5", "0.5", id="nothing before the point"),
    pytest.param("1E+2", "100", id="exponent"),
    pytest.param("1e-7", "0.0000001", id="small"),
    pytest.param("1.10", "1.1", id="trailing zero"),
    pytest.param("-0", "0", id="minus zero"),
    pytest.param("123456789012345678901234567890.5", "123456789012345678901234567890.5", id="many digits"),
    pytest.param("1e400", "1" + "0" * 400, id="beyond 512 bits"),
])  # fmt: skip
def test_a_number_is_read_and_printed(text: str, printed: str) -> None:
    assert numbers.text(number(text)) == printed


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "1,000", "0b1", "0x1F", "1_0", "- 1", "NaN", "\u0661", "1e", "1e9999999999", "."]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert numbers.parse(text) is None


@pytest.mark.parametrize(("result", "printed"), [
    pytest.param(numbers.divide(1, 3), THIRD, id="a third"),
    pytest.param(numbers.add(number("0.1"), number("0.2")), "0.3", id="three tenths"),
    pytest.param(numbers.multiply(numbers.divide(1, 49), 49), "1", id="there and back"),
    pytest.param(numbers.divide(6, 3), "2", id="whole quotient"),
    pytest.param(numbers.divide(1, 0), "+Inf", id="infinity"),
    pytest.param(numbers.divide(-1, 0), "-Inf", id="minus infinity"),
    pytest.param(numbers.remainder(-7, 3), "-1", id="remainder has the sign of its left side"),
    pytest.param(numbers.remainder(5, 0), "5", id="remainder by zero"),
    pytest.param(numbers.remainder(number("5.5"), 2), "1.5", id="remainder of a fraction"),
    pytest.param(numbers.subtract(1, number("0.9")), "0.1" + "0" * 153 + "3", id="difference has the noise of its operands"),
    pytest.param(numbers.negate(number("1.5")), "-1.5", id="the other sign"),
    pytest.param(numbers.from_python(0.1), "0.1", id="a float as it prints"),
    pytest.param(numbers.from_python(Decimal("1.25")), "1.25", id="a decimal"),
    pytest.param(numbers.round_up(number("1.5")), "2", id="up"),
    pytest.param(numbers.round_down(number("-1.5")), "-2", id="down"),
])  # fmt: skip
def test_a_result_is_exact(result: numbers.Number, printed: str) -> None:
    assert numbers.text(result) == printed


def test_zero_by_zero_has_no_quotient() -> None:
    with pytest.raises(ZeroDivisionError):
        numbers.divide(0, 0)


@pytest.mark.parametrize(("value", "count", "expected"), [
    pytest.param(0, None, ("0", 0), id="zero"),
    pytest.param(0, 3, ("000", 0), id="zero with digits"),
    pytest.param(1250, 2, ("12", 3), id="half to even"),
    pytest.param(1250, None, ("1250", 3), id="all digits"),
    pytest.param(9999, 2, ("10", 4), id="carried over"),
    pytest.param(number("0.00125"), 1, ("1", -3), id="a fraction"),
])  # fmt: skip
def test_digits_and_exponent(value: numbers.Number, count: int | None, expected: tuple[str, int]) -> None:
    assert numbers.scientific(value, count) == expected


def test_equal_numbers_have_one_form() -> None:
    assert number("2.0").__class__ is int
    assert numbers.multiply(number("0.5"), 4).__class__ is int
    assert numbers.normal(2**600).__class__ is not int


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=30))
def test_what_is_printed_reads_back(decimal: Decimal) -> None:
    value = numbers.from_python(decimal)
    again = numbers.parse(numbers.text(value))
    assert again == value
    assert again.__class__ is value.__class__


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.integers(-(10**300), 10**300), st.integers(1, 10**40))
def test_a_quotient_reads_back(dividend: int, divisor: int) -> None:
    value = numbers.divide(numbers.normal(dividend), divisor)
    assert numbers.parse(numbers.text(value)) == value


def test_zeros_before_an_exponent_do_not_count() -> None:
    assert numbers.parse("1E0000000000002") == 100
    assert numbers.parse("0e0000000000") == 0
    assert numbers.parse("1e1234567890") is None
