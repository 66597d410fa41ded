"""A state file that a run works on without its lock, because somebody asked for that (`-lock=false`).

It is read and replaced like a locked one (see `state.lock`), whole or not at all; only nobody is kept out.
"""

import contextlib
import os
from pathlib import Path

from state.journal import sync_directory, write_all
from state.lock import create_temporary, read_unlocked


class UnlockedFile:
    """A state file without a lock, with the methods of `state.lock.LockedFile`."""

    locked = False

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.realpath(path))

    def read(self) -> bytes:
        """Return what the file holds, empty when there is none. Raises StateUnavailable."""
        return read_unlocked(self.path)

    def is_empty(self) -> bool:
        """Return whether nothing was ever written."""
        return not self.read()

    def replace(self, data: bytes) -> None:
        """Put `data` in place of the file, whole or not at all, durably. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self.path, data)

    def release(self) -> None:
        """Do nothing: there is nothing to give up."""


def replace_file(path: Path, data: bytes) -> None:
    """Put a private file with `data` at `path`, whole or not at all, durably. Raises OSError."""
    descriptor, name = create_temporary(path)
    try:
        try:
            write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    sync_directory(path.parent)
