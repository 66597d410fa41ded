"""A state in a file beside the configuration, where Terraform keeps it too.

A run that changes something appends to a journal beside the file, and rewrites the file once at its end. The file is
only ever replaced by one that was written whole; what was there before the run is kept as a backup.
"""

import contextlib
import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from state.codec import decode, encode
from state.errors import JournalError, StaleSnapshot, StateNotSaved, reason, unavailable
from state.journal import Journal, sync_directory, write_all
from state.lock import LockedFile, acquire, read_unlocked
from state.records import Commit, encode_record
from state.replay import JournalMismatch, Recovery, UnknownOutcome, recover, scan, still_unknown
from state.snapshot import TERRAFORM_VERSION, Snapshot
from state.unlocked import UnlockedFile, replace_file


class LocalBackend:
    """The state in the file `path`. See `state.backend.Backend` for what the methods promise.

    `source` is another file that is read in its place; it stays as it is. `backup` names the copy of what was there
    before a run: `<path>.backup` when not given, none when "-". `rescue` is where a snapshot goes that could not be
    stored. `version` is what the note of the lock says. `sleep` waits between tries to lock.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        source: str | Path | None = None,
        backup: str | Path | None = None,
        rescue: str | Path = "errored.tfstate",
        version: str = TERRAFORM_VERSION,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.path = Path(path)
        self._source = None if source is None or Path(source) == self.path else Path(source)
        self._backup = None if backup == "-" else Path(backup or f"{path}.backup")
        self._rescue = Path(rescue)
        self._version = version
        self._sleep = sleep

    def read(self) -> Snapshot:
        """Return the stored snapshot as it is, without a lock."""
        return decode(read_unlocked(self._source or self.path), str(self._source or self.path))

    def peek(self) -> tuple[Snapshot, list[UnknownOutcome]]:
        """Return the stored snapshot with what a journal beside it adds, changing nothing."""
        return _peek(self._source or self.path)

    @contextmanager
    def lock(self, operation: str, timeout: float = 0.0) -> Iterator["LockedLocalState"]:
        """Hold the lock for a `with` block."""
        yield from self._working(acquire(self.path, operation, self._version, timeout, self._sleep))

    @contextmanager
    def unlocked(self) -> Iterator["LockedLocalState"]:
        """Work on the state for a `with` block without its lock: whoever asks for that answers for it.

        Its `read` raises JournalError when a run is at work, or was interrupted: that has to be taken up first.
        """
        yield from self._working(UnlockedFile(self.path))

    def _working(self, file: LockedFile | UnlockedFile) -> Iterator["LockedLocalState"]:
        state = LockedLocalState(file, str(self.path), self._source, self._backup, self._rescue)
        try:
            yield state
        finally:
            state.close()


class LockedLocalState:
    """The state file in the hands of one run. See `state.backend.LockedState` for what the methods promise."""

    def __init__(
        self, file: LockedFile | UnlockedFile, name: str, source: Path | None, backup: Path | None, rescue: Path
    ) -> None:
        self._file = file
        self._name = name
        self._source = source  # until its snapshot is in the file
        self._backup = backup
        self._rescue = rescue
        self._journal: Journal | None = None
        self._only_remembers = False  # the journal holds nothing of this run, only what earlier ones left unknown
        self._stored: Snapshot | None = None

    def read(self) -> tuple[Snapshot, list[UnknownOutcome]]:
        """Return the newest snapshot, after taking up what an interrupted run left."""
        if self._source is None:
            return self._read_file()
        unknown = self._read_file()[1] if self._stored is None else []
        self._stored, more = _peek(self._source)
        return self._stored, [*unknown, *more]

    def _read_file(self) -> tuple[Snapshot, list[UnknownOutcome]]:
        data = self._bytes()
        if self._journal is not None or not os.path.lexists(self._journal_path):
            return self._decoded(data), []
        if not self._file.locked:
            raise _in_use(self._name, self._journal_path)
        journal = read_unlocked(self._journal_path)
        recovery = _recovery(data, journal, Path(self._name), self._journal_path)
        self._stored = recovery.snapshot if recovery.finished else self._take_up(recovery.snapshot, journal)
        self._remember(self._stored, recovery.unknown)
        return self._stored, recovery.unknown

    def journal(self, base: Snapshot) -> Journal:
        """Return a journal for a run that begins with `base`."""
        if self._source is not None:
            self._copy(base)
        if self._journal is not None and self._only_remembers:
            self._only_remembers = False
            return self._journal
        if self._journal is not None:
            self._journal.close()
        self._journal = Journal(self._journal_path, base.lineage, base.serial)
        return self._journal

    def write(self, snapshot: Snapshot) -> Snapshot:
        """Store a snapshot, whole or not at all, end the journal, and return it as it is stored."""
        if self._stored is None:
            self.read()
        stored = self._stored or Snapshot.empty()
        if (snapshot.lineage, snapshot.serial) != (stored.lineage, stored.serial):
            raise StaleSnapshot(
                "State has changed in the meantime",
                f"{self._name} is at serial {stored.serial} of lineage {stored.lineage or '(none)'}, but what should "
                f"be written was made from serial {snapshot.serial} of lineage {snapshot.lineage or '(none)'}. "
                "Nothing was written. Plan again and apply that plan.",
            )
        if not stored.same_content(snapshot) or (stored.is_absent and self._file.is_empty()):
            stored = self._store(_next(snapshot))  # the first write stores even nothing
        elif self._source is not None:
            self._copy(stored)
        self._remove_journal()
        return stored

    def overwrite(self, snapshot: Snapshot) -> Snapshot:
        """Store a snapshot whatever its lineage and serial are, end the journal, and return it as it is stored."""
        if self._stored is None:
            self.read()
        if self._file.read() != encode(snapshot):
            snapshot = self._store(snapshot)
        self._remove_journal()
        return snapshot

    def clear(self) -> None:
        """Leave nothing stored: the state lives elsewhere now. The backup keeps what was there."""
        if self._stored is None:
            self.read()
        self._copy(Snapshot.empty())
        self._stored = Snapshot.empty()
        self._remove_journal()

    def close(self) -> None:
        """Give up the lock. A journal that no write has ended stays for the next run."""
        if self._only_remembers:
            self._remove_journal()
        if self._journal is not None:
            self._journal.close()
        self._file.release()

    @property
    def _journal_path(self) -> Path:
        return journal_path(self._file.path)

    def _bytes(self) -> bytes:
        try:
            return self._file.read()
        except OSError as error:
            raise unavailable("read", self._name, error) from None

    def _decoded(self, data: bytes) -> Snapshot:
        if self._stored is None:
            self._stored = decode(data, self._name)
        return self._stored

    def _copy(self, snapshot: Snapshot) -> None:
        """Make the file say what a snapshot says, under its own serial: a journal beside it goes on from there."""
        if self._only_remembers:
            self._remove_journal()
        data = b"" if snapshot.is_absent else encode(snapshot)
        try:
            if self._file.read() != data:
                self._keep_backup()
                self._file.replace(data)
        except OSError as error:
            raise self._not_saved(data, error) from error
        self._source = None

    def _store(self, stored: Snapshot) -> Snapshot:
        data = encode(stored)
        try:
            self._keep_backup()
            if self._journal is not None:
                with contextlib.suppress(JournalError):  # without the note, only a crash right here would be unclear
                    self._journal.commit(stored.serial, hashlib.sha256(data).hexdigest())
            self._file.replace(data)
        except OSError as error:
            raise self._not_saved(data, error) from error
        self._stored, self._source = stored, None
        return stored

    def _take_up(self, recovered: Snapshot, journal: bytes) -> Snapshot:
        """Write what an interrupted run did into the state, and return what is stored then."""
        stored = _next(recovered)
        data = encode(stored)
        try:
            self._keep_backup()
            _append_commit(self._journal_path, journal, Commit(stored.serial, hashlib.sha256(data).hexdigest()))
            self._file.replace(data)
        except OSError as error:
            raise StateNotSaved(
                "Failed to take up an interrupted run",
                f"Cannot write {self._name}: {reason(error)}. What the interrupted run did is safe in "
                f"{self._journal_path}, and the state was not changed.",
                None,
            ) from error
        return stored

    def _remember(self, stored: Snapshot, unknown: list[UnknownOutcome]) -> None:
        """Let a journal tell what is unknown until this run ends in order: it may be killed before it tells anybody."""
        if not unknown:
            self._remove_journal()
            return
        try:
            replace_file(self._journal_path, still_unknown(stored, unknown))
        except OSError:
            self._remove_journal()
        else:
            self._journal = Journal(self._journal_path, stored.lineage, stored.serial, begun=True)
            self._only_remembers = True

    def _keep_backup(self) -> None:
        """Copy what is stored, once in a run."""
        backup, self._backup = self._backup, None
        previous = self._file.read() if backup is not None else b""
        if backup is not None and previous:
            replace_file(Path(os.path.realpath(backup)), previous)

    def _remove_journal(self) -> None:
        self._only_remembers = False
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        with contextlib.suppress(OSError):  # its commit says that the state has everything
            self._journal_path.unlink()
            sync_directory(self._journal_path.parent)

    def _not_saved(self, data: bytes, error: OSError) -> StateNotSaved:
        rescued = _rescue(self._rescue, data)
        kept = ""
        if os.path.lexists(self._journal_path):
            kept = f" The journal {self._journal_path} tells all that this run did; the next run takes it up."
        where = (
            f"The new state was put into {rescued} instead." if rescued else "The new state could not be put elsewhere."
        )
        return StateNotSaved(
            "Failed to save the state",
            f"Cannot write {self._name}: {reason(error)}. The file is as it was before. {where}{kept}",
            rescued,
        )


def journal_path(state: Path) -> Path:
    """Return where the journal of a state file lies."""
    return state.with_name(f"{state.name}.journal")


def _next(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot as it is stored after the one that it was made from."""
    return replace(
        snapshot.copy(),
        lineage=snapshot.lineage or str(uuid.uuid4()),
        serial=snapshot.serial + 1,
        terraform_version=snapshot.terraform_version or TERRAFORM_VERSION,
    )


