"""What `ignore_changes` keeps: the configuration, with the recorded value wherever the configuration does not count."""

from typing import Any

from engine.config.model import Lifecycle
from engine.lang.values import MapValue, Path, Value, children, mark, rebuild, unmark
from engine.plan.attributes import Attributes
from engine.plan.diff import at_path


def ignoring(configured: Attributes, prior: Attributes, lifecycle: Lifecycle) -> Attributes:
    """Return `configured` with what `ignore_changes` names as it is in `prior`: changed back, added or left out."""
    if lifecycle.ignore_all:
        return dict(prior)
    result: Attributes = configured
    for path in lifecycle.ignore_changes:
        result = _with(result, path.steps, at_path(prior, path.steps))
    return result


def _with(value: Value, path: Path, kept: Value | None) -> Value:
    """Return a value with `kept` at `path`, or with nothing there when that is None."""
    step, rest = path[0], path[1:]
    plain, marks = unmark(value)
    members: dict[Any, Value] = dict(children(plain))
    if plain.__class__ is not dict and not isinstance(plain, MapValue):
        if step not in members or kept is None:
            return value
        changed = rebuild(plain, lambda key, item: (_with(item, rest, kept) if rest else kept) if key == step else item)
        return mark(changed, marks)
    if rest:
        if step not in members:
            return value
        members[step] = _with(members[step], rest, kept)
    elif kept is None:
        members.pop(step, None)
    else:
        members[step] = kept
    return mark(MapValue(plain.element, members) if isinstance(plain, MapValue) else members, marks)
