"""Functions over maps and objects, and over values of any kind: what they hold, taken out or put together."""

from collections.abc import Mapping
from typing import Final

from engine.lang.convert import ConversionError, convert, unify
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.strings import grapheme_length
from engine.lang.ranges import lengths_of, unknown_number
from engine.lang.types import DYNAMIC, NUMBER, STRING, ListOf, MapOf, ObjectOf, Primitive, TupleOf, Type, friendly_name
from engine.lang.values import (
    ListValue,
    MapValue,
    Null,
    Unknown,
    Value,
    is_null,
    is_unknown,
    mark,
    type_of,
    unmark,
)


def members_of(value: Value) -> Mapping[str, Value] | None:
    """Return what a known, unmarked map or object holds, None for any other value."""
    if value.__class__ is MapValue:
        value = value.items
    return value if value.__class__ is dict else None


def _length(value: Value) -> Value:
    kind = type_of(value)
    if isinstance(kind, TupleOf):
        return len(kind.elements)
    if isinstance(kind, ObjectOf):
        return len(kind.attributes)
    if isinstance(kind, Primitive) and kind not in (STRING, DYNAMIC):
        raise FunctionError("argument must be a string, a collection type, or a structural type")
    if kind is STRING:
        return unknown_number(grapheme_length(value.prefix), None) if is_unknown(value) else grapheme_length(value)
    return unknown_number(*((0, None) if kind == DYNAMIC else lengths_of(value)))


def _keys(mapping: Value) -> Value:
    kind = type_of(mapping)
    if isinstance(kind, ObjectOf):
        return tuple(sorted(kind.attributes))
    if isinstance(kind, MapOf):
        return (
            Unknown(ListOf(STRING), not_null=True) if is_unknown(mapping) else ListValue(STRING, sorted(mapping.items))
        )
    if kind == DYNAMIC:
        return Unknown()
    raise FunctionError("must have map or object type", 0)


def _values_type(mapping: Type) -> Type:
    if isinstance(mapping, ObjectOf):
        return TupleOf(tuple(mapping.attributes[name] for name in sorted(mapping.attributes)))
    if isinstance(mapping, MapOf):
        return ListOf(mapping.element)
    raise FunctionError("values() requires a map as the first argument")


def _values(mapping: Value) -> Value:
    _values_type(type_of(mapping))
    members = members_of(mapping) or {}
    ordered = tuple(members[name] for name in sorted(members))
    return ListValue(mapping.element, ordered) if mapping.__class__ is MapValue else ordered


def _merge_type(*types: Type) -> Type:
    """Return the type of a merge of values of which at least one is unknown."""
    for kind in types:
        if not isinstance(kind, MapOf | ObjectOf):
            raise FunctionError(f'arguments must be maps or objects, got "{friendly_name(kind)}"')
    if types and all(kind == types[0] for kind in types):
        return types[0]
    attributes: dict[str, Type] = {}
    for kind in types:
        if not isinstance(kind, ObjectOf):
            return DYNAMIC
        attributes |= kind.attributes
    return ObjectOf(attributes)


def _merge(*mappings: Value) -> Value:
    types = [type_of(mapping) for mapping in mappings]
    _merge_type(*(kind for kind in types if kind != DYNAMIC))
    merged: dict[str, Value] = {}
    for mapping in mappings:
        merged |= members_of(mapping) or {}
    if types and isinstance(types[0], MapOf) and all(kind == types[0] for kind in types):
        return MapValue(types[0].element, merged)
    return merged


def _lookup(mapping: Value, key: Value, *default: Value) -> Value:
    if len(default) > 1:
        raise FunctionError(f"lookup() takes two or three arguments, got {2 + len(default)}")
    mapping, marks = unmark(mapping)
    kind = type_of(mapping)
    wanted = _lookup_default_type(kind, default)
    name, key_marks = unmark(key)
    marks |= key_marks
    if is_unknown(mapping) or is_unknown(name):
        return mark(Unknown(_unknown_lookup_type(kind, name, default)), marks)
    members = members_of(mapping) or {}
    if name in members:
        return mark(members[name], marks)
    if default:
        return mark(convert(default[0], wanted), marks)
    if isinstance(kind, ObjectOf):
        raise _missing("the given object has no attribute", name, bool(marks), 0)
    raise _missing("lookup failed to find key", name, bool(marks), None)


