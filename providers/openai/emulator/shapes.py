"""A small language for the shapes of JSON that an endpoint accepts, and its one validator.

Shapes are data: the accepted request is written down once, in `requests`, and `check` walks it beside a value.
It stops at the first problem, as the API does, and raises it with the JSON path, message and code of the API.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from providers.openai.emulator.problems import CLIP, Refused


class Shape(Protocol):
    """What one JSON value may be."""

    @property
    def noun(self) -> str:
        """The kind of value, with its article: "a string"."""

    def fits(self, value: object) -> bool:
        """Say whether `value` is of this kind at all."""

    def check(self, value: object, path: str) -> None:
        """Raise Refused when `value`, which is of this kind, is not acceptable at `path`."""


def check(shape: Shape, value: object, path: str) -> None:
    """Raise Refused for the first thing in `value` that `shape` does not accept. The path of a body is ""."""
    if not shape.fits(value):
        where = f"'{path}'" if path else "the request body"
        message = f"Invalid type for {where}: expected {shape.noun}, but got {_noun(value)} instead."
        raise _bad(message, path, "invalid_type")
    shape.check(value, path)


def join(path: str, name: str) -> str:
    """Return the path of the member `name` of the object at `path`."""
    return f"{path}.{name[:CLIP]}" if path else name[:CLIP]


@dataclass(frozen=True, slots=True)
class Text:
    """A string: any, one of a closed set, or one that matches a pattern."""

    choices: tuple[str, ...] = ()
    pattern: str = ""
    noun: str = field(default="a string", init=False)

    def fits(self, value: object) -> bool:
        return isinstance(value, str)

    def check(self, value: object, path: str) -> None:
        if self.choices and value not in self.choices:
            raise _unsupported(value, self.choices, path)
        if self.pattern and not re.fullmatch(self.pattern, str(value)):
            message = f"Invalid '{path}': expected a string that matches the pattern '{self.pattern}'."
            raise _bad(message, path, "invalid_value")


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within bounds, or one of a closed set. `600.0` is none: it has a fraction on the wire."""

    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[int, ...] = ()
    noun: str = field(default="an integer", init=False)

    def fits(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    def check(self, value: object, path: str) -> None:
        if self.choices and value not in self.choices:
            raise _unsupported(value, self.choices, path)
        _check_bounds(value, self.minimum, self.maximum, path, "integer")


@dataclass(frozen=True, slots=True)
class Decimal:
    """Any number, within bounds."""

    minimum: float | None = None
    maximum: float | None = None
    noun: str = field(default="a decimal", init=False)

    def fits(self, value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    def check(self, value: object, path: str) -> None:
        _check_bounds(value, self.minimum, self.maximum, path, "decimal")


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false."""

    noun: str = field(default="a boolean", init=False)

    def fits(self, value: object) -> bool:
        return isinstance(value, bool)

    def check(self, value: object, path: str) -> None:
        pass


@dataclass(frozen=True, slots=True)
class FreeObject:
    """An object with whatever the sender likes: a JSON Schema, metadata."""

    noun: str = field(default="an object", init=False)

    def fits(self, value: object) -> bool:
        return isinstance(value, dict)

    def check(self, value: object, path: str) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Array:
    """A list of values of one shape. `combinations`, when given, are the only lists allowed, in any order."""

    items: Shape
    minimum: int = 0
    combinations: tuple[tuple[str, ...], ...] = ()
    noun: str = field(default="an array", init=False)

    def fits(self, value: object) -> bool:
        return isinstance(value, list)

    def check(self, value: object, path: str) -> None:
        if not isinstance(value, list):
            return
        for index, item in enumerate(value):
            check(self.items, item, f"{path}[{index}]")
        if len(value) < self.minimum:
            message = f"Invalid '{path}': empty array. Expected an array with minimum length {self.minimum}."
            raise _bad(message, path, "empty_array")
        if self.combinations and sorted(value) not in [sorted(each) for each in self.combinations]:
            supported = " and ".join(str(list(each)) for each in self.combinations)
            message = f"Invalid value: {str(value)[:CLIP]}. Supported combinations are: {supported}."
            raise _bad(message, path, "invalid_value")


@dataclass(frozen=True, slots=True)
class Map:
    """An object with free keys and values of one shape."""

    values: Shape
    noun: str = field(default="an object", init=False)

    def fits(self, value: object) -> bool:
        return isinstance(value, dict)

    def check(self, value: object, path: str) -> None:
        for key, item in _members(value):
            check(self.values, item, join(path, key))


@dataclass(frozen=True, slots=True)
class Object:
    """An object with named members. Of `one_of`, at least one has to be there."""

    members: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    noun: str = field(default="an object", init=False)

    def fits(self, value: object) -> bool:
        return isinstance(value, dict)

    def check(self, value: object, path: str) -> None:
        given = dict(_members(value))
        for name in self.required:
            if name not in given:
                raise missing_parameter(join(path, name))
        for name, item in given.items():
            if name not in self.members:
                raise unknown_parameter(join(path, name))
            check(self.members[name], item, join(path, name))
        if self.one_of and not any(name in given for name in self.one_of):
            message = f"Missing required parameter: one of {_listed(self.one_of, 'or')} is needed in '{path}'."
            raise _bad(message, path, "missing_required_parameter")


@dataclass(frozen=True, slots=True)
class Variants:
    """An object whose member `type` tells which of several shapes it has; `default` is for one without it."""

    by_type: Mapping[str, Object]
    default: str | None = None
    noun: str = field(default="an object", init=False)

    def fits(self, value: object) -> bool:
        return isinstance(value, dict)

    def check(self, value: object, path: str) -> None:
        given = dict(_members(value))
        kind = given.pop("type", self.default)
        if kind is None and "type" not in dict(_members(value)):
            raise missing_parameter(join(path, "type"))
        check(Text(tuple(self.by_type)), kind, join(path, "type"))
        check(self.by_type[str(kind)], given, path)


@dataclass(frozen=True, slots=True)
class Nullable:
    """A value of one shape, or null."""

    shape: Shape

    @property
    def noun(self) -> str:
        return f"{self.shape.noun} or null"

    def fits(self, value: object) -> bool:
        return value is None or self.shape.fits(value)

    def check(self, value: object, path: str) -> None:
        if value is not None:
            self.shape.check(value, path)


@dataclass(frozen=True, slots=True)
class Either:
    """A value of the first shape that its kind fits."""

    shapes: tuple[Shape, ...]

    @property
    def noun(self) -> str:
        return f"one of {' or '.join(shape.noun for shape in self.shapes)}"

    def fits(self, value: object) -> bool:
        return any(shape.fits(value) for shape in self.shapes)

    def check(self, value: object, path: str) -> None:
        next(shape for shape in self.shapes if shape.fits(value)).check(value, path)


def missing_parameter(path: str) -> Refused:
    """Return the problem of a member that has to be there."""
    return _bad(f"Missing required parameter: '{path}'.", path, "missing_required_parameter")


def unknown_parameter(path: str) -> Refused:
    """Return the problem of a member that the API does not know."""
    return _bad(f"Unknown parameter: '{path}'.", path, "unknown_parameter")


def _check_bounds(value: object, minimum: float | None, maximum: float | None, path: str, kind: str) -> None:
    if not isinstance(value, int | float):
        return
    below = minimum is not None and value < minimum
    if below or (maximum is not None and value > maximum):
        word, sign, bound = ("below minimum", ">=", minimum) if below else ("above maximum", "<=", maximum)
        message = f"Invalid '{path}': {kind} {word} value. Expected a value {sign} {bound}, but got {value} instead."
        raise _bad(message, path, f"{kind}_{'below_min' if below else 'above_max'}_value")


def _unsupported(value: object, choices: Iterable[object], path: str) -> Refused:
    shown = repr(value)[: CLIP + 2]
    return _bad(f"Invalid value: {shown}. Supported values are: {_listed(choices, 'and')}.", path, "invalid_value")


def _listed(values: Iterable[object], word: str) -> str:
    """Return `'a'`, `'a' and 'b'`, or `'a', 'b', and 'c'`."""
    shown = [repr(value) for value in values]
    if len(shown) > 2:
        return f"{', '.join(shown[:-1])}, {word} {shown[-1]}"
    return f" {word} ".join(shown)


def _members(value: object) -> Iterable[tuple[str, object]]:
    return value.items() if isinstance(value, dict) else ()


def _noun(value: object) -> str:
    kinds: tuple[Shape, ...] = (Boolean(), Integer(), Decimal(), Text(), Array(Boolean()), FreeObject())
    return next((kind.noun for kind in kinds if kind.fits(value)), "null")


def _bad(message: str, path: str, code: str) -> Refused:
    return Refused(400, message, param=path or None, code=code)
