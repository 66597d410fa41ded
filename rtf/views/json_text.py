"""JSON text as Terraform writes it: numbers in full, and `<`, `>` and `&` escaped so that it is safe inside HTML."""

import json
import re
from decimal import Decimal
from typing import Final

from engine.lang import numbers
from engine.lang.json_values import JSON, write_json
from engine.lang.types import ListOf, MapOf, ObjectOf, SetOf, TupleOf
from engine.lang.values import ListValue, MapValue, Null, SetValue, Unknown, Value, children, unmark_deep
from state.jsontext import render

_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_SPECIAL = re.compile("[<>&\u2028\u2029]")


def compact(data: JSON) -> str:
    """Return JSON text without any white space."""
    return write_json(data, _encoded)


def _encoded(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], json.encoder.encode_basestring(text))


def indented(data: JSON) -> str:
    """Return JSON text with every member on a line of its own, indented by two spaces."""
    return render(data).decode()


def value_json(value: Value) -> JSON:
    """Return a value as JSON data, in clear, without what is unknown in it: left out of objects, null in lists."""
    value, _ = unmark_deep(value)
    return _known(value)


def _known(value: Value) -> JSON:
    match value:
        case str() | bool():
            return value
        case Null() | Unknown():
            return None
        case int():
            return value
    if is_mapping(value):
        return {str(key): _known(item) for key, item in sorted(children(value)) if item.__class__ is not Unknown}
    if is_sequence(value):
        return [_known(item) for _, item in children(value)]
    exact = numbers.to_decimal(value)
    return None if isinstance(exact, Decimal) and not exact.is_finite() else exact


def is_mapping(value: Value) -> bool:
    """Return whether a value is an object or a map, or an unknown one."""
    return value.__class__ in (dict, MapValue) or (
        value.__class__ is Unknown and isinstance(value.type, ObjectOf | MapOf)
    )


def is_sequence(value: Value) -> bool:
    """Return whether a value is a tuple, list or set, or an unknown one."""
    return value.__class__ in (tuple, ListValue, SetValue) or (
        value.__class__ is Unknown and isinstance(value.type, TupleOf | ListOf | SetOf)
    )
