import hashlib
import json
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from state.backend import Backend, LockedState
from state.backends.local import LocalBackend, LockedLocalState
from state.codec import encode
from state.errors import (
    CorruptState,
    JournalError,
    StaleSnapshot,
    StateError,
    StateNotSaved,
    StateUnavailable,
    UnsupportedVersion,
)
from state.records import Commit, InstanceChange, Intent, Result, encode_record
from state.replay import JournalMismatch
from state.snapshot import Instance, Output, Snapshot
from tests.state.children import JOURNAL_FOR_EVER, WRITE_WITH_FULL_DISK, output_of, start
from tests.state.samples import CALL, RECORDED, ids, instance, journal_bytes, snapshot


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A directory that every user of the machine can enter, which the folders of `tmp_path` do not let them."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o777)
        yield Path(name)


@contextmanager
def unwritable(directory: Path) -> Iterator[None]:
    """Take away the right to write in `directory`, also when the tests run as root."""
    directory.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        directory.chmod(0o755)


def store(backend: LocalBackend, made: Snapshot) -> Snapshot:
    with backend.lock("OperationTypeApply") as state:
        stored, _ = state.read()
        return state.write(replace(made, lineage=stored.lineage, serial=stored.serial))


def leave_journal(path: Path, base: Snapshot) -> Path:
    """Leave what a run leaves that is killed: see `journal_bytes`."""
    journal = path.with_name(path.name + ".journal")
    journal_bytes(journal, base)
    return journal


def test_the_local_backend_keeps_the_promises(backend: LocalBackend) -> None:
    promised: Backend = backend
    with promised.lock("OperationTypePlan") as state:
        held: LockedState = state
        assert held.read() == (Snapshot.empty(), [])
    assert promised.read().is_absent
    assert promised.peek() == (Snapshot.empty(), [])


def test_the_first_write_gives_a_lineage_and_serial_one(backend: LocalBackend, path: Path) -> None:
    stored = store(backend, Snapshot.empty())
    assert stored.serial == 1
    assert len(stored.lineage) == 36
    assert backend.read() == stored
    assert path.read_bytes() == encode(stored)
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == ["terraform.tfstate"], "no backup of nothing, no lock, no journal"


def test_the_serial_grows_only_with_the_content(backend: LocalBackend, path: Path) -> None:
    first = store(backend, snapshot("zero"))
    inode = path.stat().st_ino
    assert store(backend, snapshot("zero")) == first
    assert path.stat().st_ino == inode
    second = store(backend, snapshot("zero", "one"))
    assert (second.serial, second.lineage) == (first.serial + 1, first.lineage)
    assert store(backend, Snapshot.empty()).lineage == first.lineage, "also when everything was destroyed"


def test_the_backup_is_what_was_there_before_the_run(backend: LocalBackend, path: Path) -> None:
    store(backend, snapshot("zero"))
    before = path.read_bytes()
    with backend.lock("OperationTypeApply") as state:
        current, _ = state.read()
        for number in (1, 2):
            current = current.copy()
            current.put(CALL, instance(f"new-{number}", number))
            current = state.write(current)
    backup = path.with_name("terraform.tfstate.backup")
    assert backup.read_bytes() == before
    assert backup.stat().st_mode & 0o777 == 0o600
    assert current.serial == 3


@pytest.mark.parametrize("name", ["-", "elsewhere.backup"])
def test_the_backup_goes_where_it_is_told(backend: LocalBackend, path: Path, name: str) -> None:
    store(backend, snapshot("zero"))
    target = path.parent / name
    store(LocalBackend(path, backup=name if name == "-" else target), snapshot("one"))
    assert target.exists() is (name != "-")
    assert not path.with_name("terraform.tfstate.backup").exists()


@pytest.mark.parametrize(
    ("lineage", "behind"),
    [pytest.param("another", 0, id="other lineage"), pytest.param(None, 1, id="earlier serial")],
)
def test_a_snapshot_of_another_state_is_not_written(
    backend: LocalBackend, path: Path, lineage: str | None, behind: int
) -> None:
    stored = store(backend, snapshot("zero"))
    before = path.read_bytes()
    stale = replace(snapshot("x"), lineage=lineage or stored.lineage, serial=stored.serial - behind)
    with backend.lock("OperationTypeApply") as state, pytest.raises(StaleSnapshot, match="Nothing was written"):
        state.write(stale)
    assert path.read_bytes() == before


