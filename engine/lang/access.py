"""Reach into values: attributes, indices, splats and iteration. Unknown values and marks pass through."""

from collections.abc import Callable, Iterator

from engine.diagnostics import did_you_mean
from engine.lang import numbers
from engine.lang.convert import ConversionError, convert
from engine.lang.errors import LanguageError
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
    SetValue,
    Unknown,
    Value,
    children,
    mark,
    type_of,
    unmark,
)

_NO_ELEMENT = "The given key does not identify an element in this collection value"


def get_attribute(value: Value, name: str) -> Value:
    """Return the attribute `name` of an object, or the element under that key of a map."""
    kind = value.__class__
    if kind is dict:
        if name in value:
            return value[name]
        hint = did_you_mean(name, value)
        raise LanguageError("Unsupported attribute", f'This object does not have an attribute named "{name}".{hint}')
    if kind is Marked:
        return mark(get_attribute(value.value, name), value.marks)
    if kind is MapValue:
        if name in value.items:
            return value.items[name]
        hint = did_you_mean(name, value.items)
        raise LanguageError("Missing map element", f'This map does not have an element with the key "{name}".{hint}')
    if kind is Null:
        raise LanguageError(
            "Attempt to get attribute from null value", "This value is null, so it does not have any attributes."
        )
    if kind is Unknown:
        return Unknown(_attribute_type(value.type, name))
    raise _no_attributes(type_of(value), name)


def _attribute_type(type: Type, name: str) -> Type:
    if type == DYNAMIC:
        return DYNAMIC
    if isinstance(type, MapOf):
        return type.element
    if isinstance(type, ObjectOf):
        if name in type.attributes:
            return type.attributes[name]
        hint = did_you_mean(name, type.attributes)
        raise LanguageError("Unsupported attribute", f'This object does not have an attribute named "{name}".{hint}')
    raise _no_attributes(type, name)


def _no_attributes(type: Type, name: str) -> LanguageError:
    if isinstance(type, ListOf | SetOf | TupleOf):
        kind = {ListOf: "list", SetOf: "set", TupleOf: "tuple"}[type.__class__]
        return LanguageError(
            "Unsupported attribute",
            f"This value is a {kind}, so it does not have an attribute named {name!r}. Use an index to choose one "
            f"element, or [*].{name} to take the attribute of every element.".replace("'", '"'),
        )
    return LanguageError(
        "Unsupported attribute", f"Can't access attributes on a primitive-typed value ({friendly_name(type)})."
    )


def index(collection: Value, key: Value) -> Value:
    """Return the element of `collection` at position or key `key`."""
    collection, marks = unmark(collection)
    key, key_marks = unmark(key)
    marks |= key_marks
    kind = collection.__class__
    if kind is Null:
        raise LanguageError("Attempt to index null value", "This value is null, so it does not have any indices.")
    if key.__class__ is Null:
        raise LanguageError("Invalid index", "Can't use a null value as an indexing key.")
    if kind is tuple or kind is ListValue:
        return mark(_at_position(collection if kind is tuple else collection.items, key, collection), marks)
    if kind is dict or kind is MapValue:
        return mark(_at_key(collection if kind is dict else collection.items, key, collection), marks)
    if kind is Unknown:
        return mark(_unknown_element(collection.type, key), marks)
    if kind is SetValue:
        raise LanguageError(
            "Invalid index",
            "Elements of a set are identified only by their value and don't have any separate index or key to select "
            "with, so it's only possible to perform operations across all elements of the set.",
        )
    raise LanguageError("Invalid index", "This value does not have any indices.")


def _at_position(items: tuple[Value, ...], key: Value, collection: Value) -> Value:
    try:
        position = convert(key, NUMBER)
    except ConversionError as problem:
        raise LanguageError("Invalid index", f"{_NO_ELEMENT}: {problem.message}.") from None
    if position.__class__ is Unknown:
        return Unknown(collection.element if collection.__class__ is ListValue else DYNAMIC)
    if position.__class__ is not int:
        raise LanguageError(
            "Invalid index",
            f"{_NO_ELEMENT}: indexing a sequence requires a whole number, but the given index "
            f"({numbers.text(position)}) has a fractional part.",
        )
    if position < 0:
        raise LanguageError("Invalid index", f"{_NO_ELEMENT}: a negative number is not a valid index for a sequence.")
    if position >= len(items):
        why = (
            "the given index is greater than or equal to the length of the collection"
            if items
            else "the collection has no elements"
        )
        raise LanguageError("Invalid index", f"{_NO_ELEMENT}: {why}.")
    return items[position]


