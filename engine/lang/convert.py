"""Conversion of values to a wanted type, and the one type that several types have in common.

The rules are those of Terraform: strings, numbers and bools convert where the text allows it; tuples become lists
and sets, objects become maps and the other way round, element by element. Marks stay; unknown values stay unknown.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from engine.lang import numbers
from engine.lang.types import (
    BOOL,
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
    with_article,
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
    equal,
    mark,
    type_of,
    unmark_deep,
    wholly_known,
)


class ConversionError(Exception):
    """Raised when a value has no form of the wanted type. `path` leads to the part at fault."""

    def __init__(self, message: str, path: Path = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def under(self, step: str | int) -> "ConversionError":
        """Return the same error seen from further out."""
        return ConversionError(self.message, (step, *self.path))

    def __str__(self) -> str:
        """Return the message with the place inside the value, such as `element 0: a string is required`."""
        place = "".join(f"element {step}: " if isinstance(step, int) else f'attribute "{step}": ' for step in self.path)
        return place + self.message


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
    elif kind is Null:
        if value.type != DYNAMIC and not convertible(value.type, wanted):
            raise ConversionError(f"{with_article(wanted)} is required")
        return Null(wanted)
    elif kind is Unknown:
        if not convertible(value.type, wanted):
            raise ConversionError(f"{with_article(wanted)} is required")
        return value if value.type == wanted else Unknown(_settled(value.type, wanted), not_null=value.not_null)
    if isinstance(wanted, Primitive):
        return _to_primitive(value, wanted)
    if isinstance(wanted, ObjectOf):
        return _to_object(value, wanted)
    if isinstance(wanted, MapOf):
        return _to_map(value, wanted)
    if isinstance(wanted, TupleOf):
        return _to_tuple(value, wanted)
    return _to_sequence(value, wanted)


def _settled(known: Type, wanted: Type) -> Type:
    """Return `wanted` with `any` inside replaced by what is known of an unknown value's type."""
    if isinstance(wanted, ListOf | SetOf | MapOf) and wanted.element == DYNAMIC:
        if isinstance(known, ListOf | SetOf | MapOf):
            return type(wanted)(known.element)
        if isinstance(known, TupleOf) and (element := unify(known.elements)):
            return type(wanted)(element)
        if isinstance(known, ObjectOf) and (element := unify(known.attributes.values())):
            return type(wanted)(element)
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
    if wanted is NUMBER and actual is STRING:
        parsed = numbers.parse(value)
        if parsed is not None:
            return parsed
    if wanted is BOOL and actual is STRING:
        if value in ("true", "1"):
            return True
        if value in ("false", "0"):
            return False
        if value.lower() in ("true", "false"):
            raise ConversionError(f'a bool is required; to convert from string, use lowercase "{value.lower()}"')
    raise ConversionError(f"{with_article(wanted)} is required")


def _to_object(value: Value, wanted: ObjectOf) -> Value:
    if value.__class__ is MapValue:
        members = value.items
    elif value.__class__ is dict:
        members = value
    else:
        raise ConversionError("object required")
    result = {}
    missing = [name for name in wanted.attributes if name not in members and name not in wanted.optional]
    if missing:
        names = [f'"{name}"' for name in sorted(missing)]
        one = f"attribute {names[0]} is required"
        raise ConversionError(
            one if len(names) == 1 else f"attributes {', '.join(names[:-1])} and {names[-1]} are required"
        )
    for name, inner in wanted.attributes.items():
        result[name] = _inside(name, members[name], inner) if name in members else Null(inner)
    return result


def _to_map(value: Value, wanted: MapOf) -> Value:
    if value.__class__ is MapValue:
        members = value.items
    elif value.__class__ is dict:
        members = value
    else:
        raise ConversionError(f"{with_article(wanted)} required")
    element = wanted.element
    if _has_any(element):
        element = _common(element, members.values())
    return MapValue(element, {name: _inside(name, item, element) for name, item in members.items()})


def _to_tuple(value: Value, wanted: TupleOf) -> Value:
    if value.__class__ is not tuple:
        raise ConversionError("tuple required")
    if len(value) != len(wanted.elements):
        raise ConversionError(f"a tuple of {len(wanted.elements)} elements is required")
    return tuple(
        _inside(i, item, element) for i, (item, element) in enumerate(zip(value, wanted.elements, strict=True))
    )


