"""Values as JSON data that keeps everything: types, nulls, unknown values and marks. Saved plans are written so."""

from typing import Any

from engine.lang import numbers
from engine.lang.types import from_notation, to_notation
from engine.lang.values import ListValue, MapValue, Marked, Null, SetValue, Unknown, Value, mark


def dump(value: Value) -> Any:
    """Return JSON data from which `load` makes the same value."""
    kind = value.__class__
    if kind is str or kind is bool:
        return value
    if kind is tuple:
        return [dump(item) for item in value]
    if kind is dict:
        return {"object": {name: dump(item) for name, item in value.items()}}
    if kind is Null:
        return {"null": to_notation(value.type)}
    if kind is Unknown:
        return {"unknown": to_notation(value.type), **_certainties(value)}
    if kind is Marked:
        return {"marks": sorted(value.marks), "value": dump(value.value)}
    if kind is MapValue:
        items: Any = {name: dump(item) for name, item in value.items.items()}
        return {"map": to_notation(value.element), "items": items}
    if kind is ListValue or kind is SetValue:
        items = [dump(item) for item in value.items]
        return {"list" if kind is ListValue else "set": to_notation(value.element), "items": items}
    return {"number": numbers.text(value)}


def _certainties(value: Unknown) -> dict[str, Any]:
    """Return what is certain of an unknown value, as far as anything is."""
    certain = {
        "not_null": value.not_null,
        "prefix": value.prefix,
        "low": None if value.low is None else dump(value.low),
        "high": None if value.high is None else dump(value.high),
        "shortest": value.shortest,
        "longest": value.longest,
    }
    return {name: item for name, item in certain.items() if item or (name == "longest" and item is not None)}


def _unknown(data: dict[str, Any]) -> Unknown:
    return Unknown(
        from_notation(data["unknown"]),
        not_null=bool(data.get("not_null")),
        prefix=str(data.get("prefix", "")),
        low=load(data["low"]) if "low" in data else None,
        high=load(data["high"]) if "high" in data else None,
        shortest=int(data.get("shortest", 0)),
        longest=None if data.get("longest") is None else int(data["longest"]),
    )


def load(data: Any) -> Value:
    """Return the value that `dump` wrote. Raises ValueError for data that it did not write."""
    match data:
        case str() | bool():
            return data
        case list():
            return tuple(load(item) for item in data)
        case {"object": dict() as members}:
            return {name: load(item) for name, item in members.items()}
        case {"null": type}:
            return Null(from_notation(type))
        case {"unknown": _}:
            return _unknown(data)
        case {"marks": list() as marks, "value": value}:
            return mark(load(value), frozenset(map(str, marks)))
        case {"map": type, "items": dict() as members}:
            return MapValue(from_notation(type), {name: load(item) for name, item in members.items()})
        case {"list": type, "items": list() as items}:
            return ListValue(from_notation(type), map(load, items))
        case {"set": type, "items": list() as items}:
            return SetValue(from_notation(type), map(load, items))
        case {"number": str() as text} if (number := numbers.parse(text)) is not None:
            return number
    raise ValueError(f"not a value: {data!r}")
