"""Conversion of values to a wanted type, and the one type that several types have in common.

The rules are those of Terraform: strings, numbers and bools convert where the text allows it; tuples become lists
and sets, objects become maps and the other way round, element by element. Marks stay; unknown values stay unknown.
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from engine.lang import numbers
from engine.lang.ranges import lengths_of, unknown_collection
from engine.lang.sets import make_set
from engine.lang.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    Primitive,
    SetOf,
    TupleOf,
    Type,
    friendly_name,
)
from engine.lang.values import (
    ListValue,
    MapValue,
    Marked,
    Null,
    Path,
    SetValue,
    Unknown,
    Value,
    is_unknown,
    mark,
    type_of,
)


class ConversionError(Exception):
    """Raised when a value has no form of the wanted type. `path` leads to the part at fault.

    `of_value` says that the type would do, only this value does not; the two are worded differently.
    """

    def __init__(self, message: str, path: Path = (), *, of_value: bool = False, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.of_value = of_value
        self.place = place

    def under(self, step: str | int, container: Type) -> "ConversionError":
        """Return the same error seen from further out: from a container of the wanted type `container`."""
        if isinstance(container, ObjectOf):
            place = f".{step}" if self.of_value else f'attribute "{step}": '
        else:
            key = str(step) if isinstance(step, int) else f'"{step}"'
            place = f"[{key}]" if self.of_value else f"element {key}: "
        return ConversionError(self.message, (step, *self.path), of_value=self.of_value, place=place + self.place)

    def __str__(self) -> str:
        """Return the message with the place inside the value, such as `element 0: string required`."""
        return f"{self.place}: {self.message}" if self.of_value and self.place else self.place + self.message


def convert(value: Value, wanted: Type) -> Value:
    """Return `value` as one of type `wanted`. Raises ConversionError."""
    if wanted is DYNAMIC or wanted == DYNAMIC:
        return value
    kind = value.__class__
    if kind is str:
        if wanted is STRING:
            return value
    elif kind is Marked:
        return mark(convert(value.value, wanted), value.marks)
    elif kind is Null or kind is Unknown:
        if not convertible(value.type, wanted):
            raise _required(wanted)
        type = settled(value.type, wanted)
        return Null(type) if kind is Null else _unknown(value, type)
    if isinstance(wanted, Primitive):
        return _to_primitive(value, wanted)
    if isinstance(wanted, ObjectOf):
        return _to_object(value, wanted)
    if isinstance(wanted, MapOf):
        return _to_map(value, wanted)
    if isinstance(wanted, TupleOf):
        return _to_tuple(value, wanted)
    return _to_sequence(value, wanted)


def _unknown(value: Unknown, wanted: Type) -> Value:
    """Return an unknown value of another type, with what stays certain of it."""
    actual = value.type
    if actual == wanted:
        return value
    if not isinstance(wanted, ListOf | SetOf | MapOf):
        return Unknown(wanted, not_null=value.not_null)
    shortest, longest = value.shortest, value.longest
    if isinstance(actual, TupleOf | ObjectOf):
        shortest = longest = len(actual.elements if isinstance(actual, TupleOf) else actual.attributes)
    if isinstance(wanted, SetOf):
        shortest = min(shortest, 1)  # elements may turn out to be the same
    return unknown_collection(wanted, (shortest, longest), not_null=value.not_null)


def _required(wanted: Type) -> ConversionError:
    return ConversionError(f"{friendly_name(wanted)} required")


def settled(actual: Type, wanted: Type) -> Type:
    """Return the type that values of type `actual` have once converted to `wanted`, which may hold `any`."""
    if wanted == DYNAMIC:
        return actual
    if isinstance(wanted, ListOf | SetOf | MapOf):
        inner = [settled(element, wanted.element) for element in _element_types(actual)]
        return type(wanted)((unify(inner) if inner else None) or settled(DYNAMIC, wanted.element))
    if isinstance(wanted, TupleOf):
        known = actual.elements if isinstance(actual, TupleOf) else (DYNAMIC,) * len(wanted.elements)
        return TupleOf(tuple(map(settled, known, wanted.elements)))
    if isinstance(wanted, ObjectOf):
        attributes = actual.attributes if isinstance(actual, ObjectOf) else {}
        other = actual.element if isinstance(actual, MapOf) else DYNAMIC
        return ObjectOf(
            {name: settled(attributes.get(name, other), inner) for name, inner in wanted.attributes.items()}
        )
    return wanted


def to_string(value: Value) -> str | None:
    """Return a known, unmarked primitive as a string, or None when it is no primitive."""
    kind = value.__class__
    if kind is str:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if kind in (tuple, dict, ListValue, SetValue, MapValue, Null, Unknown, Marked):
        return None
    return numbers.text(value)


def _to_primitive(value: Value, wanted: Primitive) -> Value:
    actual = type_of(value)
    if actual == wanted:
        return value
    if wanted is STRING and isinstance(actual, Primitive):
        return to_string(value)
    if actual is not STRING:
        raise _required(wanted)
    if wanted is NUMBER:
        parsed = numbers.parse(value)
        if parsed is not None:
            return parsed
    elif value in ("true", "1"):
        return True
    elif value in ("false", "0"):
        return False
    elif value.lower() in ("true", "false"):
        hint = f'a bool is required; to convert from string, use lowercase "{value.lower()}"'
        raise ConversionError(hint, of_value=True)
    raise ConversionError(f"a {wanted.name} is required", of_value=True)


def _to_object(value: Value, wanted: ObjectOf) -> Value:
    members = _members(value, wanted)
    missing = sorted(name for name in wanted.attributes if name not in members and name not in wanted.optional)
    if missing:
        if value.__class__ is MapValue:
            # A map may have any keys, so this is about the value and not about its type.
            raise ConversionError(f'map has no element for required attribute "{missing[0]}"', of_value=True)
        raise ConversionError(_attributes_required(missing))
    return {
        name: _inside(name, members[name], inner, wanted) if name in members else Null(settled(DYNAMIC, inner))
        for name, inner in wanted.attributes.items()
    }


def _attributes_required(names: list[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    if len(quoted) == 1:
        return f"attribute {quoted[0]} is required"
    comma = "," if len(quoted) > 2 else ""
    return f"attributes {', '.join(quoted[:-1])}{comma} and {quoted[-1]} are required"


def _to_map(value: Value, wanted: MapOf) -> Value:
    members = _members(value, wanted)
    items = {name: _inside(name, item, wanted.element, wanted) for name, item in members.items()}
    element = _element_type(value, wanted, items.values())
    if element is None:
        return Unknown(wanted, not_null=True)
    if _has_any(wanted.element):
        items = {name: _inside(name, item, element, wanted) for name, item in items.items()}
    return MapValue(element, items)


def _members(value: Value, wanted: Type) -> dict[str, Value]:
    if value.__class__ is MapValue:
        value = value.items
    if value.__class__ is not dict:
        raise _required(wanted)
    members: dict[str, Value] = value
    return members


def _to_tuple(value: Value, wanted: TupleOf) -> Value:
    if value.__class__ is not tuple or len(value) != len(wanted.elements):
        raise _required(wanted)
    pairs = zip(value, wanted.elements, strict=True)
    try:
        return tuple([_inside(position, item, element, wanted) for position, (item, element) in enumerate(pairs)])
    except ConversionError as problem:
        raise problem if problem.of_value else _required(wanted) from None


def _to_sequence(value: Value, wanted: ListOf | SetOf) -> Value:
    members = value.items if value.__class__ in (ListValue, SetValue) else value
    if members.__class__ is not tuple:
        raise _required(wanted)
    items = [_inside(position, item, wanted.element, wanted) for position, item in enumerate(members)]
    if value.__class__ is SetValue and isinstance(wanted, ListOf) and len(set(lengths_of(value))) > 1:
        return Unknown(wanted, not_null=True)
    element = _element_type(value, wanted, items)
    if element is None:
        return Unknown(wanted, not_null=True)
    if _has_any(wanted.element):
        items = [_inside(position, item, element, wanted) for position, item in enumerate(items)]
    return ListValue(element, items) if isinstance(wanted, ListOf) else make_set(element, items)


def _inside(step: str | int, value: Value, wanted: Type, container: Type) -> Value:
    try:
        return convert(value, wanted)
    except ConversionError as problem:
        raise problem.under(step, container) from None


def _has_any(type: Type) -> bool:
    if isinstance(type, ListOf | SetOf | MapOf):
        return _has_any(type.element)
    if isinstance(type, TupleOf):
        return any(map(_has_any, type.elements))
    if isinstance(type, ObjectOf):
        return any(map(_has_any, type.attributes.values()))
    return type == DYNAMIC


def _element_type(source: Value, wanted: ListOf | SetOf | MapOf, items: Collection[Value]) -> Type | None:
    """Return the type of elements that `items`, made from `source`, have in the end, None while that is unknown.

    Raises ConversionError when there is no such type.
    """
    if source.__class__ in (ListValue, SetValue, MapValue):
        return settled(source.element, wanted.element)
    if not items or not _has_any(wanted.element):
        return settled(DYNAMIC, wanted.element)
    types = [type_of(item) for item in items]
    found = unify(types)
    if found is None or (found == DYNAMIC and any(member != DYNAMIC for member in types)):
        if any(is_unknown(item) and type_of(item) == DYNAMIC for item in items):
            return None
        kind = {ListOf: "list", SetOf: "set", MapOf: "map"}[wanted.__class__]
        raise ConversionError(f"all {kind} elements must have the same type")
    return found


def convertible(actual: Type, wanted: Type) -> bool:
    """Return whether some value of type `actual` may convert to `wanted`."""
    if actual == wanted or DYNAMIC in (actual, wanted):
        return True
    if isinstance(wanted, Primitive):
        return isinstance(actual, Primitive) and STRING in (actual, wanted)
    if isinstance(wanted, ListOf | SetOf | MapOf):
        kinds = (MapOf, ObjectOf) if isinstance(wanted, MapOf) else (ListOf, SetOf, TupleOf)
        if not isinstance(actual, kinds):
            return False
        elements = list(_element_types(actual))
        if not all(convertible(element, wanted.element) for element in elements):
            return False
        return not _has_any(wanted.element) or unify(elements) is not None
    if isinstance(wanted, TupleOf):
        return (
            isinstance(actual, TupleOf)
            and len(actual.elements) == len(wanted.elements)
            and all(map(convertible, actual.elements, wanted.elements))
        )
    if isinstance(actual, MapOf):
        return all(convertible(actual.element, item) for item in wanted.attributes.values())
    return isinstance(actual, ObjectOf) and all(
        convertible(actual.attributes[name], item) if name in actual.attributes else name in wanted.optional
        for name, item in wanted.attributes.items()
    )


def unify(types: Iterable[Type]) -> Type | None:
    """Return the type that values of all `types` can be converted to, or None when there is none.

    No types at all give `DYNAMIC`.
    """
    distinct: list[Type] = []
    for member in types:
        if member not in distinct:
            distinct.append(member)
    if not distinct:
        return DYNAMIC
    if len(distinct) == 1:
        return distinct[0]
    known = [member for member in distinct if member != DYNAMIC]
    if _all_of(known, ObjectOf | MapOf):
        found = _unify_named(known) if known == distinct else DYNAMIC
        return found if found or _all_of(known, MapOf) or _all_of(known, ObjectOf) else _preferred(distinct)
    if _all_of(known, TupleOf | ListOf) or _all_of(known, SetOf):
        found = _unify_sequences(known) if known == distinct else DYNAMIC
        return found if found or _all_of(known, TupleOf) or _all_of(known, ListOf) else _preferred(distinct)
    return _preferred(distinct)


def _all_of(types: Sequence[Type], kinds: Any) -> bool:
    return bool(types) and all(isinstance(member, kinds) for member in types)


def _preferred(types: Sequence[Type]) -> Type | None:
    """Return the one among `types` that all others convert to: strings first, lists before sets, tuples last."""

    def rank(member: Type) -> tuple[bool, ...]:
        return member == DYNAMIC, isinstance(member, TupleOf | ObjectOf), member != STRING, isinstance(member, SetOf)

    for wanted in sorted(types, key=rank):
        if all(convertible(member, wanted) for member in types):
            return wanted
    return None


def _unify_named(types: Sequence[Type]) -> Type | None:
    objects = [member for member in types if isinstance(member, ObjectOf)]
    names = objects[0].attributes.keys() if objects else ()
    if len(objects) == len(types) and all(member.attributes.keys() == names for member in objects):
        attributes = {name: unify([member.attributes[name] for member in objects]) for name in names}
        known = {name: member for name, member in attributes.items() if member is not None}
        return ObjectOf(known) if len(known) == len(attributes) else None
    element = unify([inner for member in types for inner in _element_types(member)])
    return None if element is None else MapOf(element)


def _unify_sequences(types: Sequence[Type]) -> Type | None:
    tuples = [member for member in types if isinstance(member, TupleOf)]
    if len(tuples) == len(types) and len({len(member.elements) for member in tuples}) == 1:
        elements = [unify(column) for column in zip(*(member.elements for member in tuples), strict=True)]
        known = tuple(member for member in elements if member is not None)
        return TupleOf(known) if len(known) == len(elements) else None
    element = unify([inner for member in types for inner in _element_types(member)])
    if element is None:
        return None
    return SetOf(element) if all(isinstance(member, SetOf) for member in types) else ListOf(element)


def _element_types(container: Type) -> Iterable[Type]:
    match container:
        case TupleOf(elements):
            return elements
        case ObjectOf(attributes):
            return attributes.values()
        case ListOf(element) | SetOf(element) | MapOf(element):
            return (element,)
    return ()


def normalize(text: str) -> str:
    """Return text in Unicode's NFC form, in which the language keeps all strings."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
