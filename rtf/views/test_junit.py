"""The results of tests as JUnit's XML, which most systems for continuous integration read."""

import re
from collections.abc import Callable, Iterable
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from engine.diagnostics import Diagnostic, Severity
from engine.testing.results import FileResult, RunResult, Status, SuiteResult
from rtf.views.diagnostics import format_diagnostics

Hide = Callable[[str], str]

# What XML 1.0 has no way to write.
_IMPOSSIBLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(result: SuiteResult, *, hide: Hide) -> bytes:
    """Return a report: a suite for each file, a case for each run. `hide` takes secrets out of texts."""
    root = Element("testsuites")
    for file in result.files:
        counts = {
            "tests": len(file.runs),
            "skipped": _count(file, Status.SKIP),
            "failures": _count(file, Status.FAIL),
            "errors": _count(file, Status.ERROR),
        }
        numbers = {name: str(count) for name, count in counts.items()}
        suite = SubElement(root, "testsuite", {"name": _possible(file.name), **numbers})
        culprit = next((run.name for run in file.runs if run.status is Status.ERROR), None)
        for run in file.runs:
            _case(suite, file, run, culprit, hide)
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _count(file: FileResult, status: Status) -> int:
    return sum(run.status is status for run in file.runs)


def _case(suite: Element, file: FileResult, run: RunResult, culprit: str | None, hide: Hide) -> None:
    attributes = {"name": _possible(run.name), "classname": _possible(file.name)}
    if run.started is not None:
        attributes["time"] = f"{run.seconds:.6f}"
        attributes["timestamp"] = run.started.strftime("%Y-%m-%dT%H:%M:%SZ")
    case = SubElement(suite, "testcase", attributes)
    errors = [item for item in run.diagnostics if item.severity is Severity.ERROR]
    others = [item for item in run.diagnostics if item.severity is not Severity.ERROR]
    match run.status:
        case Status.SKIP:
            message, text = "Testcase skipped due to an interrupt", "rtf received an interrupt and stopped gracefully."
            if culprit is not None:
                message = "Testcase skipped due to a previous testcase error"
                text = (
                    f'Previous testcase "{culprit}" ended in error, which caused the remaining tests in the file to be '
                    "skipped"
                )
            _note(case, "skipped", message, text)
        case Status.FAIL:
            _note(case, "failure", hide(_failure(run)), _written(errors, hide))
        case Status.ERROR:
            _note(case, "error", "Encountered an error", _written(errors, hide))
    if others:
        SubElement(case, "system-err").text = _possible(_written(others, hide))


def _note(case: Element, name: str, message: str, text: str) -> None:
    SubElement(case, name, {"message": _possible(message)}).text = _possible(text)


def _failure(run: RunResult) -> str:
    text = f"{len(run.failures)} of {run.assertions} assertions failed"
    return f"{text}, including: {run.failures[0]}" if run.failures and run.failures[0] else text


def _written(diagnostics: Iterable[Diagnostic], hide: Hide) -> str:
    return format_diagnostics(diagnostics, color=False, hide=hide, width=80)


def _possible(text: str) -> str:
    return _IMPOSSIBLE.sub("\ufffd", text)
