"""The file of a state under its lock: a POSIX write lock on the file itself and a note beside it, as Terraform does.

Such a lock belongs to the process and to the inode, which rules everything here. Closing any descriptor of the file
drops it, so that whoever reads a locked file in this process must use the locked descriptor. A second lock by the
same process would be granted, so that we keep our own list. And a rename brings a new inode, which must be locked
before it gets the name. What the bytes mean stays out.
"""

import contextlib
import errno
import fcntl
import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

from state.errors import StateLocked, StateUnavailable, unavailable
from state.journal import sync_directory, write_all
from state.jsontext import MAX_BYTES
from state.lock_info import LockInfo, decode_lock_info, encode_lock_info, new_lock_info

_FIRST_DELAY, _LONGEST_DELAY = 1.0, 16.0  # seconds between tries, as Terraform waits
_OPEN = os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY  # never wait for the other end of a pipe

# A file that lost its name may still be open in a Terraform that waits for the lock. Without this text it would read
# the old state there, and what it did would be noted in a file without a name.
_RETIRED = b'{"version": 99, "terraform_version": "99.0.0", "note": "the state was rewritten: run the command again"}\n'

_guard = threading.RLock()
_held: dict[tuple[int, int], int] = {}  # (device, inode) -> the descriptor on which this process holds the lock


class LockedFile:
    """A state file that this process has locked. Get one from `acquire`; it ends with `release`.

    `path` is where the bytes are: symbolic links are followed, so that a rewrite does not replace a link.
    """

    locked = True

    def __init__(self, path: Path, descriptor: int, created: bool, info_path: Path) -> None:
        self.path = path
        self._descriptor = descriptor
        self._created = created
        self._info_path = info_path

    def read(self) -> bytes:
        """Return what the file holds. Raises OSError."""
        return _read_all(self._descriptor)

    def is_empty(self) -> bool:
        """Return whether nothing was ever written."""
        return os.fstat(self._descriptor).st_size == 0

    def replace(self, data: bytes) -> None:
        """Put `data` in place of the file, whole or not at all, durably, without giving up the lock. Raises OSError."""
        remove_leftovers(self.path)
        descriptor, name = create_temporary(self.path)
        try:
            write_all(descriptor, data)
            _keep_owner(self._descriptor, descriptor)
            os.fsync(descriptor)
            with _guard:
                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.replace(name, self.path)
                self._adopt(descriptor)
        except BaseException:
            if self._descriptor != descriptor:
                os.close(descriptor)
                with contextlib.suppress(OSError):
                    os.unlink(name)
            raise
        with contextlib.suppress(OSError):  # the file has its name already: this is no failure to write it
            sync_directory(self.path.parent)

    def release(self) -> None:
        """Give up the lock, and remove a file that exists only because it had to be locked. Again does nothing."""
        if self._descriptor < 0:
            return
        with _guard:
            with contextlib.suppress(OSError):
                self._info_path.unlink()
            with contextlib.suppress(OSError):
                if self._created and self.is_empty():
                    self.path.unlink()
            _held.pop(_identity(os.fstat(self._descriptor)), None)
            _retire(self._descriptor)
            self._descriptor = -1

    def _adopt(self, descriptor: int) -> None:
        """Go on with the file that has just taken the name."""
        retired, self._descriptor = self._descriptor, descriptor
        _held.pop(_identity(os.fstat(retired)), None)
        _held[_identity(os.fstat(descriptor))] = descriptor
        _retire(retired)


def acquire(
    path: Path,
    operation: str,
    version: str,
    timeout: float = 0.0,
    sleep: Callable[[float], None] = time.sleep,
) -> LockedFile:
    """Return the state file at `path`, locked; created when it is missing, and the directories above it.

    Tries again for `timeout` seconds, after 1 second, then 2, doubling up to 16. Raises StateLocked, which names the
    holder, and StateUnavailable when the path cannot be a state.
    """
    delay, left = _FIRST_DELAY, timeout
    while True:
        try:
            return _try(path, operation, version)
        except StateLocked:
            if left <= 0:
                raise
        pause = min(delay, left)
        sleep(pause)
        left -= pause
        delay = min(delay * 2, _LONGEST_DELAY)


def read_unlocked(path: Path) -> bytes:
    """Return what a state file holds, empty when there is none. Never drops a lock that this process holds on it.

    Raises StateUnavailable.
    """
    for _ in range(10):
        with _guard:
            data, settled = _read_once(path)
        if settled:
            return data
    raise StateUnavailable("Failed to read the state", f"{path} is being rewritten all the time. Try again.")


def info_path(path: Path) -> Path:
    """Return where the note of the holder lies."""
    return path.parent / f".{path.name.removeprefix('.')}.lock.info"


