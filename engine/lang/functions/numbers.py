"""Functions over numbers. Their arguments and results are exact, see `engine.lang.numbers`; `log` and `pow` are not."""

import math
from collections.abc import Callable, Iterable
from typing import Final

from engine.lang import numbers
from engine.lang.convert import ConversionError, convert
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.floats import logarithm, power_of
from engine.lang.numbers import Number
from engine.lang.types import NUMBER, STRING, ListOf, Primitive, Type, friendly_name
from engine.lang.values import ListValue, SetValue, Value, children, is_null, type_of

_RANGE_LIMIT: Final = 1024
_NO_NUMBERS: Final = "argument must be list, set, or tuple of number values"


def whole_number(value: Number, argument: int | None = None, what: str = "") -> int:
    """Return a number that a function counts with. Raises FunctionError when it is not whole or needs over 64 bits."""
    whole = numbers.whole(value)
    if whole is not None and -(2**63) <= whole < 2**63:
        return whole
    raise FunctionError(
        f"{what}value must be a whole number, between -9223372036854775808 and 9223372036854775807", argument
    )


def _abs(number: Number) -> Number:
    return numbers.negate(number) if number < 0 else number


def _max(*several: Number) -> Number:
    return max(_at_least_one(several))


def _min(*several: Number) -> Number:
    return min(_at_least_one(several))


def _at_least_one(several: tuple[Number, ...]) -> tuple[Number, ...]:
    if not several:
        raise FunctionError("must pass at least one number")
    return several


def _range(*parameters: Number) -> Value:
    if not 1 <= len(parameters) <= 3:
        raise FunctionError("must have one, two, or three arguments")
    start, end = parameters[:2] if len(parameters) > 1 else (0, parameters[0])
    step = parameters[2] if len(parameters) == 3 else -1 if end < start else 1
    if step < 0 and end > start:
        raise FunctionError("end must be less than start when step is negative", 1)
    if step >= 0 and end < start:
        raise FunctionError("end must be greater than start when step is positive", 1)
    return ListValue(NUMBER, _count(start, end, step))


def _count(start: Number, end: Number, step: Number) -> list[Number]:
    found: list[Number] = []
    number = start
    while number > end if step < 0 else number < end:
        if len(found) == _RANGE_LIMIT:
            raise FunctionError(
                f"more than {_RANGE_LIMIT} values were generated; either decrease the difference between start and "
                "end or use a smaller step"
            )
        found.append(number)
        number = numbers.add(number, step)
    return found


def _sum_type(actual: Type) -> Type:
    if isinstance(actual, Primitive):
        raise FunctionError("cannot sum noniterable", 0)
    return NUMBER


def _sum(sequence: Value) -> Value:
    _sum_type(type_of(sequence))
    items = [item for _, item in children(sequence)]
    if not items:
        raise FunctionError("cannot sum an empty list", 0)
    if sequence.__class__ not in (tuple, ListValue, SetValue):
        kind = friendly_name(type_of(sequence))
        raise FunctionError(f"argument must be list, set, or tuple. Received {kind}", 0)
    return _total(map(_summand, items))


def _summand(item: Value) -> Number:
    try:
        if not is_null(item):
            return convert(item, NUMBER)
    except ConversionError:
        pass
    raise FunctionError(_NO_NUMBERS, 0)


def _total(summands: Iterable[Number]) -> Number:
    first, *rest = summands
    total: Number = first
    for number in rest:
        total = numbers.add(total, number)
    if total != total:  # a NaN, which no argument can be
        raise FunctionError("can't compute sum of opposing infinities")
    return total


def _signum(number: Number) -> Number:
    whole = whole_number(number)
    return (whole > 0) - (whole < 0)


def _log(number: Number, base: Number) -> Number:
    return _from_floats(lambda: logarithm(float(number)) / logarithm(float(base)))


def _pow(number: Number, power: Number) -> Number:
    return _from_floats(lambda: power_of(float(number), float(power)))


def _from_floats(compute: Callable[[], float]) -> Number:
    """Return what `compute` gives, where a division by zero is infinite. Raises FunctionError when it is no number."""
    try:
        computed = compute()
    except ZeroDivisionError:
        computed = math.inf
    except OverflowError:
        computed = math.nan
    if math.isnan(computed):
        raise FunctionError("the result is not a number")
    return numbers.from_hardware(computed)


def _integer_type(number: Type, base: Type) -> Type:
    if number != STRING:
        raise FunctionError(f"first argument must be a string, not {friendly_name(number)}", 0)
    return NUMBER


def _parseint(text: Value, base: Number) -> Number:
    _integer_type(type_of(text), NUMBER)
    radix = numbers.whole(base)
    if radix is None or not 2 <= radix <= len(_DIGITS):
        raise FunctionError(f"base must be a whole number between 2 and {len(_DIGITS)} inclusive", 1)
    digits = text[1:] if text[:1] in ("+", "-") else text
    if len(digits) > _MAX_DIGITS:
        raise FunctionError(f"more than {_MAX_DIGITS} digits", 0)
    found = 0
    for character in digits if radix > 36 else digits.lower():
        digit = _DIGITS.find(character)
        if not 0 <= digit < radix or not character.isascii():
            raise _not_an_integer(text, radix)
        found = found * radix + digit
    if not digits:
        raise _not_an_integer(text, radix)
    return numbers.normal(-found if text[0] == "-" else found)


def _not_an_integer(text: str, base: int) -> FunctionError:
    redacted = "cannot parse (sensitive value) as a base (sensitive value) integer"
    return FunctionError(f'cannot parse "{text}" as a base {base} integer', 0, redacted)


_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_DIGITS: Final = 10_000

_NUMBER = Parameter("num", NUMBER)
_NUMBERS = Parameter("numbers", NUMBER)

FUNCTIONS: Final[tuple[Function, ...]] = (
    Function("abs", (_NUMBER,), _abs, result=NUMBER, description="The number without its sign."),
    Function(
        "ceil", (_NUMBER,), numbers.round_up, result=NUMBER, description="The smallest whole number not below a number."
    ),
    Function(
        "floor",
        (_NUMBER,),
        numbers.round_down,
        result=NUMBER,
        description="The greatest whole number not above a number.",
    ),
    Function(
        "log",
        (_NUMBER, Parameter("base", NUMBER)),
        _log,
        result=NUMBER,
        description="The logarithm of a number to a base, with the precision of a 64-bit float.",
    ),
    Function("max", (), _max, _NUMBERS, NUMBER, "The greatest of several numbers."),
    Function("min", (), _min, _NUMBERS, NUMBER, "The smallest of several numbers."),
    Function(
        "parseint",
        (Parameter("number"), Parameter("base", NUMBER)),
        _parseint,
        result=_integer_type,
        description="The whole number that a text writes in a base from 2 to 62.",
    ),
    Function(
        "pow",
        (_NUMBER, Parameter("power", NUMBER)),
        _pow,
        result=NUMBER,
        description="A number raised to a power, with the precision of a 64-bit float.",
    ),
    Function("range", (), _range, Parameter("params", NUMBER), ListOf(NUMBER), "Numbers from start to before end."),
    Function("signum", (_NUMBER,), _signum, result=NUMBER, description="-1, 0 or 1: the sign of a whole number."),
    Function("sum", (Parameter("list"),), _sum, result=_sum_type, description="The sum of the numbers in a sequence."),
)
