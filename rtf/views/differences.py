"""What differs between two versions of an object, as a tree that follows the object's shape.

A plan names the places that differ; to show them in their surroundings takes every attribute with its own action.
Types that the schema knows lead the comparison; below a value of any type its JSON form does, where lists, sets and
tuples are one and so are maps and objects. `notation` writes the tree.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.lang.types import DYNAMIC, ListOf, MapOf, ObjectOf, SetOf, TupleOf, Type, from_notation
from engine.lang.values import (
    ListValue,
    MapValue,
    Null,
    Path,
    SetValue,
    Unknown,
    Value,
    equal,
    is_null,
    is_sensitive,
    mark,
    rebuild,
    unmark,
)
from engine.plan.changes import Action
from providers.schema import Attribute, Schema
from rtf.views.alignment import align

Paths = tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What happens at one place: created, deleted, updated, or nothing. `forces`: it replaces the object."""

    action: Action
    forces: bool


@dataclass(frozen=True, slots=True)
class Leaf(Difference):
    """A string, number, bool or null. A side is None where there is nothing."""

    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Members(Difference):
    """An object or a map."""

    members: dict[str, Difference]
    nested: bool = False  # of a shape that the schema knows
    is_map: bool = False


@dataclass(frozen=True, slots=True)
class Elements(Difference):
    """A list or a set. With `context`, unchanged neighbours of a change are worth showing."""

    elements: tuple[Difference, ...]
    context: bool


@dataclass(frozen=True, slots=True)
class Hidden(Difference):
    """A sensitive value."""

    inner: Difference
    before_sensitive: bool
    after_sensitive: bool


@dataclass(frozen=True, slots=True)
class Pending(Difference):
    """A value that will be known after apply, and what stands there now."""

    before: Difference | None


@dataclass(frozen=True, slots=True)
class Retyped(Difference):
    """A value of one type that becomes one of another."""

    before: Difference
    after: Difference


@dataclass(frozen=True, slots=True)
class WriteOnly(Difference):
    """A value that is sent and never stored."""


def compare_objects(
    before: Mapping[str, Value] | None, after: Mapping[str, Value] | None, schema: Schema, forcing: Paths = ()
) -> Members:
    """Return what differs between two versions of an object. A side is None where there is no object.

    `forcing` are the paths whose change replaces the object. Attributes that are absent from both are left out.
    """
    members: dict[str, Difference] = {}
    for name in {**(before or {}), **(after or {})}:
        attribute = schema.attributes.get(name)
        old, new = (None if side is None else _given(side.get(name), attribute) for side in (before, after))
        if old is None and new is None:
            continue
        members[name] = _compare_attribute(old, new, attribute, _below(forcing, name))
    return Members(_combined(before, after, members.values()), () in forcing, members, nested=True)


def compare_values(before: Value | None, after: Value | None, type: Type = DYNAMIC) -> Difference:
    """Return what differs between two values of `type`."""
    return _compare(_given(before, None), _given(after, None), type, ())


def _given(value: Value | None, attribute: Attribute | None) -> Value | None:
    """Return None for null too, where null means no more than "not given"."""
    if value is None or (is_null(value) and not (attribute is not None and attribute.explicit_null)):
        return None
    return value


def _below(forcing: Paths, *steps: str | int) -> Paths:
    return tuple(path[1:] for path in forcing if path and path[0] in steps)


def _combined(before: Any, after: Any, parts: Iterable[Difference]) -> Action:
    """Return the action of a whole from those of its parts."""
    action = Action.NO_OP
    if before is None and after is not None:
        action = Action.CREATE
    elif after is None and before is not None:
        action = Action.DELETE
    for part in parts:
        if part.action is not Action.NO_OP and part.action is not action:
            return Action.UPDATE
    return action


def _compare_attribute(
    before: Value | None, after: Value | None, attribute: Attribute | None, forcing: Paths
) -> Difference:
    if attribute is None:
        return _compare(before, after, DYNAMIC, forcing)
    if attribute.write_only:
        return WriteOnly(_combined(before, after, ()), bool(forcing))
    nested = attribute.nested
    if attribute.type == "dynamic":
        # As in Terraform, a known value of any type does not say that it forces a replacement.
        one, other = (None if side is None else _as_json(None, side) for side in (before, after))
        return _guarded(one, other, forcing, lambda old, new: _compare_known(old, new, None, ()))
    if nested is None:
        return _compare(before, after, from_notation(attribute.type), forcing)
    return _guarded(before, after, forcing, lambda old, new: _compare_nested(old, new, attribute, nested, forcing))


def _compare_nested(
    before: Value | None, after: Value | None, attribute: Attribute, schema: Schema, forcing: Paths
) -> Difference:
    """Compare objects of known shape: one, a list of them position by position, or a map of them key by key."""
    container = tuple if attribute.nesting == "list" else dict
    if any(side is not None and side.__class__ is not container for side in (before, after)):
        return _compare(before, after, DYNAMIC, forcing)
    if attribute.nesting == "single":
        return compare_objects(before, after, schema, forcing)

    def element(key: str | int, old: Value | None, new: Value | None) -> Difference:
        below = _below(forcing, key)
        inner: Compare = lambda one, other: compare_objects(one, other, schema, below)  # noqa: E731
        return _guarded(_given(old, None), _given(new, None), below, inner)

    forces = () in forcing
    if attribute.nesting == "map":
        old, new = before or {}, after or {}
        members = {key: element(key, old.get(key), new.get(key)) for key in {**old, **new}}
        return Members(_combined(before, after, members.values()), forces, members, nested=True, is_map=True)
    elements = _by_position(before or (), after or (), element)
    return Elements(_combined(before, after, elements), forces, elements, context=False)


