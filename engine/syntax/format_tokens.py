"""Text -> the tokens that `fmt` moves about: every character of the file is in one of them, or is a blank between two.

The lexer drops what means nothing to the parser: comments, blanks, newlines inside of brackets. A formatter must keep
all of it, and has no use for values. So the text is cut anew here, by the same patterns; it has been parsed before, so
nothing is checked.
"""

import re
from typing import Final

from engine.syntax.patterns import DIGITS, LINE_PART, NAME, QUOTED_PART

# Kinds. Operators and brackets are of the kind that they are written as; `${~` is of the kind `${`.
NEWLINE: Final = "newline"
COMMENT: Final = "comment"  # `#` and `//` up to and with their newline, or `/* */`
WORD: Final = "word"
NUMBER: Final = "number"
OPEN_QUOTE: Final = "open quote"
CLOSE_QUOTE: Final = "close quote"
OPEN_HEREDOC: Final = "open heredoc"  # with its newline
CLOSE_HEREDOC: Final = "close heredoc"  # the marker's whole line, without its newline
TEXT: Final = "text"  # literal text in a template
OPEN_INTERPOLATION: Final = "${"
OPEN_DIRECTIVE: Final = "%{"
CLOSE_SEQUENCE: Final = "sequence end"

_NESTING: Final = {
    **dict.fromkeys(["(", "[", "{", OPEN_INTERPOLATION, OPEN_DIRECTIVE], 1),
    **dict.fromkeys([")", "]", "}", CLOSE_SEQUENCE], -1),
}

_CODE: Final = re.compile(
    rf"""[ \t]*+(?:
      (\r?\n)
    | (\#[^\n]*+\n?|//[^\n]*+\n?|/\*(?s:.*?)\*/)
    | ({NAME})
    | ({DIGITS})
    | (<<-?{NAME}\r?\n)
    | (")
    | (~?\}})
    | (==|!=|<=|>=|&&|\|\||::|\.\.\.|=>|.)
    )""",
    re.VERBOSE,
)
_NEWLINE, _COMMENT, _WORD, _NUMBER, _HEREDOC, _QUOTE, _CLOSER, _SIGN = range(1, 9)
_PLAIN: Final = {_NEWLINE: NEWLINE, _COMMENT: COMMENT, _WORD: WORD, _NUMBER: NUMBER}


class FormatToken:
    """A piece of the file with the number of blanks before it. `start` is its offset, -1 for one that was added.

    `nesting` is 1 for what opens a bracket or a sequence of a template, -1 for what closes one, else 0. `ends_line`
    says whether what follows stands on another line.
    """

    __slots__ = ("ends_line", "kind", "nesting", "spaces", "start", "text")

    def __init__(self, kind: str, text: str, start: int = -1) -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.spaces = 0
        self.nesting = _NESTING.get(kind, 0)
        self.ends_line = kind == NEWLINE or (kind == COMMENT and text.endswith("\n"))


class _Template:
    """A quoted text or heredoc that is being read, while one of its sequences is, too."""

    __slots__ = ("at_line_start", "close", "marker", "part")

    def __init__(self, marker: str | None) -> None:
        self.part = QUOTED_PART if marker is None else LINE_PART
        self.close = CLOSE_QUOTE if marker is None else CLOSE_HEREDOC
        self.marker = None if marker is None else re.compile(rf"[^\S\n]*+{re.escape(marker)}[^\S\r\n]*+(?=\r?\n)")
        self.at_line_start = True


def read_format_tokens(text: str, start: int = 0) -> list[FormatToken]:
    """Return the tokens of a text that parses, from `start` on. Blanks at its end belong to none."""
    tokens: list[FormatToken] = []
    # Of each open brace: the template whose sequence it began, or None.
    braces: list[_Template | None] = []
    position, end = start, len(text.rstrip(" \t"))
    while found := _CODE.match(text, position, end):
        group = found.lastindex or _SIGN
        piece = found[group]
        position = found.end()
        template: _Template | None = None
        if group == _CLOSER:
            template = braces.pop() if braces else None
            kind = "}" if template is None else CLOSE_SEQUENCE
        elif group == _QUOTE:
            kind, template = OPEN_QUOTE, _Template(None)
        elif group == _HEREDOC:
            kind, template = OPEN_HEREDOC, _Template(piece.strip().lstrip("<-"))
        else:
            kind = _PLAIN.get(group, piece)
        tokens.append(FormatToken(kind, piece, position - len(piece)))
        if piece == "{":
            braces.append(None)
        if template is not None:
            position = _read_template(text, position, template, tokens)
            if tokens[-1].kind != template.close:
                braces.append(template)
    return tokens


def _read_template(text: str, position: int, template: _Template, tokens: list[FormatToken]) -> int:
    """Add the tokens up to the next sequence's opening or the template's end; return where to go on."""
    start = position
    while position < len(text):
        if template.marker is not None and template.at_line_start:
            ending = template.marker.match(text, position)
            if ending is not None:
                _add_text(text, start, position, tokens)
                tokens.append(FormatToken(CLOSE_HEREDOC, ending[0], position))
                return ending.end()
        found = template.part.match(text, position)
        if found is None:
            break
        if found.lastindex == 1:
            position = found.end()
            template.at_line_start = text[position - 1] == "\n"
            continue
        _add_text(text, start, position, tokens)
        if found.lastindex == 3:
            tokens.append(FormatToken(CLOSE_QUOTE, found[3], position))
            return found.end()
        template.at_line_start = False
        opening = found[2] + ("~" if text.startswith("~", found.end()) else "")
        tokens.append(FormatToken(found[2], opening, position))
        return position + len(opening)
    _add_text(text, start, len(text), tokens)
    return len(text)


def _add_text(text: str, start: int, end: int, tokens: list[FormatToken]) -> None:
    if start < end:
        tokens.append(FormatToken(TEXT, text[start:end], start))
