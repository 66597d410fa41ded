"""`fileset`: the files below a directory whose names match a pattern with `*`, `**`, `?`, `[a-z]` and `{a,b}`.

Symbolic links to files count as files; links to directories are not followed by `**`, so that no walk is endless.
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from engine.lang.convert import normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.paths import clean
from engine.lang.sets import make_set
from engine.lang.types import STRING, SetOf
from engine.lang.values import Value

_MAX_VISITED: Final = 200_000
_MAX_PATTERN: Final = 4096
_NEVER: Final = "(?!)"
_SPECIAL: Final = frozenset("*?[{\\")


def fileset_function(directory: Path) -> Function:
    """Return `fileset` for a configuration whose root module is in `directory`."""

    def fileset(path: str, pattern: str) -> Value:
        whole = clean(os.path.join(path, pattern.lstrip("/")) if pattern else path)
        base = clean(path)
        found = _Search(directory, whole).files()
        return make_set(STRING, [normalize(os.path.relpath(file, base)) for file in found])

    return Function(
        "fileset",
        (
            Parameter("path", STRING, description="The directory to search."),
            Parameter("pattern", STRING, description="Names with *, **, ?, [a-z] and {a,b}."),
        ),
        fileset,
        result=SetOf(STRING),
        description="The names of the files that match a pattern.",
    )


class _Search:
    """One search; it counts what it looks at and gives up beyond a bound."""

    def __init__(self, directory: Path, pattern: str) -> None:
        self._directory = directory
        self._pattern = pattern
        self._visited = 0
        if len(pattern) > _MAX_PATTERN:
            raise FunctionError(f"the pattern has more than {_MAX_PATTERN} characters")

    def files(self) -> list[str]:
        """Return the paths of all regular files that match."""
        start = "/" if self._pattern.startswith("/") else ""
        steps = [step for step in self._pattern.split("/") if step]
        compiled = [None if step == "**" else self._compiled(step) for step in steps]
        if any(pattern is not None and pattern.pattern == _NEVER for pattern in compiled[:-1]):
            raise self._error()  # braces do not reach over a slash
        return [path for path in set(self._below(start, steps, compiled)) if self._is_file(path)]

    def _compiled(self, step: str) -> re.Pattern[str]:
        try:
            return re.compile(_expression(step), re.DOTALL)
        except (ValueError, re.error):
            raise self._error() from None

    def _error(self) -> FunctionError:
        failed, what = "failed to glob pattern", "syntax error in pattern"
        return FunctionError(f'{failed} "{self._pattern}": {what}', redacted=f"{failed}: {what}")

    def _below(self, base: str, steps: list[str], compiled: list[re.Pattern[str] | None]) -> Iterator[str]:
        if not steps:
            yield base
            return
        step, pattern = steps[0], compiled[0]
        if pattern is None:
            if len(steps) == 1:
                yield from self._tree(base, files=True)
            else:
                for inner in self._tree(base, files=False):
                    yield from self._below(inner, steps[1:], compiled[1:])
        elif not _SPECIAL.intersection(step):
            yield from self._below(os.path.join(base, step), steps[1:], compiled[1:])
        else:
            for entry in self._entries(base):
                if pattern.fullmatch(entry.name) and (len(steps) == 1 or self._is_directory(entry)):
                    yield from self._below(os.path.join(base, entry.name), steps[1:], compiled[1:])

    def _tree(self, base: str, *, files: bool) -> Iterator[str]:
        """Yield the directories below `base` with itself, or what is in them."""
        waiting = [base]
        while waiting:
            here = waiting.pop()
            if not files:
                yield here
            for entry in self._entries(here):
                path = os.path.join(here, entry.name)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                elif files:
                    yield path

    def _entries(self, base: str) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(os.path.join(self._directory, base) or ".") as entries:
                for entry in entries:
                    self._visited += 1
                    if self._visited > _MAX_VISITED:
                        raise FunctionError(f"more than {_MAX_VISITED} files to look at")
                    yield entry
        except (OSError, ValueError):
            return  # what is not there, or may not be read, has no files

    def _is_directory(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir()
        except OSError:
            return False

    def _is_file(self, path: str) -> bool:
        try:
            return stat.S_ISREG(os.stat(os.path.join(self._directory, path)).st_mode)
        except (OSError, ValueError):
            return False


def _expression(step: str) -> str:
    """Return one part of a pattern as a regular expression. Raises ValueError when a bracket is not closed."""
    pieces: list[str] = []
    position = depth = 0
    while position < len(step):
        character = step[position]
        position += 1
        if character == "\\":
            if position == len(step):
                raise ValueError(step)
            pieces.append(re.escape(step[position]))
            position += 1
        elif character == "*":
            pieces.append("[^/]*")
        elif character == "?":
            pieces.append("[^/]")
        elif character == "[":
            piece, position = _class(step, position)
            pieces.append(piece)
        elif character == "{":
            depth += 1
            pieces.append("(?:")
        elif character == "}" and depth:
            depth -= 1
            pieces.append(")")
        elif character == "," and depth:
            pieces.append("|")
        else:
            pieces.append(re.escape(character))
    return _NEVER if depth else "".join(pieces)  # braces that are not closed match nothing


def _class(step: str, position: int) -> tuple[str, int]:
    """Return the class that begins at `position`, after its bracket, and where it ends."""
    end = position + 1 if step[position : position + 1] in ("^", "]") else position
    while end < len(step) and step[end] != "]":
        end += 2 if step[end] == "\\" else 1
    content = step[position:end]
    if end >= len(step) or content in ("", "^") or content.endswith("-"):
        raise ValueError(step)
    negated = "^" if content.startswith("^") else ""
    members = content.removeprefix("^")
    safe = "".join("\\" + item if item in "[]^&~|" else item for item in members)
    return f"[{negated}{safe}]", end + 1
