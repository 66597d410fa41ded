"""`rtf state mv`: give recorded objects other addresses."""

import json
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from engine.address import Target
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.editing import edited_state, read_edited, state_file, target_of
from rtf.cli.failures import Refusal
from rtf.cli.options import given_state
from rtf.cli.session import locked_state, read_locked, telling
from rtf.state_edits.move import ModuleTaken, move
from rtf.views.terminal import harmless
from rtf.workspace import find_root


@click.command(
    "mv",
    cls=Command,
    short_help="Move objects to other addresses",
    help="Give a recorded resource, instance or module another address, in the same state or in another file.",
)
@click.argument("source")
@click.argument("destination")
@click.option("-dry-run", is_flag=True, help="Only tell what would be moved.")
@click.option("-backup-out", metavar="FILE", default="", help="Where to keep what was there before in -state-out.")
@options.state_files
@options.ignore_remote_version
@options.root_option
@options.no_color
def command(source: str, destination: str, dry_run: bool, backup_out: str, root: Path, no_color: bool) -> None:
    """Give recorded objects other addresses."""
    given = given_state()
    with telling(no_color=no_color) as found, ExitStack() as stack:
        place = find_root(root)
        here = stack.enter_context(locked_state(edited_state(state_file(place), given.backup), "state-mv"))
        origin = read_edited(here, found)
        there, target = here, origin
        if given.state_out is not None and given.state_out.resolve() != state_file(place).resolve():
            there = stack.enter_context(locked_state(edited_state(given.state_out, backup_out), "state-mv"))
            target = read_locked(there, found).copy()
        with found.collecting():
            wanted = target_of(source)
        with found.collecting():
            new = target_of(destination)
        found.raise_errors()
        try:
            moves = move(origin, target, wanted, new)
        except ModuleTaken:
            raise Refusal(_TAKEN) from None
        word = "Would move" if dry_run else "Move"
        for before, after in moves:
            sys.stdout.write(f"{word} {_quoted(before)} to {_quoted(after)}\n")
        if dry_run:
            return
        there.write(target)
        if there is not here:
            here.write(origin)
        sys.stdout.write(f"Successfully moved {len(moves)} object(s).\n")


def _quoted(address: Target) -> str:
    return harmless(json.dumps(str(address), ensure_ascii=False))


_TAKEN = (
    "Error moving state: destination module already exists\n\nPlease ensure your addresses and state paths are valid. "
    "No state was persisted. Your existing states are untouched."
)
