"""Values as plain data, so that a test can compare them with everything they carry: types, marks, what is unknown."""

from pathlib import Path

from engine.lang import numbers
from engine.lang.function import Function, FunctionError, invoke
from engine.lang.types import NUMBER, STRING, to_notation
from engine.lang.values import (
    SENSITIVE_MARKS,
    ListValue,
    MapValue,
    Marked,
    Null,
    SetValue,
    Unknown,
    Value,
    mark,
    type_of,
)
from engine.plan.scope import module_functions

DIRECTORY = Path(__file__).parents[2] / "conformance" / "expressions"  # it has files of all sorts
NOW = "2026-01-02T03:04:05Z"
FUNCTIONS = module_functions(DIRECTORY, NOW, NOW)


def describe(value: Value) -> object:
    match value:
        case Marked():
            return ("marked", sorted(value.marks), describe(value.value))
        case Unknown() | Null():
            return (value.__class__.__name__, to_notation(value.type))
        case ListValue() | SetValue():
            return (value.__class__.__name__, to_notation(value.element), [describe(item) for item in value.items])
        case MapValue():
            return ("MapValue", to_notation(value.element), {key: describe(item) for key, item in value.items.items()})
        case tuple():
            return tuple(map(describe, value))
        case dict():
            return {key: describe(item) for key, item in value.items()}
        case str() | bool():
            return value
    assert type_of(value) is NUMBER
    return (value.__class__.__name__, numbers.text(value))


def call(name: str | Function, *arguments: Value) -> Value:
    return invoke(FUNCTIONS[name] if isinstance(name, str) else name, list(arguments))


def failure(name: str | Function, *arguments: Value) -> tuple[str, int | None]:
    """The message of the error that a call ends with, and the argument at fault."""
    try:
        result = call(name, *arguments)
    except FunctionError as problem:
        return problem.message, problem.argument
    raise AssertionError(f"no error but {describe(result)}")


def strings(*items: Value) -> ListValue:
    return ListValue(STRING, items)


def numerals(*items: str) -> ListValue:
    return ListValue(NUMBER, [number(item) for item in items])


def number(text: str) -> Value:
    parsed = numbers.parse(text)
    assert parsed is not None
    return parsed


def secret(value: Value) -> Value:
    return mark(value, SENSITIVE_MARKS)
