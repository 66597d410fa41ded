"""What became of tests, and what is told while they run: data for views to show."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from engine.address import written_key
from engine.config.model import Module
from engine.diagnostics import Diagnostic
from engine.plan.changes import Plan
from state.snapshot import Snapshot


class Status(IntEnum):
    """What a run, a file or all files came to. Of several, the highest counts."""

    PENDING = 0
    SKIP = 1
    PASS = 2
    FAIL = 3
    ERROR = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """What a run planned, or made, for those who want to see it."""

    module: Module
    plan: Plan | None = None
    snapshot: Snapshot | None = None


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run came to. One that was skipped has no time."""

    name: str
    status: Status
    diagnostics: tuple[Diagnostic, ...] = ()
    assertions: int = 0  # how many there are
    failures: tuple[str, ...] = ()  # the messages of those that do not hold
    shown: Shown | None = None
    started: datetime | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class FileResult:
    """What a file of tests came to."""

    name: str
    status: Status
    runs: tuple[RunResult, ...] = ()


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What all files came to. `warnings` are about the files themselves."""

    status: Status
    files: tuple[FileResult, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    interrupted: bool = False  # so that runs may be left that were not even skipped

    def count(self, status: Status) -> int:
        """Return how many runs came to this."""
        return sum(run.status is status for file in self.files for run in file.runs)


@dataclass(frozen=True, slots=True)
class Remaining:
    """An object that is still there: its address, and its key when a replacement outlived it."""

    address: str
    deposed: str | None = None


def remaining(snapshot: Snapshot) -> tuple[Remaining, ...]:
    """Return the managed objects that a snapshot records."""
    return tuple(
        Remaining(f"{resource.address}{written_key(instance.index_key)}", instance.deposed)
        for resource in snapshot.resources.values()
        if resource.mode == "managed"
        for instance in resource.instances.values()
    )


@dataclass(frozen=True, slots=True)
class SuiteFound:
    """The files were read: the runs of each."""

    files: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FileStarted:
    """The runs of a file begin."""

    file: str


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins."""

    file: str
    run: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run came to its end, or was skipped."""

    file: str
    result: RunResult


@dataclass(frozen=True, slots=True)
class FileTearingDown:
    """The runs of a file are over; what they made is about to go."""

    file: str


@dataclass(frozen=True, slots=True)
class RunTearingDown:
    """What a run made last is about to go."""

    file: str
    run: str


@dataclass(frozen=True, slots=True)
class TornDown:
    """What a run made last is gone, but for what `remains`."""

    file: str
    run: str
    diagnostics: tuple[Diagnostic, ...] = ()
    remains: tuple[Remaining, ...] = ()


@dataclass(frozen=True, slots=True)
class FileEnded:
    """A file is over."""

    result: FileResult


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The tests were stopped at once, and what they made was left: by run, and what the last one was to create."""

    file: str
    run: str
    remains: Mapping[str, tuple[Remaining, ...]] = field(default_factory=dict)
    planned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuiteEnded:
    """All files are over."""

    result: SuiteResult


Event = (
    SuiteFound
    | FileStarted
    | RunStarted
    | RunEnded
    | FileTearingDown
    | RunTearingDown
    | TornDown
    | FileEnded
    | Abandoned
    | SuiteEnded
)
Listener = Callable[[Event], None]


def worst(statuses: Iterable[Status], otherwise: Status) -> Status:
    """Return the highest of several; `otherwise` when there are none."""
    return max(statuses, default=otherwise)
