"""Numbers as Terraform has them: exact whole numbers, and binary fractions of 512 bits.

A whole number below 2**512 is a Python `int`; every other number is an `mpfr` of gmpy2, which is imported when the
first such number is met. `normal` keeps that rule, so that equal numbers have equal form.

What `log` and `pow` compute in hardware has the 53 bits of a float, and fewer digits when written: 2 to the power of
64 is written 18446744073709550000. Such a number stays an `mpfr` of few bits, even when it is whole, until it meets a
more precise one.
"""

import re
from decimal import Decimal
from typing import Any, Final

PRECISION: Final = 512
FLOAT_PRECISION: Final = 53
Number = Any  # int or mpfr

_LIMIT: Final = 1 << PRECISION
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?0*\d{1,9})?", re.ASCII)


def _context(*operands: Number) -> Any:
    """Return gmpy2's rules for an operation; its result is as precise as the most precise of its operands."""
    import gmpy2

    precision = max((_precision(number) for number in operands), default=PRECISION)
    return gmpy2.context(precision=precision, emax=gmpy2.get_emax_max(), emin=gmpy2.get_emin_min())


def _precision(number: Number) -> int:
    return PRECISION if number.__class__ is int else int(number.precision)


def _fraction(number: Number | str) -> Any:
    import gmpy2

    return gmpy2.mpfr(number, PRECISION)


def normal(number: Any) -> Number:
    """Return a number in the one form it is kept in."""
    if number.__class__ is int:
        return number if -_LIMIT < number < _LIMIT else _fraction(number)
    if number.precision < PRECISION and abs(number) >= 1 << number.precision:
        return number  # as an `int` it would be written with digits that nobody computed
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


def from_hardware(number: float) -> Number:
    """Return what was computed with floats, which is no more precise than that; it may be infinite, but not a NaN."""
    import gmpy2

    return normal(gmpy2.mpfr(number, FLOAT_PRECISION))


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
    digits, exponent = _shortest(_context(number).abs(number))  # plain `abs` would round to 53 bits
    return ("-" if number < 0 else "") + format(Decimal(f"{digits}e{exponent - len(digits) + 1}"), "f")


def _shortest(number: Any) -> tuple[str, int]:
    """Return the fewest digits that stand for a positive fraction and no other of its precision, and the exponent.

    The digits are those of the number itself, cut off as early as what is left lies within half a unit of its last
    bit, and rounded up or down there, whichever is nearer.
    """
    exact = _halves(number)
    low, here, high = (_decimal(exact[0] + step, exact[1]) for step in (-1, 0, 1))
    inclusive = exact[0] % 4 == 0  # a number whose last bit is zero wins a tie
    exponent = here[1]
    for place, digit in enumerate(here[0]):
        below = low[0][place] if place < len(low[0]) else "0"
        above = high[0][place] if place < len(high[0]) else "0"
        may_cut = below != digit or (inclusive and place + 1 == len(low[0]))
        may_raise = digit != above and (inclusive or int(digit) + 1 < int(above) or place + 1 < len(high[0]))
        if may_cut or may_raise:
            kept, rest = here[0][: place + 1], here[0][place + 1 :]
            if may_raise and (not may_cut or _rounds_up(kept, rest)):
                raised = str(int(kept) + 1)
                exponent += len(raised) - len(kept)
                kept = raised
            return kept.rstrip("0") or "0", exponent
    return here


def _halves(number: Any) -> tuple[int, int]:
    """Return a mantissa of one bit more than the number has, and the power of two to multiply it with."""
    mantissa, exponent = (int(part) for part in number.as_mantissa_exp())
    missing = int(number.precision) + 1 - mantissa.bit_length()
    return mantissa << missing, exponent - missing


def _decimal(mantissa: int, exponent: int) -> tuple[str, int]:
    """Return all decimal digits of `mantissa * 2**exponent`, and the exponent of the first."""
    if exponent >= 0:
        digits = _all_digits(mantissa << exponent)
        return digits.rstrip("0"), len(digits) - 1
    digits = _all_digits(mantissa * 5**-exponent)
    return digits.rstrip("0"), len(digits) - 1 + exponent


def _all_digits(number: int) -> str:
    import gmpy2

    return str(gmpy2.mpz(number).digits())  # Python refuses to write more than 4300 digits


def _rounds_up(kept: str, rest: str) -> bool:
    if rest == "5":
        return int(kept[-1]) % 2 == 1
    return rest >= "5"


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
        if count is None:
            return _shortest(number)
        written = _rounded(number, count)
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
    return number if number.__class__ is int else normal(_context(number).rint_ceil(number))


def round_down(number: Number) -> Number:
    """Return the greatest whole number not above `number`."""
    return number if number.__class__ is int else normal(_context(number).rint_floor(number))


def add(one: Number, other: Number) -> Number:
    """Return the sum."""
    if one.__class__ is int and other.__class__ is int:
        return normal(one + other)
    return normal(_context(one, other).add(_fraction(one), _fraction(other)))


def subtract(one: Number, other: Number) -> Number:
    """Return the difference."""
    if one.__class__ is int and other.__class__ is int:
        return normal(one - other)
    return normal(_context(one, other).sub(_fraction(one), _fraction(other)))


def multiply(one: Number, other: Number) -> Number:
    """Return the product."""
    if one.__class__ is int and other.__class__ is int:
        return normal(one * other)
    product = _context().mul(_fraction(one), _fraction(other))
    return normal(_reduced(product, max(_precision(one), _precision(other))))


def _reduced(number: Any, precision: int) -> Any:
    """Return a number with `precision` bits, or as many as it takes to lose nothing."""
    import gmpy2

    if precision == PRECISION or not gmpy2.is_finite(number):
        return number
    mantissa = abs(int(number.as_mantissa_exp()[0]))
    needed = (mantissa // (mantissa & -mantissa)).bit_length() if mantissa else 0
    return gmpy2.mpfr(number, max(precision, min(needed, PRECISION)))


def divide(one: Number, other: Number) -> Number:
    """Return the quotient; infinite when `other` is zero. Raises ZeroDivisionError for 0/0."""
    if other == 0 and one == 0:
        raise ZeroDivisionError
    if one.__class__ is int and other.__class__ is int and other and one % other == 0:
        return one // other
    return normal(_context(one, other).div(_fraction(one), _fraction(other)))


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
    return -number if number.__class__ is int else normal(_context(number).minus(number))
