"""`rtf validate`: check a configuration without state, variables or requests."""

import sys
from pathlib import Path

import click

from engine.diagnostics import DiagnosticError, Diagnostics
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.failures import Reported
from rtf.cli.session import telling
from rtf.problems import as_diagnostics
from rtf.requirements import check_valid
from rtf.suites import check_suite, read_files


@click.command(
    cls=Command,
    short_help="Check the configuration",
    help="Check the configuration by itself: no state is read, no variable needs a value, nothing is requested.",
)
@options.checked_root
@options.test_directory
@click.option("-no-tests", "without_tests", is_flag=True, help="Leave out the files of tests.")
@options.json_output
@options.no_color
def command(root: Path, directory: str, without_tests: bool, as_json: bool, no_color: bool) -> None:
    """Check the configuration."""
    if as_json:
        _validate_json(root, None if without_tests else directory)
        return
    with telling(no_color=no_color) as found:
        _validate(root, None if without_tests else directory, found)
        if not found.has_errors:
            sys.stdout.write(_SUCCESS if not found.items else _SUCCESS_WITH_WARNINGS)


def _validate(root: Path, tests: str | None, found: Diagnostics) -> None:
    """Add what is wrong with a configuration and its tests to `found`; a folder without one is valid.

    `tests` is the folder of tests, None when they do not matter.
    """
    place = workspace.find_root(root)
    if not workspace.has_configuration(place):
        return
    try:
        modules = workspace.read_modules(place, found)
    except DiagnosticError:
        if tests is not None:
            read_files(place.directory, found, tests)
        raise
    if tests is not None:
        check_suite(modules, found, tests)
    found.raise_errors()
    workspace.validate(workspace.ready(modules, found, check_valid), found)


_SUCCESS = "Success! The configuration is valid.\n\n"
_SUCCESS_WITH_WARNINGS = (
    "Success! The configuration is valid, but there were some validation warnings as shown below.\n"
)


def _validate_json(root: Path, tests: str | None) -> None:
    from rtf.views.diagnostics_json import validation_json

    found = Diagnostics()
    try:
        _validate(root, tests, found)
    except Exception as problem:
        found.extend(as_diagnostics(problem))
    sys.stdout.write(validation_json(found))
    if found.has_errors:
        raise Reported
