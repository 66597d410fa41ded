"""The parts of a template, as the parser lists them -> TEMPLATE, TEMPLATE_WRAP, HEREDOC or STRING.

The list is flat: texts line by line, interpolations, and the directives each for itself. Here indentation is taken
off, texts are joined and directives put inside of each other.
"""

from typing import Any, TypeAlias

from engine.syntax.escapes import SPACES
from engine.syntax.mistakes import Mistake, mistake
from engine.syntax.tree import (
    FOR_DIRECTIVE,
    HEREDOC,
    IF_DIRECTIVE,
    INTERPOLATION,
    STRING,
    TEMPLATE,
    TEMPLATE_WRAP,
    Node,
)

# A directive, the parts around it, and for an `if` that has come to its `else` the parts before that.
_Open: TypeAlias = tuple[Any, list[Node], list[Node] | None]


def template(style: str, start: int, end: int, parts: list[Any]) -> Node:
    """Return the node of a template that reaches from `start` to `end`.

    Parts are STRING and INTERPOLATION nodes, and directives: ("if", start, end, condition), ("else", start, end),
    ("endif", start, end), ("for", start, end, key name, value name, collection), ("endfor", start, end).
    """
    if len(parts) == 1 and parts[0][0] == INTERPOLATION:
        return (TEMPLATE_WRAP, start, end, parts[0][3])
    if style == "flush":
        parts = _without_indentation(parts)
    nested = _nested(_joined(parts))
    if style in ("heredoc", "flush"):
        return (HEREDOC, start, end, nested)
    if not nested or (len(nested) == 1 and nested[0][0] == STRING):
        return (STRING, start, end, nested[0][3] if nested else "")
    return (TEMPLATE, start, end, nested)


def _without_indentation(parts: list[Any]) -> list[Any]:
    """Take the smallest indentation off all lines. A line of blanks alone neither counts nor changes."""
    starting: list[int] = []
    smallest: int | None = None
    at_line_start = True
    for index, part in enumerate(parts):
        is_text = part[0] == STRING
        if at_line_start:
            at_line_start = False
            if not is_text:
                smallest = 0
            elif part[3].strip(SPACES) or not part[3].endswith("\n"):
                indentation = len(part[3]) - len(part[3].lstrip(SPACES))
                smallest = indentation if smallest is None else min(smallest, indentation)
                starting.append(index)
        if is_text and part[3].endswith("\n"):
            at_line_start = True
    result = list(parts)
    for index in starting:
        kind, start, end, text = parts[index]
        result[index] = (kind, start, end, text[smallest:])
    return result


def _joined(parts: list[Any]) -> list[Any]:
    """Make one of neighbouring texts and drop what strip markers left empty."""
    result: list[Any] = []
    run: list[Node] = []
    for part in parts:
        if part[0] == STRING:
            run.append(part)
            continue
        result.extend(_one_text(run))
        run = []
        result.append(part)
    result.extend(_one_text(run))
    return result


def _one_text(run: list[Node]) -> list[Node]:
    text = "".join([part[3] for part in run])
    return [(STRING, run[0][1], run[-1][2], text)] if text else []


def _nested(parts: list[Any]) -> tuple[Node, ...]:
    """Return the parts with each directive as one node around what it governs."""
    opened: list[_Open] = []
    current: list[Node] = []
    for part in parts:
        keyword = part[0]
        if keyword == "if" or keyword == "for":
            opened.append((part, current, None))
            current = []
        elif keyword == "else":
            directive, outer, before = _innermost(opened, part, "if")
            if before is not None:
                raise _unexpected(part, "Already in the else clause for the if directive that is still open.")
            opened[-1] = (directive, outer, current)
            current = []
        elif keyword == "endif" or keyword == "endfor":
            directive, outer, before = _innermost(opened, part, keyword[3:])
            opened.pop()
            outer.append(_closed(directive, part[2], current, before))
            current = outer
        else:
            current.append(part)
    if opened:
        keyword, start, end = opened[-1][0][:3]
        detail = f"The {keyword} directive is missing its corresponding end{keyword} directive."
        if keyword == "for":
            start, end = parts[-1][2], parts[-1][2] + 1
        raise mistake("Unexpected end of template", detail, start, end)
    return tuple(current)


def _innermost(opened: list[_Open], part: Any, wanted: str) -> _Open:
    """Return the directive that `part` belongs to, which must be of the wanted keyword."""
    if not opened:
        raise _unexpected(part, "The control directives within this template are unbalanced.")
    keyword = opened[-1][0][0]
    if keyword != wanted:
        raise _unexpected(part, f"Expecting an end{keyword} directive for the {keyword} directive that is still open.")
    return opened[-1]


def _unexpected(part: Any, detail: str) -> Mistake:
    return mistake(f"Unexpected {part[0]} directive", detail, part[1], part[2])


def _closed(directive: Any, end: int, parts: list[Node], before: list[Node] | None) -> Node:
    if directive[0] == "for":
        _, start, _, key_name, value_name, collection = directive
        return (FOR_DIRECTIVE, start, end, key_name, value_name, collection, tuple(parts))
    then_parts, else_parts = (parts, []) if before is None else (before, parts)
    return (IF_DIRECTIVE, directive[1], end, directive[3], tuple(then_parts), tuple(else_parts))
