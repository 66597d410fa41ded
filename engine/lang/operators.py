"""The operators of the language. Unknown operands give unknown results, and marks of operands stay on results."""

from collections.abc import Callable

from engine.lang import numbers
from engine.lang.convert import ConversionError, convert, convertible, unify
from engine.lang.errors import LanguageError
from engine.lang.ranges import bounds_of, either, excludes, surely_not_null
from engine.lang.types import BOOL, DYNAMIC, NUMBER, ListOf, MapOf, ObjectOf, SetOf, TupleOf, Type, friendly_name
from engine.lang.values import (
    MapValue,
    Null,
    SetValue,
    Unknown,
    Value,
    children,
    equal,
    is_null,
    mark,
    type_of,
    unmark,
    unmark_deep,
    wholly_known,
)


def binary(operator: str, left: Value, right: Value) -> Value:
    """Return `left operator right`."""
    if operator in ("==", "!="):
        same = equals(left, right)
        return same if operator == "==" else unary("!", same)
    operand, result, operation = _OPERATIONS[operator]
    left, left_marks = unmark(_operand(left, operand, "left"))
    right, right_marks = unmark(_operand(right, operand, "right"))
    marks = left_marks | right_marks
    for side, value in (("left", left), ("right", right)):
        if value.__class__ is Null:
            detail = f"Error during operation: argument must not be null ({side} operand)."
            raise LanguageError("Operation failed", detail)
    if left.__class__ is Unknown or right.__class__ is Unknown:
        certain = _ordered(operator, left, right) if operator in _COMPARISONS else None
        return mark(Unknown(result, not_null=True) if certain is None else certain, marks)
    value = operation(left, right)
    if value != value:  # what infinite operands leave is no number
        what = _NOT_A_NUMBER[operator]
        raise LanguageError("Operation failed", f"Error during operation: can't {what}.")
    return mark(value, marks)


_COMPARISONS = frozenset({"<", "<=", ">", ">="})


def _ordered(operator: str, left: Value, right: Value) -> bool | None:
    """Return what a comparison of numbers gives of which not all is known, None when it depends on that."""
    (low, high), (other_low, other_high) = bounds_of(left), bounds_of(right)
    if high is not None and other_low is not None and high < other_low:
        return operator[0] == "<"
    if low is not None and other_high is not None and low > other_high:
        return operator[0] == ">"
    return None


_NOT_A_NUMBER = {
    "+": "add infinities of opposite signs",
    "-": "subtract infinity from itself",
    "*": "multiply zero by infinity",
    "/": "divide infinity by infinity",
    "%": "use modulo with zero and infinity",
}


def check_operand(operator: str, value: Value, side: str) -> None:
    """Raise LanguageError when `value` is of no use as the `side` operand of a binary operator."""
    if operator in _OPERATIONS:
        _operand(value, _OPERATIONS[operator][0], side)


def _operand(value: Value, wanted: Type, side: str) -> Value:
    try:
        return convert(value, wanted)
    except ConversionError as problem:
        raise LanguageError("Invalid operand", f"Unsuitable value for {side} operand: {problem}.") from None


def _divide(left: Value, right: Value) -> Value:
    try:
        return numbers.divide(left, right)
    except ZeroDivisionError:
        raise LanguageError("Operation failed", "Error during operation: can't divide zero by zero.") from None


_OPERATIONS: dict[str, tuple[Type, Type, Callable[[Value, Value], Value]]] = {
    "+": (NUMBER, NUMBER, numbers.add),
    "-": (NUMBER, NUMBER, numbers.subtract),
    "*": (NUMBER, NUMBER, numbers.multiply),
    "/": (NUMBER, NUMBER, _divide),
    "%": (NUMBER, NUMBER, numbers.remainder),
    "<": (NUMBER, BOOL, lambda left, right: bool(left < right)),
    "<=": (NUMBER, BOOL, lambda left, right: bool(left <= right)),
    ">": (NUMBER, BOOL, lambda left, right: bool(left > right)),
    ">=": (NUMBER, BOOL, lambda left, right: bool(left >= right)),
    "&&": (BOOL, BOOL, lambda left, right: left and right),
    "||": (BOOL, BOOL, lambda left, right: left or right),
}


def unary(operator: str, operand: Value) -> Value:
    """Return `-operand` or `!operand`."""
    wanted = BOOL if operator == "!" else NUMBER
    try:
        value, marks = unmark(convert(operand, wanted))
    except ConversionError as problem:
        raise LanguageError("Invalid operand", f"Unsuitable value for unary operand: {problem}.") from None
    if value.__class__ is Null:
        raise LanguageError("Operation failed", "Error during operation: argument must not be null.")
    if value.__class__ is Unknown:
        return mark(Unknown(wanted, not_null=True), marks)
    return mark(not value if operator == "!" else numbers.negate(value), marks)