def _missing(message: str, name: str, sensitive: bool, argument: int | None) -> FunctionError:
    return FunctionError(f"{message} (sensitive value)" if sensitive else f'{message} "{name}"', argument)


def _lookup_default_type(mapping: Type, default: tuple[Value, ...]) -> Type:
    """Return the type that a default is converted to. Raises FunctionError when it cannot be."""
    if isinstance(mapping, ObjectOf) or mapping == DYNAMIC:
        return DYNAMIC
    if not isinstance(mapping, MapOf):
        raise FunctionError("lookup() requires a map as the first argument", 0)
    try:
        for value in default:
            convert(value, mapping.element)
    except ConversionError:
        raise FunctionError("the default value must have the same type as the map elements", 2) from None
    return mapping.element


def _unknown_lookup_type(mapping: Type, name: Value, default: tuple[Value, ...]) -> Type:
    if isinstance(mapping, MapOf):
        return mapping.element
    if not isinstance(mapping, ObjectOf) or is_unknown(name):
        return DYNAMIC
    if name in mapping.attributes:
        return mapping.attributes[name]
    if not default:
        raise FunctionError(f'the given object has no attribute "{name}"', 0)
    return type_of(default[0])


def _zipmap_type(keys: Type, values: Type) -> Type:
    if isinstance(values, ListOf):
        return MapOf(values.element)
    if isinstance(values, TupleOf):
        return DYNAMIC  # the names of the attributes are not known
    raise FunctionError("values argument must be a list or tuple value")


def _zipmap(keys: Value, values: Value) -> Value:
    _zipmap_type(type_of(keys), type_of(values))
    items = values.items if values.__class__ is ListValue else values
    if len(keys.items) != len(items):
        raise FunctionError(f"number of keys ({len(keys.items)}) does not match number of values ({len(items)})")
    for position, key in enumerate(keys.items):
        if key.__class__ is Null:
            raise FunctionError(f"keys list has null value at index {position}")
    members = dict(zip(keys.items, items, strict=True))
    return MapValue(values.element, members) if values.__class__ is ListValue else members


def _coalesce(*values: Value) -> Value:
    wanted = unify(map(type_of, values))
    if wanted is None or not values:
        raise FunctionError("all arguments must have the same type")
    for value in values:
        converted = _converted(value, wanted)
        if is_unknown(converted):
            return mark(Unknown(wanted, not_null=True), unmark(converted)[1])
        if not is_null(converted) and unmark(converted)[0] != "":
            return converted
    raise FunctionError("no non-null, non-empty-string arguments")


def _converted(value: Value, wanted: Type) -> Value:
    try:
        return convert(value, wanted)
    except ConversionError:
        raise FunctionError("all arguments must have the same type") from None


_MAPPING = Parameter("inputMap", allow_unknown=True, allow_inside=True)
_ANY = Parameter("vals", allow_null=True, allow_unknown=True, allow_marked=True)

FUNCTIONS: Final[tuple[Function, ...]] = (
    Function("coalesce", (), _coalesce, _ANY, description="The first argument that is neither null nor empty text."),
    Function("keys", (_MAPPING,), _keys, description="The keys of a map or object, in order."),
    Function(
        "length",
        (Parameter("value", allow_unknown=True, allow_inside=True),),
        _length,
        result=NUMBER,
        description="The number of elements of a collection, or of characters of a text.",
    ),
    Function(
        "lookup",
        (
            Parameter("inputMap", allow_unknown=True, allow_marked=True),
            Parameter("key", STRING, allow_unknown=True, allow_marked=True),
        ),
        _lookup,
        Parameter("default", allow_null=True, allow_unknown=True, allow_marked=True),
        description="The element under a key, or a default when there is none.",
    ),
    Function(
        "merge",
        (),
        _merge,
        Parameter("maps", allow_null=True, allow_inside=True),
        _merge_type,
        "Maps or objects as one; where a key comes twice, the later one holds.",
    ),
    Function(
        "values",
        (Parameter("mapping", allow_inside=True),),
        _values,
        result=_values_type,
        description="The elements of a map or object, in the order of their keys.",
    ),
    Function(
        "zipmap",
        (Parameter("keys", ListOf(STRING)), Parameter("values", allow_inside=True)),
        _zipmap,
        result=_zipmap_type,
        description="A map from a list of keys and a list of values.",
    ),
)
