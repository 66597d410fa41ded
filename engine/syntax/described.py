"""What the references of a failed expression stand for, in words: `var.x` "is 3", `var.list` "is empty tuple".

Work is done here only for an expression that is in error already. A reference to a secret is left out.
"""

import json
from typing import Final

from engine.diagnostics import SourceRange
from engine.lang import access
from engine.lang.convert import convert
from engine.lang.errors import LanguageError
from engine.lang.types import DYNAMIC, NUMBER, STRING, friendly_name
from engine.lang.values import (
    EPHEMERAL,
    SENSITIVE,
    Null,
    Value,
    is_null,
    is_unknown,
    type_of,
    unmark,
)
from engine.syntax import tree
from engine.syntax.expression import Expression
from engine.syntax.scope import Scope
from engine.syntax.tree import Node

_Step = tuple[str, str | int]  # how it is written, and the key
_Path = tuple[str, tuple[_Step, ...]]  # a root name and the steps from it


def values_at(expression: Expression, place: SourceRange, scope: Scope) -> tuple[tuple[str, str], ...]:
    """Return the references in the part of `expression` at fault, by name, each with a statement such as "is 3"."""
    statements: dict[str, str] = {}
    for root, steps in _paths(part_at(expression.tree, place.start, place.end)):
        told = _told(root, steps, scope)
        if told is not None:
            statements.setdefault(*told)
    return tuple(sorted(statements.items()))


def statement_of(value: Value) -> str | None:
    """Return what is to say about a value, such as `is "x"`; None for a secret and where nothing is known."""
    plain, marks = unmark(value)
    if SENSITIVE in marks or EPHEMERAL in marks:
        return None
    if is_unknown(plain):
        return None if type_of(plain) == DYNAMIC else f"is a {friendly_name(type_of(plain))}"
    return f"is {_compact(plain)}"


def _told(root: str, steps: tuple[_Step, ...], scope: Scope) -> tuple[str, str] | None:
    """Return the longest beginning of a reference that has a value, with its statement; a root alone tells nothing."""
    values = _values_along(root, steps, scope)
    if len(values) < 2:
        return None
    statement = statement_of(values[-1])
    if statement is None:
        return None
    return root + "".join(text for text, _ in steps[: len(values) - 1]), statement


def _values_along(root: str, steps: tuple[_Step, ...], scope: Scope) -> list[Value]:
    """Return the values that a reference passes, as far as it leads."""
    if root not in scope.roots:
        return []
    values = [scope.roots[root]]
    for text, key in steps:
        try:
            follow = access.get_attribute if text.startswith(".") else access.index
            values.append(follow(values[-1], key))  # type: ignore[arg-type]
        except LanguageError:
            break
    return values


def _compact(value: Value) -> str:
    """Return a short text for a known value: itself when simple, else its kind and size."""
    if value.__class__ is Null or is_null(value):
        return "null"
    if value.__class__ is bool:
        return "true" if value else "false"
    if value.__class__ is str:
        return json.dumps(value, ensure_ascii=False)
    if type_of(value) == NUMBER:
        return _number(value)
    if value.__class__ is dict:
        return _object(value)
    items = value if value.__class__ is tuple else value.items
    kind = friendly_name(type_of(value))
    if not items:
        return f"empty {kind}"
    return f"{kind} with {len(items)} element{'s' if len(items) > 1 else ''}"


def _object(value: dict[str, Value]) -> str:
    if not value:
        return "object with no attributes"
    if len(value) == 1:
        return f"object with 1 attribute {json.dumps(next(iter(value)), ensure_ascii=False)}"
    return f"object with {len(value)} attributes"


def _number(value: Value) -> str:
    """Return a number in at most ten digits."""
    try:
        return format(float(value), ".10g")
    except OverflowError:
        return str(convert(value, STRING))


def part_at(node: Node, start: int, end: int) -> Node:
    """Return the smallest part of a tree around a place, the outermost where several are as small."""
    while True:
        if node[1] == start and node[2] == end:
            return node
        inner = next((item for item in _children(node) if item[1] <= start and end <= item[2]), None)
        if inner is None:
            return node
        node = inner


def _children(node: Node) -> list[Node]:
    """Return the trees right below a node."""
    found: list[Node] = []
    waiting = list(node[3:])
    while waiting:
        part = waiting.pop(0)
        if not isinstance(part, tuple) or not part:
            continue
        if part[0].__class__ is int:
            found.append(part)
        else:
            waiting.extend(part)
    return found


_OPEN: Final = frozenset({tree.FOR_TUPLE, tree.FOR_OBJECT, tree.FOR_DIRECTIVE})


def _paths(node: Node, bound: frozenset[str] = frozenset()) -> list[_Path]:
    """Return the references below a node with all their constant steps, leaving out names that a `for` brings in."""
    path = _path(node)
    if path is not None:
        return [] if path[0] in bound else [path]
    if node[0] in _OPEN:
        bound = bound | {name for name in node[3:5] if name is not None}
    if node[0] == tree.OBJECT:
        parts = [part for pair in node[3] for part in pair if part is pair[1] or part[0] != tree.VARIABLE]
    else:
        parts = _children(node)
    return [found for part in parts for found in _paths(part, bound)]


def _path(node: Node) -> _Path | None:
    """Return a node as one reference, or None when it is none."""
    steps: list[_Step] = []
    while node[0] in (tree.GET_ATTR, tree.INDEX):
        step = _step(node)
        if step is None:
            return None
        steps.append(step)
        node = node[3]
    if node[0] == tree.VARIABLE:
        return str(node[3]), tuple(reversed(steps))
    if node[0] != tree.TRAVERSAL:
        return None
    names = node[3]
    return names[0], (*((f".{name}", name) for name in names[1:]), *reversed(steps))


def _step(node: Node) -> _Step | None:
    if node[0] == tree.GET_ATTR:
        return f".{node[4]}", node[4]
    key = node[4]
    if key[0] == tree.STRING:
        return f"[{json.dumps(key[3], ensure_ascii=False)}]", key[3]
    if key[0] == tree.NUMBER and key[3].isdigit():
        return f"[{int(key[3])}]", int(key[3])
    return None
