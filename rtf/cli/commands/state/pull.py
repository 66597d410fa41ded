"""`rtf state pull`: the state as it is stored."""

import sys
from pathlib import Path

import click

from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.session import backend_of, telling
from rtf.planning import tell_unknown
from rtf.workspace import find_root
from state.codec import encode


@click.command(
    "pull",
    cls=Command,
    short_help="Write the state to standard output",
    help="Write the state as it is stored, secrets and all, to standard output.",
)
@options.root_option
@options.no_color
def command(root: Path, no_color: bool) -> None:
    """Write the state as it is stored."""
    with telling(no_color=no_color, for_machines=True) as found:
        snapshot, unknown = backend_of(find_root(root)).peek()
        tell_unknown(unknown, found)
        if not snapshot.is_absent:
            sys.stdout.write(f"{encode(snapshot).decode()}\n")  # Terraform ends it with an empty line
