import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from state.errors import StateLocked, StateUnavailable
from state.lock import LockedFile, acquire, info_path, read_unlocked
from state.lock_info import LockInfo, decode_lock_info, encode_lock_info, new_lock_info, timestamp
from tests.state.children import TRY_LOCK, holder, output_of


def lock(path: Path) -> LockedFile:
    return acquire(path, "OperationTypeApply", "1.11.4")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terraform.tfstate"


def names(directory: Path) -> set[str]:
    return set(os.listdir(directory))


def test_the_note_is_written_as_terraform_writes_it(path: Path) -> None:
    locked = lock(path)
    text = (path.parent / ".terraform.tfstate.lock.info").read_text()
    locked.release()
    assert re.fullmatch(
        r'\{"ID":"[0-9a-f-]{36}","Operation":"OperationTypeApply","Info":"","Who":"[^"@]+@[^"]+","Version":"1.11.4",'
        r'"Created":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z","Path":"[^"]*terraform.tfstate"\}',
        text,
    )


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        pytest.param(0, "1970-01-01T00:00:00Z", id="no fraction"),
        pytest.param(1_700_000_000_120_000_000, "2023-11-14T22:13:20.12Z", id="short fraction"),
        pytest.param(1_700_000_000_000_000_001, "2023-11-14T22:13:20.000000001Z", id="nanoseconds"),
    ],
)
def test_a_time_is_written_as_go_writes_it(nanoseconds: int, text: str) -> None:
    assert timestamp(nanoseconds) == text


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"ID":""}', b"\xff", b"[" * 100_000],
    ids=["empty", "torn", "array", "no id", "bytes", "deep"],
)
def test_a_note_that_says_nothing_is_no_holder(data: bytes) -> None:
    assert decode_lock_info(data) is None


def test_a_note_reads_back_as_it_was_written() -> None:
    info = new_lock_info("state-mv", "some/é.tfstate", "1.11.4")
    assert decode_lock_info(encode_lock_info(info)) == info
    assert json.loads(encode_lock_info(info))["Path"] == "some/é.tfstate"


def test_files_of_a_lock_are_for_the_owner_alone_and_go_with_it(path: Path) -> None:
    old = os.umask(0)
    try:
        locked = lock(path)
    finally:
        os.umask(old)
    assert [each.stat().st_mode & 0o777 for each in (path, info_path(path))] == [0o600, 0o600]
    locked.release()
    assert names(path.parent) == set(), "nothing was written, so nothing stays"


def test_a_file_that_was_there_stays_even_when_empty(path: Path) -> None:
    path.touch()
    lock(path).release()
    assert names(path.parent) == {"terraform.tfstate"}


def test_a_stale_note_does_not_block_and_is_replaced(path: Path) -> None:
    info_path(path).write_text('{"ID":"of a process that died"}')
    info_path(path).chmod(0o644)
    locked = lock(path)
    assert "died" not in info_path(path).read_text()
    assert info_path(path).stat().st_mode & 0o777 == 0o600
    locked.release()


def test_directories_above_a_new_state_are_made(tmp_path: Path) -> None:
    path = tmp_path / "terraform.tfstate.d" / "eu" / "terraform.tfstate"
    locked = lock(path)
    locked.replace(b"x")
    locked.release()
    assert path.read_bytes() == b"x"


def test_another_process_is_held_off_and_told_who_holds(path: Path) -> None:
    with holder(path), pytest.raises(StateLocked) as caught:
        lock(path)
    assert caught.value.summary == "Error acquiring the state lock"
    found = caught.value.holder
    assert isinstance(found, LockInfo)
    assert found.operation == "OperationTypeApply"
    assert f"  ID:        {found.id}\n  Path:      {path}" in caught.value.detail
    lock(path).release()


def test_a_second_lock_in_one_process_is_refused(path: Path) -> None:
    locked = lock(path)
    with pytest.raises(StateLocked):
        lock(path)
    with pytest.raises(StateLocked):
        lock(path.parent / "." / path.name)
    locked.release()
    lock(path).release()


