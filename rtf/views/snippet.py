"""The source lines that a diagnostic is about, with the text at fault underlined and no secret in them.

Where lines are too long or too many they are cut; the text at fault stays in sight.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.diagnostics import SourceFile, SourceRange
from rtf.views.source_guard import Span, secret_spans
from rtf.views.terminal import TAB, Paint, display_width, harmless
from rtf.views.values import SENSITIVE_VALUE

Hide = Callable[[str], str]

MOST_LINES: Final = 5
MOST_COLUMNS: Final = 200

_HEADER = re.compile(r'(?P<header>[^\W\d][\w-]*(?:[^\S\n]+(?:"(?:[^"\\\n]|\\.)*"|[^\W\d][\w-]*))*)[^\S\n]*\{')


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a line, at fault or not."""

    text: str
    at_fault: bool


def block_header(subject: SourceRange) -> str | None:
    """Return how the block around a place begins, such as `resource "x" "y"`, or None outside of blocks.

    Files that do not parse are told apart by their looks: a block begins in the first column, and so ends.
    """
    file = subject.file
    number = file.position(subject.start).line
    for line_number in range(number, 0, -1):
        line = file.line(line_number)
        if line.startswith("}") and line_number < number:
            return None
        found = _HEADER.match(line)
        if found is not None:
            return " ".join(found["header"].split())
    return None


def snippet_lines(subject: SourceRange, *, paint: Paint, hide: Hide) -> list[str]:
    """Return the lines of source to show, numbered; without colours a line of carets follows the first."""
    file = subject.file
    first, last = file.position(subject.start).line, file.position(max(subject.start, subject.end - 1)).line
    shown = range(first, min(last, first + MOST_LINES - 1) + 1)
    spans = secret_spans(file.text)
    lines: list[str] = []
    for number in shown:
        pieces = _shortened(_pieces(file, number, subject, spans, hide))
        text = "".join(paint(piece.text, "underline") if piece.at_fault else piece.text for piece in pieces)
        lines.append(f"{number:>4}: {text}".rstrip())
        if number == first and not paint.color:
            lines.append(_carets(pieces))
    if last > shown[-1]:
        lines.append(f"      ... {last - shown[-1]} more line{'s' if last - shown[-1] > 1 else ''}")
    return lines


def _carets(pieces: list[_Piece]) -> str:
    before = 0
    for piece in pieces:
        if piece.at_fault:
            return " " * (6 + before) + "^" + "~" * max(display_width(piece.text) - 1, 0)
        before += display_width(piece.text)
    return " " * (6 + before) + "^"


def _pieces(file: SourceFile, number: int, subject: SourceRange, spans: Sequence[Span], hide: Hide) -> list[_Piece]:
    """Return a line in parts, each harmless to show."""
    start = file.line_starts[number - 1]
    line = file.line(number)
    fault = max(subject.start, start) - start, min(subject.end, start + len(line)) - start
    if number > file.position(subject.start).line:  # the margin of further lines is not at fault
        fault = max(fault[0], len(line) - len(line.lstrip())), fault[1]
    pieces: list[_Piece] = []
    for text, begin, end in _guarded(line, start, spans, hide):
        if text is not None:
            pieces.append(_Piece(text, begin < fault[1] and end > fault[0]))
            continue
        low, high = min(max(fault[0], begin), end), min(max(fault[1], begin), end)
        parts = ((begin, low, False), (low, high, True), (high, end, False))
        pieces.extend(_Piece(_shown(line[a:b]), at_fault) for a, b, at_fault in parts if a < b)
    return _merged(pieces, fault, line)


def _merged(pieces: list[_Piece], fault: tuple[int, int], line: str) -> list[_Piece]:
    """Join neighbours of one kind; where nothing is at fault, mark the place with nothing in it."""
    joined: list[_Piece] = []
    for piece in pieces:
        if joined and joined[-1].at_fault is piece.at_fault:
            joined[-1] = _Piece(joined[-1].text + piece.text, piece.at_fault)
        else:
            joined.append(piece)
    if fault[0] >= fault[1] and not any(piece.at_fault for piece in joined):
        before, after = _shown(line[: fault[0]]), _shown(line[fault[0] :])
        if "".join(piece.text for piece in joined) == before + after:
            return [_Piece(before, False), _Piece("", True), _Piece(after, False)]
    return joined


def _shown(text: str) -> str:
    return harmless(text.replace("\t", TAB))


def _guarded(line: str, start: int, spans: Sequence[Span], hide: Hide) -> Iterator[tuple[str | None, int, int]]:
    """Yield stretches of a line: what to show instead, or None for as it is; and where it begins and ends."""
    own = [(max(a - start, 0), min(b - start, len(line))) for a, b in spans if a < start + len(line) and b > start]
    changed = _hidden_stretch(line, hide)
    if changed is not None:
        text, begin, end = changed
        own = [(a, b) for a, b in own if b <= begin or a >= end]
        replacements = sorted([*((a, b, SENSITIVE_VALUE) for a, b in own), (begin, end, text)])
    else:
        replacements = [(a, b, SENSITIVE_VALUE) for a, b in own]
    position = 0
    for begin, end, text in replacements:
        if position < begin:
            yield None, position, begin
        yield _shown(text), begin, end
        position = end
    if position < len(line):
        yield None, position, len(line)


def _hidden_stretch(line: str, hide: Hide) -> tuple[str, int, int] | None:
    """Return what `hide` puts in place of which part of a line, or None when it hides nothing."""
    hidden = hide(line)
    if hidden == line:
        return None
    shorter = min(len(line), len(hidden))
    head = next((i for i in range(shorter) if line[i] != hidden[i]), shorter)
    tail = next((i for i in range(shorter - head) if line[-1 - i] != hidden[-1 - i]), shorter - head)
    return hidden[head : len(hidden) - tail], head, len(line) - tail


def _shortened(pieces: list[_Piece]) -> list[_Piece]:
    """Cut a line that is too long, on both sides of what is at fault and inside it."""
    if sum(len(piece.text) for piece in pieces) <= MOST_COLUMNS:
        return pieces
    room = MOST_COLUMNS // 3
    return [
        piece if len(piece.text) <= room else replace(piece, text=_cut(piece, room, keep_end=i == 0))
        for i, piece in enumerate(pieces)
    ]


def _cut(piece: _Piece, room: int, *, keep_end: bool) -> str:
    """Return the end of what stands before the text at fault, and the beginning of all else."""
    if keep_end and not piece.at_fault:
        return "…" + piece.text[1 - room :]
    return piece.text[: room - 1] + "…"
