"""The operators of the language. Unknown operands give unknown results, and marks of operands stay on results."""

from collections.abc import Callable

from engine.lang import numbers
from engine.lang.convert import ConversionError, convert, unify
from engine.lang.errors import LanguageError
from engine.lang.types import BOOL, DYNAMIC, NUMBER, ObjectOf, Primitive, TupleOf, Type, friendly_name
from engine.lang.values import (
    Null,
    Unknown,
    Value,
    equal,
    is_null,
    is_unknown,
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
        return mark(Unknown(result, not_null=True), marks)
    value = operation(left, right)
    if value != value:  # what infinite operands leave is no number
        what = _NOT_A_NUMBER[operator]
        raise LanguageError("Operation failed", f"Error during operation: can't {what}.")
    return mark(value, marks)


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
    marks = left_marks | right_marks
    if left.__class__ is Null or right.__class__ is Null:
        if is_unknown(left) or is_unknown(right):
            other = left if is_unknown(left) else right
            return mark(False if other.not_null else Unknown(BOOL, not_null=True), marks)
        return mark(left.__class__ is right.__class__, marks)
    if not _may_equal(type_of(left), type_of(right)):
        return mark(False, marks)
    if wholly_known(left) and wholly_known(right):
        return mark(equal(left, right), marks)
    return mark(Unknown(BOOL, not_null=True), marks)


def _may_equal(one: Type, other: Type) -> bool:
    """Return whether values of the two types can be equal at all."""
    if DYNAMIC in (one, other):
        return True
    if isinstance(one, ObjectOf) and isinstance(other, ObjectOf):
        return one.attributes.keys() == other.attributes.keys() and all(
            _may_equal(type, other.attributes[name]) for name, type in one.attributes.items()
        )
    if isinstance(one, TupleOf) and isinstance(other, TupleOf):
        return len(one.elements) == len(other.elements) and all(map(_may_equal, one.elements, other.elements))
    return one.__class__ is other.__class__ and (not isinstance(one, Primitive) or one == other)


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
        return mark(Unknown(_common_type(then, otherwise)), marks)
    chosen, other = (then, otherwise) if condition else (otherwise, then)
    if other is None:
        return mark(chosen, marks)
    try:
        return mark(convert(chosen, _common_type(then, otherwise)), marks)
    except ConversionError as problem:
        raise LanguageError(
            "Inconsistent conditional result types", f"The chosen arm has no common form: {problem}."
        ) from None


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
