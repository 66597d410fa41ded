"""`rtf force-unlock`: there is never a lock to break, because a local state's lock ends with its process."""

from pathlib import Path

import click

from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.failures import Refusal
from rtf.cli.session import backend_of, telling
from rtf.workspace import find_root
from state.lock import holder_of


@click.command(
    "force-unlock",
    cls=Command,
    short_help="Break a stuck lock of the state",
    help="Break a stuck lock. A state in a local file has none: its lock goes away with the process that holds it.",
)
@click.argument("lock_id", metavar="LOCK_ID")
@click.option("-force", is_flag=True, help="Do not ask.")
@options.root_option
@options.no_color
def command(lock_id: str, force: bool, root: Path, no_color: bool) -> None:
    """Tell that a local state's lock cannot be broken."""
    with telling(no_color=no_color):
        backend = backend_of(find_root(root))
        if not force:
            raise Refusal(f"Local state cannot be unlocked by another process\n\n{_held(backend.path)}")
        raise Refusal(f"Failed to unlock state: LocalState not locked\n\n{_held(backend.path)}")


def _held(path: Path) -> str:
    holder = holder_of(path)
    if holder is None:
        return f"Nobody holds the lock of {path}, as far as can be seen: nothing has to be done."
    return (
        f"The lock of {path} goes away when the process that holds it ends. Wait for it, or end it.\n\nLock Info:\n"
        f"{holder.text()}"
    )