def test_a_write_ends_the_journal(backend: LocalBackend, path: Path) -> None:
    with backend.lock("OperationTypeApply") as state:
        base, _ = state.read()
        journal = state.journal(base)
        journal.append_now(Intent("1", "a.b", "create"), Result("1"))
        assert path.with_name("terraform.tfstate.journal").exists()
        state.write(base)
        assert not path.with_name("terraform.tfstate.journal").exists()
        with pytest.raises(JournalError, match="is closed"):
            journal.append_now(Result(None))


def test_a_leftover_journal_is_taken_up_once(backend: LocalBackend, path: Path) -> None:
    base = store(backend, snapshot("zero", "one"))
    journal = leave_journal(path, base)
    assert ids(backend.read()) == {"zero", "one"}, "read alone knows only the state"
    seen, unknown = backend.peek()
    assert ids(seen) == {"new", "one", "seven"}
    assert [each.address for each in unknown] == ["terraform_data.call[9]"]
    assert journal.exists(), "peek changes nothing"
    with backend.lock("OperationTypePlan") as state:
        taken, told = state.read()
        assert told == unknown
        assert taken.serial == base.serial + 1
        assert state.read() == (taken, [])
    assert not journal.exists()
    assert backend.read() == taken
    assert ids(taken) == {"new", "one", "seven"}
    assert store(backend, taken) == taken


def test_the_journal_of_a_first_run_is_taken_up_without_a_state(backend: LocalBackend, path: Path) -> None:
    journal = leave_journal(path, Snapshot.empty())
    with backend.lock("OperationTypeApply") as state:
        taken, _ = state.read()
    assert (taken.serial, ids(taken)) == (1, {"new", "seven"})
    assert taken.lineage
    assert not journal.exists()


def test_a_run_killed_after_the_rewrite_leaves_nothing_to_do(backend: LocalBackend, path: Path, tmp_path: Path) -> None:
    journal_path = path.with_name("terraform.tfstate.journal")
    with backend.lock("OperationTypeApply") as state:
        base, _ = state.read()
        journal = state.journal(base)
        after = base.copy()
        after.put(CALL, instance("one", 1))
        journal.append_now(Result(None, (InstanceChange.put(CALL, instance("one", 1)),)))
        os.link(journal_path, tmp_path / "kept")
        stored = state.write(after)
    os.link(tmp_path / "kept", journal_path)
    assert backend.peek() == (stored, [])
    with backend.lock("OperationTypePlan") as state:
        assert state.read() == (stored, [])
    assert not journal_path.exists()
    assert backend.read() == stored