def _at_key(members: dict[str, Value], key: Value, collection: Value) -> Value:
    try:
        name = convert(key, STRING)
    except ConversionError as problem:
        raise LanguageError("Invalid index", f"{_NO_ELEMENT}: {problem.message}.") from None
    if name.__class__ is Unknown:
        return Unknown(collection.element if collection.__class__ is MapValue else DYNAMIC)
    if name not in members:
        raise LanguageError("Invalid index", f"{_NO_ELEMENT}.{did_you_mean(name, members)}")
    return members[name]


def _unknown_element(type: Type, key: Value) -> Unknown:
    if isinstance(type, ListOf | MapOf):
        try:
            convert(key, NUMBER if isinstance(type, ListOf) else STRING)
        except ConversionError as problem:
            raise LanguageError("Invalid index", f"{_NO_ELEMENT}: {problem.message}.") from None
        return Unknown(type.element)
    if isinstance(type, ObjectOf) and key.__class__ is str:
        if key not in type.attributes:
            raise LanguageError("Invalid index", f"{_NO_ELEMENT}.{did_you_mean(key, type.attributes)}")
        return Unknown(type.attributes[key])
    if isinstance(type, TupleOf) and key.__class__ is int:
        if not 0 <= key < len(type.elements):
            raise LanguageError("Invalid index", f"{_NO_ELEMENT}.")
        return Unknown(type.elements[key])
    if isinstance(type, Primitive) and type != DYNAMIC:
        raise LanguageError("Invalid index", "This value does not have any indices.")
    return Unknown(DYNAMIC)


def splat(source: Value, step: Callable[[Value], Value]) -> Value:
    """Return `step` of each element. A value that is no sequence counts as a sequence of itself, null as empty."""
    source, marks = unmark(source)
    kind = source.__class__
    if kind is Null:
        if isinstance(source.type, ListOf | SetOf | TupleOf):
            raise LanguageError(
                "Splat of null value", "Splat expressions (with the * symbol) cannot be applied to null sequences."
            )
        return mark((), marks)
    if kind is Unknown:
        return mark(_splat_unknown(source, step), marks)
    if kind is tuple:
        return mark(tuple(map(step, source)), marks)
    if kind is ListValue or kind is SetValue:
        return mark(_as_list(source.element, tuple(map(step, source.items)), step), marks)
    return mark((step(source),), marks)


def _splat_unknown(source: Unknown, step: Callable[[Value], Value]) -> Value:
    if isinstance(source.type, ListOf | SetOf):
        wanted = ListOf(type_of(step(Unknown(source.type.element))))
        return Unknown(wanted, not_null=True, shortest=source.shortest, longest=source.longest)
    if isinstance(source.type, TupleOf):
        types = (type_of(step(Unknown(element))) for element in source.type.elements)
        return Unknown(TupleOf(tuple(types)), not_null=True)
    return (step(source),) if source.not_null else Unknown(DYNAMIC)


def _as_list(element: Type, results: tuple[Value, ...], step: Callable[[Value], Value]) -> Value:
    if not results:
        return ListValue(type_of(step(Unknown(element))))
    types = [type_of(result) for result in results]
    return ListValue(types[0], results) if all(type == types[0] for type in types) else results


def iterate(collection: Value) -> Iterator[tuple[Value, Value]] | None:
    """Yield key and value of each element in the language's order, or return None for what cannot be iterated.

    Keys are positions for lists and tuples, the elements themselves for sets, names in order for maps and objects.
    """
    kind = collection.__class__
    if kind is SetValue:
        return ((item, item) for item in collection.items)
    if kind is dict or kind is MapValue:
        members = collection if kind is dict else collection.items
        return ((name, members[name]) for name in sorted(members))
    if kind is tuple or kind is ListValue:
        return iter(children(collection))
    return None