def _peek(path: Path) -> tuple[Snapshot, list[UnknownOutcome]]:
    journal_name = journal_path(Path(os.path.realpath(path)))
    journal = read_unlocked(journal_name)
    while True:
        data = read_unlocked(path)
        try:
            recovery = _recovery(data, journal, path, journal_name)
        except JournalMismatch:
            # A run that ends right now replaces the state and then removes its journal.
            journal, earlier = read_unlocked(journal_name), journal
            if journal == earlier:
                raise
        else:
            return recovery.snapshot, recovery.unknown


def _in_use(name: str, journal: Path) -> JournalError:
    return JournalError(
        "State is in use",
        f"Beside {name} lies {journal}: another run is at work on this state, or was interrupted. Without the lock "
        "neither can be told from the other. Nothing was changed. Run the command again without -lock=false: it waits "
        "with -lock-timeout=5m, and takes up what an interrupted run left.",
    )


def _recovery(data: bytes, journal: bytes, path: Path, journal_name: Path) -> Recovery:
    return recover(decode(data, str(path)), data, journal, str(journal_name))


def _append_commit(path: Path, journal: bytes, commit: Commit) -> None:
    contents = scan(journal, str(path))
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.ftruncate(descriptor, contents.size if contents else 0)
        os.lseek(descriptor, 0, os.SEEK_END)
        write_all(descriptor, encode_record(commit))
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def _rescue(path: Path, data: bytes) -> Path | None:
    """Return the file that `data` was put into: `path`, or a numbered name beside it when that is taken."""
    for number in range(1, 100):
        free = path if number == 1 else path.with_name(f"{path.stem}.{number}{path.suffix}")
        if os.path.lexists(free):
            continue
        try:
            replace_file(free, data)
        except OSError:
            return None
        return free
    return None
