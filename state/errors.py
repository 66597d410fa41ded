"""What can go wrong with a state, told so that the reader knows what to do next.

StateError                 the base: a summary of a few words and a detail in whole sentences
  CorruptState             the text is no state, or a field of it is not what it must be
  UnsupportedVersion       a state, but of a format that this program does not read
  StateUnavailable         the file cannot be opened, read or created
  StateLocked              somebody else holds the lock; `holder` says who, when that is known
  StaleSnapshot            what should be written does not follow what is stored
  StateNotSaved            the write failed; `rescued` is where the snapshot was put instead, if anywhere
  JournalError             the journal cannot be written, read or applied
"""

import errno
import os
from pathlib import Path

from state.lock_info import LockInfo


class StateError(Exception):
    """A problem with a state. Nothing was changed unless the detail says so."""

    def __init__(self, summary: str, detail: str) -> None:
        super().__init__(f"{summary}: {detail}")
        self.summary = summary
        self.detail = detail


class CorruptState(StateError):
    """Raised when a text is not a state. It is never overwritten."""


class UnsupportedVersion(StateError):
    """Raised when a state has a format that is too new, too old or encrypted."""


class StateUnavailable(StateError):
    """Raised when the place of a state cannot be used."""


class StateLocked(StateError):
    """Raised when the lock was not to be had in time."""

    def __init__(self, path: str, holder: LockInfo | None) -> None:
        known = f"Lock Info:\n{holder.text()}" if holder else "The holder left no note of who it is."
        super().__init__(
            "Error acquiring the state lock",
            f"Another process holds the lock of {path}.\n{known}\n"
            "Wait for it to end and try again, or let this command wait with -lock-timeout=5m. "
            "The lock goes away by itself when its holder ends.",
        )
        self.holder = holder


class StaleSnapshot(StateError):
    """Raised when the stored state is not the one that a snapshot was made from."""


class StateNotSaved(StateError):
    """Raised when a snapshot could not be written to its place."""

    def __init__(self, summary: str, detail: str, rescued: Path | None) -> None:
        super().__init__(summary, detail)
        self.rescued = rescued


class JournalError(StateError):
    """Raised when the journal of a run is unusable. The state beside it was left alone."""


_REASONS = {
    errno.EACCES: "permission denied. Give this user the right to read and write there",
    errno.EPERM: "the operation is not permitted. Give this user the right to read and write there",
    errno.EROFS: "the file system is read-only. Use another place, or mount it writable",
    errno.ENOSPC: "the disk is full. Free some space and try again",
    errno.EDQUOT: "the disk quota is used up. Free some space and try again",
    errno.EISDIR: "it is a directory. Name a file in it",
    errno.ENOTDIR: "a part of the path is not a directory. Correct the path",
    errno.ELOOP: "its symbolic links lead round in a circle. Correct the links",
    errno.ENAMETOOLONG: "the name is too long. Use a shorter one",
    errno.EEXIST: "a file of that name is there already. Move it away and try again",
    errno.ENOENT: "a part of the path does not exist. Correct the path",
}


def reason(error: OSError) -> str:
    """Return why the system refused and what helps, ready to stand after a colon."""
    known = _REASONS.get(error.errno or 0)
    return known or (os.strerror(error.errno) if error.errno else str(error)).lower()


def unavailable(what: str, path: str, error: OSError) -> StateUnavailable:
    """Return the error for a state file with which `what` ("read", "lock", ...) did not work."""
    return StateUnavailable(
        f"Failed to {what} the state", f"Cannot {what} {path}: {reason(error)}. Nothing was changed."
    )