def test_a_torn_journal_is_taken_up_and_ends_clean(backend: LocalBackend, path: Path) -> None:
    base = store(backend, snapshot("zero"))
    journal = leave_journal(path, base)
    whole = journal.read_bytes()
    for length in (len(whole) - 3, len(whole) // 2, 20, 0):
        path.write_bytes(encode(base))
        journal.write_bytes(whole[:length])
        peeked, unknown = backend.peek()
        with backend.lock("OperationTypeApply") as state:
            taken, told = state.read()
        assert taken.same_content(peeked)
        assert told == unknown
        assert not journal.exists()


@pytest.mark.parametrize("length", [1, 8, 9, 40, 1000], ids="the first {} bytes of the commit".format)
def test_taking_up_can_be_killed_before_the_rewrite(backend: LocalBackend, path: Path, length: int) -> None:
    base = store(backend, snapshot("zero", "one"))
    journal = leave_journal(path, base)
    commit = encode_record(Commit(base.serial + 1, "00"))
    journal.write_bytes(journal.read_bytes() + commit[:length])
    with backend.lock("OperationTypeApply") as state:
        taken, unknown = state.read()
    assert (taken.serial, ids(taken), len(unknown)) == (base.serial + 1, {"new", "one", "seven"}, 1)
    assert not journal.exists()


def test_taking_up_can_be_killed_after_the_rewrite(backend: LocalBackend, path: Path, tmp_path: Path) -> None:
    journal = leave_journal(path, store(backend, snapshot("zero", "one")))
    os.link(journal, tmp_path / "kept")
    with backend.lock("OperationTypeApply") as state:
        first = state.read()
    os.link(tmp_path / "kept", journal)
    with backend.lock("OperationTypeApply") as state:
        assert state.read() == first, "what is unknown is told again, because nobody may have heard it"
    assert not journal.exists()


def test_what_is_unknown_is_told_until_a_run_ends_in_order(backend: LocalBackend, path: Path) -> None:
    journal = leave_journal(path, store(backend, snapshot("zero", "one")))

    def killed(work: Callable[[LockedLocalState, Snapshot], object]) -> list[str]:
        """Return what a run tells that is killed after `work`: its files stay as they are at that moment."""
        with backend.lock("OperationTypeApply") as state:
            taken, unknown = state.read()
            work(state, taken)
            left = {file: file.read_bytes() for file in (path, journal)}
        for file, data in left.items():
            file.write_bytes(data)
        return [operation.address for operation in unknown]

    nine = "terraform_data.call[9]"
    assert killed(lambda state, taken: None) == [nine]
    assert killed(lambda state, taken: state.journal(taken)) == [nine]
    assert killed(lambda state, taken: state.journal(taken).append_now(Intent("1", "a.b", "create"))) == [nine]
    assert killed(lambda state, taken: state.journal(taken).append_now(Intent("1", "a.c", "create"))) == [nine, "a.b"]
    with backend.lock("OperationTypeApply") as state:
        taken, unknown = state.read()
        assert [operation.address for operation in unknown] == [nine, "a.b", "a.c"]
        assert [operation.time for operation in unknown] == sorted(operation.time for operation in unknown)
        assert state.read() == (taken, [])
        after = taken.copy()
        after.put(CALL, instance("two", 2))
        left = journal.read_bytes()
        stored = state.write(after)
        assert not journal.exists()
    journal.write_bytes(left)
    with pytest.raises(JournalMismatch):
        backend.peek()
    journal.write_bytes(left + encode_record(Commit(stored.serial, hashlib.sha256(path.read_bytes()).hexdigest())))
    assert backend.peek() == (stored, unknown), "as a run leaves it that is killed right after the rewrite"


def test_the_journal_of_another_state_is_refused_and_left(backend: LocalBackend, path: Path) -> None:
    base = store(backend, snapshot("zero"))
    journal = leave_journal(path, replace(base, serial=base.serial + 5))
    files = path.read_bytes(), journal.read_bytes()
    with pytest.raises(JournalMismatch, match="something else wrote it in between"):
        backend.peek()
    with backend.lock("OperationTypeApply") as state:
        with pytest.raises(JournalMismatch):
            state.read()
        with pytest.raises(JournalMismatch):
            state.write(base)
    assert (path.read_bytes(), journal.read_bytes()) == files


def test_a_damaged_journal_is_refused_and_left(backend: LocalBackend, path: Path) -> None:
    base = store(backend, snapshot("zero"))
    journal = leave_journal(path, base)
    journal.write_bytes(journal.read_bytes().replace(b"seven", b"eight", 1))
    files = path.read_bytes(), journal.read_bytes()
    with backend.lock("OperationTypeApply") as state, pytest.raises(JournalError, match="Line 2 of"):
        state.read()
    assert (path.read_bytes(), journal.read_bytes()) == files


def test_a_run_begun_without_reading_does_not_touch_a_leftover_journal(backend: LocalBackend, path: Path) -> None:
    base = store(backend, snapshot("zero"))
    before = leave_journal(path, base).read_bytes()
    with backend.lock("OperationTypeApply") as state, pytest.raises(JournalError, match="is there already"):
        state.journal(base).append_now(Result(None))
    assert path.with_name("terraform.tfstate.journal").read_bytes() == before


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"{", CorruptState, id="torn"),
        pytest.param(b"\0" * 100, CorruptState, id="zeroes"),
        pytest.param(b"\n", CorruptState, id="blank"),
        pytest.param(b'{"version": 5}', UnsupportedVersion, id="newer"),
    ],
)
def test_a_state_that_cannot_be_read_is_never_written_over(
    backend: LocalBackend, path: Path, data: bytes, error: type[StateError]
) -> None:
    path.write_bytes(data)
    with pytest.raises(error):
        backend.read()
    with backend.lock("OperationTypeApply") as state:
        for attempt in (state.read, lambda: state.write(Snapshot.empty())):
            with pytest.raises(error):
                attempt()
    assert path.read_bytes() == data
    assert os.listdir(path.parent) == ["terraform.tfstate"]


def test_two_hundred_mutated_states_give_state_errors_and_stay_as_they_are(backend: LocalBackend, path: Path) -> None:
    chance = random.Random(4)
    refused = 0
    for number in range(200):
        data = bytearray(RECORDED[number % len(RECORDED)].read_bytes())
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at : at + chance.randint(1, 40)]
                case 2:
                    data[at:at] = data[: chance.randint(1, 40)]
                case _:
                    data[at : at + 1] = chance.choice([b"null", b"[", b"}", b'"', b"-1", b"1e999", b"\\u0000"])
        path.write_bytes(data)
        try:
            backend.peek()
            with backend.lock("OperationTypePlan") as state:
                state.write(state.read()[0])
        except StateError:
            refused += 1
        assert path.read_bytes() == data
    assert refused > 150


