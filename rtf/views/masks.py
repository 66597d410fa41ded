"""Trees that lie beside a value in Terraform's JSON and say with true and false which parts are unknown or sensitive.

They have the shape of the value as far as something is known of it. Members of objects and maps of which there is
nothing to tell are left out; elements of lists are not, since they are known by their positions.
"""

from collections.abc import Callable, Mapping

from engine.lang.json_values import JSON
from engine.lang.values import SENSITIVE, Marked, Null, Unknown, Value, children
from rtf.views.json_text import is_mapping, is_sequence


def unknown_mask(value: Value) -> JSON:
    """Return true for an unknown value, and for containers what is unknown in them."""
    if value.__class__ is Marked:
        return unknown_mask(value.value)
    if value.__class__ in (Null, Unknown):
        return value.__class__ is Unknown
    return _structure(value, unknown_mask)


def sensitive_mask(value: Value) -> JSON:
    """Return true for a sensitive value, and for containers what is sensitive in them."""
    if value.__class__ is Marked:
        return True if SENSITIVE in value.marks else sensitive_mask(value.value)
    if value.__class__ is Null:
        return False
    if value.__class__ is Unknown:
        return {} if is_mapping(value) else [] if is_sequence(value) else False
    return _structure(value, sensitive_mask)


def _structure(value: Value, tell: Callable[[Value], JSON]) -> JSON:
    if is_mapping(value):
        return _members({str(key): item for key, item in children(value)}, tell)
    if is_sequence(value):
        return [tell(item) for _, item in children(value)]
    return False


def _members(members: Mapping[str, Value], tell: Callable[[Value], JSON]) -> JSON:
    told = {name: tell(members[name]) for name in sorted(members)}
    return {name: item for name, item in told.items() if item is not False}
