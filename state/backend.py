"""What every place that keeps a state can do. The places themselves are in `state.backends`."""

from contextlib import AbstractContextManager
from typing import Protocol

from state.journal import Journal
from state.replay import UnknownOutcome
from state.snapshot import Snapshot


class LockedState(Protocol):
    """A state while this process holds its lock."""

    def read(self) -> tuple[Snapshot, list[UnknownOutcome]]:
        """Return the newest snapshot, after taking up what an interrupted run left, and the operations of that run
        whose end nobody knows. They are told once: the state then has everything else.
        """

    def journal(self, base: Snapshot) -> Journal:
        """Return a journal for a run that begins with `base`, the snapshot of the last `read` or `write`."""

    def write(self, snapshot: Snapshot) -> Snapshot:
        """Store a snapshot, whole or not at all, end the journal, and return it as it is stored.

        The serial grows by one, unless the content is what is stored already. The first write gives a lineage. Raises
        StaleSnapshot when `snapshot` does not come from what is stored, StateNotSaved when storing failed.
        """

    def overwrite(self, snapshot: Snapshot) -> Snapshot:
        """Store a snapshot whatever its lineage and serial are, and end the journal. Raises StateNotSaved."""


class Backend(Protocol):
    """A place that keeps the newest snapshot of one state. All methods raise StateError."""

    def read(self) -> Snapshot:
        """Return the stored snapshot as it is, without a lock."""

    def peek(self) -> tuple[Snapshot, list[UnknownOutcome]]:
        """Return the stored snapshot with what a journal beside it adds, and the operations whose end it does not tell.

        Changes nothing and takes no lock: while another process works, these are its operations in progress.
        """

    def lock(self, operation: str, timeout: float = 0.0) -> AbstractContextManager[LockedState]:
        """Hold the lock for a `with` block. Raises StateLocked, naming the holder, after `timeout` seconds."""

    def unlocked(self) -> AbstractContextManager[LockedState]:
        """Work on the state for a `with` block without its lock. `read` refuses while a journal lies beside it."""
