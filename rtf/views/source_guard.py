"""Which parts of a source text may be secrets, known by the names they stand under.

A diagnostic shows source lines before any value is known: a syntax error in the line of an API key must not print the
key. So texts under names that the field uses for secrets are found by their look, in files that may not parse.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

Span = tuple[int, int]
"""Offsets into the text, the end excluded."""

_GUARDED_NAMES: Final = (
    r"[\w-]*(?:api[_-]?key|apikey|webhook[_-]?secret|secret|password|passwd|passphrase|token|credential|credentials"
    r"|authorization|private[_-]?key|access[_-]?key)|value|sdp|sdp_offer|offer|bearer|cookie"
)
# A name, bare or quoted, and what is assigned to it; `max_tokens = 5` is no text and stays.
_ASSIGNED = re.compile(rf"""(?<![\w-])"?(?:{_GUARDED_NAMES})"?[^\S\n]*[=:][^\S\n]*\(*[^\S\n]*(?=["<])""", re.IGNORECASE)
_HEADERS = re.compile(r'(?<![\w-])"?headers"?[^\S\n]*[=:][^\S\n]*\{', re.IGNORECASE)
_QUOTED = re.compile(r'"(?P<inside>(?:[^"\\\n]|\\.)*)(?:"|$)', re.MULTILINE)
_HEREDOC = re.compile(r"<<-?(?P<tag>[^\W\d][\w-]*)[^\S\n]*\r?\n", re.ASCII)
_KEY_END = re.compile(r"[^\S\n]*[=:]")
_INTERPOLATION = re.compile(r"(?<!\$)\$\{[^{}\"\n]*\}")
# What looks like a key wherever it stands.
_TOKEN = re.compile(r"(?<![\w-])(?:(?:sk|ek|rk|whsec)[-_][\w-]{8,}|eyJ[\w-]{10,}\.[\w.-]+)|(?<=Bearer )[^\s\"']+")


@lru_cache(maxsize=8)  # a file with many problems is looked through once
def secret_spans(text: str) -> tuple[Span, ...]:
    """Return the stretches of a configuration's text that may be secret, in order and apart from each other.

    Quotes and interpolations such as `${var.name}` are not part of them.
    """
    merged: list[Span] = []
    for start, end in sorted(_spans(text)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return tuple(merged)


def _spans(text: str) -> Iterator[Span]:
    yield from (found.span() for found in _TOKEN.finditer(text))
    for found in _ASSIGNED.finditer(text):
        yield from _value_at(text, found.end())
    for found in _HEADERS.finditer(text):
        yield from _values_inside(text, found.end())


def _value_at(text: str, start: int) -> Iterator[Span]:
    """Yield the parts of the quoted text or heredoc that begins at `start`."""
    quoted = _QUOTED.match(text, start)
    if quoted is not None:
        yield from _literal_parts(text, *quoted.span("inside"))
        return
    heredoc = _HEREDOC.match(text, start)
    if heredoc is not None:
        closing = re.compile(rf"^[^\S\n]*{re.escape(heredoc['tag'])}[^\S\n]*\r?$", re.MULTILINE)
        closed = closing.search(text, heredoc.end())
        yield heredoc.end(), len(text) if closed is None else max(heredoc.end(), closed.start() - 1)


def _literal_parts(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _INTERPOLATION.finditer(text, start, end):
        yield start, found.start()
        start = found.end()
    yield start, end


def _values_inside(text: str, start: int) -> Iterator[Span]:
    """Yield the values in an object of headers, whose keys stay readable; it may lack its closing brace."""
    position, depth = start, 1
    while position < len(text) and depth:
        if text[position] == '"':
            quoted = _QUOTED.match(text, position)
            if quoted is None:
                return
            if text[quoted.end() :].lstrip(" \t")[:1] not in ("=", ":"):
                yield from _literal_parts(text, *quoted.span("inside"))
            position = quoted.end()
        elif text.startswith("<<", position) and (heredoc := list(_value_at(text, position))):
            yield from heredoc
            position = heredoc[-1][1] + 1
        else:
            depth += {"{": 1, "}": -1}.get(text[position], 0)
            position += 1
