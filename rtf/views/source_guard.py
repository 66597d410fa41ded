"""Which parts of a source text may be secrets, known by the names they stand under.

A diagnostic shows source lines before any value is known: a syntax error in the line of an API key must not print the
key. So texts under names that the field uses for secrets are found by their look, in files that may not parse.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from rtf.views.values import SENSITIVE_VALUE

Span = tuple[int, int]
"""Offsets into the text, the end excluded."""

_SECRET_NAMES: Final = re.compile(
    r"[\w-]*(?:api[_-]?key|apikey|webhook[_-]?secret|secret|password|passwd|passphrase|token|credential|credentials"
    r"|authorization|private[_-]?key|access[_-]?key|bearer|cookie)",
    re.IGNORECASE,
)
# Names that are often used for secrets, and more often for something else.
_DOUBTFUL_NAMES: Final = re.compile("value|sdp|sdp_offer|offer", re.IGNORECASE)
# A name that is nearly one of these is one of these, misspelled: the very mistake that a diagnostic is about.
_MISSPELLED: Final = ("api_key", "admin_api_key", "webhook_secret", "authorization", "headers", "password", "token")
# A name, bare or quoted, to which something is assigned.
_NAME = re.compile(r'(?<![\w-])"?(?P<name>[^\W\d][\w-]*)"?[^\S\n]*[=:](?![=>])[^\S\n]*')
_PARENTHESES = re.compile(r"\(*[^\S\n]*")
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


def guarded(text: str, start: int, end: int) -> str:
    """Return a stretch of a configuration's text with what may be secret in it replaced."""
    shown, position = [], start
    for first, last in secret_spans(text):
        if first < end and last > start:
            shown += [text[position : max(first, start)], SENSITIVE_VALUE]
            position = min(last, end)
    return "".join([*shown, text[position:end]])


def _spans(text: str) -> Iterator[Span]:
    yield from (found.span() for found in _TOKEN.finditer(text))
    for found in _NAME.finditer(text):
        if _is_secret(found["name"]):
            yield from _values_of(text, found.end())
        elif _DOUBTFUL_NAMES.fullmatch(found["name"]):
            yield from _value_at(text, _end_of(_PARENTHESES, text, found.end()))
    for found in _HEADERS.finditer(text):
        yield from _values_inside(text, found.end())


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    if _SECRET_NAMES.fullmatch(name):
        return True
    return name.lower() not in _MISSPELLED and bool(get_close_matches(name.lower(), _MISSPELLED, n=1, cutoff=0.8))


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return start if found is None else found.end()


def _values_of(text: str, start: int) -> Iterator[Span]:
    """Yield every text in the expression that begins at `start`; where a bracket stays open, to the end of the file."""
    position, depth = start, 0
    while position < len(text):
        character = text[position]
        quoted = _QUOTED.match(text, position) if character == '"' else None
        if quoted is not None:
            yield from _literal_parts(text, *quoted.span("inside"))
            position = quoted.end()
        elif text.startswith("<<", position) and (heredoc := list(_value_at(text, position))):
            yield from heredoc
            position = heredoc[-1][1] + 1
        else:
            depth += (character in "([{") - (character in ")]}")
            if depth < 0 or (depth == 0 and character in ",\n"):
                return
            position += 1


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
