"""`rtf untaint`: say that an object is in order, so that the next apply leaves it."""

import sys
from pathlib import Path

import click

from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.commands.taint import allow_missing, change_status, instance_of
from rtf.cli.session import telling


@click.command(
    cls=Command,
    short_help="Take an object's mark for replacement away",
    help="Say that a recorded object which is marked as tainted is in order: the next apply leaves it as it is.",
)
@click.argument("address")
@allow_missing
@options.state_files
@options.ignore_remote_version
@options.root_option
@options.no_color
def command(address: str, allow_missing: bool, root: Path, no_color: bool) -> None:
    """Take an object's mark for replacement away."""
    with telling(no_color=no_color) as found:
        instance = instance_of(address)
        if change_status(instance, root, found, tainted=False, allow_missing=allow_missing):
            sys.stdout.write(f"Resource instance {instance} has been successfully untainted.\n")
