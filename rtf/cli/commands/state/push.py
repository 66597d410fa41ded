"""`rtf state push`: put a state from elsewhere in place of the stored one."""

import sys
from pathlib import Path

import click

from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.failures import Refusal
from rtf.cli.session import backend_of, locked_state, read_locked, telling
from rtf.state_edits.push import refusal, to_store
from rtf.workspace import find_root
from state.codec import decode
from state.errors import StateError
from state.jsontext import MAX_BYTES
from state.lock import read_unlocked
from state.snapshot import Snapshot


@click.command(
    "push",
    cls=Command,
    short_help="Store a state from a file",
    help=(
        "Put the state in a file, or from standard input with -, in place of the stored one. One of another lineage, "
        "or older than the stored one, is refused without -force."
    ),
)
@click.argument("path", metavar="FILE|-")
@click.option("-force", is_flag=True, help="Store it whatever its lineage and serial are.")
@options.locking
@options.ignore_remote_version
@options.root_option
@options.no_color
def command(path: str, force: bool, root: Path, no_color: bool) -> None:
    """Put a state from elsewhere in place of the stored one."""
    with telling(no_color=no_color) as found:
        pushed = _read(path)
        with locked_state(backend_of(find_root(root)), "state-push") as locked:
            stored = read_locked(locked, found)
            refused = None if force else refusal(pushed, stored)
            if refused is not None:
                raise Refusal(
                    f"Failed to write state: {refused}\n\nNothing was changed; -force stores it all the same."
                )
            locked.overwrite(to_store(pushed, stored))


def _read(path: str) -> Snapshot:
    """Return the state in a file. Raises Refusal when there is none."""
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        elif Path(path).exists():
            data = read_unlocked(Path(path))
        else:
            raise Refusal(f'There is no file "{path}".')
        if not data:
            raise Refusal(f'Error reading source state "{path}": no state')
        return decode(data, "standard input" if path == "-" else path)
    except StateError as problem:
        raise Refusal(f'Error reading source state "{path}": {problem.summary}: {problem.detail}') from None