def test_waiting_doubles_up_to_sixteen_seconds_within_the_timeout(path: Path) -> None:
    waits: list[float] = []
    locked = lock(path)
    with pytest.raises(StateLocked):
        acquire(path, "OperationTypePlan", "1.11.4", timeout=60, sleep=waits.append)
    assert waits == [1, 2, 4, 8, 16, 16, 13]
    locked.release()


def test_waiting_ends_when_the_lock_is_free(path: Path) -> None:
    locked = lock(path)
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            locked.replace(b"written meanwhile")
            locked.release()

    second = acquire(path, "OperationTypePlan", "1.11.4", timeout=60, sleep=sleep)
    assert waits == [1, 2]
    assert second.read() == b"written meanwhile"
    second.release()


def test_the_lock_outlives_rewrites_and_unlocked_reads(path: Path) -> None:
    locked = lock(path)
    for text in (b"one", b"two"):
        locked.replace(text)
        assert read_unlocked(path) == text
        assert locked.read() == text
        assert output_of(TRY_LOCK, path) == "held"
    locked.release()
    path.unlink()
    assert output_of(TRY_LOCK, path) == "free"


def test_a_rewrite_is_whole_private_and_leaves_nothing_behind(path: Path) -> None:
    path.write_bytes(b"old")
    path.chmod(0o644)
    (path.parent / ".terraform.tfstate.new.killed").write_text("leftover of a killed rewrite")
    locked = lock(path)
    locked.replace(b"new")
    locked.release()
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(path.parent) == {"terraform.tfstate"}


def test_a_reader_that_still_has_the_old_file_open_sees_that_it_ended(path: Path) -> None:
    path.write_bytes(b'{"version": 4}')
    descriptor = os.open(path, os.O_RDONLY)
    locked = lock(path)
    locked.replace(b"new")
    locked.release()
    assert json.loads(os.pread(descriptor, 1000, 0))["version"] == 99
    os.close(descriptor)


def test_a_hard_link_to_the_old_file_keeps_its_text(path: Path) -> None:
    path.write_bytes(b"old")
    os.link(path, path.parent / "copy")
    locked = lock(path)
    locked.replace(b"new")
    locked.release()
    assert (path.parent / "copy").read_bytes() == b"old"


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "shared" / "real.tfstate"
    target.parent.mkdir()
    target.write_bytes(b"old")
    link = tmp_path / "terraform.tfstate"
    link.symlink_to(target)
    locked = lock(link)
    with pytest.raises(StateLocked):
        lock(target)
    locked.replace(b"new")
    locked.release()
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def _directory(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _device(path: Path) -> None:
    path.symlink_to("/dev/full")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(_directory, "it is a directory", id="directory"),
        pytest.param(_pipe, "is a pipe, a socket or a device", id="pipe"),
        pytest.param(_loop, "round in a circle", id="circle of links"),
        pytest.param(_device, "is a pipe, a socket or a device", id="device"),
    ],
)
def test_what_is_no_file_cannot_be_a_state(path: Path, make: Callable[[Path], None], reason: str) -> None:
    make(path)
    for use in (lock, read_unlocked):
        with pytest.raises(StateUnavailable, match=reason):
            use(path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("a\0b", "cannot be the name of a file", id="zero byte"),
        pytest.param("x" * 300, "the name is too long", id="long name"),
        pytest.param("file/terraform.tfstate", "not a directory", id="file as directory"),
    ],
)
def test_what_cannot_be_a_path_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "file").touch()
    for use in (lock, read_unlocked):
        with pytest.raises(StateUnavailable, match=reason):
            use(tmp_path / name)


def test_a_missing_state_reads_as_nothing(path: Path) -> None:
    assert read_unlocked(path) == b""
    assert read_unlocked(path / "deeper") == b""
