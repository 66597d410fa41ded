"""What a function of the language is, and how one is called.

Calling checks and converts the arguments by the declared parameters. Nulls, unknown values and marks are dealt with
here, once, so that most functions are a few lines over plain values.
"""

from collections.abc import Callable
from dataclasses import dataclass

from engine.lang.convert import ConversionError, convert
from engine.lang.types import DYNAMIC, Type
from engine.lang.values import (
    NO_MARKS,
    SENSITIVE,
    Marks,
    Unknown,
    Value,
    is_null,
    is_unknown,
    mark,
    type_of,
    unmark,
    unmark_deep,
    wholly_known,
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument that a function takes.

    Without the `allow` flags the function sees only plain values that are known throughout: any unknown value in the
    argument makes the result unknown, and all marks in it move to the result.
    """

    name: str
    type: Type = DYNAMIC
    allow_null: bool = False
    allow_unknown: bool = False  # the argument may be unknown itself, and so may what it contains
    allow_inside: bool = False  # what the argument contains may be unknown or marked; its own marks move to the result
    allow_marked: bool = False  # the function deals with all marks, and none is added to its result
    description: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function. `call` gets the converted arguments, `result` names the type that an unknown result has.

    `result` may be a function of the arguments' types; it raises FunctionError for types that can never do. `returns`
    is the type that people are told when it is another. What is not `pure` gives another result with each run or call.
    """

    name: str
    parameters: tuple[Parameter, ...]
    call: Callable[..., Value]
    variadic: Parameter | None = None
    result: Type | Callable[..., Type] = DYNAMIC
    description: str = ""
    returns: Type | None = None
    pure: bool = True
    nullable: bool = False  # an unknown result may turn out to be null

    @property
    def return_type(self) -> Type:
        """The type of all results, as far as people are told without knowing the arguments."""
        if self.returns is not None:
            return self.returns
        return DYNAMIC if callable(self.result) else self.result


class FunctionError(Exception):
    """Raised when a call cannot give a result. `argument` is the position at fault, None for the call as a whole.

    A message that quotes an argument comes with `redacted`, the message to show when an argument is sensitive.
    """

    def __init__(self, message: str, argument: int | None = None, redacted: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.argument = argument
        self.redacted = redacted


class ArgumentCountError(FunctionError):
    """Raised when a call has too few or too many arguments."""


def invoke(function: Function, arguments: list[Value]) -> Value:
    """Return what `function` gives for `arguments`. Raises FunctionError; no other exception leaves a function."""
    parameters = _parameters_for(function, arguments)
    pairs = list(zip(parameters, arguments, strict=True))
    converted = [_converted(parameter, argument, i) for i, (parameter, argument) in enumerate(pairs)]
    marks: Marks = NO_MARKS
    prepared: list[Value] = []
    for position, (parameter, argument) in enumerate(zip(parameters, converted, strict=True)):
        value, found = _without_marks(parameter, argument)
        if is_null(value) and not parameter.allow_null:
            raise FunctionError("argument must not be null", position)
        marks |= found
        prepared.append(value)
    if any(map(_makes_unknown, parameters, prepared)):
        return mark(_unknown_result(function, parameters, prepared), marks)
    try:
        return mark(function.call(*prepared), marks)
    except FunctionError as problem:
        if problem.redacted is not None and SENSITIVE in marks:
            raise FunctionError(problem.redacted, problem.argument) from None
        raise
    except RecursionError:
        raise FunctionError("the value is nested too deeply") from None


def _converted(parameter: Parameter, argument: Value, position: int) -> Value:
    try:
        return convert(argument, parameter.type)
    except ConversionError as problem:
        raise FunctionError(str(problem), position) from None
    except RecursionError:
        raise FunctionError("the value is nested too deeply", position) from None


def _without_marks(parameter: Parameter, argument: Value) -> tuple[Value, Marks]:
    if parameter.allow_marked:
        return argument, NO_MARKS
    return unmark(argument) if parameter.allow_inside else unmark_deep(argument)


def _makes_unknown(parameter: Parameter, argument: Value) -> bool:
    """Return whether the result is unknown because this argument is, or part of it."""
    if parameter.allow_unknown:
        return False
    return is_unknown(argument) or not (parameter.allow_inside or wholly_known(argument))


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


def _unknown_result(function: Function, parameters: list[Parameter], arguments: list[Value]) -> Unknown:
    """Return an unknown value of the type that the result will have, as far as the arguments tell."""
    if not callable(function.result):
        return Unknown(function.result, not_null=not function.nullable)
    untyped = (
        type_of(argument) == DYNAMIC and is_unknown(argument) and parameter.type == DYNAMIC
        for parameter, argument in zip(parameters, arguments, strict=True)
    )
    if any(untyped):
        return Unknown(DYNAMIC)
    return Unknown(function.result(*map(type_of, arguments)), not_null=not function.nullable)
