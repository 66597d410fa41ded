"""Numbers as Terraform has them: exact whole numbers, and binary fractions of 512 bits.

A whole number below 2**512 is a Python `int`; every other number is an `mpfr` of gmpy2, which is imported when the
first such number is met. `normal` keeps that rule, so that equal numbers have equal form.
"""

import re
from decimal import Decimal
from typing import Any, Final

PRECISION: Final = 512
Number = Any  # int or mpfr

_LIMIT: Final = 1 << PRECISION
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?", re.ASCII)


def _context() -> Any:
    import gmpy2

    return gmpy2.context(precision=PRECISION, emax=gmpy2.get_emax_max(), emin=gmpy2.get_emin_min())


def _fraction(number: Number | str) -> Any:
    import gmpy2

    return gmpy2.mpfr(number, PRECISION)


def normal(number: Any) -> Number:
    """Return a number in the one form it is kept in."""
    if number.__class__ is int:
        return number if -_LIMIT < number < _LIMIT else _fraction(number)
    if number.is_integer() and abs(number) < _LIMIT:
        return int(number)
    return number


def parse(text: str) -> Number | None:
    """Return the number that `text` writes in decimal, or None when it writes none."""
    if not _NUMBER.fullmatch(text):
        return None
    if len(text) <= 150 and text.removeprefix("-").isdecimal():
        return int(text)
    return normal(_fraction(text))


def from_python(number: int | float | Decimal) -> Number:
    """Return a number of Python; a float stands for the shortest decimal that it prints as."""
    if number.__class__ is int:
        return normal(number)
    parsed = parse(repr(number) if isinstance(number, float) else str(number))
    if parsed is None:
        raise ValueError(f"not a finite number: {number}")
    return parsed


def to_float(number: Number) -> int | float:
    """Return a number as JSON libraries take it: whole numbers as `int`, all else as the nearest float."""
    return number if number.__class__ is int else float(number)


def to_decimal(number: Number) -> int | Decimal:
    """Return a number exactly as it prints."""
    return number if number.__class__ is int else Decimal(text(number))


def text(number: Number) -> str:
    """Return the shortest decimal digits that parse back to `number`, never with an exponent."""
    if number.__class__ is int:
        return str(number)
    if is_infinite(number):
        return "-Inf" if number < 0 else "+Inf"
    return format(Decimal(_rounded(number, _shortest_length(number))), "f")


def _shortest_length(number: Any) -> int:
    """Return how many digits it takes to tell a fraction from all others of 512 bits."""
    low, high = 1, 156  # 156 digits always do
    while low < high:
        middle = (low + high) // 2
        if _fraction(_rounded(number, middle)) == number:
            high = middle
        else:
            low = middle + 1
    return low


def _rounded(number: Any, digits: int) -> str:
    return f"{{0:.{digits - 1}e}}".format(number)


def scientific(number: Number, count: int | None) -> tuple[str, int]:
    """Return `count` decimal digits of a number that is not below zero, rounded half to even, and the exponent.

    The first digit stands before the point: 1250 is ("125", 3). None stands for as many as tell it from all others.
    """
    if number == 0:
        return "0" * (count or 1), 0
    if number.__class__ is int:
        digits = str(number)
        if count is None:
            return digits, len(digits) - 1
        written = format(Decimal(number), f".{count - 1}e")
    else:
        written = _rounded(number, count or _shortest_length(number))
    mantissa, _, exponent = written.partition("e")
    return mantissa.replace(".", ""), int(exponent)


def fixed(number: Number, places: int) -> str:
    """Return a finite number with so many digits after the point, rounded half to even."""
    if number.__class__ is int:
        return f"{number}.{'0' * places}" if places else str(number)
    if places == 0:
        return str(int(_context().rint(number)))  # gmpy2 would write a point and a zero
    return f"{{0:.{places}f}}".format(number)


def is_infinite(number: Number) -> bool:
    """Return whether a number is plus or minus infinity."""
    if number.__class__ is int:
        return False
    import gmpy2

    return bool(gmpy2.is_infinite(number))


def whole(number: Number) -> int | None:
    """Return a number as a Python `int`, or None when it is not whole."""
    if number.__class__ is int:
        return int(number)
    return int(number) if number.is_integer() else None


def round_up(number: Number) -> Number:
    """Return the smallest whole number not below `number`."""
    return number if number.__class__ is int else normal(_context().rint_ceil(number))


def round_down(number: Number) -> Number:
    """Return the greatest whole number not above `number`."""
    return number if number.__class__ is int else normal(_context().rint_floor(number))


def add(one: Number, other: Number) -> Number:
    """Return the sum."""
    if one.__class__ is int and other.__class__ is int:
        return normal(one + other)
    return normal(_context().add(_fraction(one), _fraction(other)))


def subtract(one: Number, other: Number) -> Number:
    """Return the difference."""
    if one.__class__ is int and other.__class__ is int:
        return normal(one - other)
    return normal(_context().sub(_fraction(one), _fraction(other)))


def multiply(one: Number, other: Number) -> Number:
    """Return the product."""
    if one.__class__ is int and other.__class__ is int:
        return normal(one * other)
    return normal(_context().mul(_fraction(one), _fraction(other)))


def divide(one: Number, other: Number) -> Number:
    """Return the quotient; infinite when `other` is zero. Raises ZeroDivisionError for 0/0."""
    if other == 0 and one == 0:
        raise ZeroDivisionError
    if one.__class__ is int and other.__class__ is int and other and one % other == 0:
        return one // other
    return normal(_context().div(_fraction(one), _fraction(other)))


def remainder(one: Number, other: Number) -> Number:
    """Return what is left of `one` after whole multiples of `other`, with the sign of `one`; `one` for 0."""
    if other == 0:
        return one
    if one.__class__ is int and other.__class__ is int:
        return abs(one) % abs(other) * (1 if one >= 0 else -1)
    whole = normal(_context().rint_trunc(_fraction(divide(one, other))))
    return subtract(one, multiply(other, whole))


def negate(number: Number) -> Number:
    """Return the number with the other sign."""
    return -number if number.__class__ is int else normal(_context().minus(number))
