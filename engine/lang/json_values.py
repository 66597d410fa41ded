"""Values as JSON data and back: for the state, for plans, and for `jsonencode` and `jsondecode`.

JSON data is what Python's `json` module reads and writes (None, bool, str, int, list, dict) with `Decimal` for every
number that is not whole, so that no digit is lost. `read_json` reads it and `write_json` writes it. Marks and unknown
values have no form in JSON: whoever has such values takes them apart first. Files and streams stay out.
"""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from engine.lang import numbers
from engine.lang.convert import ConversionError, convert, normalize
from engine.lang.sets import make_set
from engine.lang.types import (
    DYNAMIC,
    ListOf,
    MapOf,
    ObjectOf,
    Primitive,
    SetOf,
    TupleOf,
    Type,
    from_notation,
    to_notation,
)
from engine.lang.values import (
    NULL,
    ListValue,
    MapValue,
    Marked,
    Null,
    Path,
    SetValue,
    Unknown,
    Value,
    type_of,
)

JSON: TypeAlias = Any
"""None, bool, str, int, Decimal, or a list or dict of such."""

MAX_DEPTH: Final = 100
"""How deep values may nest; the walks over values recurse, and Python's stack is not ours to use up."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(value: Value) -> JSON:
    """Return an unmarked, wholly known value as JSON data: attributes and keys in order, sets as lists.

    Raises ConversionError, with the path, for an infinite number or a value nested deeper than `MAX_DEPTH`.
    """
    return _to_json(value, None, ())


def to_json_typed(value: Value, wanted: Type) -> JSON:
    """Return a value of type `wanted` as JSON data that `from_json_typed` reads back.

    Where `wanted` is `any`, the data holds the type as well: `{"value": ..., "type": ...}`, as Terraform's state does.
    """
    return _to_json(value, wanted, ())


def _to_json(value: Value, wanted: Type | None, path: Path) -> JSON:
    if len(path) > MAX_DEPTH:
        raise ConversionError(f"the value is nested more than {MAX_DEPTH} levels deep")
    if wanted == DYNAMIC and (actual := type_of(value)) != DYNAMIC:
        return {"value": _to_json(value, actual, path), "type": to_notation(actual)}
    match value:
        case str() | bool():
            return value
        case Null():
            return None
        case dict():
            types = wanted.attributes if isinstance(wanted, ObjectOf) else {}
            return {key: _to_json(value[key], types.get(key), (*path, key)) for key in sorted(value)}
        case MapValue():
            element = wanted.element if isinstance(wanted, MapOf) else None
            return {key: _to_json(value.items[key], element, (*path, key)) for key in sorted(value.items)}
        case tuple():
            elements = wanted.elements if isinstance(wanted, TupleOf) else (None,) * len(value)
            return [_to_json(item, elements[i], (*path, i)) for i, item in enumerate(value)]
        case ListValue() | SetValue():
            element = wanted.element if isinstance(wanted, ListOf | SetOf) else None
            return [_to_json(item, element, (*path, i)) for i, item in enumerate(value.items)]
        case Marked() | Unknown():
            raise ValueError(f"no form in JSON: {value!r} at {path}")
    return _number_to_json(value, path)


def _number_to_json(number: numbers.Number, path: Path) -> int | Decimal:
    exact = numbers.to_decimal(number)
    if isinstance(exact, Decimal) and not exact.is_finite():
        raise ConversionError("an infinite number has no form in JSON", path)
    return exact


def from_json(data: JSON) -> Value:
    """Return JSON data as a value of the type it implies: lists are tuples, dicts are objects, null has no type.

    Raises ConversionError for data nested deeper than `MAX_DEPTH`.
    """
    return _from_json(data, 0)


def _from_json(data: JSON, depth: int) -> Value:
    if depth > MAX_DEPTH:
        raise ConversionError(f"the value is nested more than {MAX_DEPTH} levels deep")
    match data:
        case str():
            return _text(data)
        case bool():
            return data
        case None:
            return NULL
        case int() | float() | Decimal():
            return numbers.from_python(data)
        case dict():
            return {_text(key): _from_json(item, depth + 1) for key, item in data.items()}
        case list():
            return tuple([_from_json(item, depth + 1) for item in data])
    raise TypeError(f"not JSON data: {data!r}")


def from_json_typed(data: JSON, wanted: Type, *, drop_unsupported: bool = False) -> Value:
    """Return JSON data as a value of type `wanted`, as `to_json_typed` wrote it.

    An attribute that is missing from an object comes back as null. One that `wanted` does not have is an error, or
    with `drop_unsupported` left out. Raises ConversionError, with the path, where the data does not fit.
    """
    return _from_typed(data, wanted, drop_unsupported, 0)


def _from_typed(data: JSON, wanted: Type, drop: bool, depth: int) -> Value:
    if depth > MAX_DEPTH:
        raise ConversionError(f"the value is nested more than {MAX_DEPTH} levels deep")
    if data is None:
        return Null(wanted)
    if wanted == DYNAMIC:
        return _from_dynamic(data, drop, depth)

    def inside(key: str | int, item: JSON, type: Type) -> Value:
        try:
            return _from_typed(item, type, drop, depth + 1)
        except ConversionError as problem:
            raise problem.under(key, wanted) from None

    match wanted:
        case Primitive():
            return convert(_from_json(data, depth), wanted)
        case ObjectOf(attributes):
            members = _expect(data, dict, "an object")
            surplus = sorted(members.keys() - attributes.keys())
            if surplus and not drop:
                raise ConversionError("unsupported attribute", (surplus[0],))
            return {name: inside(name, members.get(name), inner) for name, inner in attributes.items()}
        case MapOf(element):
            members = _expect(data, dict, "a map")
            items = {_text(key): inside(key, item, element) for key, item in members.items()}
            return convert(items, wanted) if element == DYNAMIC else MapValue(element, items)
        case TupleOf(elements):
            listed = _expect(data, list, "a tuple")
            if len(listed) != len(elements):
                raise ConversionError(f"a tuple of {len(elements)} elements is required")
            return tuple([inside(i, item, elements[i]) for i, item in enumerate(listed)])
        case ListOf(element) | SetOf(element):
            sequence = [inside(i, item, element) for i, item in enumerate(_expect(data, list, "a list"))]
            if element == DYNAMIC:
                return convert(tuple(sequence), wanted)
            return ListValue(element, sequence) if isinstance(wanted, ListOf) else make_set(element, sequence)


def _from_dynamic(data: JSON, drop: bool, depth: int) -> Value:
    if not isinstance(data, dict) or data.keys() != {"value", "type"}:
        raise ConversionError('a value with its type is required: {"value": ..., "type": ...}')
    try:
        actual = from_notation(data["type"])
    except ValueError as problem:
        raise ConversionError(str(problem), ("type",)) from None
    return _from_typed(data["value"], actual, drop, depth + 1)


def _expect(data: JSON, kind: type, name: str) -> Any:
    if not isinstance(data, kind):
        raise ConversionError(f"{name} is required")
    return data


def _text(text: str) -> str:
    """Return text as the language keeps it: in NFC, and half of a surrogate pair replaced, as Go's decoder does."""
    if text.isascii():
        return text
    return normalize(_LONE_SURROGATE.sub("\ufffd", text))


