"""`rtf test`: run the tests of a configuration on objects of their own, which go when the tests are over."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from engine.diagnostics import Diagnostics, error
from engine.testing.results import Status, SuiteResult
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.failures import Reported
from rtf.cli.session import telling, variable_sources
from rtf.cli.suite_reports import JsonReport, Report, TextReport
from rtf.problems import as_diagnostics
from rtf.suites import read_suite, root_modules
from rtf.testing import Interruptions, Setting, run_suite
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
    interruptions = Interruptions()
    with _signals(interruptions, report.interrupted):
        setting = Setting(suite, assignments, interruptions, report.tell, found.secrets)
        return run_suite(setting, files, found.items)


_FIRST = (
    "Interrupt received. The run under way will end, what the tests made will be destroyed, and no other run will "
    "begin. Interrupt again to stop without cleaning up."
)
_SECOND = "Two interrupts received. Exiting immediately: what the tests made is left as it is."


@contextmanager
def _signals(interruptions: Interruptions, tell: Callable[[str], None]) -> Iterator[None]:
    """Take note of SIGINT and SIGTERM while the block runs. The third ends the process at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def interrupt(number: int, frame: FrameType | None) -> None:
        if interruptions.abandoning:
            raise KeyboardInterrupt
        tell(_SECOND if interruptions.stopping else _FIRST)
        interruptions.note()

    for number in before:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write_junit(path: Path, result: SuiteResult, found: Diagnostics) -> None:
    from rtf.views.test_junit import junit_xml

    try:
        path.write_bytes(junit_xml(result, hide=found.secrets.hide))
    except OSError as problem:
        detail = f"{path} could not be written: {(problem.strerror or str(problem)).lower()}."
        raise error(f'error saving JUnit XML to file "{path}"', detail) from None
