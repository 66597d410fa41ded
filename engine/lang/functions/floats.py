"""Logarithms and powers of floats, to the last bit as Terraform's run time computes them.

C libraries round better, but then a plan would differ in the last digit. The logarithm is that of FreeBSD's libm; a
power is found by squaring, and by logarithm and exponential for what is not whole of the exponent.
"""

import math
from typing import Final

_LN2_HIGH: Final = 6.93147180369123816490e-01
_LN2_LOW: Final = 1.90821492927058770002e-10
_ODD: Final = (6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01)
_EVEN: Final = (3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01)


def logarithm(number: float) -> float:
    """Return the natural logarithm; minus infinity for 0, and no number for one below 0."""
    if number == 0:
        return -math.inf
    if number < 0 or math.isnan(number):
        return math.nan
    if math.isinf(number):
        return number
    mantissa, exponent = math.frexp(number)
    if mantissa < math.sqrt(2) / 2:
        mantissa *= 2
        exponent -= 1
    rest = mantissa - 1
    ratio = rest / (2 + rest)
    square = ratio * ratio
    fourth = square * square
    series = square * _polynomial(_ODD, fourth) + fourth * _polynomial(_EVEN, fourth)
    half = 0.5 * rest * rest
    return exponent * _LN2_HIGH - ((half - (ratio * (half + series) + exponent * _LN2_LOW)) - rest)


def _polynomial(coefficients: tuple[float, ...], argument: float) -> float:
    value = 0.0
    for coefficient in reversed(coefficients):
        value = coefficient + argument * value
    return value


def power_of(base: float, power: float) -> float:
    """Return `base` to the power of `power`; it may be infinite or no number."""
    special = _special_power(base, power)
    if special is not None:
        return special
    fraction, whole = math.modf(abs(power))
    if fraction and base < 0:
        return math.nan
    result, exponent = 1.0, 0
    if fraction > 0.5:
        fraction -= 1
        whole += 1
    if fraction:
        result = math.exp(fraction * logarithm(base))
    square, square_exponent = math.frexp(base)
    remaining = int(whole)
    while remaining:
        if abs(square_exponent) > 1 << 12:  # by now the result is zero or infinite
            exponent += square_exponent
            break
        if remaining & 1:
            result *= square
            exponent += square_exponent
        square *= square
        square_exponent *= 2
        if square < 0.5:
            square += square
            square_exponent -= 1
        remaining >>= 1
    if power < 0:
        result, exponent = 1 / result, -exponent
    try:
        return math.ldexp(result, exponent)
    except OverflowError:
        return math.copysign(math.inf, result)


def _special_power(base: float, power: float) -> float | None:
    if power == 0 or base == 1:
        return 1.0
    if power == 1:
        return base
    if base == 0:
        return math.inf if power < 0 else 0.0
    if math.isinf(base) or math.isinf(power) or abs(power) >= 2.0**63:
        return _endless_power(base, power)
    if power in (0.5, -0.5):
        root = math.sqrt(base) if base > 0 else math.nan
        return root if power > 0 else 1 / root
    return None


def _endless_power(base: float, power: float) -> float:
    if base == -1:
        return 1.0
    grows = (abs(base) > 1) == (power > 0)
    if not grows:
        return 0.0
    negative = base < 0 and math.isinf(base) and power % 2 == 1
    return -math.inf if negative else math.inf
