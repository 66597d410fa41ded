"""Ways to a state besides the usual one: two files, no lock, a foreign state."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from state.backends.local import LocalBackend
from state.codec import encode
from state.errors import CorruptState, JournalError
from state.records import InstanceChange
from state.snapshot import Snapshot
from tests.state.backends.test_local import leave_journal, store
from tests.state.samples import CALL, ids, instance, snapshot


def following(stored: Snapshot, *ids: str) -> Snapshot:
    """Return a snapshot that may be written over a stored one."""
    return replace(snapshot(*ids), lineage=stored.lineage, serial=stored.serial)


def test_a_state_is_read_in_one_file_and_written_to_another(path: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.tfstate"
    first = store(LocalBackend(source), snapshot("zero"))
    unchanged = source.read_bytes()
    path.parent.mkdir()
    store(LocalBackend(path), snapshot("other"))
    other = path.read_bytes()
    backend = LocalBackend(path, source=source)
    assert backend.read() == first
    assert backend.peek() == (first, [])
    with backend.lock("OperationTypeApply") as state:
        assert state.read() == (first, [])
        assert path.read_bytes() == other, "reading changes nothing"
        stored = state.write(following(first, "zero", "one"))
        assert state.read() == (stored, [])
    assert (stored.lineage, stored.serial) == (first.lineage, first.serial + 1)
    assert path.read_bytes() == encode(stored)
    assert source.read_bytes() == unchanged
    assert path.with_name("terraform.tfstate.backup").read_bytes() == other


def test_what_did_not_change_is_written_to_the_other_file_too(path: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.tfstate"
    first = store(LocalBackend(source), snapshot("zero"))
    with LocalBackend(path, source=source).lock("OperationTypeApply") as state:
        read, _ = state.read()
        assert state.write(read) == first
    assert path.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("before", [None, "other"])
def test_a_killed_run_with_two_files_is_taken_up_where_it_wrote(path: Path, tmp_path: Path, before: str | None) -> None:
    source = tmp_path / "in.tfstate"
    first = store(LocalBackend(source), snapshot("zero"))
    if before is not None:
        store(LocalBackend(path), snapshot(before))
    with LocalBackend(path, source=source).lock("OperationTypeApply") as state:
        base, _ = state.read()
        journal = state.journal(base)
        asyncio.run(journal.conclude(None, InstanceChange.put(CALL, instance("one", 1))))
    assert ids(LocalBackend(path).peek()[0]) == {"zero", "one"}
    with LocalBackend(path).lock("OperationTypeApply") as state:
        taken_up, _ = state.read()
    assert ids(taken_up) == {"zero", "one"}
    assert taken_up.lineage == first.lineage
    assert ids(LocalBackend(source).read()) == {"zero"}


def test_a_file_that_is_no_state_is_not_written_over_by_what_was_read_elsewhere(path: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.tfstate"
    store(LocalBackend(source), snapshot("zero"))
    path.parent.mkdir()
    path.write_text("my diary")
    with LocalBackend(path, source=source).lock("OperationTypeApply") as state, pytest.raises(CorruptState):
        state.read()
    assert path.read_text() == "my diary"


def test_without_the_lock_a_state_is_changed_while_others_hold_it(backend: LocalBackend, path: Path) -> None:
    first = store(backend, snapshot("zero"))
    with backend.lock("OperationTypeApply"), backend.unlocked() as state:
        assert state.read() == (first, [])
        stored = state.write(following(first, "zero", "one"))
    assert backend.read() == stored
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.with_name("terraform.tfstate.backup").exists()


def test_without_the_lock_the_first_state_is_made_with_its_folders(path: Path) -> None:
    with LocalBackend(path).unlocked() as state:
        stored = state.write(state.read()[0])
    assert LocalBackend(path).read() == stored
    assert os.listdir(path.parent) == ["terraform.tfstate"]


def test_without_the_lock_a_run_that_may_be_at_work_is_left_alone(backend: LocalBackend, path: Path) -> None:
    first = store(backend, snapshot("zero"))
    journal = leave_journal(path, first)
    told = journal.read_bytes()
    with backend.unlocked() as state, pytest.raises(JournalError, match="another run is at work"):
        state.read()
    assert journal.read_bytes() == told
    assert backend.read() == first


def test_a_foreign_state_takes_the_place_of_the_stored_one(backend: LocalBackend, path: Path) -> None:
    first = store(backend, snapshot("zero"))
    foreign = replace(snapshot("one"), lineage="foreign", serial=7)
    with backend.lock("state-push") as state:
        assert state.overwrite(foreign) == foreign
        assert state.read() == (foreign, [])
    assert path.read_bytes() == encode(foreign)
    assert path.with_name("terraform.tfstate.backup").read_bytes() == encode(first)


def test_the_same_state_is_not_written_again(backend: LocalBackend, path: Path) -> None:
    first = store(backend, snapshot("zero"))
    inode = path.stat().st_ino
    with backend.lock("state-push") as state:
        state.overwrite(first)
    assert path.stat().st_ino == inode
    assert not path.with_name("terraform.tfstate.backup").exists()


def test_a_state_that_lives_elsewhere_now_leaves_its_backup(backend: LocalBackend, path: Path) -> None:
    first = store(backend, snapshot("zero"))
    with backend.lock("init") as state:
        state.clear()
        assert state.read()[0].is_absent
    assert path.read_bytes() == b""
    assert path.with_name("terraform.tfstate.backup").read_bytes() == encode(first)
