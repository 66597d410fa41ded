"""`rtf init`: make a root module ready for use: install what it calls, and check that its providers are there."""

import sys
from pathlib import Path

import click

from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.commands.get import install
from rtf.cli.session import telling
from rtf.requirements import check_installable, requirements_of

_EMPTY = """\
rtf initialized in an empty directory!

The directory has no configuration yet. Write one, such as main.hcl, and run
rtf init again when it calls modules.
"""
_DONE = """\

rtf has been successfully initialized!

Try rtf plan to see what would change. Whenever modules or the backend of the
configuration change, run rtf init again; other commands tell when that is
necessary.
"""


@click.command(
    cls=Command,
    short_help="Make a configuration ready for use",
    help=(
        "Make a configuration ready for use: install the modules that it calls, and see that providers are there: "
        "they come with rtf."
    ),
)
@options.root
@click.option("-upgrade/-no-upgrade", default=False, help="Fetch modules anew that are installed already.")
@click.option("-get/-no-get", default=True, help="Install modules; true unless given.")
@click.option("-backend/-no-backend", default=True, help="Take the backend into use; true unless given.")
@options.input_allowed
@options.no_color
def command(root: Path, upgrade: bool, get: bool, backend: bool, ask: bool, no_color: bool) -> None:
    """Make a configuration ready for use."""
    with telling(no_color=no_color) as found:
        place = workspace.find_root(root)
        if not workspace.has_configuration(place):
            sys.stdout.write(_EMPTY)
            return
        if backend:
            _say("Initializing the backend...")
        if get and workspace.calls_modules(place, found):
            _say("Upgrading modules..." if upgrade else "Initializing modules...")
            module = install(place, found, _say, upgrade=upgrade)
        else:
            module = workspace.read_modules(place, found).module
        _say("Initializing provider plugins...")
        check_installable(module, place.directory, found)
        found.raise_errors()
        for address in sorted({address for one in module.places() for address in requirements_of(one.module)}):
            _say(f"- {address} is part of rtf")
        sys.stdout.write(_DONE)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
