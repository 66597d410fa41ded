"""Functions that read files of the configuration. Paths that are not absolute start from the root module's directory.

Only what a person may mean by a file is read: regular files of bounded size that hold text. Templates are parsed and
evaluated by the caller, which knows the syntax.
"""

import errno
import os
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

from engine.lang.convert import normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.types import STRING
from engine.lang.values import MapValue, Value

Render: TypeAlias = Callable[[str, str, Mapping[str, Value]], Value]
"""Return what a template gives: its text, the name to use for it in messages, and its variables. A reference to a
variable that is not there is a FunctionError of argument 1."""

MAX_FILE_SIZE: Final = 64 * 1024 * 1024

_VARIABLE_NAME = re.compile(r"[^\W\d][\w-]*")


def file_functions(directory: Path, render: Render) -> tuple[Function, ...]:
    """Return `file` and `templatefile` for a configuration whose root module is in `directory`."""

    def file(path: str) -> str:
        return normalize(_read(directory, path))

    def templatefile(path: str, variables: Value) -> Value:
        return render(_read(directory, path), path, _template_variables(variables))

    path = Parameter("path", STRING)
    variables = Parameter("vars", allow_inside=True)
    return (
        Function("file", (path,), file, result=STRING, description="The text that a file holds."),
        Function("templatefile", (path, variables), templatefile, description="What a template in a file gives."),
    )


def functions_in_templates(functions: Mapping[str, Function]) -> dict[str, Function]:
    """Return the functions that a template may call: all of `functions`, but `templatefile` refuses to be called."""

    def refuse(*_: Value) -> NoReturn:
        raise FunctionError("cannot recursively call templatefile from inside another template function")

    anything = Parameter("args", allow_null=True, allow_unknown=True, allow_marked=True)
    return {**functions, "templatefile": Function("templatefile", (), refuse, anything)}


def _template_variables(variables: Value) -> Mapping[str, Value]:
    members = variables.items if variables.__class__ is MapValue else variables
    if members.__class__ is not dict:
        raise FunctionError("invalid vars value: must be a map", 1)
    for name in members:
        if not _VARIABLE_NAME.fullmatch(name):
            raise FunctionError(
                f'invalid template variable name "{name}": must start with a letter, followed by zero or more '
                "letters, digits, and underscores",
                1,
            )
    found: Mapping[str, Value] = members
    return found


def _read(directory: Path, path: str) -> str:
    """Return the text of a file with its line ends as they are. Raises FunctionError."""
    shown = os.path.normpath(_expand_home(path))
    data = _read_bytes(os.path.join(directory, shown), shown)
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


def _expand_home(path: str) -> str:
    if not path.startswith("~"):
        return path
    if path != "~" and not path.startswith("~/"):
        raise FunctionError("failed to expand ~: cannot expand user-specific home dir", 0)
    return os.path.expanduser(path)


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
            failed = "failed to read file: "
            raise _failure(f"{failed}read {shown}: {what}", f"{failed}(sensitive value) {what}")
        with open(descriptor, "rb", closefd=False) as stream:
            data = stream.read(MAX_FILE_SIZE + 1)
    finally:
        os.close(descriptor)
    if len(data) > MAX_FILE_SIZE:
        size = f"is larger than {MAX_FILE_SIZE // 1024 // 1024} MiB"
        raise _failure(f'the file "{shown}" {size}', f"the file {size}")
    return data


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
