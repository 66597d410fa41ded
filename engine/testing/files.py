"""Find and read files of tests and of mocks: folder -> texts -> trees."""

from collections.abc import Iterable
from pathlib import Path, PurePath

from engine.config.load import ParsedFile, read_source
from engine.diagnostics import Diagnostics, error, warning
from engine.syntax.json_shapes import Shape
from engine.syntax.json_syntax import parse_json
from engine.syntax.tree_cache import parse_cached
from engine.testing.shapes import MOCKS, SUITE

_SUITES = (".tftest.hcl", ".tftest.json")
_MOCK_FILES = (".tfmock.hcl", ".tfmock.json")

DIRECTORY = "tests"
"""The folder with tests, besides that of the root module, unless another is named."""


def suite_files(root: Path, directory: str, found: Diagnostics) -> dict[str, ParsedFile]:
    """Return the files of tests in the folder `root` and in `directory` below it, by their path from `root`, in order.

    What is wrong is added to `found`. Raises DiagnosticError when `directory` lies elsewhere.
    """
    if PurePath(directory).is_absolute() or ".." in PurePath(directory).parts:
        detail = "The testing directory must be a relative path pointing to a directory local to the configuration."
        raise error("Invalid testing directory", detail)
    inner = PurePath(directory)
    if not (root / inner).is_dir():
        if directory != DIRECTORY:
            detail = f"Requested test directory {directory} does not exist."
            found.add(warning("Test directory does not exist", detail))
        inner = PurePath()
    names = {str(folder / name) for folder in (PurePath(), inner) for name in _named(root / folder, _SUITES)}
    return _parsed(root, sorted(names), SUITE, found)


def mock_files(root: Path, directory: str, found: Diagnostics) -> dict[str, ParsedFile] | None:
    """Return the files with mocks in a folder, given relative to `root`, or None when there is no such folder."""
    folder = PurePath(directory)
    if not (root / folder).is_dir():
        return None
    return _parsed(root, [str(folder / name) for name in sorted(_named(root / folder, _MOCK_FILES))], MOCKS, found)


def _named(folder: Path, suffixes: tuple[str, ...]) -> list[str]:
    names = (path.name for path in folder.iterdir() if path.name.endswith(suffixes) and not path.is_dir())
    return [name for name in names if not name.startswith((".", "#"))]


def _parsed(root: Path, names: Iterable[str], shape: Shape, found: Diagnostics) -> dict[str, ParsedFile]:
    parsed = {}
    for name in names:
        with found.collecting():
            source = read_source(root / name, str(root / name))
            is_json = name.endswith(".json")
            parsed[name] = source, parse_json(source, shape) if is_json else parse_cached(source)
    return parsed
