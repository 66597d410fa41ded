"""`replace_triggered_by`: whether a planned change of something else replaces an instance."""

from engine.address import InstanceKey, ResourceAddress
from engine.lang.values import Null, Path, Unknown, Value, equal, unmark
from engine.plan.changes import Action, Change
from engine.plan.diff import at_path
from engine.plan.walk import Site, Walk
from engine.syntax import tree
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression


def is_triggered(walk: Walk, site: Site, names: dict[str, Value]) -> bool:
    """Return whether something that the instance names in `replace_triggered_by` changes.

    A whole resource triggers when any of its instances is updated or replaced, an attribute when it differs. Raises
    DiagnosticError for an index that has no value.
    """
    return any(_changes(walk, site, item, names) for item in site.block.lifecycle.replace_triggered_by)


def _changes(walk: Walk, site: Site, item: Expression, names: dict[str, Value]) -> bool:
    address, keys, path = _named(walk, site, item, names)
    changes = [found for key in keys if (found := walk.changes.get(str(address.instance(key)))) is not None]
    if not path:
        return any(change.action is Action.UPDATE or change.action.replaces for change in changes)
    return any(_differs(change, path) for change in changes)


def _differs(change: Change, path: Path) -> bool:
    before = None if change.before is None else at_path(change.before, path)
    after = None if change.after is None else at_path(change.after, path)
    if before is None or after is None:
        return before is not after
    old, new = unmark(before)[0], unmark(after)[0]
    if old.__class__ is Null and new.__class__ is Null:
        return False
    return new.__class__ is Unknown or not equal(old, new)


def _named(
    walk: Walk, site: Site, item: Expression, names: dict[str, Value]
) -> tuple[ResourceAddress, list[InstanceKey], Path]:
    """Return the resource that an entry names, the instances that it picks, and the path into these."""
    steps: list[tuple[bool, str | int]] = []  # whether it stands in brackets, and the name or key
    node = item.tree
    while node[0] in (tree.GET_ATTR, tree.INDEX):
        if node[0] == tree.INDEX:
            steps.append((True, unmark(evaluate(Expression(node[4], item.source), site.scope(names)))[0]))
        else:
            steps.append((False, node[4]))
        node = node[3]
    root = (node[3],) if node[0] == tree.VARIABLE else node[3]
    path: list[tuple[bool, str | int]] = [*((False, step) for step in root), *reversed(steps)]
    (_, type), (_, name), *rest = path
    address = ResourceAddress(str(type), str(name), module=site.instance.path)
    expansion = walk.seen.get(str(address))
    keys: list[InstanceKey] = list(expansion.instances) if expansion is not None else []
    if rest and rest[0][0]:
        keys, rest = [rest[0][1]], rest[1:]
    return address, keys, tuple(step for _, step in rest)
