"""`rtf validate`: check a configuration without state, variables or requests."""

import sys
from pathlib import Path

import click

from engine.diagnostics import Diagnostics
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.failures import Reported
from rtf.cli.session import telling
from rtf.problems import as_diagnostics
from rtf.requirements import check_valid


@click.command(
    cls=Command,
    short_help="Check the configuration",
    help="Check the configuration by itself: no state is read, no variable needs a value, nothing is requested.",
)
@options.checked_root
@options.json_output
@options.no_color
def command(root: Path, as_json: bool, no_color: bool) -> None:
    """Check the configuration."""
    if as_json:
        _validate_json(root)
        return
    with telling(no_color=no_color) as found:
        _validate(root, found)
        if not found.has_errors:
            sys.stdout.write(_SUCCESS if not found.items else _SUCCESS_WITH_WARNINGS)


def _validate(root: Path, found: Diagnostics) -> None:
    """Add what is wrong with a configuration to `found`; a folder without one is valid."""
    place = workspace.find_root(root)
    if workspace.has_configuration(place):
        workspace.validate(workspace.load(place, found, check_valid), found)


_SUCCESS = "Success! The configuration is valid.\n\n"
_SUCCESS_WITH_WARNINGS = (
    "Success! The configuration is valid, but there were some validation warnings as shown below.\n"
)


def _validate_json(root: Path) -> None:
    from rtf.views.diagnostics_json import validation_json

    found = Diagnostics()
    try:
        _validate(root, found)
    except Exception as problem:
        found.extend(as_diagnostics(problem))
    sys.stdout.write(validation_json(found))
    if found.has_errors:
        raise Reported
