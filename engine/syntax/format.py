"""The canonical layout of a file: text and its tree -> text. This is what `rtf fmt` does to each file.

    tokens -> tokens with old ways of writing replaced -> lines -> text

Only the blanks between tokens change, and a few things written in the manner of the language's first versions: labels
without quotes, `"${x}"` for `x`, types in quotes. Newlines stay where they are, comments and texts stay what they are.
The layout is that of Terraform 1.11, blank by blank. What it does to files that would no longer mean the same, or no
longer parse, is not done here: see `engine.syntax.format_rewrite`.
"""

from collections.abc import Callable, Iterable
from typing import Final

from engine.diagnostics import SourceFile, count_graphemes
from engine.syntax.format_rewrite import rewrite
from engine.syntax.format_tokens import (
    CLOSE_HEREDOC,
    CLOSE_QUOTE,
    CLOSE_SEQUENCE,
    COMMENT,
    NEWLINE,
    NUMBER,
    OPEN_DIRECTIVE,
    OPEN_HEREDOC,
    OPEN_INTERPOLATION,
    OPEN_QUOTE,
    TEXT,
    WORD,
    FormatToken,
    read_format_tokens,
)
from engine.syntax.parser import parse

_INDENTATION: Final = 2


def format_source(source: SourceFile) -> str:
    """Return the text of a file in canonical layout. Raises DiagnosticError when it does not parse.

    The result parses to the same tree, but for the places in it, and but for `"${x}"` and types, which mean the same
    as what is put in their place. Formatting it again changes nothing.
    """
    tree = parse(source)
    text = source.text
    tokens = read_format_tokens(text, 1 if text.startswith("\ufeff") else 0)
    tokens = rewrite(tokens, tree)
    lines = _lines(tokens)
    _indent(lines)
    for line in lines:
        _space(line.lead)
        _space(line.assignment)
    _align(lines, lambda line: line.assignment, lambda line: _columns(line.lead))
    _align(lines, lambda line: line.comment, lambda line: _columns(line.lead) + _columns(line.assignment))
    blanks_at_end = len(text) - len(text.rstrip(" \t"))
    return "".join([" " * token.spaces + token.text for token in tokens]) + " " * blanks_at_end


class _Line:
    """The tokens up to and with the next newline, in three cells.

    A heredoc, and a comment over several lines, is one token or more on one line. `assignment` begins with the first
    equals sign, when no bracket stays open after it; `comment` is the one that ends the line. Either may be empty.
    """

    __slots__ = ("assignment", "comment", "lead")

    def __init__(self, tokens: list[FormatToken]) -> None:
        self.lead = tokens
        self.assignment: list[FormatToken] = []
        self.comment: list[FormatToken] = []
        if len(tokens) > 1 and tokens[-1].kind == COMMENT:
            self.lead, self.comment = tokens[:-1], tokens[-1:]
        equals = next((index for index, token in enumerate(self.lead) if index and token.kind == "="), None)
        if equals is not None and _nesting(self.lead[equals:]) == 0:
            self.lead, self.assignment = self.lead[:equals], self.lead[equals:]


def _lines(tokens: list[FormatToken]) -> list[_Line]:
    """Return the lines of a file, also the empty one after its last newline: it parts nothing, but is one."""
    lines: list[_Line] = []
    start = 0
    for index, token in enumerate(tokens, 1):
        if token.ends_line:
            lines.append(_Line(tokens[start:index]))
            start = index
    lines.append(_Line(tokens[start:]))
    return lines


def _nesting(tokens: Iterable[FormatToken]) -> int:
    return sum([token.nesting for token in tokens])


# ---------------------------------------------------------------- indentation


