"""What is certain of a value that is known only after apply, so that some questions about it can be answered now.

Whether it will be null, how its text will begin, between which numbers it will lie, how many elements it will have:
an `Unknown` carries these, known values answer for themselves. Values go in without marks.
"""

from typing import Final

from engine.lang.numbers import Number
from engine.lang.types import NUMBER, STRING, ListOf, MapOf, SetOf, Type
from engine.lang.values import (
    ListValue,
    MapValue,
    Null,
    SetValue,
    Unknown,
    Value,
    children,
    is_number,
    type_of,
    wholly_known,
)

Bounds = tuple[Number | None, Number | None]
"""The lowest and the highest that a number can be, None where there is no bound."""

Lengths = tuple[int, int | None]
"""The least and the most elements that a collection can have."""

ANY_LENGTH: Final[Lengths] = (0, None)

# After any of these no accent or other sign can change the character, so what precedes the unknown part is certain.
_CLOSED: Final = frozenset(" !\"#$%&'()*+,-./:;?@[\\]^_{|}~\t")


def surely_not_null(value: Value) -> bool:
    """Return whether a value is not null and will not be."""
    if value.__class__ is Unknown:
        return bool(value.not_null)
    return value.__class__ is not Null


def bounds_of(value: Value) -> Bounds:
    """Return between which numbers a value lies."""
    if value.__class__ is Unknown:
        return value.low, value.high
    return (value, value) if is_number(value) else (None, None)


def lengths_of(value: Value) -> Lengths:
    """Return how many elements a collection has. Unknown elements of a set may turn out to be the same."""
    if value.__class__ is Unknown:
        return value.shortest, value.longest
    count = sum(1 for _ in children(value))
    if value.__class__ is SetValue and count > 1 and not wholly_known(value):
        return 1, count
    return count, count


def unknown_text(beginning: str) -> Unknown:
    """Return an unknown text, not null, that begins as the text before its first unknown part: all that is certain."""
    prefix = beginning
    if prefix and prefix[-1] not in _CLOSED:
        from engine.lang.functions.strings import graphemes

        prefix = "".join(graphemes(beginning)[:-1])
    return Unknown(STRING, not_null=True, prefix=prefix)


def unknown_number(low: Number | None, high: Number | None, *, not_null: bool = True) -> Value:
    """Return a number between two bounds: known when only one is possible."""
    if not_null and low is not None and high is not None and low == high:
        return low
    return Unknown(NUMBER, not_null=not_null, low=low, high=high)


def unknown_collection(type: Type, lengths: Lengths, *, not_null: bool = True) -> Value:
    """Return a collection of unknown elements: itself known when its length is and its elements need no names."""
    shortest, longest = lengths
    if not_null and shortest == longest:
        if isinstance(type, ListOf):
            return ListValue(type.element, [Unknown(type.element)] * shortest)
        if isinstance(type, SetOf) and shortest < 2:
            return SetValue(type.element, [Unknown(type.element)] * shortest)
        if isinstance(type, MapOf) and shortest == 0:
            return MapValue(type.element)
    return Unknown(type, not_null=not_null, shortest=shortest, longest=longest)


def excludes(unknown: Unknown, value: Value) -> bool:
    """Return whether an unknown value cannot turn out to be `value`, of which at least the outermost layer is known."""
    if value.__class__ is Null:
        return bool(unknown.not_null)
    if value.__class__ is str:
        return not value.startswith(unknown.prefix)
    if value.__class__ in (ListValue, SetValue, MapValue):
        shortest, longest = lengths_of(value)
        return (longest is not None and longest < unknown.shortest) or (
            unknown.longest is not None and shortest > unknown.longest
        )
    if is_number(value):
        return (unknown.low is not None and value < unknown.low) or (unknown.high is not None and value > unknown.high)
    return False


def either(then: Value, otherwise: Value) -> Value:
    """Return what is known of a value that will be one of two, which have one type."""
    type = type_of(then)
    if then.__class__ is Null and otherwise.__class__ is Null:
        return then
    not_null = surely_not_null(then) and surely_not_null(otherwise)
    if type == NUMBER:
        (low, high), (other_low, other_high) = bounds_of(then), bounds_of(otherwise)
        lowest = None if low is None or other_low is None else min(low, other_low)
        highest = None if high is None or other_high is None else max(high, other_high)
        return unknown_number(lowest, highest, not_null=not_null)
    if isinstance(type, ListOf | SetOf | MapOf):
        (shortest, longest), (other_shortest, other_longest) = lengths_of(then), lengths_of(otherwise)
        most = None if longest is None or other_longest is None else max(longest, other_longest)
        return unknown_collection(type, (min(shortest, other_shortest), most), not_null=not_null)
    return Unknown(type, not_null=not_null)