def create_temporary(path: Path) -> tuple[int, Path]:
    """Return a new private file beside `path`, open for writing, that is to take its place."""
    name = path.with_name(_temporary_prefix(path) + os.urandom(8).hex())
    return os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), name


def remove_leftovers(path: Path) -> None:
    """Remove the temporary files of rewrites of `path` that were killed. Only for the holder of the lock."""
    prefix = _temporary_prefix(path)
    for name in os.listdir(path.parent):
        if name.startswith(prefix):
            with contextlib.suppress(OSError):
                (path.parent / name).unlink()


def _try(path: Path, operation: str, version: str) -> LockedFile:
    try:
        with _guard:
            target = Path(os.path.realpath(path))
            _make_directory(target.parent)
            found = _open_locked(path, target)
            if found is None:
                raise StateLocked(str(path), holder_of(path))
            descriptor, created = found
            _held[_identity(os.fstat(descriptor))] = descriptor
    except OSError as error:
        raise unavailable("lock", str(path), error) from None
    except ValueError:
        raise _no_name(path) from None
    locked = LockedFile(target, descriptor, created, info_path(path))
    try:
        _leave_note(path, new_lock_info(operation, str(path), version))
    except OSError as error:
        locked.release()
        raise unavailable("lock", str(path), error) from None
    return locked


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None


def _open_locked(path: Path, target: Path) -> tuple[int, bool] | None:
    """Return a locked descriptor and whether the file is new, or None when the lock is somebody else's."""
    while True:
        before = _status(path)
        if before is not None:
            _require_regular(path, before)
            if _identity(before) in _held:
                return None
        descriptor = os.open(target, os.O_RDWR | os.O_CREAT | _OPEN, 0o600)
        try:
            _require_regular(path, os.fstat(descriptor))
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            if error.errno in (errno.EACCES, errno.EAGAIN):
                return None
            raise
        except BaseException:
            os.close(descriptor)
            raise
        after = _status(path)
        if after is not None and _identity(after) == _identity(os.fstat(descriptor)):
            return descriptor, before is None
        os.close(descriptor)  # the name went to another file while we opened this one


def _read_once(path: Path) -> tuple[bytes, bool]:
    """Return what the file holds and whether it still was the file of that name when we had read it."""
    try:
        before = _status(path)
        if before is None:
            return b"", True
        _require_regular(path, before)
        if _identity(before) in _held:
            return _read_all(_held[_identity(before)]), True
        descriptor = os.open(path, os.O_RDONLY | _OPEN)
        try:
            opened = os.fstat(descriptor)
            _require_regular(path, opened)
            data = _read_all(descriptor)
        finally:
            os.close(descriptor)
        after = _status(path)
    except FileNotFoundError:
        return b"", False
    except OSError as error:
        raise unavailable("read", str(path), error) from None
    except ValueError:
        raise _no_name(path) from None
    return data, after is not None and _identity(after) == _identity(opened)


def _read_all(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    if size > MAX_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    parts: list[bytes] = []
    position = 0
    while part := os.pread(descriptor, 1 << 20, position):
        parts.append(part)
        position += len(part)
    return b"".join(parts)


def _status(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _require_regular(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise StateUnavailable(
            "Failed to read the state",
            f"{path} is a pipe, a socket or a device. A state is a file: name another path.",
        )


def _no_name(path: Path) -> StateUnavailable:
    return StateUnavailable("Failed to read the state", f"{str(path)!r} cannot be the name of a file. Correct it.")


def _temporary_prefix(path: Path) -> str:
    return f".{path.name.removeprefix('.')}.new."


def _keep_owner(old: int, new: int) -> None:
    status = os.fstat(old)
    with contextlib.suppress(PermissionError):  # only root may give files away, and only root needs to
        os.fchown(new, status.st_uid, status.st_gid)


def _retire(descriptor: int) -> None:
    """Close a descriptor whose lock ends; make its file useless when it has no name any more."""
    try:
        with contextlib.suppress(OSError):
            if os.fstat(descriptor).st_nlink == 0:
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, _RETIRED, 0)
    finally:
        os.close(descriptor)


def holder_of(path: Path) -> LockInfo | None:
    """Return who left a note of holding the lock of a state, or None when nobody did."""
    try:
        return decode_lock_info(info_path(path).read_bytes())
    except OSError:
        return None


def _leave_note(path: Path, info: LockInfo) -> None:
    note = info_path(path)
    with contextlib.suppress(FileNotFoundError):
        note.unlink()  # a stale note may have another owner or mode
    descriptor = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        write_all(descriptor, encode_lock_info(info))
    finally:
        os.close(descriptor)