def test_an_unwritable_directory_is_named(open_directory: Path) -> None:
    path = open_directory / "terraform.tfstate"
    with unwritable(open_directory), pytest.raises(StateUnavailable) as caught:
        store(LocalBackend(path), Snapshot.empty())
    assert str(path) in caught.value.detail
    assert "permission denied" in caught.value.detail


def test_a_state_that_cannot_be_saved_is_rescued(open_directory: Path) -> None:
    folder = open_directory / "work"
    folder.mkdir()
    path = folder / "terraform.tfstate"
    backend = LocalBackend(path, rescue=open_directory / "errored.tfstate")
    store(backend, snapshot("zero"))
    before = path.read_bytes()
    (open_directory / "errored.tfstate").write_text("rescued earlier")
    with backend.lock("OperationTypeApply") as state:
        base, _ = state.read()
        after = base.copy()
        after.put(CALL, instance("one", 1))
        state.journal(base).append_now(Result(None, (InstanceChange.put(CALL, instance("one", 1)),)))
        with unwritable(folder), pytest.raises(StateNotSaved) as caught:
            state.write(after)
    assert path.read_bytes() == before
    rescued = open_directory / "errored.2.tfstate"
    assert caught.value.rescued == rescued
    assert f"put into {rescued} instead" in caught.value.detail
    assert ids(LocalBackend(rescued).read()) == {"zero", "one"}
    assert rescued.stat().st_mode & 0o777 == 0o600
    assert (open_directory / "errored.tfstate").read_text() == "rescued earlier"
    with backend.lock("OperationTypeApply") as state:
        assert ids(state.read()[0]) == {"zero", "one"}, "the journal had it too"


def test_on_a_full_disk_the_state_stays_and_the_journal_tells_the_rest(
    backend: LocalBackend, path: Path, tmp_path: Path
) -> None:
    stored = store(backend, snapshot("zero"))
    before = path.read_bytes()
    printed = output_of(WRITE_WITH_FULL_DISK, path, tmp_path / "errored.tfstate")
    assert "could not be put elsewhere" in printed
    assert "terraform.tfstate.journal tells all" in printed
    assert path.read_bytes() == before
    assert not (tmp_path / "errored.tfstate").exists()
    with backend.lock("OperationTypeApply") as state:
        taken, _ = state.read()
    assert len(ids(taken)) == 60
    assert taken.serial == stored.serial + 1


def test_a_value_without_a_json_form_leaves_the_state(backend: LocalBackend, path: Path) -> None:
    store(backend, snapshot("zero"))
    before = path.read_bytes()
    with backend.lock("OperationTypeApply") as state:
        bad = state.read()[0].copy()
        bad.put(CALL, Instance({"id": float("nan")}))
        with pytest.raises(StateError, match="no JSON form"):
            state.write(bad)
    assert path.read_bytes() == before


def test_a_killed_run_loses_nothing_that_was_acknowledged(backend: LocalBackend, path: Path) -> None:
    base = store(backend, Snapshot.empty())
    with start(JOURNAL_FOR_EVER, path) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(400)]
        child.kill()
        lines += child.stdout.read().splitlines(keepends=True)
    told = [line.split() for line in lines if line.endswith("\n")]
    results = {int(number) for kind, number in told if kind == "result"}
    begun = {int(number) for kind, number in told if kind == "intent"}
    with backend.lock("OperationTypeApply") as state:
        taken, unknown = state.read()
    known = {int(str(id).removeprefix("id-")) for id in ids(taken)}
    open_ones = {int(each.address.split("[")[1][:-1]) for each in unknown}
    assert results <= known
    assert begun <= known | open_ones
    assert known.isdisjoint(open_ones)
    assert len(open_ones) <= 8, "each worker has one operation in flight"
    assert taken.serial == base.serial + 1


def test_readers_see_the_old_or_the_new_state_while_it_is_rewritten(backend: LocalBackend) -> None:
    store(backend, snapshot("zero"))
    with backend.lock("OperationTypeApply") as state:
        current, _ = state.read()
        for number in range(20):
            current = current.copy()
            current.outputs["n"] = Output(number, "number")
            current = state.write(current)
            assert backend.read() == current
            assert json.loads(backend.path.read_bytes())["serial"] == current.serial
