"""`rtf test`: run the tests of a configuration on objects of their own, which go when the tests are over."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import click

from engine.diagnostics import Diagnostics, error
from engine.testing.results import Status, SuiteResult
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.failures import Reported
from rtf.cli.session import telling, variable_sources
from rtf.cli.suite_reports import JsonReport, Report, TextReport
from rtf.interruptions import SIGNALS, Interruptions
from rtf.problems import as_diagnostics
from rtf.suites import read_suite, root_modules
from rtf.testing import Setting, run_suite
from rtf.views.stream_json import Stream
from state.snapshot import TERRAFORM_VERSION


@click.command(
    cls=Command,
    short_help="Run the tests of a configuration",
    help=(
        "Run the tests of a configuration: the run blocks of its .tftest.hcl files, in order. They make real objects, "
        "unless providers are mocked, and destroy them at the end; the state of the configuration is not touched."
    ),
)
@options.root
@click.option(
    "-filter", "wanted", multiple=True, metavar="FILE", help="Run only this file. May be given several times."
)
@options.test_directory
@click.option("-verbose", is_flag=True, help="Show the plan or the state of each run.")
@click.option(
    "-junit-xml", "junit", type=click.Path(path_type=Path), metavar="FILE", help="Write a report as JUnit XML."
)
@options.variables
@options.json_output
@options.no_color
def command(
    root: Path,
    wanted: tuple[str, ...],
    directory: str,
    verbose: bool,
    junit: Path | None,
    as_json: bool,
    no_color: bool,
) -> int:
    """Run the tests of a configuration."""
    with _reporting(as_json=as_json, verbose=verbose, no_color=no_color) as (found, report):
        result = _run(root, wanted, directory, found, report)
        if junit is not None:
            _write_junit(junit, result, found)
        if result.interrupted or result.status is not Status.PASS:
            return 1
    return 0


@contextmanager
def _reporting(*, as_json: bool, verbose: bool, no_color: bool) -> Iterator[tuple[Diagnostics, Report]]:
    """Give what collects problems with the files, and who hears of the tests.

    What keeps the tests from running at all is told at the end.
    """
    if not as_json:
        with telling(no_color=no_color) as told:
            found = Diagnostics(secrets=told.secrets)
            yield found, TextReport(found.secrets, verbose=verbose, no_color=no_color)
        return
    found = Diagnostics()
    stream = Stream(sys.stdout, TERRAFORM_VERSION)
    stream.hide_with(found.secrets.hide)
    try:
        yield found, JsonReport(stream, found.secrets, verbose=verbose)
    except (click.exceptions.Exit, KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as problem:
        problems = Diagnostics(secrets=found.secrets)
        problems.extend(as_diagnostics(problem))
        stream.diagnostics(problems)
        raise Reported from None


def _run(root: Path, wanted: tuple[str, ...], directory: str, found: Diagnostics, report: Report) -> SuiteResult:
    place = workspace.find_root(root)
    modules = root_modules(place, found)
    suite = read_suite(modules, found, directory)
    assignments = workspace.given_assignments(place, variable_sources(ask=False), found)
    if (place.directory / directory).is_dir():
        workspace.directory_assignments(place.directory / directory, found)
    found.raise_errors()
    files = [file for file in suite.files if not wanted or file.name in wanted]
    with _interruptions(report.interrupted) as interruptions:
        setting = Setting(suite, assignments, interruptions, report.tell, found.secrets)
        return run_suite(setting, files, found.items)


_FIRST = (
    "Interrupt received. The run under way will end, what the tests made will be destroyed, and no other run will "
    "begin. Interrupt again to stop without cleaning up."
)
_SECOND = "Two interrupts received. Exiting immediately: what the tests made is left as it is."


@contextmanager
def _interruptions(tell: Callable[[str], None]) -> Iterator[Interruptions]:
    """Give what takes note of SIGINT and SIGTERM while the block runs; `tell` gets the text to tell of each.

    They may come while something is being written, when nothing else can be: another thread tells of them.
    """
    waiting: SimpleQueue[str | None] = SimpleQueue()

    def speak() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # which would not wake the main thread from here
        for text in iter(waiting.get, None):
            tell(text)

    interruptions = Interruptions(lambda number: waiting.put(_FIRST if number == 1 else _SECOND))
    speaker = threading.Thread(target=speak, daemon=True)
    speaker.start()
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, lambda *_: interruptions.come()) for number in SIGNALS}
    try:
        yield interruptions
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        waiting.put(None)
        speaker.join()


def _write_junit(path: Path, result: SuiteResult, found: Diagnostics) -> None:
    from rtf.views.test_junit import junit_xml

    try:
        path.write_bytes(junit_xml(result, hide=found.secrets.hide))
    except OSError as problem:
        detail = f"{path} could not be written: {(problem.strerror or str(problem)).lower()}."
        raise error(f'error saving JUnit XML to file "{path}"', detail) from None