def read_json(text: str) -> JSON:
    """Return JSON text as data, every number exact. Raises ValueError (`json.JSONDecodeError`) with the position."""
    try:
        return json.loads(text, parse_float=_fraction, parse_int=_integer, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("the document is nested too deeply") from None


def _fraction(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent beyond what can be counted
        raise ValueError(f"the number {digits[:40]} is out of range") from None


def _integer(digits: str) -> int | Decimal:
    # Python refuses to turn very long texts into an int, because that takes quadratic time.
    return int(digits) if len(digits) <= 200 else Decimal(digits)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def write_json(data: JSON, encode_text: Callable[[str], str] = json.encoder.encode_basestring) -> str:
    """Return data as JSON text without any white space. `encode_text` writes strings with their quotes."""
    return "".join(_pieces(data, encode_text))


def _pieces(data: JSON, encode_text: Callable[[str], str]) -> Iterator[str]:
    match data:
        case str():
            yield encode_text(data)
        case None | bool():
            yield {None: "null", True: "true", False: "false"}[data]
        case int():
            yield str(data)
        case Decimal():
            yield format(data, "f")
        case dict():
            opening = "{"
            for key, item in data.items():
                yield f"{opening}{encode_text(key)}:"
                yield from _pieces(item, encode_text)
                opening = ","
            yield "{}" if opening == "{" else "}"
        case list():
            opening = "["
            for item in data:
                yield opening
                yield from _pieces(item, encode_text)
                opening = ","
            yield "[]" if opening == "[" else "]"
