"""A leftover journal + the snapshot it began with -> what really happened.

Pure functions over bytes; nothing is read or written here. A damaged end is what a killed run leaves: nobody was told
that those records are safe, so they are passed over. Damage with an intact record after it is an error.
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from state.codec import Malformed
from state.errors import JournalError
from state.jsontext import Json
from state.records import (
    ChecksChange,
    Commit,
    Header,
    Intent,
    OutputChange,
    Record,
    Result,
    decode_record,
    encode_record,
)
from state.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class UnknownOutcome:
    """An operation that began and of which nobody noted the end: it may have taken effect or not."""

    address: str
    action: str
    time: str
    object: Json = None


@dataclass(frozen=True, slots=True)
class JournalContents:
    """The intact records of a journal. `size` is how many bytes they take; beyond is the damaged end."""

    header: Header
    records: list[Record]
    size: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a leftover journal came to. `finished` says that the stored state holds all of it already."""

    snapshot: Snapshot
    unknown: list[UnknownOutcome]
    finished: bool


class JournalMismatch(JournalError):
    """Raised when a journal began with another snapshot than the one that is stored."""


def scan(data: bytes, name: str) -> JournalContents | None:
    """Return the records in a journal called `name`, or None when not even its header was written whole.

    Raises JournalError, naming the line, when a record in the middle is damaged or is nothing that we write.
    """
    records: list[Record] = []
    size = position = 0
    damaged: int | None = None  # the first damaged line
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):  # what follows the last line feed is torn
        position += len(line) + 1
        record = _read(line, number, name)
        if record is None:
            damaged = damaged or number
            continue
        if damaged is not None:
            raise _damaged(name, damaged, "its checksum does not match")
        records.append(record)
        size = position
    if not records:
        return None
    header, *rest = records
    if not isinstance(header, Header):
        raise _damaged(name, 1, "it is not the header that a journal begins with")
    if any(isinstance(record, Header) for record in rest):
        raise _damaged(name, 1, "another journal follows in the same file")
    return JournalContents(header, rest, size)


def replay(base: Snapshot, data: bytes, name: str = "the journal") -> tuple[Snapshot, list[UnknownOutcome]]:
    """Return what `base` became by all that the journal tells, and the operations whose end it does not tell.

    `base` stays as it is. Raises JournalError for a damaged journal, JournalMismatch for that of another snapshot.
    """
    contents = scan(data, name)
    if contents is None:
        return base, []
    header = contents.header
    if (header.lineage, header.serial) != (base.lineage, base.serial):
        raise JournalMismatch("Journal does not belong to the state", _mismatch(header, base, name))
    snapshot = base.copy()
    for record in contents.records:
        _apply(record, snapshot)
    return snapshot, unknown_outcomes(contents.records)


def recover(stored: Snapshot, stored_bytes: bytes, data: bytes, name: str) -> Recovery:
    """Return what a leftover journal means for the stored state.

    A run that was killed between writing the state and removing its journal leaves a journal whose last commit names
    exactly these bytes: everything in it is in the state.
    """
    contents = scan(data, name)
    if contents is None:
        return Recovery(stored, [], finished=True)
    commits = [record for record in contents.records if isinstance(record, Commit)]
    if commits and commits[-1].sha256 == hashlib.sha256(stored_bytes).hexdigest():
        return Recovery(stored, unknown_outcomes(contents.records), finished=True)
    snapshot, unknown = replay(stored, data, name)
    return Recovery(snapshot, unknown, finished=snapshot.same_content(stored))


def unknown_outcomes(records: list[Record]) -> list[UnknownOutcome]:
    """Return the intents that no result closes, oldest first."""
    open_intents: dict[str, Intent] = {}
    for record in records:
        if isinstance(record, Intent):
            open_intents[record.id] = record
        elif isinstance(record, Result) and record.id is not None:
            open_intents.pop(record.id, None)
    return [
        UnknownOutcome(intent.address, intent.action, intent.time, intent.object) for intent in open_intents.values()
    ]


def still_unknown(snapshot: Snapshot, unknown: Iterable[UnknownOutcome]) -> bytes:
    """Return a journal that tells this alone: `snapshot` is stored, and of some operations nobody knows the end."""
    header = Header(snapshot.lineage, snapshot.serial, str(uuid.uuid4()))
    intents: list[Record] = [
        Intent(f"earlier-{number}", operation.address, operation.action, operation.object, operation.time)
        for number, operation in enumerate(unknown)
    ]
    return b"".join(map(encode_record, [header, *intents]))


def _read(line: bytes, number: int, name: str) -> Record | None:
    try:
        return decode_record(line)
    except Malformed as error:
        raise _damaged(name, number, str(error)) from None


def _apply(record: Record, snapshot: Snapshot) -> None:
    if isinstance(record, Result):
        for change in record.changes:
            change.apply(snapshot)
    elif isinstance(record, ChecksChange):
        snapshot.check_results = record.check_results
    elif isinstance(record, OutputChange):
        if record.output is None:
            snapshot.outputs.pop(record.name, None)
        else:
            snapshot.outputs[record.name] = record.output


def _damaged(name: str, line: int, what: str) -> JournalError:
    return JournalError(
        "Journal is damaged",
        f"Line {line} of {name} cannot be used: {what}. The journal tells what an interrupted run did, so neither "
        "it nor the state was changed. Put back a good copy of it; or compare the state with the real objects, move "
        "the journal away and try again.",
    )


def _mismatch(header: Header, base: Snapshot, name: str) -> str:
    began = f"serial {header.serial} of lineage {header.lineage}" if header.lineage else "no state at all"
    found = f"serial {base.serial} of lineage {base.lineage}" if base.lineage else "missing or empty"
    return (
        f"{name} was left by an interrupted run that began at {header.time} with {began}, but the state is now "
        f"{found}: something else wrote it in between. Neither of them was changed. Put back the state that the run "
        "began with; or compare the state with the real objects, move the journal away and try again."
    )