def equals(left: Value, right: Value) -> Value:
    """Return whether two values are the same; nothing is converted, so `1 == "1"` is false."""
    left, left_marks = unmark_deep(left)
    right, right_marks = unmark_deep(right)
    same = _same(left, right)
    return mark(Unknown(BOOL, not_null=True) if same is None else same, left_marks | right_marks)


def _same(left: Value, right: Value) -> bool | None:
    """Return whether two unmarked values are the same, None while that is unknown."""
    unknown_left, unknown_right = left.__class__ is Unknown, right.__class__ is Unknown
    if unknown_left or unknown_right:
        if unknown_left and unknown_right:
            return None
        unknown, known = (left, right) if unknown_left else (right, left)
        if excludes(unknown, known):
            return False
        if known.__class__ is Null or _is_untyped(unknown.type):
            return None
        return None if type_of(known) == unknown.type else False
    if left.__class__ is Null or right.__class__ is Null:
        return left.__class__ is right.__class__
    one, other = type_of(left), type_of(right)
    if _holds_untyped(left) or _holds_untyped(right):
        return None if convertible(one, other) or convertible(other, one) else False
    if one != other:
        return False
    if wholly_known(left) and wholly_known(right):
        return equal(left, right)
    return _same_inside(left, right)


def _same_inside(left: Value, right: Value) -> bool | None:
    """Compare two values of one type member by member, as far as they are known."""
    if left.__class__ is SetValue:
        return None
    members, others = dict(children(left)), dict(children(right))
    if members.keys() != others.keys():
        return False
    told = [_same(item, others[key]) for key, item in members.items()]
    if left.__class__ in (dict, MapValue):
        return False if False in told else None if None in told else True
    return next((same for same in told if same is not True), True)


def _is_untyped(type: Type) -> bool:
    """Return whether a type says `any` somewhere."""
    match type:
        case ObjectOf(attributes):
            return any(map(_is_untyped, attributes.values()))
        case TupleOf(elements):
            return any(map(_is_untyped, elements))
        case ListOf(element) | SetOf(element) | MapOf(element):
            return _is_untyped(element)
    return type == DYNAMIC


def _holds_untyped(value: Value) -> bool:
    """Return whether something inside a value is unknown and may be of any type."""
    if value.__class__ is Unknown:
        return bool(value.type == DYNAMIC)
    return any(_holds_untyped(item) for _, item in children(value))


def choose(condition: Value, then: Value | None, otherwise: Value | None) -> Value:
    """Return the arm of a conditional that `condition` chooses, converted to the type both arms have in common.

    The arm that is not chosen may be None when it has no value; then the chosen one stays as it is. The condition
    is a bool, unknown or not, and not null.
    """
    condition, marks = unmark(condition)
    for arm in (then, otherwise):
        marks |= unmark(arm)[1]
    if condition.__class__ is Unknown:
        if then is None or otherwise is None:
            return mark(Unknown(DYNAMIC), marks)
        return mark(_either(then, otherwise), marks)
    chosen, other = (then, otherwise) if condition else (otherwise, then)
    if other is None:
        return mark(chosen, marks)
    try:
        return mark(convert(chosen, _common_type(then, otherwise)), marks)
    except ConversionError as problem:
        raise LanguageError(
            "Inconsistent conditional result types", f"The chosen arm has no common form: {problem}."
        ) from None


def _either(then: Value, otherwise: Value) -> Value:
    """Return what is known of the value of a conditional whose condition is not."""
    wanted = _common_type(then, otherwise)
    then, otherwise = unmark(then)[0], unmark(otherwise)[0]
    if type_of(then) == type_of(otherwise):
        return either(then, otherwise)
    return Unknown(wanted, not_null=surely_not_null(then) and surely_not_null(otherwise))


def _common_type(then: Value, otherwise: Value) -> Type:
    types = type_of(then), type_of(otherwise)
    if is_null(then) and types[0] == DYNAMIC:
        return types[1]
    if is_null(otherwise) and types[1] == DYNAMIC:
        return types[0]
    common = unify(types)
    if common is None:
        raise LanguageError(
            "Inconsistent conditional result types",
            "The true and false result expressions must have consistent types. The 'true' value is "
            f"{friendly_name(types[0])}, but the 'false' value is {friendly_name(types[1])}.",
        )
    return common
