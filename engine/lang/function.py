"""What a function of the language is, and how one is called.

Calling checks and converts the arguments by the declared parameters. Nulls, unknown values and marks are dealt with
here, once, so that most functions are a few lines over plain values.
"""

from collections.abc import Callable
from dataclasses import dataclass

from engine.lang.convert import ConversionError, convert
from engine.lang.types import DYNAMIC, Type
from engine.lang.values import NO_MARKS, Marks, Unknown, Value, is_null, is_unknown, mark, type_of, unmark_deep


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument that a function takes. Without the `allow` flags the function sees only plain known values."""

    name: str
    type: Type = DYNAMIC
    allow_null: bool = False
    allow_unknown: bool = False  # the function itself deals with unknown values
    allow_marked: bool = False  # the function itself deals with marks, and they are not added to its result


@dataclass(frozen=True, slots=True)
class Function:
    """A function. `call` gets the converted arguments, `result` names the type that an unknown result has."""

    name: str
    parameters: tuple[Parameter, ...]
    call: Callable[..., Value]
    variadic: Parameter | None = None
    result: Type | Callable[..., Type] = DYNAMIC
    description: str = ""


class FunctionError(Exception):
    """Raised when a call cannot give a result. `argument` is the position at fault, None for the call as a whole."""

    def __init__(self, message: str, argument: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.argument = argument


class ArgumentCountError(FunctionError):
    """Raised when a call has too few or too many arguments."""


def invoke(function: Function, arguments: list[Value]) -> Value:
    """Return what `function` gives for `arguments`. Raises FunctionError; no other exception leaves a function."""
    parameters = _parameters_for(function, arguments)
    marks: Marks = NO_MARKS
    prepared: list[Value] = []
    unknown = False
    for position, (parameter, argument) in enumerate(zip(parameters, arguments, strict=True)):
        value = argument
        if not parameter.allow_marked:
            value, found = unmark_deep(value)
            marks |= found
        if is_null(value) and not parameter.allow_null:
            raise FunctionError("argument must not be null", position)
        try:
            value = convert(value, parameter.type)
        except ConversionError as problem:
            raise FunctionError(str(problem), position) from None
        unknown = unknown or (is_unknown(value) and not parameter.allow_unknown)
        prepared.append(value)
    if unknown:
        return mark(Unknown(_result_type(function, prepared)), marks)
    try:
        return mark(function.call(*prepared), marks)
    except RecursionError:
        raise FunctionError("the value is nested too deeply") from None


def _parameters_for(function: Function, arguments: list[Value]) -> list[Parameter]:
    """Return the parameter of each argument."""
    fixed = len(function.parameters)
    if len(arguments) < fixed:
        missing = function.parameters[len(arguments)].name
        count = f"{'at least ' if function.variadic else ''}{fixed} argument(s)"
        raise ArgumentCountError(
            f'Function "{function.name}" expects {count}. Missing value for "{missing}".', len(arguments)
        )
    if len(arguments) > fixed and function.variadic is None:
        raise ArgumentCountError(f'Function "{function.name}" expects only {fixed} argument(s).', fixed)
    extra = [function.variadic] * (len(arguments) - fixed) if function.variadic else []
    return [*function.parameters, *extra]


def _result_type(function: Function, arguments: list[Value]) -> Type:
    if callable(function.result):
        return function.result(*[type_of(argument) for argument in arguments])
    return function.result
