"""A state that nobody keeps: for work that undoes itself in the same process, such as tests."""

import uuid
from dataclasses import replace
from pathlib import Path

from state.journal import Journal
from state.records import Record
from state.replay import UnknownOutcome
from state.snapshot import Snapshot


class MemoryState:
    """A state in this process alone. See `state.backend.LockedState` for what the methods promise."""

    def __init__(self) -> None:
        self._stored = Snapshot.empty()

    def read(self) -> tuple[Snapshot, list[UnknownOutcome]]:
        """Return the newest snapshot. No run before this one could have left anything."""
        return self._stored, []

    def journal(self, base: Snapshot) -> Journal:
        """Return a journal that keeps nothing: it would not outlive the process any more than the state does."""
        return _Unkept(Path(), base.lineage, base.serial)

    def write(self, snapshot: Snapshot) -> Snapshot:
        """Take over a snapshot and return it as it is stored."""
        lineage = snapshot.lineage or str(uuid.uuid4())
        return self.overwrite(replace(snapshot.copy(), lineage=lineage, serial=snapshot.serial + 1))

    def overwrite(self, snapshot: Snapshot) -> Snapshot:
        """Take over a snapshot as it is."""
        self._stored = snapshot
        return snapshot


class _Unkept(Journal):
    """A journal whose records go nowhere."""

    async def append(self, *records: Record) -> None:
        """Forget the records."""

    def append_now(self, *records: Record) -> None:
        """Forget the records."""
