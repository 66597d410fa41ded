"""Tokens -> tokens, with ways of writing that the language has left behind replaced by those of today.

    resource foo bar {      -> resource "foo" "bar" {
    name = "${var.name}"    -> name = var.name
    type = "list"           -> type = list(string), and type = list -> type = list(any), of variables

Terraform does the same, and more: it loses labels that hold a `$` or `%`, and takes `${}` away where a comment inside
then swallows what follows. Nothing here is done unless the file means the same after it.
"""

from collections.abc import Iterator
from typing import Final

from engine.syntax import tree
from engine.syntax.format_tokens import (
    CLOSE_HEREDOC,
    CLOSE_QUOTE,
    CLOSE_SEQUENCE,
    COMMENT,
    NEWLINE,
    OPEN_DIRECTIVE,
    OPEN_INTERPOLATION,
    OPEN_QUOTE,
    TEXT,
    WORD,
    FormatToken,
)
from engine.syntax.tree import Node

_COLLECTIONS: Final = frozenset({"list", "map", "set"})
_QUOTED_TYPES: Final = {'"string"': ("string",), '"list"': ("list", "string"), '"map"': ("map", "string")}
_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}

# From one token up to another, which is left out: what to put there.
_Edit = tuple[int, int, list[FormatToken]]


def rewrite(tokens: list[FormatToken], body: Node) -> list[FormatToken]:
    """Return the tokens of a file whose tree is `body`, in today's way of writing."""
    at = {token.start: index for index, token in enumerate(tokens)}
    result: list[FormatToken] = []
    done = 0
    for first, last, replacement in _edits(tokens, body, at, ()):
        result += tokens[done:first]
        result += replacement
        done = last
    return result + tokens[done:]


def _edits(tokens: list[FormatToken], body: Node, at: dict[int, int], blocks: tuple[str, ...]) -> Iterator[_Edit]:
    """Yield what to change, in the order of the file. `blocks` are the types of those that `body` lies in."""
    for item in body[3]:
        if item[0] == tree.BLOCK:
            _, _, _, kind, _, type_end, labels, inner, header_end = item
            if labels:
                yield _labels(tokens, labels, type_end, header_end, at)
            yield from _edits(tokens, inner, at, (*blocks, kind))
        else:
            _, _, _, name, _, _, expression = item
            first, last = at[expression[1]], _first_from(tokens, at[expression[1]], expression[2])
            old = tokens[first:last]
            new = _type(old) if name == "type" and blocks == ("variable",) else _unwrapped(old, tokens[last : last + 1])
            if new is not old:
                yield first, last, new


def _first_from(tokens: list[FormatToken], index: int, offset: int) -> int:
    """Return the index of the first token from `index` on that starts at `offset` or later."""
    while index < len(tokens) and tokens[index].start < offset:
        index += 1
    return index


# ---------------------------------------------------------------- labels


def _labels(
    tokens: list[FormatToken], labels: tuple[tuple[str, int, int], ...], start: int, end: int, at: dict[int, int]
) -> _Edit:
    """Quote the labels between the offsets `start` and `end`. Comments between them are lost, as in Terraform."""
    first = _first_from(tokens, at[labels[0][1]], labels[0][1])
    while tokens[first - 1].start >= start:
        first -= 1
    new: list[FormatToken] = []
    for text, label_start, label_end in labels:
        index = at[label_start]
        if "$" in text or "%" in text:
            new += tokens[index : _first_from(tokens, index, label_end)]
        else:
            new += _quoted(text)
    return first, _first_from(tokens, first, end), new


def _quoted(text: str) -> list[FormatToken]:
    inside = [FormatToken(TEXT, "".join(map(_escaped, text)))] if text else []
    return [FormatToken(OPEN_QUOTE, '"'), *inside, FormatToken(CLOSE_QUOTE, '"')]


def _escaped(character: str) -> str:
    if character in _ESCAPES or character.isprintable():
        return _ESCAPES.get(character, character)
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# ---------------------------------------------------------------- expressions


def _type(tokens: list[FormatToken]) -> list[FormatToken]:
    """Return a variable's type without quotes, and a collection's with a type for its elements."""
    written = "".join(token.text for token in tokens)
    if written in _COLLECTIONS and len(tokens) == 1:
        return _call(written, "any")
    if written in _QUOTED_TYPES:
        return _call(*_QUOTED_TYPES[written])
    return tokens


def _call(name: str, argument: str = "") -> list[FormatToken]:
    words = [FormatToken(WORD, name)]
    return [*words, FormatToken("(", "("), FormatToken(WORD, argument), FormatToken(")", ")")] if argument else words


def _unwrapped(tokens: list[FormatToken], after: list[FormatToken]) -> list[FormatToken]:
    """Return `x` for `"${x}"`, in parentheses when it takes several lines; anything else as it is.

    `after` has the token that follows, if there is one.
    """
    kinds = [token.kind for token in tokens]
    if kinds[:2] != [OPEN_QUOTE, OPEN_INTERPOLATION] or kinds[-2:] != [CLOSE_SEQUENCE, CLOSE_QUOTE]:
        return tokens
    inside = _without_newlines_around(tokens[2:-2])
    if not _is_one_expression(inside):
        return tokens
    if any(token.kind == NEWLINE for token in inside):
        if inside[0].kind != "(" or inside[-1].kind != ")":
            inside = [FormatToken("(", "("), *inside, FormatToken(")", ")")]
    elif not _ends_where_it_should(inside, after):
        return tokens
    return _unwrapped(inside, after)


def _without_newlines_around(tokens: list[FormatToken]) -> list[FormatToken]:
    start, end = 0, len(tokens)
    while start < end and tokens[start].kind == NEWLINE:
        start += 1
    while start < end and tokens[end - 1].kind == NEWLINE:
        end -= 1
    return tokens[start:end]


def _is_one_expression(tokens: list[FormatToken]) -> bool:
    """Return whether no sequence of a template ends or begins among the tokens, other than in quotes."""
    quotes = 0
    for token in tokens:
        quotes += (token.kind == OPEN_QUOTE) - (token.kind == CLOSE_QUOTE)
        if quotes == 0 and token.kind in (OPEN_INTERPOLATION, OPEN_DIRECTIVE, CLOSE_SEQUENCE):
            return False
    return bool(tokens)


def _ends_where_it_should(tokens: list[FormatToken], after: list[FormatToken]) -> bool:
    """Return whether an expression on one line stays whole when the `${}` around it goes.

    A comment up to the line's end, outside of brackets, must be its last token, or the argument would end before its
    expression does. After such a comment, and after a heredoc, the line itself has to end.
    """
    depth = 0
    for token in tokens[:-1]:
        depth += token.nesting
        if depth == 0 and token.kind == COMMENT and token.ends_line:
            return False
    needs_newline = tokens[-1].ends_line or tokens[-1].kind == CLOSE_HEREDOC
    return not needs_newline or (bool(after) and after[0].kind == NEWLINE)
