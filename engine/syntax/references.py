"""What an expression refers to, read off its tree. Nothing is looked up here: names are only collected."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from engine.diagnostics import SourceRange
from engine.lang.numbers import Number
from engine.lang.numbers import parse as parse_number
from engine.syntax import tree
from engine.syntax.expression import Expression
from engine.syntax.tree import Node


@dataclass(frozen=True, slots=True)
class Key:
    """A step of a traversal that is an index with its value written out."""

    value: str | Number


@dataclass(frozen=True, slots=True)
class Traversal:
    """A root name and the steps from there that are written out: names of attributes, and keys."""

    steps: tuple[str | Key, ...]
    start: int
    ends: tuple[int, ...]  # where the text of each step ends


@dataclass(frozen=True, slots=True)
class Reference:
    """A traversal from a root name: the names that are written out, as far as no index or splat comes between.

    `range` is the text that names the object, such as a resource's instance; attributes of it are left out. `key_range`
    is that of an index with its key written out, right after the names, and `members` are the names after it: `o` in
    `module.m["eu"].o`.
    """

    names: tuple[str, ...]
    range: SourceRange
    members: tuple[str, ...] = ()
    key_range: SourceRange | None = None

    def __str__(self) -> str:
        return ".".join(self.names)


def references(expression: Expression) -> list[Reference]:
    """Return the references of an expression in the order written, leaving out names that a `for` brings in."""
    return [_reference(found, expression) for found in _in_tree(expression.tree, frozenset())]


def traversals(expression: Expression) -> list[Traversal]:
    """Return what `references` does, each with all its steps."""
    return list(_in_tree(expression.tree, frozenset()))


def _reference(found: Traversal, expression: Expression) -> Reference:
    names = _names(found.steps)
    count = len(names)
    members = _names(found.steps[count + 1 :])
    end = found.ends[min(_length_of_subject(found.steps), len(found.ends)) - 1]
    key = SourceRange(expression.source, found.ends[count - 1], found.ends[count]) if count < len(found.ends) else None
    return Reference(names, SourceRange(expression.source, found.start, end), members, key)


def _length_of_subject(steps: tuple[str | Key, ...]) -> int:
    """Return how many steps name an object: a resource's may end in a key, a module's in an output as well."""
    root = steps[0]
    if root in _NAMESPACES:
        return 1 if root == "self" else 2
    length = 3 if root in ("data", "ephemeral", "resource") else 2
    if len(steps) > length and isinstance(steps[length], Key):
        length += 1
    if root == "module" and len(steps) > length and isinstance(steps[length], str):
        length += 1
    return length


_NAMESPACES = frozenset({"var", "local", "each", "count", "path", "terraform", "self"})


def _names(steps: Iterable[str | Key]) -> tuple[str, ...]:
    """Return the names that steps begin with, up to the first key."""
    return tuple(step for step in takewhile(lambda step: isinstance(step, str), steps) if isinstance(step, str))


def _in_tree(node: Node, bound: frozenset[str]) -> Iterator[Traversal]:
    kind = node[0]
    if kind in _STEPS and (found := _traversal(node)) is not None:
        if found.steps[0] not in bound:
            yield found
    elif kind == tree.OBJECT:
        for key, value in node[3]:
            if key[0] != tree.VARIABLE:  # which is the key itself
                yield from _in_tree(key, bound)
            yield from _in_tree(value, bound)
    elif kind in _FOR:
        key_name, value_name, collection = node[3:6]
        yield from _in_tree(collection, bound)
        inner = bound | {name for name in (key_name, value_name) if name is not None}
        yield from _in_parts(node[6:], inner)
    else:
        yield from _in_parts(node[3:], bound)


_STEPS = frozenset({tree.VARIABLE, tree.TRAVERSAL, tree.GET_ATTR, tree.INDEX})
_FOR = frozenset({tree.FOR_TUPLE, tree.FOR_OBJECT, tree.FOR_DIRECTIVE})


def _traversal(node: Node) -> Traversal | None:
    """Return the traversal that a node is, None when it starts from no name or an index has to be evaluated first."""
    steps: list[str | Key] = []
    ends: list[int] = []
    inner = node
    while inner[0] in (tree.GET_ATTR, tree.INDEX):
        step = inner[4] if inner[0] == tree.GET_ATTR else _key(inner[4])
        if step is None:
            return None
        steps.append(step)
        ends.append(inner[2])
        inner = inner[3]
    if inner[0] == tree.TRAVERSAL:
        end = inner[2]
        for name in reversed(inner[3]):
            steps.append(name)
            ends.append(end)
            end -= len(name) + 1
    elif inner[0] == tree.VARIABLE:
        steps.append(inner[3])
        ends.append(inner[2])
    else:
        return None
    return Traversal(tuple(reversed(steps)), inner[1], tuple(reversed(ends)))


def _key(node: Node) -> Key | None:
    if node[0] == tree.STRING:
        return Key(node[3])
    number = parse_number(node[3]) if node[0] == tree.NUMBER else None
    return None if number is None else Key(number)


def _in_parts(parts: tuple[object, ...], bound: frozenset[str]) -> Iterator[Traversal]:
    """Search whatever of `parts` is a tree, or a tuple of trees."""
    for part in parts:
        if not isinstance(part, tuple) or not part:
            continue
        if isinstance(part[0], int):
            yield from _in_tree(part, bound)
        else:
            yield from _in_parts(part, bound)


def text_of_traversal(node: Node) -> str:
    """Return a traversal as written, or `expression` for any other tree."""
    if node[0] == tree.TRAVERSAL:
        return ".".join(node[3])
    return str(node[3]) if node[0] == tree.VARIABLE else "expression"