Compare = Callable[[Value | None, Value | None], Difference]


def _by_position(
    before: Sequence[Value], after: Sequence[Value], element: Callable[[int, Value | None, Value | None], Difference]
) -> tuple[Difference, ...]:
    return tuple(
        element(i, before[i] if i < len(before) else None, after[i] if i < len(after) else None)
        for i in range(max(len(before), len(after)))
    )


def _guarded(before: Value | None, after: Value | None, forcing: Paths, compare: Compare) -> Difference:
    """Compare with `compare` what is neither sensitive nor unknown, and stand in for what is."""
    hidden_before, hidden_after = is_sensitive(before), is_sensitive(after)
    old, new = (None if side is None else unmark(side)[0] for side in (before, after))
    if hidden_before or hidden_after:
        inner = _guarded(old, new, forcing, compare)
        action = inner.action
        if action is Action.NO_OP and hidden_before is not hidden_after:
            action = Action.UPDATE
        return Hidden(action, bool(forcing), inner, hidden_before, hidden_after)
    if new.__class__ is Unknown and old.__class__ is not Unknown:
        if old is None:
            return Pending(Action.CREATE, bool(forcing), None)
        return Pending(Action.UPDATE, bool(forcing), compare(old, None))
    if old.__class__ is Unknown:
        return Pending(Action.DELETE if new is None else Action.NO_OP, bool(forcing), None)
    return compare(old, new)


def _compare(before: Value | None, after: Value | None, type: Type | None, forcing: Paths) -> Difference:
    """Compare two values of a type; None stands for values in their JSON form."""
    if type == DYNAMIC:
        before, after, type = _as_json(None, before), _as_json(None, after), None
    return _guarded(before, after, forcing, lambda old, new: _compare_known(old, new, type, forcing))


def _as_json(_: object, value: Value | None) -> Value | None:
    """Return a value with its collections as JSON has them: tuples and dicts."""
    plain, marks = unmark(value)
    if plain.__class__ in (ListValue, SetValue, MapValue):
        plain = plain.items
    return mark(rebuild(plain, _as_json), marks)


def _compare_known(before: Value | None, after: Value | None, type: Type | None, forcing: Paths) -> Difference:
    old, new = _kind(before), _kind(after)
    if before is not None and after is not None and old != new:
        gone, made = (_compare_known(before, None, type, ()), _compare_known(None, after, type, ()))
        return Retyped(Action.UPDATE, bool(forcing), gone, made)
    kind = new if before is None else old
    if kind == "mapping":
        return _compare_mappings(before, after, type, forcing)
    if kind == "sequence":
        return _compare_sequences(before, after, type, forcing)
    same = before is not None and after is not None and equal(before, after)
    action = Action.NO_OP if same else _combined(before, after, ())
    changed = before is not None and after is not None and not same
    return Leaf(Action.UPDATE if changed else action, bool(forcing), before, after)


def _kind(value: Value | None) -> str:
    """Return what a value is compared as."""
    if value.__class__ in (dict, MapValue):
        return "mapping"
    if value.__class__ in (tuple, ListValue, SetValue):
        return "sequence"
    if value.__class__ is Null:
        return "null"
    return value.__class__.__name__ if value.__class__ in (str, bool) else "number"


def _compare_mappings(before: Any, after: Any, type: Type | None, forcing: Paths) -> Difference:
    old, new = (_items(side) if side is not None else {} for side in (before, after))
    members: dict[str, Difference] = {}
    for key in {**old, **new}:
        one, other = old.get(key), new.get(key)
        if isinstance(type, ObjectOf):
            one, other = _given(one, None), _given(other, None)
            if one is None and other is None:
                continue
        members[key] = _compare(one, other, _member_type(type, key), _below(forcing, key))
    action = _combined(before, after, members.values())
    return Members(action, () in forcing, members, is_map=isinstance(type, MapOf))


def _items(value: Any) -> Any:
    return value if value.__class__ in (dict, tuple) else value.items


def _member_type(type: Type | None, key: str | int) -> Type | None:
    match type:
        case None:
            return None
        case ObjectOf(attributes):
            return attributes.get(str(key), DYNAMIC)
        case MapOf(element) | ListOf(element) | SetOf(element):
            return element
        case TupleOf(elements) if isinstance(key, int) and key < len(elements):
            return elements[key]
    return DYNAMIC


def _compare_sequences(before: Any, after: Any, type: Type | None, forcing: Paths) -> Difference:
    old, new = (tuple(_items(side)) if side is not None else () for side in (before, after))
    elements = tuple(_sequence_elements(old, new, type))
    # Positions shift when elements come and go, so a path into the list says no more than that the list forces.
    context = not isinstance(type, SetOf)
    return Elements(_combined(before, after, elements), bool(forcing), elements, context=context)


def _sequence_elements(old: tuple[Value, ...], new: tuple[Value, ...], type: Type | None) -> Iterator[Difference]:
    if isinstance(type, SetOf):
        kept = [item for item in old if any(equal(item, other) for other in new)]
        pairs: Iterable[tuple[int | None, int | None]] = [
            *((i, _position(new, item) if item in kept else None) for i, item in enumerate(old)),
            *((None, j) for j, item in enumerate(new) if _position(old, item) is None),
        ]
    else:
        pairs = align(old, new, equal, lambda item: _kind(unmark(item)[0]) == "mapping")
    for i, j in pairs:
        element = _member_type(type, i if i is not None else j if j is not None else 0)
        yield _compare(None if i is None else old[i], None if j is None else new[j], element, ())


def _position(items: tuple[Value, ...], wanted: Value) -> int | None:
    return next((i for i, item in enumerate(items) if equal(item, wanted)), None)
