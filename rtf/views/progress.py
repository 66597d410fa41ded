"""An apply while it runs: a line for each thing that begins or ends, and on a terminal what is under way below them."""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final, TextIO

from engine.address import InstanceAddress
from engine.events import (
    Event,
    Listener,
    OperationFailed,
    OperationFinished,
    OperationProgress,
    OperationStarted,
    ProvisionOutput,
    ProvisionStarted,
    RefreshStarted,
    Verb,
)
from engine.plan.changes import Counts
from rtf.views.terminal import Paint, harmless

if TYPE_CHECKING:
    from rich.table import Table

Hide = Callable[[str], str]

_LARGEST_DISPLAY: Final = 10
"""How many operations the live display names at most."""

BEGINNING: Final[dict[Verb, str]] = {
    "create": "Creating...",
    "update": "Modifying...",
    "delete": "Destroying...",
    "read": "Reading...",
}
STILL: Final[dict[Verb, str]] = {
    "create": "Still creating...",
    "update": "Still modifying...",
    "delete": "Still destroying...",
    "read": "Still reading...",
}
_COMPLETE: Final[dict[Verb, str]] = {
    "create": "Creation complete after",
    "update": "Modifications complete after",
    "delete": "Destruction complete after",
    "read": "Read complete after",
}


def duration(seconds: float) -> str:
    """Return a time in whole seconds: `9s`, `1m0s`, `1h0m5s`."""
    total = round(seconds)
    hours, minutes = divmod(total // 60, 60)
    parts = [f"{hours}h"] if hours else []
    parts += [f"{minutes}m"] if hours or minutes else []
    return "".join([*parts, f"{total % 60}s"])


def event_line(event: Event) -> str | None:
    """Return the line that tells of an event; a failure has none, for its diagnostics say more."""
    identity = None if event.__class__ is OperationFailed else _identity(event)
    match event:
        case OperationStarted(address, verb, _, deposed):
            known = f" [{identity}]" if identity and verb != "create" else ""
            return f"{_named(address, deposed)}: {BEGINNING[verb]}{known}"
        case OperationProgress(address, verb, elapsed, _, deposed):
            known = f"{identity}, " if identity else ""
            return f"{_named(address, deposed)}: {STILL[verb]} [{known}{duration(elapsed)} elapsed]"
        case OperationFinished(address, verb, elapsed, _, deposed):
            known = f" [{identity}]" if identity and verb != "delete" else ""
            return f"{_named(address, deposed)}: {_COMPLETE[verb]} {duration(elapsed)}{known}"
        case RefreshStarted(address, _, True):
            return f"{address}: Refreshing state...{f' [{identity}]' if identity else ''}"
        case ProvisionStarted(address, type):
            return f"{address}: Provisioning with '{type}'..."
        case ProvisionOutput(address, type, line):
            return f"{address} ({type}): {line}"
    return None


def _named(address: InstanceAddress, deposed: str | None) -> str:
    return f"{address} (deposed object {deposed})" if deposed else str(address)


def _identity(event: Event) -> str | None:
    identity = getattr(event, "identity", None)
    return None if identity is None or isinstance(event, OperationFailed) else f"{identity[0]}={identity[1]}"


@contextmanager
def show_progress(
    stream: TextIO,
    *,
    total: int,
    color: bool,
    live: bool,
    hide: Hide,
    clock: Callable[[], float] = monotonic,
) -> Iterator[Listener]:
    """Give a listener that writes to `stream` while the block runs.

    `total` is how many operations there will be. With `live`, for terminals, what is under way stands below the
    lines and is gone at the end; else there are only lines. `hide` takes secrets out of what is written.
    """
    paint = Paint(color)
    if not live:
        yield lambda event: _print(stream, event, hide, paint)
        return
    display = _LiveDisplay(stream, total, color, hide, clock)
    with display.shown():
        yield display.tell


def _safe_line(event: Event, hide: Hide) -> str | None:
    line = event_line(event)
    return None if line is None else harmless(hide(line)).replace("\n", "\\n")


def _print(stream: TextIO, event: Event, hide: Hide, paint: Paint) -> None:
    line = _safe_line(event, hide)
    if line is not None:
        stream.write(paint(line, "bold") + "\n")
        stream.flush()


@dataclass(slots=True)
class _InFlight:
    event: OperationStarted
    since: float


class _LiveDisplay:
    """Lines that scroll, and below them what is under way; drawn by a thread of its own."""

    def __init__(self, stream: TextIO, total: int, color: bool, hide: Hide, clock: Callable[[], float]) -> None:
        from rich.console import Console
        from rich.live import Live

        self._console = Console(file=stream, force_terminal=True, no_color=not color, highlight=False, markup=False)
        self._style = "bold" if color else ""
        self._total = total
        self._done = 0
        self._hide = hide
        self._clock = clock
        self._guard = threading.Lock()
        self._in_flight: dict[str, _InFlight] = {}
        self._live = Live(
            get_renderable=self._table,
            console=self._console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=sys.stderr.isatty(),  # what is written there goes above the display, not into it
        )

    @contextmanager
    def shown(self) -> Iterator[None]:
        with self._live:
            yield

    def tell(self, event: Event) -> None:
        with self._guard:
            self._note(str(event.address), event)
        line = None if isinstance(event, OperationProgress) else _safe_line(event, self._hide)
        if line is not None:
            self._console.print(line, style=self._style, soft_wrap=True)

    def _note(self, name: str, event: Event) -> None:
        if isinstance(event, OperationStarted):
            self._in_flight[name] = _InFlight(event, self._clock())
        elif isinstance(event, OperationFinished | OperationFailed):
            self._in_flight.pop(name, None)
            self._done += 1

    def _table(self) -> "Table":
        from rich.table import Table

        with self._guard:
            running = list(self._in_flight.items())
            done = self._done
        table = Table.grid(padding=(0, 2))
        now = self._clock()
        for name, item in running[:_LARGEST_DISPLAY]:
            table.add_row(harmless(self._hide(name)), BEGINNING[item.event.verb].lower(), duration(now - item.since))
        if len(running) > _LARGEST_DISPLAY:
            table.add_row(f"and {len(running) - _LARGEST_DISPLAY} more", "", "")
        table.add_row(f"{done}/{self._total} done", "", "")
        return table


def apply_summary(counts: Counts, *, destroy: bool, color: bool) -> str:
    """Return how an apply that did everything ended."""
    if destroy:
        text = f"Destroy complete! Resources: {counts.destroy} destroyed."
    else:
        text = f"Apply complete! Resources: {_counted(counts)}."
    return f"\n{Paint(color)(text, 'bold', 'green')}\n"


def _counted(counts: Counts) -> str:
    imported = f"{counts.imported} imported, " if counts.imported else ""
    return f"{imported}{counts.add} added, {counts.change} changed, {counts.destroy} destroyed"


def failure_summary(
    counts: Counts, failed: Sequence[str], skipped: Sequence[str], *, destroy: bool, color: bool
) -> str:
    """Return how an apply ended that could not do everything: what was done, what failed, what was not begun."""
    head = f"{'Destroy' if destroy else 'Apply'} incomplete. Resources: {_counted(counts)}."
    paint = Paint(color)
    lines = [paint(f"{head} {len(failed)} failed, {len(skipped)} skipped.", "bold", "red")]
    lines += [f"  failed:  {harmless(name)}" for name in failed]
    lines += [f"  skipped: {harmless(name)}" for name in skipped]
    return "\n" + "\n".join(lines) + "\n"
