"""The journal of a run: what it is about to do and what came of it, on disk before anybody relies on it.

It lies beside the state as `<state file>.journal` from the first record until the state itself has everything.
Records that are appended in one turn of the event loop are made durable by one write and one sync. Reading it back
is `state.replay`'s work.
"""

import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from state.errors import JournalError, reason
from state.jsontext import Json
from state.records import Commit, Header, InstanceChange, Intent, Record, Result, encode_record

if TYPE_CHECKING:
    from asyncio import Future


_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
_CREATE = _APPEND | os.O_CREAT | os.O_EXCL


class Journal:
    """An append-only file of records. After one failed write it takes no more: what is on disk is then in doubt.

    One that has `begun` is on disk already, with its header. All methods belong to one thread. Every one raises
    JournalError when a record could not be made durable.
    """

    def __init__(self, path: Path, lineage: str, serial: int, run: str | None = None, *, begun: bool = False) -> None:
        self.path = path
        self._begun = begun
        self._header = Header(lineage, serial, run or str(uuid.uuid4()))
        self._descriptor: int | None = None
        self._waiting: list[tuple[bytes, Future[None]]] = []
        self._intents = 0
        self._refusal: str | None = None  # why nothing more is taken

    async def intend(self, address: str, action: str, object: Json = None) -> str:
        """Return the id of a new intent once it is durable: only then may the operation begin."""
        self._intents += 1
        intent = Intent(str(self._intents), address, action, object)
        await self.append(intent)
        return intent.id

    async def conclude(self, id: str | None, *changes: InstanceChange) -> None:
        """Return once the outcome of an intent is durable. Nothing in `changes` says that nothing happened."""
        await self.append(Result(id, changes))

    async def append(self, *records: Record) -> None:
        """Return once the records are durable, together with all that others append in this turn."""
        from asyncio import get_running_loop  # not at the top: reading a state needs no event loop

        lines = self._encode(records)
        loop = get_running_loop()
        durable: Future[None] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._flush)
        self._waiting.append((lines, durable))
        await durable

    def append_now(self, *records: Record) -> None:
        """Make records durable before returning, for callers without an event loop."""
        self._write(self._encode(records))

    def commit(self, serial: int, sha256: str) -> None:
        """Note that the file with this digest is about to become the state. Does nothing before the first record."""
        if self._descriptor is not None or self._begun:
            self.append_now(Commit(serial, sha256))

    def close(self) -> None:
        """Take no more records and let the file go; it stays on disk."""
        self._refusal = self._refusal or f"{self.path} is closed: the state has everything that it held."
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            self._write(b"".join(lines for lines, _ in waiting))
        except JournalError as error:
            for _, durable in waiting:
                if not durable.done():  # a waiter may have been cancelled
                    durable.set_exception(JournalError(error.summary, error.detail))
        else:
            for _, durable in waiting:
                if not durable.done():
                    durable.set_result(None)

    def _encode(self, records: tuple[Record, ...]) -> bytes:
        try:
            return b"".join(map(encode_record, records))
        except (TypeError, ValueError) as error:
            raise JournalError("Journal cannot be written", f"A value has no JSON form: {error}.") from None

    def _write(self, lines: bytes) -> None:
        if self._refusal is not None:
            raise JournalError("Journal cannot be written", self._refusal)
        try:
            if self._descriptor is None and self._begun:
                self._descriptor = os.open(self.path, _APPEND)
            elif self._descriptor is None:
                self._descriptor = os.open(self.path, _CREATE, 0o600)
                sync_directory(self.path.parent)
                lines = encode_record(self._header) + lines
            write_all(self._descriptor, lines)
            os.fdatasync(self._descriptor)
        except OSError as error:
            self._refusal = f"Cannot write {self.path}: {reason(error)}. Operations that had not begun were not begun."
            raise JournalError("Journal cannot be written", self._refusal) from None


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`, however much of it the system takes at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_directory(directory: Path) -> None:
    """Make names that were added to a directory, or taken from it, durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
