"""Functions over numbers. Their arguments and results are exact, see `engine.lang.numbers`."""

from collections.abc import Iterable
from typing import Final

from engine.lang import numbers
from engine.lang.convert import ConversionError, convert
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.numbers import Number
from engine.lang.types import NUMBER, ListOf, Primitive, Type, friendly_name
from engine.lang.values import ListValue, SetValue, Value, children, is_null, type_of

_RANGE_LIMIT: Final = 1024
_NO_NUMBERS: Final = "argument must be list, set, or tuple of number values"


def whole_number(value: Number, argument: int | None = None, what: str = "") -> int:
    """Return a number that a function counts with. Raises FunctionError when it is not whole or needs over 64 bits."""
    if value.__class__ is int and -(2**63) <= value < 2**63:
        return int(value)
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
    total: Number = 0
    for number in summands:
        total = numbers.add(total, number)
    if total != total:  # a NaN, which no argument can be
        raise FunctionError("can't compute sum of opposing infinities")
    return total


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
    Function("max", (), _max, _NUMBERS, NUMBER, "The greatest of several numbers."),
    Function("min", (), _min, _NUMBERS, NUMBER, "The smallest of several numbers."),
    Function("range", (), _range, Parameter("params", NUMBER), ListOf(NUMBER), "Numbers from start to before end."),
    Function("sum", (Parameter("list"),), _sum, result=_sum_type, description="The sum of the numbers in a sequence."),
)
