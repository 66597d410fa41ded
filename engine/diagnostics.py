"""Problems as people read them: what is wrong, where, and what to do.

Every stage of the engine reports through these types and none of them prints. Positions are kept as character
offsets into a `SourceFile`; lines, columns and bytes are worked out when somebody asks, because most runs
report nothing.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum

from providers.redaction import Redactor


class Severity(Enum):
    """How bad a problem is. Only errors stop a run."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file as people and machines name it."""

    line: int  # from 1
    column: int  # from 1, in grapheme clusters, as editors count
    byte: int  # from 0, in UTF-8


class SourceFile:
    """The text of one configuration file, under the name that the user knows it by."""

    __slots__ = ("_line_starts", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._line_starts: list[int] | None = None

    def __repr__(self) -> str:
        return f"SourceFile({self.name!r})"

    @property
    def line_starts(self) -> list[int]:
        """The character offset at which each line begins."""
        if self._line_starts is None:
            self._line_starts = [0] + [i + 1 for i, character in enumerate(self.text) if character == "\n"]
        return self._line_starts

    def position(self, offset: int) -> Position:
        """Return where the character at `offset` stands. The end of the text is a valid offset."""
        line = bisect_right(self.line_starts, offset)
        before = self.text[self.line_starts[line - 1] : offset]
        return Position(line, count_graphemes(before) + 1, len(self.text[:offset].encode()))

    def line(self, number: int) -> str:
        """Return line `number`, counted from 1, without its line end."""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end].rstrip("\r")


@dataclass(frozen=True, slots=True)
class SourceRange:
    """A stretch of a file: characters from `start` up to, not including, `end`."""

    file: SourceFile
    start: int
    end: int

    def __str__(self) -> str:
        first = self.file.position(self.start)
        return f"{self.file.name}:{first.line}:{first.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem, told to the person who can fix it."""

    severity: Severity
    summary: str  # names the problem: a few words, no full stop
    detail: str  # what was found and what to do, in whole sentences
    subject: SourceRange | None = None  # exactly the text at fault, when there is one
    context: SourceRange | None = None  # the wider text that helps to see it, such as the whole block
    values: tuple[tuple[str, str], ...] = ()  # references of the expression and what they are
    address: str | None = None  # the resource instance at fault, when no text is


class DiagnosticError(Exception):
    """Raised where the work at hand cannot go on; whoever walks blocks or resources collects and goes on."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(f"{d.summary}: {d.detail}" for d in diagnostics))
        self.diagnostics = diagnostics


def error(
    summary: str, detail: str, subject: SourceRange | None = None, *, context: SourceRange | None = None
) -> DiagnosticError:
    """Return an exception that carries one error."""
    return DiagnosticError(Diagnostic(Severity.ERROR, summary, detail, subject, context))


def warning(summary: str, detail: str, subject: SourceRange | None = None) -> Diagnostic:
    """Return a warning."""
    return Diagnostic(Severity.WARNING, summary, detail, subject)


@dataclass(slots=True)
class Diagnostics:
    """Collects what one run has to report, in the order found and each problem once.

    `secrets` knows the texts met on the way that no message may show, whoever writes it.
    """

    found: dict[Diagnostic, None] = field(default_factory=dict)
    secrets: Redactor = field(default_factory=Redactor)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.found)

    @property
    def items(self) -> list[Diagnostic]:
        """What was collected, in order."""
        return list(self.found)

    def add(self, *diagnostics: Diagnostic) -> None:
        """Add problems, leaving out those already there."""
        self.extend(diagnostics)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add problems, leaving out those already there."""
        self.found.update(dict.fromkeys(diagnostics))

    def forget(self, summaries: Collection[str]) -> None:
        """Take out the warnings with one of these summaries."""
        for item in [item for item in self.found if item.severity is Severity.WARNING and item.summary in summaries]:
            del self.found[item]

    def places(self) -> set[tuple[SourceFile, int]]:
        """Return where the errors collected so far begin: file and offset."""
        return {
            (item.subject.file, item.subject.start)
            for item in self.found
            if item.subject is not None and item.severity is Severity.ERROR
        }

    def tells_of(self, place: SourceRange) -> bool:
        """Return whether some error collected so far begins inside of a stretch of text."""
        return any(file is place.file and place.start <= start < place.end for file, start in self.places())

    @property
    def has_errors(self) -> bool:
        """Whether anything collected stops the run."""
        return any(item.severity is Severity.ERROR for item in self.found)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Turn a `DiagnosticError` raised inside into entries of this collection."""
        try:
            yield
        except DiagnosticError as problem:
            self.extend(problem.diagnostics)

    def raise_errors(self) -> None:
        """Raise everything collected when any of it is an error."""
        if self.has_errors:
            raise DiagnosticError(*self.found)


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return ` Did you mean "x"?` for the candidate most like `name`, or an empty text when none is."""
    close = get_close_matches(name, sorted(candidates), n=1, cutoff=0.6)
    return f' Did you mean "{close[0]}"?' if close else ""


def count_graphemes(text: str) -> int:
    """Return how many characters a person sees in `text`."""
    if text.isascii():
        return len(text)
    from grapheme import length

    return int(length(text))
