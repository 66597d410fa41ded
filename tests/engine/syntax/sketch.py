"""Trees as short texts, for tables of what parses to what."""

import json
from typing import Any

from engine.syntax import tree
from engine.syntax.tree import Node

_LITERALS = {True: "true", False: "false", None: "null"}


def sketch(node: Node) -> str:
    """Return `(+ a (* b 2))` for a + b * 2, and so on."""
    kind, fields = node[0], node[3:]
    if kind == tree.NUMBER or kind == tree.VARIABLE:
        return str(fields[0])
    if kind == tree.LITERAL:
        return _LITERALS[fields[0]]
    if kind == tree.STRING:
        return json.dumps(fields[0], ensure_ascii=False)
    if kind == tree.TRAVERSAL:
        return ".".join(fields[0])
    if kind == tree.TUPLE:
        return f"[{_all(fields[0])}]"
    if kind == tree.OBJECT:
        return "{" + " ".join(f"{sketch(key)}={sketch(value)}" for key, value in fields[0]) + "}"
    if kind == tree.CALL:
        name, _, _, arguments, expand = fields
        return f"{name}({_all(arguments)}{'...' if expand else ''})"
    if kind == tree.BINARY or kind == tree.UNARY:
        return f"({fields[0]} {_all(fields[1:])})"
    if kind in (tree.TEMPLATE, tree.HEREDOC):
        return f"<{'heredoc ' if kind == tree.HEREDOC else ''}{_all(fields[0])}>"
    if kind in (tree.ATTR_SPLAT, tree.FULL_SPLAT):
        return f"({'.*' if kind == tree.ATTR_SPLAT else '[*]'} {sketch(fields[0])}{_steps(fields[1])})"
    return _named(kind, fields)


def _named(kind: int, fields: tuple[Any, ...]) -> str:
    name = tree.KIND_NAMES[kind].lower()
    return f"({' '.join([name, *[_field(field) for field in fields]])})"


def _field(field: Any) -> str:
    if isinstance(field, tuple):
        return sketch(field) if field and isinstance(field[0], int) else f"<{_all(field)}>"
    return "-" if field is None else str(field)


def _steps(steps: tuple[Any, ...]) -> str:
    texts = {
        "attr": lambda detail: f".{detail}",
        "index": lambda detail: f"[{sketch(detail)}]",
        "attr_splat": lambda detail: f"(.*{_steps(detail)})",
        "full_splat": lambda detail: f"([*]{_steps(detail)})",
    }
    return "".join(f" {texts[kind](detail)}" for kind, detail, _, _ in steps)


def _all(nodes: tuple[Node, ...]) -> str:
    return " ".join(sketch(node) for node in nodes)
