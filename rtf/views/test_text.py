"""Tests as people read about them: a line for every step, what is left of them, and how many passed.

Diagnostics are not written here; `in_order` says in which order they are told.
"""

from collections.abc import Iterable
from typing import Final

from engine.diagnostics import Diagnostic, Severity
from engine.testing.results import (
    Abandoned,
    Event,
    FileEnded,
    FileStarted,
    FileTearingDown,
    Remaining,
    RunEnded,
    Status,
    SuiteEnded,
    SuiteResult,
    TornDown,
)
from rtf.views.terminal import Paint, harmless, wrap

_WORDS: Final = {
    Status.PENDING: ("pending", "dark"),
    Status.SKIP: ("skip", "dark"),
    Status.PASS: ("pass", "green"),
    Status.FAIL: ("fail", "red"),
    Status.ERROR: ("fail", "red"),
}


def status_word(status: Status) -> str:
    """Return what people are told of a status."""
    return _WORDS[status][0]


def event_text(event: Event, *, color: bool) -> str:
    """Return what standard output says of an event, nothing for most."""
    paint = Paint(color)
    match event:
        case FileStarted(file):
            return f"{harmless(file)}... {paint('in progress', 'dark')}\n"
        case FileTearingDown(file):
            return f"{harmless(file)}... {paint('tearing down', 'dark')}\n"
        case RunEnded(_, result):
            return f'  run "{harmless(result.name)}"... {paint(*_WORDS[result.status])}\n'
        case FileEnded(result):
            return f"{harmless(result.name)}... {paint(*_WORDS[result.status])}\n"
        case SuiteEnded(result):
            verdict = ("Success!", "green") if result.status is Status.PASS else ("Failure!", "red")
            return f"\n{paint(*verdict)} {counted(result)}\n"
    return ""


def counted(result: SuiteResult) -> str:
    """Return how many runs passed, failed and were skipped."""
    failed = result.count(Status.FAIL) + result.count(Status.ERROR)
    skipped = result.count(Status.SKIP)
    more = f", {skipped} skipped" if skipped else ""
    return f"{result.count(Status.PASS)} passed, {failed} failed{more}."


def teardown_failure(event: TornDown, *, width: int | None) -> str:
    """Return what comes before the diagnostics of a destruction that did not work, empty when it did."""
    if not any(item.severity is Severity.ERROR for item in event.diagnostics):
        return ""
    text = f"rtf encountered an error destroying resources created while executing {event.file}/{event.run}."
    return wrap(harmless(text), width) + "\n"


def leftovers(event: TornDown, *, width: int | None) -> str:
    """Return what comes after the diagnostics of a destruction: what is still there, if anything is."""
    if not event.remains:
        return ""
    text = (
        f"rtf left the following resources in state after executing {event.file}/{event.run}, and they need to be "
        "cleaned up manually:"
    )
    return f"\n{wrap(harmless(text), width)}\n{_listed(event.remains)}"


def abandonment(event: Abandoned, *, width: int | None) -> str:
    """Return what is left of tests that were stopped at once."""
    text = (
        f"rtf was interrupted while executing {event.file}, and may not have performed the expected cleanup operations."
    )
    parts = [f"\n{wrap(harmless(text), width)}\n"]
    for run, left in event.remains.items():
        what = f'for "{run}"' if run else "from the module under test"
        text = f"rtf has already created the following resources {what}:"
        parts.append(f"\n{wrap(harmless(text), width)}\n{_listed(left)}")
    if event.planned:
        text = (
            f'rtf was in the process of creating the following resources for "{event.run}", and they may not have been '
            "destroyed:"
        )
        listed = _listed(Remaining(address) for address in event.planned)
        parts.append(f"\n{wrap(harmless(text), width)}\n{listed}")
    return "".join(parts)


def _listed(objects: Iterable[Remaining]) -> str:
    lines = (f"{item.address} ({item.deposed})" if item.deposed else item.address for item in objects)
    return "".join(f"  - {harmless(line)}\n" for line in lines)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics as people read them: warnings first, then by file and place."""
    return sorted(diagnostics, key=_order)


def _order(item: Diagnostic) -> tuple[bool, bool, int, str, int]:
    is_error = item.severity is Severity.ERROR
    if item.subject is None:
        return is_error, False, 0, "", 0
    name = item.subject.file.name
    return is_error, True, name.count("/"), name, item.subject.start
