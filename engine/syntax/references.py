"""What an expression refers to, read off its tree. Nothing is looked up here: names are only collected."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.diagnostics import SourceRange
from engine.syntax import tree
from engine.syntax.expression import Expression
from engine.syntax.tree import Node


@dataclass(frozen=True, slots=True)
class Reference:
    """A traversal from a root name: the names that are written out, as far as no index or splat comes between.

    `members` are the names after an index whose key is written out too: `o` in `module.m["eu"].o`.
    """

    names: tuple[str, ...]
    range: SourceRange
    members: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join(self.names)


def references(expression: Expression) -> list[Reference]:
    """Return the references of an expression in the order written, leaving out names that a `for` brings in."""
    return [
        Reference(names, SourceRange(expression.source, start, end), members)
        for names, start, end, members in _in_tree(expression.tree, frozenset())
    ]


_Found = tuple[tuple[str, ...], int, int, tuple[str, ...]]


def _in_tree(node: Node, bound: frozenset[str]) -> Iterator[_Found]:
    kind = node[0]
    if kind == tree.TRAVERSAL or kind == tree.VARIABLE:
        names = node[3] if kind == tree.TRAVERSAL else (node[3],)
        if names[0] not in bound:
            yield names, node[1], node[2], ()
    elif kind == tree.OBJECT:
        for key, value in node[3]:
            if key[0] not in (tree.VARIABLE, tree.TRAVERSAL):
                yield from _in_tree(key, bound)
            yield from _in_tree(value, bound)
    elif kind in _FOR:
        key_name, value_name, collection = node[3:6]
        yield from _in_tree(collection, bound)
        inner = bound | {name for name in (key_name, value_name) if name is not None}
        yield from _in_parts(node[6:], inner)
    elif kind == tree.GET_ATTR:
        yield from _with_attributes(node, bound)
    else:
        yield from _in_parts(node[3:], bound)


_FOR = frozenset({tree.FOR_TUPLE, tree.FOR_OBJECT, tree.FOR_DIRECTIVE})


def _with_attributes(node: Node, bound: frozenset[str]) -> Iterator[_Found]:
    """Join `a . b`, written with blanks, into one reference; anything else is searched further down."""
    names: list[str] = []
    inner = node
    while inner[0] == tree.GET_ATTR:
        names.append(inner[4])
        inner = inner[3]
    if inner[0] in (tree.VARIABLE, tree.TRAVERSAL):
        first = inner[3] if inner[0] == tree.TRAVERSAL else (inner[3],)
        if first[0] not in bound:
            yield (*first, *reversed(names)), node[1], node[2], ()
    elif inner[0] == tree.INDEX and inner[3][0] == tree.TRAVERSAL and inner[4][0] in (tree.STRING, tree.NUMBER):
        for first, start, end, _ in _in_tree(inner[3], bound):
            yield first, start, end, tuple(reversed(names))
    else:
        yield from _in_tree(inner, bound)


def _in_parts(parts: tuple[object, ...], bound: frozenset[str]) -> Iterator[_Found]:
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
