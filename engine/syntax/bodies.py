"""Arguments, blocks and bodies: what the productions of HCL's structure build, and what they refuse."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from engine.syntax.mistakes import Mistake, mistake
from engine.syntax.tree import ATTRIBUTE, BLOCK, BODY, LITERAL, STRING, VARIABLE, Node

Values: TypeAlias = list[Any]  # of the symbols of a production
Action: TypeAlias = Callable[[Values], Any]

_LITERAL_NAMES: Final = {True: "true", False: "false", None: "null"}
_NEWLINE: Final = "new_line_or_comment"


def name_of(node: Node) -> str:
    """Return the name that a word in the place of a name stands for, whatever it means elsewhere."""
    return _LITERAL_NAMES[node[3]] if node[0] == LITERAL else node[3]


def file_body(length: int, value: Any) -> Node:
    """Return the BODY of a whole file from what the body's production gave."""
    _, items, _ = value
    return _body(0, length, items)


def make_body(expansion: tuple[str, ...]) -> Action:
    """The value of a body: does it begin on a line of its own, its items, and where its last newline is, or None."""
    has_items = bool(expansion) and expansion[0].startswith("__body_star")
    ends_line = bool(expansion) and expansion[-1] == _NEWLINE

    def body(values: Values) -> Any:
        newline = values[-1] if ends_line else None
        if has_items:
            return (*values[0], newline)
        return (ends_line, [], newline)

    return body


def _body(start: int, end: int, items: list[Node]) -> Node:
    first: dict[str, Node] = {}
    repeated: list[tuple[Node, Node]] = []
    for item in items:
        if item[0] == ATTRIBUTE:
            before = first.setdefault(item[3], item)
            if before is not item:
                repeated.append((before, item))
    if repeated:
        raise Repeated(repeated)
    return (BODY, start, end, tuple(items))


class Repeated(Mistake):
    """Arguments that were set before. The wording needs the line of the first one, which only the file knows."""

    def __init__(self, pairs: list[tuple[Node, Node]]) -> None:
        super().__init__(*[("Attribute redefined", item[3], item[4], item[5]) for _, item in pairs])
        self.pairs = pairs


def attribute(values: Values) -> Node:
    """Return the node of `name = expression`."""
    name, _, expression = values
    return (ATTRIBUTE, name[1], expression[2], name_of(name), name[1], name[2], expression)


def make_block(expansion: tuple[str, ...]) -> Action:
    """Return the action that makes the node of a block."""
    has_labels = expansion[1] != "LBRACE"

    def block(values: Values) -> Node:
        name = values[0]
        labels = tuple([_label(label) for label in values[1]]) if has_labels else ()
        opening, (on_own_line, items, newline), closing = values[-3:]
        if items:
            _check_lines(on_own_line, items, newline, closing)
        body = _body(opening + 1, closing, items)
        header_end = labels[-1][2] if labels else name[2]
        return (BLOCK, name[1], closing + 1, name_of(name), name[1], name[2], labels, body, header_end)

    return block


def _label(node: Node) -> tuple[str, int, int]:
    if node[0] == VARIABLE or node[0] == LITERAL:
        return (name_of(node), node[1], node[2])
    if node[0] == STRING:
        return (node[3], node[1], node[2])
    raise mistake(
        "Invalid string literal",
        'Template sequences are not allowed in this string. To include a literal "$", double it (as "$$") to escape '
        "it.",
        node[1],
        node[2],
    )


_NO_NEWLINE: Final = {
    ATTRIBUTE: ("Missing newline after argument", "An argument definition must end with a newline."),
    BLOCK: ("Missing newline after block definition", "A block definition must end with a newline."),
}


def _check_lines(on_own_line: bool, items: list[Node], newline: int | None, closing: int) -> None:
    """Refuse a block that is neither on one line with a single argument, nor has its items on lines of their own."""
    if on_own_line:
        if newline is not None:
            return
        summary, detail = _NO_NEWLINE[items[-1][0]]
        raise mistake(summary, detail, closing, closing + 1)
    if items[0][0] == BLOCK:
        name = items[0][3]
        raise mistake(
            "Argument definition required",
            "A single-line block definition can contain only a single argument. If you meant to define argument "
            f'"{name}", use an equals sign to assign it a value. To define a nested block, place it on a line of its '
            "own within its parent block.",
            items[0][4],
            items[0][5],
        )
    if newline is not None or len(items) > 1:
        end = items[0][2]
        raise mistake(
            "Invalid single-argument block definition",
            "An argument definition on the same line as its containing block creates a single-line block definition, "
            "which must also be closed on the same line. Place the block's closing brace immediately after the "
            "argument definition.",
            end,
            end + 1,
        )
