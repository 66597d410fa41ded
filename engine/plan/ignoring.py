"""What `ignore_changes` keeps: the configuration, with the recorded value wherever the configuration does not count.

As in Terraform, a place in a value counts only where both sides have it, a name stands for an attribute of an object
and a key in brackets for an element of a list or a map. Only maps are taken apart by their keys: `["a"]` on anything
else keeps all of it. An attribute that a schema knows is always there, be it null.
"""

from typing import Any

from engine.config.model import Lifecycle
from engine.lang.values import MapValue, Value, children, mark, rebuild, type_of, unmark
from engine.plan.attributes import Attributes
from engine.syntax.references import Key
from providers.schema import Attribute, Schema

Steps = tuple[str | Key, ...]


class _Nowhere(Exception):
    """There is no such place in one of the two values."""


def ignoring(configured: Attributes, prior: Attributes, lifecycle: Lifecycle, schema: Schema) -> Attributes:
    """Return `configured` with what `ignore_changes` names as it is in `prior`: changed back, added or left out."""
    if lifecycle.ignore_all:
        return dict(prior)
    result = configured
    for path in sorted(lifecycle.ignore_changes, key=lambda path: -len(path.steps)):  # the outer of two has the say
        try:
            result = _members(result, prior, path.steps, schema)
        except _Nowhere:
            continue
    return result


def _members(members: Attributes, prior: Attributes, steps: Steps, schema: Schema) -> Attributes:
    """Return the attributes of an object of known shape, with the prior value at `steps`."""
    name, rest = str(steps[0]), steps[1:]
    if name not in schema.attributes:
        raise _Nowhere
    if schema.attributes[name].computed and not schema.attributes[name].optional:
        return members
    if not rest:
        kept = prior.get(name)
    elif name in members and name in prior:
        kept = _kept(members[name], prior[name], rest, schema.attributes[name])
    else:
        raise _Nowhere
    others = {key: value for key, value in members.items() if key != name}
    return others if kept is None else {**others, name: kept}


def _kept(value: Value, prior: Value, steps: Steps, attribute: Attribute | None) -> Value:
    """Return a value with the prior one at `steps`. `attribute` tells its shape, where a schema does."""
    plain, marks = unmark(value)
    old = unmark(prior)[0]
    step, rest = steps[0], steps[1:]
    nested = attribute.nested if attribute is not None else None
    if nested is not None and attribute is not None and attribute.nesting == "single" and isinstance(step, str):
        if plain.__class__ is not dict or old.__class__ is not dict:
            raise _Nowhere
        return mark(_members(plain, old, steps, nested), marks)
    is_map = plain.__class__ is MapValue or (attribute is not None and attribute.nesting == "map")
    if not rest and isinstance(step, Key) and isinstance(step.value, str):
        return mark(_with_key(plain, old, step.value), marks) if is_map else prior
    if not _leads_on(plain, step, is_map) or not _leads_on(old, step, is_map):
        raise _Nowhere
    key = step.value if isinstance(step, Key) else step
    there = dict(children(old))[key]

    def changed(other: str | int, item: Value) -> Value:
        if other != key:
            return item
        return there if not rest else _element(item, there, rest, nested)

    return mark(rebuild(plain, changed), marks)


def _element(value: Value, prior: Value, steps: Steps, schema: Schema | None) -> Value:
    """Return an element with the prior value at `steps`; `schema` is that of an object of known shape."""
    if schema is None:
        return _kept(value, prior, steps, None)
    (plain, marks), old = unmark(value), unmark(prior)[0]
    if plain.__class__ is not dict or old.__class__ is not dict:
        raise _Nowhere
    return mark(_members(plain, old, steps, schema), marks)


def _leads_on(value: Value, step: str | Key, is_map: bool) -> bool:
    """Return whether a step leads to a member of a value: names to attributes, keys to elements."""
    members: dict[Any, Value] = dict(children(value))
    if isinstance(step, str):
        return value.__class__ is dict and not is_map and step in members
    if isinstance(step.value, str):
        return is_map and step.value in members
    return value.__class__ is not dict and step.value in members


def _with_key(value: Value, prior: Value, key: str) -> Value:
    """Return a map with one key as in the prior one: its element, or none."""
    members, others = dict(children(value)), dict(children(prior))
    kept: dict[Any, Value] = {name: item for name, item in members.items() if name != key}
    if key in others:
        kept[key] = others[key]
    if value.__class__ is dict:
        return kept
    element = value.element if members else type_of(next(iter(kept.values()))) if kept else value.element
    return MapValue(element, kept)
