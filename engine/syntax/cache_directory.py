"""The user's private cache directory, where compiled tables and trees wait for the next run.

A cache is a convenience: no failure here is worth a word to the user, so reading gives None and writing gives up.
It is also a way in, because what lies there is believed: a directory that others could write to is not used.
"""

import os
import stat
from collections.abc import Mapping


def cache_directory(environment: Mapping[str, str], create: bool) -> str | None:
    """Return the path of rtf's cache directory, or None when there is none to be trusted.

    It is `$XDG_CACHE_HOME/rtf`, else `~/.cache/rtf`: a real directory, the user's own, closed to everybody else.
    `RTF_CACHE=off` means none. With `create` it is made when missing.
    """
    if environment.get("RTF_CACHE", "").lower() == "off":
        return None
    parent = environment.get("XDG_CACHE_HOME") or os.path.join(environment.get("HOME", ""), ".cache")
    if not os.path.isabs(parent):
        return None
    path = os.path.join(parent, "rtf")
    try:
        if create:
            os.makedirs(parent, mode=0o700, exist_ok=True)
            if not os.path.lexists(path):
                os.mkdir(path, mode=0o700)
        return path if _is_private(os.lstat(path)) else None
    except OSError:
        return None


def read_cached(path: str) -> bytes | None:
    """Return what the cache file holds, or None."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def write_cached(path: str, content: bytes) -> None:
    """Put a file into the cache, whole or not at all."""
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
    except OSError:
        return


def trim(directory: str, suffix: str, limit: int) -> None:
    """Remove the oldest files with this suffix until the rest are at most `limit` bytes."""
    try:
        with os.scandir(directory) as entries:
            found = [(entry.stat(), entry.path) for entry in entries if entry.name.endswith(suffix)]
        excess = sum(status.st_size for status, _ in found) - limit
        for status, path in sorted(found, key=lambda item: (item[0].st_mtime_ns, item[1])):
            if excess <= 0:
                return
            os.unlink(path)
            excess -= status.st_size
    except OSError:
        return


def _is_private(status: os.stat_result) -> bool:
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