def _to_sequence(value: Value, wanted: ListOf | SetOf) -> Value:
    if value.__class__ is tuple:
        items = value
    elif value.__class__ in (ListValue, SetValue):
        items = value.items
    else:
        raise ConversionError(f"{with_article(wanted)} required")
    element = wanted.element
    if _has_any(element):
        element = _common(element, items)
    converted = [_inside(position, item, element) for position, item in enumerate(items)]
    return ListValue(element, converted) if isinstance(wanted, ListOf) else make_set(element, converted)


def _inside(step: str | int, value: Value, wanted: Type) -> Value:
    try:
        return convert(value, wanted)
    except ConversionError as problem:
        raise problem.under(step) from None


def _has_any(type: Type) -> bool:
    if isinstance(type, ListOf | SetOf | MapOf):
        return _has_any(type.element)
    if isinstance(type, TupleOf):
        return any(map(_has_any, type.elements))
    if isinstance(type, ObjectOf):
        return any(map(_has_any, type.attributes.values()))
    return type == DYNAMIC


def _common(element: Type, items: Iterable[Value]) -> Type:
    """Return the one type that all items can have where the wanted element type holds `any`."""
    found = unify([type_of(convert(item, element)) for item in items])
    if found is None:
        raise ConversionError("all elements must have the same type")
    return found


def make_set(element: Type, items: Iterable[Value]) -> Value:
    """Return a set of `items`, which have type `element`: in order, each once.

    Marks of the items move to the set. While an item is unknown, so is the set.
    """
    plain, marks = unmark_deep(tuple(items))
    if not wholly_known(plain):
        return mark(Unknown(SetOf(element), not_null=True), marks)
    distinct: list[Value] = []
    if isinstance(element, Primitive):
        seen = set()
        for item in plain:
            if (item.__class__, item) not in seen:
                seen.add((item.__class__, item))
                distinct.append(item)
        distinct.sort(key=_set_order)
    else:
        for item in plain:
            if not any(equal(item, other) for other in distinct):
                distinct.append(item)
        distinct.sort(key=repr)
    return mark(SetValue(element, distinct), marks)


def _set_order(item: Value) -> tuple[bool, object]:
    """Order primitives as sets do: by value, strings by their bytes, null last."""
    if item.__class__ is Null:
        return True, 0
    return False, item.encode("utf-8", "surrogatepass") if item.__class__ is str else item


def convertible(actual: Type, wanted: Type) -> bool:
    """Return whether some value of type `actual` may convert to `wanted`."""
    if actual == wanted or DYNAMIC in (actual, wanted):
        return True
    if isinstance(wanted, Primitive):
        if not isinstance(actual, Primitive):
            return False
        return STRING in (actual, wanted)
    if isinstance(wanted, ListOf | SetOf):
        if isinstance(actual, ListOf | SetOf):
            return convertible(actual.element, wanted.element)
        return isinstance(actual, TupleOf) and all(convertible(item, wanted.element) for item in actual.elements)
    if isinstance(wanted, MapOf):
        if isinstance(actual, MapOf):
            return convertible(actual.element, wanted.element)
        return isinstance(actual, ObjectOf) and all(
            convertible(item, wanted.element) for item in actual.attributes.values()
        )
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
    known = [member for member in distinct if member != DYNAMIC]
    if not known:
        return DYNAMIC
    if len(known) == 1:
        return known[0]
    if all(isinstance(member, Primitive) for member in known):
        return STRING if STRING in known else None
    if all(isinstance(member, ObjectOf | MapOf) for member in known):
        return _unify_named(known)
    if all(isinstance(member, TupleOf | ListOf | SetOf) for member in known):
        return _unify_sequences(known)
    return None


def _unify_named(types: Sequence[Type]) -> Type | None:
    objects = [member for member in types if isinstance(member, ObjectOf)]
    names = objects[0].attributes.keys() if objects else ()
    if len(objects) == len(types) and all(member.attributes.keys() == names for member in objects):
        attributes = {name: unify([member.attributes[name] for member in objects]) for name in names}
        if None not in attributes.values():
            return ObjectOf({name: member for name, member in attributes.items() if member is not None})
    element = unify([inner for member in types for inner in _element_types(member)])
    return None if element is None else MapOf(element)


def _unify_sequences(types: Sequence[Type]) -> Type | None:
    tuples = [member for member in types if isinstance(member, TupleOf)]
    if len(tuples) == len(types) and len({len(member.elements) for member in tuples}) == 1:
        elements = [unify(column) for column in zip(*(member.elements for member in tuples), strict=True)]
        if None not in elements:
            return TupleOf(tuple(member for member in elements if member is not None))
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
