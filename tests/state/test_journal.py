import asyncio
import os
from collections.abc import Callable, Coroutine
from decimal import Decimal
from pathlib import Path

import pytest

from state.errors import JournalError
from state.journal import Journal
from state.records import InstanceChange, Intent, Result, encode_record
from state.replay import scan
from tests.state.samples import CALL, LINEAGE, instance


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terraform.tfstate.journal"


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often data is forced to disk."""
    made: list[int] = []
    real = os.fdatasync

    def counting(descriptor: int) -> None:
        made.append(descriptor)
        real(descriptor)

    monkeypatch.setattr(os, "fdatasync", counting)
    return made


def run(work: Callable[[Journal], Coroutine[None, None, None]], path: Path) -> None:
    journal = Journal(path, LINEAGE, 3, run="r-1")
    try:
        asyncio.run(work(journal))
    finally:
        journal.close()


def test_a_run_that_does_nothing_leaves_no_journal(path: Path) -> None:
    journal = Journal(path, LINEAGE, 3)
    journal.commit(4, "00")
    journal.close()
    assert not path.exists()


def test_only_the_owner_may_read_a_journal(path: Path) -> None:
    journal = Journal(path, LINEAGE, 3)
    journal.append_now(Intent("1", "a.b", "create"))
    journal.close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_records_of_concurrent_operations_share_one_sync(path: Path, syncs: list[int]) -> None:
    async def work(journal: Journal) -> None:
        ids = await asyncio.gather(*(journal.intend(f"a.b[{number}]", "create") for number in range(64)))
        assert len(set(ids)) == 64
        assert len(syncs) == 1
        await asyncio.gather(*(journal.conclude(id) for id in ids))
        assert len(syncs) == 2
        await journal.intend("a.b[64]", "create")
        assert len(syncs) == 3

    run(work, path)
    contents = scan(path.read_bytes(), path.name)
    assert contents is not None
    assert len(contents.records) == 129
    assert (contents.header.lineage, contents.header.serial, contents.header.run) == (LINEAGE, 3, "r-1")


def test_an_append_returns_only_after_the_sync(path: Path, syncs: list[int]) -> None:
    async def work(journal: Journal) -> None:
        appended = asyncio.ensure_future(journal.append(Result(None)))
        await asyncio.sleep(0)
        assert not appended.done()
        await appended
        assert len(syncs) == 1
        assert path.read_bytes().endswith(encode_record(Result(None)))

    run(work, path)


def test_a_cancelled_waiter_does_not_disturb_the_others(path: Path) -> None:
    async def work(journal: Journal) -> None:
        first = asyncio.ensure_future(journal.append(Result("first")))
        second = asyncio.ensure_future(journal.append(Result("second")))
        await asyncio.sleep(0)
        first.cancel()
        await second
        with pytest.raises(asyncio.CancelledError):
            await first

    run(work, path)
    contents = scan(path.read_bytes(), path.name)
    assert contents is not None
    assert contents.records == [Result("first"), Result("second")]


def test_every_waiter_learns_of_a_failed_write(tmp_path: Path) -> None:
    async def work(journal: Journal) -> None:
        outcomes = await asyncio.gather(*(journal.append(Result(None)) for _ in range(3)), return_exceptions=True)
        assert all(isinstance(outcome, JournalError) for outcome in outcomes)
        assert len({id(outcome) for outcome in outcomes}) == 3
        with pytest.raises(JournalError, match="does not exist"):
            await journal.append(Result(None))

    run(work, tmp_path / "missing" / "journal")


def test_after_a_failed_sync_nothing_more_is_taken(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    journal = Journal(path, LINEAGE, 3)
    journal.append_now(Result("kept"))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", full)
        with pytest.raises(JournalError, match="the disk is full"):
            journal.append_now(Result("doubtful"))
    before = path.read_bytes()
    with pytest.raises(JournalError, match="the disk is full"):
        journal.append_now(Result("refused"))
    assert path.read_bytes() == before
    journal.close()


def test_a_leftover_journal_is_never_written_over(path: Path) -> None:
    path.write_bytes(b"left over")
    with pytest.raises(JournalError, match="is there already"):
        Journal(path, LINEAGE, 3).append_now(Result(None))
    assert path.read_bytes() == b"left over"


def test_a_closed_journal_takes_nothing(path: Path) -> None:
    journal = Journal(path, LINEAGE, 3)
    journal.close()
    with pytest.raises(JournalError, match="is closed"):
        journal.append_now(Result(None))


def test_a_value_without_a_json_form_is_refused_and_harms_nothing(path: Path) -> None:
    journal = Journal(path, LINEAGE, 3)
    with pytest.raises(JournalError, match="NaN is not a number"):
        journal.append_now(Intent("1", "a.b", "create", Decimal("NaN")))
    journal.append_now(Result(None, (InstanceChange.put(CALL, instance("x")),)))
    journal.close()
    contents = scan(path.read_bytes(), path.name)
    assert contents is not None
    assert len(contents.records) == 1
