"""Functions that change a value's type or its sensitivity, not what it says."""

from typing import Final

from engine.lang.convert import ConversionError, convert
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, SetOf, Type, friendly_name
from engine.lang.values import (
    EPHEMERAL,
    SENSITIVE,
    SENSITIVE_MARKS,
    Null,
    Unknown,
    Value,
    is_sensitive,
    is_unknown,
    mark,
    rebuild,
    type_of,
    unmark,
    unmark_deep,
)


def _converter(name: str, wanted: Type) -> Function:
    """Return the function that converts to `wanted`; marks stay where they are."""

    def call(value: Value) -> Value:
        try:
            converted, marks = unmark(convert(value, wanted))
        except ConversionError:
            raise _not_convertible(value, wanted) from None
        # As in Terraform, of what is unknown no more stays certain than its type.
        return mark(Unknown(converted.type) if is_unknown(converted) else converted, marks)

    parameter = Parameter("v", allow_null=True, allow_unknown=True, allow_marked=True)
    return Function(name, (parameter,), call, result=wanted, description=f"A value as {friendly_name(wanted)}.")


def _not_convertible(value: Value, wanted: Type) -> FunctionError:
    plain, marks = unmark_deep(value)
    actual = friendly_name(type_of(plain))
    if SENSITIVE in marks:
        return FunctionError(f"cannot convert this sensitive {actual} to {friendly_name(wanted)}", 0)
    if plain.__class__ is str and wanted is BOOL:
        hint = 'only the strings "true" or "false" are allowed'
        return FunctionError(f'cannot convert "{plain}" to bool; {hint}', 0)
    if plain.__class__ is str and wanted is NUMBER:
        hint = "given string must be a decimal representation of a number"
        return FunctionError(f'cannot convert "{plain}" to number; {hint}', 0)
    return FunctionError(f"cannot convert {actual} to {friendly_name(wanted)}", 0)


def _sensitive(value: Value) -> Value:
    return mark(value, SENSITIVE_MARKS)


def _nonsensitive(value: Value) -> Value:
    plain, marks = unmark(value)
    return mark(plain, marks - SENSITIVE_MARKS)


def _issensitive(value: Value) -> Value:
    if is_sensitive(value):
        return True
    return Unknown(BOOL, not_null=True) if is_unknown(value) else False  # it may turn out to be sensitive


def _ephemeralasnull(value: Value) -> Value:
    plain, marks = unmark(value)
    if EPHEMERAL not in marks:
        return mark(rebuild(plain, lambda _, item: _ephemeralasnull(item)), marks)
    # An unknown value stays unknown: its type may turn out to be more precise than what is known of it now.
    absent = plain if plain.__class__ is Unknown else Null(type_of(plain))
    return mark(absent, marks - {EPHEMERAL})


_ANY = (Parameter("value", allow_null=True, allow_unknown=True, allow_marked=True),)

FUNCTIONS: Final[tuple[Function, ...]] = (
    Function(
        "ephemeralasnull",
        _ANY,
        _ephemeralasnull,
        description="A value in which everything ephemeral is null, so that it may be stored.",
    ),
    _converter("tobool", BOOL),
    _converter("tolist", ListOf(DYNAMIC)),
    _converter("tomap", MapOf(DYNAMIC)),
    _converter("tonumber", NUMBER),
    _converter("toset", SetOf(DYNAMIC)),
    _converter("tostring", STRING),
    Function("issensitive", _ANY, _issensitive, result=BOOL, description="Whether a value is marked sensitive."),
    Function("nonsensitive", _ANY, _nonsensitive, description="A value without its sensitive mark."),
    Function("sensitive", _ANY, _sensitive, description="A value marked sensitive."),
)
