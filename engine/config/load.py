"""Find and read a root module's files and parse them: a directory's, or a single file's.

Which files count is Terraform's rule, with `*.hcl` besides: never dotfiles, nor files that other tools or the test
framework own. Files are hostile until checked: no devices, no pipes, bounded sizes.
"""

import stat
from pathlib import Path, PurePath

from engine.diagnostics import Diagnostics, SourceFile, did_you_mean, error
from engine.syntax.tree import Node
from engine.syntax.tree_cache import parse_cached

MAXIMUM_SIZE = 64 * 1024 * 1024
_FOREIGN = (".tftest.hcl", ".tfmock.hcl", ".tfquery.hcl", ".pkr.hcl", ".drift.hcl")
_FOREIGN_NAMES = frozenset({"terragrunt.hcl"})
_SUFFIXES = (".tf", ".hcl", ".tf.json")

ParsedFile = tuple[SourceFile, Node]


def is_configuration(name: str) -> bool:
    """Return whether a file of this name belongs to the module of its directory."""
    if name.startswith((".", "#")) or name.endswith("~") or name in _FOREIGN_NAMES or name.endswith(_FOREIGN):
        return False
    return name.endswith(_SUFFIXES)


def is_override(name: str) -> bool:
    """Return whether a file of this name changes what others declare: `override.tf`, `x_override.tf.json`."""
    base = PurePath(name).name
    stems = {base.removesuffix(suffix) for suffix in _SUFFIXES} - {base}
    return any(stem == "override" or stem.endswith("_override") for stem in stems)


def configuration_files(root: Path) -> list[Path]:
    """Return the files of the root module at `root`, a directory or one file. Raises DiagnosticError."""
    try:
        if stat.S_ISDIR(root.stat().st_mode):
            return sorted(path for path in root.iterdir() if is_configuration(path.name) and not path.is_dir())
    except FileNotFoundError:
        detail = f'Module directory "{root}" does not exist.{similar_root(root)}'
        raise error("Failed to read module directory", detail) from None
    except OSError as problem:
        detail = f'Module directory "{root}" cannot be read: {problem.strerror or problem}.'
        raise error("Failed to read module directory", detail) from None
    return [root]


def similar_root(root: Path) -> str:
    """Return a hint at a root module beside `root` that is called much the same."""
    if not root.parent.is_dir():
        return ""
    return did_you_mean(
        root.name, [path.name for path in root.parent.iterdir() if is_configuration(path.name) or path.is_dir()]
    )


def read_source(path: Path, name: str, *, limit: int = MAXIMUM_SIZE) -> SourceFile:
    """Return the text of one file under the name that messages use. Raises DiagnosticError."""
    summary = "Failed to read file"
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise error(summary, f'"{name}" is not a regular file.')
        if status.st_size > limit:
            raise error(summary, f'"{name}" has {status.st_size:,} bytes; at most {limit:,} are read.')
        content = path.read_bytes()
    except OSError as problem:
        raise error(summary, f'"{name}" could not be read: {problem.strerror or problem}.') from None
    try:
        return SourceFile(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        detail = f'"{name}" is not UTF-8 text: line {line} holds bytes that are no characters. Save it as UTF-8.'
        raise error("Invalid character encoding", detail) from None


def parse_files(sources: list[SourceFile], found: Diagnostics) -> list[ParsedFile]:
    """Return the trees of those files that parse; report the others."""
    parsed = []
    for source in sources:
        with found.collecting():
            parsed.append((source, _parse(source)))
    return parsed


def _parse(source: SourceFile) -> Node:
    if source.name.endswith(".json"):
        from engine.syntax.json_syntax import parse_json  # few modules are written in JSON

        return parse_json(source)
    return parse_cached(source)


def read_module(root: Path, base: Path, found: Diagnostics) -> list[SourceFile]:
    """Return the files of the root module, named relative to `base` where they lie below it."""
    sources: list[SourceFile] = []
    with found.collecting():
        for path in configuration_files(root):
            with found.collecting():
                name = str(path.relative_to(base)) if path.is_relative_to(base) else str(path)
                sources.append(read_source(path, name))
    return sources
