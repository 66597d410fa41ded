"""What differs between two versions of an object, found by DeepDiff.

Comparing costs DeepDiff a good part of a millisecond for a small object, so equal parts are left out first, and
objects that do not differ never get there.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from engine.lang import numbers
from engine.lang.types import Type
from engine.lang.values import (
    SENSITIVE,
    ListValue,
    MapValue,
    Null,
    Path,
    SetValue,
    Unknown,
    Value,
    children,
    equal,
    is_null,
    marked_paths,
    unmark,
)
from engine.plan.attributes import Attributes
from engine.plan.changes import AttributeChange
from providers.schema import Schema


class _ToBeKnown:
    """Stands for an unknown value in a comparison; equal to nothing recorded."""


_TO_BE_KNOWN = _ToBeKnown()


def attribute_changes(before: Attributes, after: Attributes) -> tuple[AttributeChange, ...]:
    """Return the places where `after` differs from `before`, sorted by path. Marks make no difference.

    An attribute that differs in type alone, as a list does from a tuple of the same elements, is one place.
    """
    names = [name for name in {**before, **after} if not _same(before.get(name), after.get(name))]
    if not names:
        return ()
    from deepdiff import DeepDiff

    old = {name: _comparable(before[name]) for name in names if name in before}
    new = {name: _comparable(after[name]) for name in names if name in after}
    # Zipped, since looking for what moved in a list takes 0 and false for the same.
    tree = DeepDiff(*_pruned(old, new), view="tree", threshold_to_diff_deeper=0, zip_ordered_iterables=True)
    paths = {tuple(level.path(output_format="list")) for levels in tree.values() for level in levels}
    paths |= {(name,) for name in names} - {path[:1] for path in paths}
    return tuple(
        AttributeChange(path, at_path(before, path), at_path(after, path)) for path in sorted(paths, key=_order)
    )


def sensitivity_changes(before: Attributes, after: Attributes) -> bool:
    """Return whether other parts of `after` are sensitive than of `before`."""
    return set(marked_paths(before, SENSITIVE)) != set(marked_paths(after, SENSITIVE))


def forcing_paths(differences: Iterable[AttributeChange], schema: Schema) -> tuple[Path, ...]:
    """Return the paths of the attributes among `differences` whose change replaces the object, each once.

    A path ends at the innermost attribute that the schema knows; what is inside its value changes as a whole.
    """
    paths = (_attribute_path(difference.path, schema) for difference in differences)
    return tuple(dict.fromkeys(path for path, forces in paths if forces))


def _attribute_path(path: Path, schema: Schema) -> tuple[Path, bool]:
    """Return the part of `path` that leads to an attribute, and whether a change there replaces the object."""
    attribute = schema.attributes[str(path[0])]
    inner = 1 if attribute.nesting == "single" else 2  # a list or map of objects takes a position or a key besides
    if attribute.nested is None or len(path) <= inner or str(path[inner]) not in attribute.nested.attributes:
        return (path if attribute.nested is not None else path[:1]), attribute.force_new
    below, forces = _attribute_path(path[inner:], attribute.nested)
    return (*path[:inner], *below), forces or attribute.force_new


def _same(one: Value | None, other: Value | None) -> bool:
    if one is None or other is None:
        return one is other
    return equal(one, other) and (is_null(one) or dict(_null_types(one)) == dict(_null_types(other)))


def _null_types(value: Value, path: Path = ()) -> Iterator[tuple[Path, Type]]:
    """Yield the types of the nulls inside a value, each with the way to it.

    They are part of the value's own type, and so of what is recorded.
    """
    value, _ = unmark(value)
    if value.__class__ is Null:
        yield path, value.type
    for key, item in children(value):
        yield from _null_types(item, (*path, key))


def _order(path: Path) -> list[tuple[bool, str | int]]:
    return [(isinstance(step, str), step) for step in path]


def _comparable(value: Value) -> Any:
    """Return a value as Python data in which equal values are equal and different ones are not."""
    value, _ = unmark(value)
    kind = value.__class__
    if kind is Null:
        return None
    if kind is Unknown:
        return _TO_BE_KNOWN
    if kind is dict or kind is MapValue:
        return {key: _comparable(item) for key, item in children(value)}
    if kind in (tuple, ListValue, SetValue):
        return [_comparable(item) for _, item in children(value)]
    return value if kind in (str, bool) else numbers.to_decimal(value)


def _pruned(old: Any, new: Any) -> tuple[Any, Any]:
    """Return both sides without the members of objects that are equal in both."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return old, new
    left, right = {}, {}
    for key in {**old, **new}:
        if key not in old:
            right[key] = new[key]
        elif key not in new:
            left[key] = old[key]
        elif old[key].__class__ is not new[key].__class__ or old[key] != new[key] or _may_hide_difference(old[key]):
            left[key], right[key] = _pruned(old[key], new[key])
    return left, right


def _may_hide_difference(data: Any) -> bool:
    """Return whether Python's `==` may call data equal that is not: true and 1 inside a container."""
    return isinstance(data, dict | list)


def at_path(value: Value, path: Path) -> Value | None:
    """Return what stands at `path`, or None when nothing does."""
    for step in path:
        value, _ = unmark(value)
        if value.__class__ in (Null, Unknown):
            return None
        members = dict(children(value))
        if step not in members:
            return None
        value = members[step]
    return value


def _is_set_of(planned: SetValue, actual: SetValue) -> bool:
    """Return whether a set may be the planned one: each element is one of its, and none but unknown ones is missing."""

    def fits(item: Value, other: Value) -> bool:
        return difference(item, other) is None

    return all(any(fits(item, other) for item in planned.items) for other in actual.items) and all(
        any(fits(item, other) for other in actual.items) for item in planned.items
    )


def difference(planned: Value, actual: Value) -> Path | None:
    """Return the path to the first known part of `planned` that is other in `actual`, or None when all is kept."""
    planned, actual = unmark(planned)[0], unmark(actual)[0]
    if planned.__class__ is Unknown:
        return None
    if planned.__class__ is SetValue and actual.__class__ is SetValue:
        return None if _is_set_of(planned, actual) else ()
    inside, there = dict(children(planned)), dict(children(actual))
    if not inside and not there:
        return None if equal(planned, actual) else ()
    if planned.__class__ is not actual.__class__ or inside.keys() != there.keys():
        return ()
    for key, value in inside.items():
        place = difference(value, there[key])
        if place is not None:
            return (key, *place)
    return None
