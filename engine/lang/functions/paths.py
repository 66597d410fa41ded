"""Functions over the names of files. Nothing here looks whether a file is there."""

import os
from pathlib import Path
from typing import Final

from engine.lang.convert import normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.types import STRING


def clean(path: str) -> str:
    """Return the shortest name of the same place, as far as the name tells."""
    return os.path.normpath(path[1:] if path.startswith("//") else path)


def expand_home(path: str) -> str:
    """Return a path in which `~` at the beginning is the user's home directory. Raises FunctionError for `~name`."""
    if not path.startswith("~"):
        return path
    if path != "~" and not path.startswith("~/"):
        raise FunctionError("cannot expand user-specific home dir")
    return os.path.expanduser(path)


def _basename(path: str) -> str:
    stripped = path.rstrip("/")
    if not stripped:
        return "/" if path else "."
    return stripped.rpartition("/")[2]


def _dirname(path: str) -> str:
    return clean(path.rpartition("/")[0] or ("/" if path.startswith("/") else "."))


def abspath_function(directory: Path) -> Function:
    """Return `abspath` for a configuration whose root module is in `directory`."""

    def abspath(path: str) -> str:
        return normalize(os.path.abspath(os.path.join(directory, path)))

    return Function("abspath", _PATH, abspath, result=STRING, description="A path from the root of the file system.")


_PATH: Final = (Parameter("path", STRING),)

FUNCTIONS: Final[tuple[Function, ...]] = (
    Function("basename", _PATH, _basename, result=STRING, description="The last part of a path."),
    Function("dirname", _PATH, _dirname, result=STRING, description="A path without its last part."),
    Function("pathexpand", _PATH, expand_home, result=STRING, description="A path with ~ as the home directory."),
)
