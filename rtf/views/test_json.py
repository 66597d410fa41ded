"""Tests as they run, for machines: the `test_...` messages of Terraform's `-json`."""

from collections.abc import Iterable
from typing import Any, Final

from engine.diagnostics import Diagnostic, Severity
from engine.testing.results import (
    Abandoned,
    Event,
    FileEnded,
    FileStarted,
    FileTearingDown,
    Remaining,
    RunEnded,
    RunStarted,
    RunTearingDown,
    Status,
    SuiteEnded,
    SuiteFound,
    TornDown,
)
from providers.redaction import Redactor
from rtf.views.diagnostics_json import diagnostic_json
from rtf.views.stream_json import Stream
from rtf.views.test_text import counted, status_word

Tree = dict[str, Any]

_STATUSES: Final = {status: status.name.lower() for status in Status}


def say_event(stream: Stream, event: Event, secrets: Redactor) -> None:
    """Write the messages that an event gives rise to. What a run shows besides is not among them."""
    match event:
        case SuiteFound(files):
            runs = sum(len(names) for names in files.values())
            text = f"Found {_number(len(files), 'file')} and {_number(runs, 'run block')}"
            stream.say("test_abstract", text, test_abstract={name: list(names) for name, names in files.items()})
        case FileStarted(file):
            _file(stream, file, "in progress", progress="starting")
        case RunStarted(file, run):
            _run(stream, file, run, "in progress", progress="starting", elapsed=0)
        case RunEnded(file, result):
            status = {"progress": "complete", "status": _STATUSES[result.status]}
            _run(stream, file, result.name, status_word(result.status), **status)
        case FileTearingDown(file):
            _file(stream, file, "tearing down", progress="teardown")
        case RunTearingDown(file, run):
            _run(stream, file, run, "tearing down", progress="teardown", elapsed=0)
        case TornDown():
            _torn_down(stream, event, secrets)
        case FileEnded(result):
            _file(
                stream,
                result.name,
                status_word(result.status),
                progress="complete",
                status=_STATUSES[result.status],
            )
        case Abandoned():
            _abandoned(stream, event)
        case SuiteEnded(result):
            say_diagnostics(stream, result.warnings, secrets)
            numbers = {
                "status": _STATUSES[result.status],
                "passed": result.count(Status.PASS),
                "failed": result.count(Status.FAIL),
                "errored": result.count(Status.ERROR),
                "skipped": result.count(Status.SKIP),
            }
            verdict = "Success!" if result.status is Status.PASS else "Failure!"
            stream.say("test_summary", f"{verdict} {counted(result)}", test_summary=numbers)


def say_diagnostics(stream: Stream, found: Iterable[Diagnostic], secrets: Redactor, **place: str) -> None:
    """Write a message for each problem. `place` says which file and run it is about."""
    for item in found:
        title, level = ("Error", "error") if item.severity is Severity.ERROR else ("Warning", "warn")
        tree = diagnostic_json(item, secrets)
        stream.say("diagnostic", f"{title}: {item.summary}", level, diagnostic=tree, **place)


def place_of(file: str, run: str) -> dict[str, str]:
    """Return the fields by which a message names a file and a run."""
    return {"@testfile": file, "@testrun": run} if run else {"@testfile": file}


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _file(stream: Stream, file: str, text: str, **fields: str) -> None:
    stream.say("test_file", f"{file}... {text}", test_file={"path": file, **fields}, **place_of(file, ""))


def _run(stream: Stream, file: str, run: str, text: str, **fields: Any) -> None:
    tree = {"path": file, "run": run, **fields}
    stream.say("test_run", f'  "{run}"... {text}', test_run=tree, **place_of(file, run))


def _torn_down(stream: Stream, event: TornDown, secrets: Redactor) -> None:
    place = place_of(event.file, event.run)
    if event.remains:
        text = (
            f"rtf left some resources in state after executing {event.file}/{event.run}, they need to be cleaned up "
            "manually."
        )
        stream.say("test_cleanup", text, "error", test_cleanup={"failed_resources": _objects(event.remains)}, **place)
    say_diagnostics(stream, event.diagnostics, secrets, **place)


def _abandoned(stream: Stream, event: Abandoned) -> None:
    tree: Tree = {}
    states = {run: _objects(left) for run, left in event.remains.items()}
    if "" in states:
        tree["state"] = states.pop("")
    if states:
        tree["states"] = states
    if event.planned:
        tree["planned"] = list(event.planned)
    if tree:
        text = "rtf was interrupted during test execution, and may not have performed the expected cleanup operations."
        stream.say("test_interrupt", text, "error", test_interrupt=tree, **place_of(event.file, event.run))


def _objects(objects: Iterable[Remaining]) -> list[Tree]:
    return [{"instance": item.address, **({"deposed_key": item.deposed} if item.deposed else {})} for item in objects]