def _indent(lines: list[_Line]) -> None:
    """Put each line two blanks further in for every line above that leaves brackets open.

    However many brackets a line opens, what follows is one step further in: `opened` holds how many each step stands
    for.
    """
    opened: list[int] = []
    for line in lines:
        if not line.lead or line.lead[0].kind == NEWLINE:
            continue
        change = _nesting(_before_heredoc(line.lead)) + _nesting(line.assignment)
        if change < 0:
            _close(opened, -change)
        line.lead[0].spaces = _INDENTATION * len(opened)
        if change > 0:
            opened.append(change)


def _before_heredoc(tokens: list[FormatToken]) -> list[FormatToken]:
    end = next((index for index, token in enumerate(tokens) if token.kind == OPEN_HEREDOC), len(tokens))
    return tokens[:end]


def _close(opened: list[int], count: int) -> None:
    while count > 0 and opened:
        if opened[-1] > count:
            opened[-1] -= count
            return
        count -= opened.pop()


# ---------------------------------------------------------------- blanks within a line

# A minus after one of these is a sign, not an operator.
_SIGN_FOLLOWS: Final = frozenset("([{=:,?+*/%-!<>") | {"==", "!=", "<=", ">=", "&&", "||"}
_NO_BLANK_AFTER: Final = frozenset({TEXT, OPEN_QUOTE, OPEN_HEREDOC})
_NO_BLANK_BEFORE: Final = frozenset({TEXT, CLOSE_QUOTE, CLOSE_HEREDOC})
_GLUED: Final = frozenset({(WORD, "("), (WORD, "::"), ("::", WORD)})
_SEQUENCE_OPENINGS: Final = frozenset({OPEN_INTERPOLATION, OPEN_DIRECTIVE})


def _space(cell: list[FormatToken]) -> None:
    """Set the blanks between the tokens of a cell; those before its first are none of this function's."""
    for index in range(1, len(cell)):
        before = cell[index - 2] if index > 1 else None
        cell[index].spaces = 1 if _is_spaced(before, cell[index - 1], cell[index]) else 0


def _is_spaced(before: FormatToken | None, left: FormatToken, right: FormatToken) -> bool:
    """Return whether a blank stands between `left` and `right`; `before` is the token before both in their cell.

    The rules are in order: the first that knows the tokens decides.
    """
    first, second = left.kind, right.kind
    if second == NEWLINE or (first, second) in _GLUED or "." in (first, second) or second in (",", "..."):
        return False
    if first == ",":
        return True
    if first in _NO_BLANK_AFTER or second in _NO_BLANK_BEFORE:
        return False
    if left.text == "in" and before is not None and before.kind == WORD:
        return True  # `for x in [y]`: here it is no name with an index
    if second == "[" and (first in (WORD, NUMBER) or left.nesting < 0):
        return False
    if first == "!":
        return False
    if first == "-":
        return before is not None and before.kind not in _SIGN_FOLLOWS
    if first == "{" or second == "}":
        return not (first == "{" and second == "}")
    if first in _SEQUENCE_OPENINGS:
        return second == "{"
    if first == CLOSE_SEQUENCE and second in _SEQUENCE_OPENINGS:
        return False
    if first == "}" and second == CLOSE_SEQUENCE:
        return True
    return not (left.nesting > 0 or right.nesting < 0)


# ---------------------------------------------------------------- columns


def _align(lines: list[_Line], cell: Callable[[_Line], list[FormatToken]], columns: Callable[[_Line], int]) -> None:
    """Have the cells of neighbouring lines begin in one column, one blank after the longest of what is before them."""
    neighbours: list[tuple[FormatToken, int]] = []
    for line in lines:
        if cell(line):
            neighbours.append((cell(line)[0], columns(line)))
        elif neighbours:
            _put_in_column(neighbours)
            neighbours = []
    _put_in_column(neighbours)


def _put_in_column(neighbours: list[tuple[FormatToken, int]]) -> None:
    widest = max([width for _, width in neighbours], default=0)
    for token, width in neighbours:
        token.spaces = widest - width + 1


def _columns(tokens: list[FormatToken]) -> int:
    return sum([token.spaces + count_graphemes(token.text) - token.text.count("\r\n") for token in tokens])
