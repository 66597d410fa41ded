"""Functions that read files of the configuration. Paths that are not absolute start from the root module's directory.

Only what a person may mean by a file is read: regular files of bounded size. Which names match a pattern is told in
`file_names`, what templates in files give in `templates`.
"""

import base64
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from engine.lang.convert import normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.crypto import ALGORITHMS, base64_hash, hexadecimal_hash
from engine.lang.functions.paths import clean, expand_home
from engine.lang.types import BOOL, STRING

MAX_FILE_SIZE: Final = 64 * 1024 * 1024
_PATH: Final = (Parameter("path", STRING),)


def file_functions(directory: Path) -> tuple[Function, ...]:
    """Return the functions that read files, for a configuration whose root module is in `directory`."""

    def hashed(name: str, write: Callable[[str, bytes], str], algorithm: str, form: str) -> Function:
        return Function(
            name,
            _PATH,
            lambda path: write(algorithm, _bytes_to_hash(directory, path)),
            result=STRING,
            description=f"The {algorithm.upper()} checksum of what a file holds, in {form}.",
        )

    return (
        Function(
            "file",
            _PATH,
            lambda path: normalize(read_text(directory, path)),
            result=STRING,
            description="The text that a file holds.",
        ),
        Function(
            "filebase64",
            _PATH,
            lambda path: base64.b64encode(_read(directory, path)).decode(),
            result=STRING,
            description="What a file holds, as Base64 data.",
        ),
        Function(
            "fileexists",
            _PATH,
            lambda path: _exists(directory, path),
            result=BOOL,
            description="Whether there is a file under a path.",
        ),
        *(hashed(f"file{name}", hexadecimal_hash, name, "hexadecimal") for name in ALGORITHMS),
        *(hashed(f"filebase64{name}", base64_hash, name, "Base64") for name in ("sha256", "sha512")),
    )


def read_text(directory: Path, path: str) -> str:
    """Return the text of a file with its line ends as they are. Raises FunctionError."""
    data = _read(directory, path)
    try:
        return data.decode()
    except UnicodeDecodeError:
        advice = (
            "are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents or the other file "
            "functions (e.g. filemd5, filesha256) to obtain file hashing results instead"
        )
        raise FunctionError(
            f'contents of "{path}" {advice}', redacted=f"contents of (sensitive value) {advice}"
        ) from None


def _read(directory: Path, path: str) -> bytes:
    shown = _shown(path, 0)
    return _read_bytes(os.path.join(directory, shown), shown)


def _shown(path: str, argument: int | None) -> str:
    """Return a path as messages show it: with the home directory, and without detours."""
    try:
        return clean(expand_home(path))
    except FunctionError as problem:
        raise FunctionError(f"failed to expand ~: {problem.message}", argument) from None


def _bytes_to_hash(directory: Path, path: str) -> bytes:
    """Return what a file holds. Here a file that is not there is an error of the call, not of the argument."""
    shown = _shown(path, None)
    try:
        return _read_bytes(os.path.join(directory, shown), shown)
    except FunctionError as problem:
        if problem.message.startswith("no file exists"):
            missing = "no such file or directory"
            raise FunctionError(f"open {shown}: {missing}", redacted=f"open (sensitive value): {missing}") from None
        redacted = problem.redacted and problem.redacted.removeprefix(_FAILED_TO_READ)
        raise FunctionError(problem.message.removeprefix(_FAILED_TO_READ), redacted=redacted) from None


def _exists(directory: Path, path: str) -> bool:
    shown = _shown(path, None)
    try:
        mode = os.stat(os.path.join(directory, shown)).st_mode
    except (OSError, ValueError) as problem:
        if isinstance(problem, OSError) and problem.errno not in (errno.ENOENT, errno.ENOTDIR):
            reason = (problem.strerror or str(problem)).lower()
            raise FunctionError(f"failed to stat {shown}: {reason}", redacted=f"failed to stat: {reason}") from None
        return False
    if stat.S_ISREG(mode):
        return True
    what = "is a directory, not a file" if stat.S_ISDIR(mode) else f"is {_kind(mode)}, not a regular file"
    raise FunctionError(f'"{shown}" {what}', redacted=f"(sensitive value) {what}")


def _kind(mode: int) -> str:
    kinds = {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a unix domain socket"}
    return kinds.get(stat.S_IFMT(mode), "a device node")


def _read_bytes(place: str, shown: str) -> bytes:
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for somebody to write to it.
        descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as problem:
        raise _not_readable(problem, shown) from None
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            what = "is a directory" if stat.S_ISDIR(mode) else "is not a regular file"
            raise _failure(f"{_FAILED_TO_READ}read {shown}: {what}", f"{_FAILED_TO_READ}(sensitive value) {what}")
        with open(descriptor, "rb", closefd=False) as stream:
            data = stream.read(MAX_FILE_SIZE + 1)
    finally:
        os.close(descriptor)
    if len(data) > MAX_FILE_SIZE:
        size = f"is larger than {MAX_FILE_SIZE // 1024 // 1024} MiB"
        raise _failure(f'the file "{shown}" {size}', f"the file {size}")
    return data


_FAILED_TO_READ: Final = "failed to read file: "


def _not_readable(problem: Exception, shown: str) -> FunctionError:
    if isinstance(problem, OSError) and problem.errno in (errno.ENOENT, errno.ENOTDIR):
        advice = (
            "this function works only with files that are distributed as part of the configuration source code, so if "
            "this file will be created by a resource in this configuration you must instead obtain this result from "
            "an attribute of that resource"
        )
        return _failure(f'no file exists at "{shown}"; {advice}', f"no file exists at (sensitive value); {advice}")
    reason = problem.strerror if isinstance(problem, OSError) else str(problem)
    return _failure(f'failed to open file "{shown}": {reason}', f"failed to open file (sensitive value): {reason}")


def _failure(message: str, redacted: str) -> FunctionError:
    return FunctionError(message, 0, redacted)
