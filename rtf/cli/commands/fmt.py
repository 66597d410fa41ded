"""`rtf fmt`: put files into canonical layout."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from engine.config.load import MAXIMUM_SIZE, is_configuration
from engine.diagnostics import Diagnostics, SourceFile, error
from engine.syntax.format import format_source
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.terminal import tell
from state.lock import create_temporary

FAILED = 2
UNFORMATTED = 3

_SUFFIXES = (".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl")
_STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be done with a file that is not in canonical layout: name it, rewrite it, show the difference.

    When nothing of this, files are shown as they would be.
    """

    listing: bool
    writing: bool
    difference: bool


@click.command(
    cls=Command,
    short_help="Put files into canonical layout",
    help=(
        "Rewrite files in canonical layout: .tf, .tfvars, .tftest.hcl and .hcl files, but no JSON. Targets are files "
        "and directories, the current directory unless given; - reads standard input and writes standard output. In a "
        "directory with .tf files only those .hcl files are touched that are named. Exits with 2 when a file could "
        "not be read or parsed: such a file is left alone."
    ),
)
@click.argument("targets", nargs=-1, metavar="[TARGET...|-]")
@click.option("-list/-no-list", "listing", default=True, help="Name the files whose layout differs; true unless given.")
@click.option("-write/-no-write", "writing", default=True, help="Rewrite the files; true unless given.")
@click.option("-diff/-no-diff", "difference", default=False, help="Show what changes.")
@click.option("-check/-no-check", default=False, help="Rewrite nothing; exit with 3 when the layout of a file differs.")
@click.option("-recursive/-no-recursive", default=False, help="Go into the directories below as well.")
@options.no_color
def command(
    targets: tuple[str, ...],
    listing: bool,
    writing: bool,
    difference: bool,
    check: bool,
    recursive: bool,
    no_color: bool,
) -> int:
    """Put files into canonical layout."""
    found = Diagnostics()
    from_stdin = targets[:1] == (_STANDARD_INPUT,)
    listing = listing and not from_stdin
    wanted = _Wanted(listing or check, writing and not from_stdin and not check, difference)
    status = 0
    for path in [None] if from_stdin else _files(targets or (".",), found, recursive=recursive):
        with found.collecting():
            text = _format(path, wanted)
            if not check:
                sys.stdout.write(text)
            elif text:
                status = UNFORMATTED
                sys.stdout.write(text if listing else "")
    sys.stdout.flush()
    tell(found, no_color=no_color)
    return FAILED if found.has_errors else status


def _format(path: str | None, wanted: _Wanted) -> str:
    """Format a file, or standard input for None; return what to say. Raises DiagnosticError."""
    name = "<stdin>" if path is None else path
    before = sys.stdin.buffer.read() if path is None else _read(Path(path))
    try:
        after = format_source(SourceFile(name, before.decode())).encode()
    except UnicodeDecodeError:
        raise error("Invalid character encoding", f'"{name}" is not UTF-8 text. Save it as UTF-8.') from None
    told = ""
    if after != before:
        if wanted.listing:
            told += f"{name}\n"
        if path is not None and wanted.writing:
            _replace(Path(path), after)
        if wanted.difference:
            told += difference(before, after, name)
    if not (wanted.listing or wanted.writing or wanted.difference):
        told = after.decode().removesuffix("\n") + "\n"
    return told


# ---------------------------------------------------------------- which files


def _files(targets: tuple[str, ...], found: Diagnostics, *, recursive: bool) -> Iterator[str]:
    """Yield the files that the targets name, relative to the current directory; what is no target is reported."""
    for target in targets:
        path = os.path.relpath(target)
        with found.collecting():
            if os.path.isdir(path):
                yield from _files_in(path, recursive=recursive)
            elif not os.path.exists(path):
                raise error(f"No file or directory at {target}", "Name files and directories that exist.")
            elif not path.endswith((*_SUFFIXES, ".hcl")):
                # The summary is the one that people find help for; what differs from Terraform is in the detail.
                raise error(
                    "Only .tf, .tfvars, and .tftest.hcl files can be processed with terraform fmt",
                    f'rtf fmt knows .hcl files besides. "{target}" is none of these.',
                )
            else:
                yield path


def _files_in(directory: str, *, recursive: bool) -> Iterator[str]:
    """Yield the files of a directory by name, those of directories below in their place. Raises DiagnosticError."""
    try:
        names = sorted(os.listdir(directory))
    except OSError as problem:
        raise error(f"Cannot read directory {directory}", f"{problem.strerror or problem}.") from None
    # Beside .tf files, .hcl files are those of other tools as often as not.
    has_tf = any(name.endswith((".tf", ".tf.json")) and is_configuration(name) for name in names)
    for name in names:
        if name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#")):
            continue
        path = os.path.normpath(os.path.join(directory, name))
        if os.path.isdir(path):
            if recursive:
                yield from _files_in(path, recursive=True)
        elif name.endswith(_SUFFIXES) or (name.endswith(".hcl") and is_configuration(name) and not has_tf):
            yield path


# ---------------------------------------------------------------- reading and writing


def _read(path: Path) -> bytes:
    summary = f"Failed to read file {path}"
    try:
        if not path.is_file():
            raise error(summary, "It is not a regular file.")
        if path.stat().st_size > MAXIMUM_SIZE:
            raise error(summary, f"It has more than {MAXIMUM_SIZE:,} bytes.")
        return path.read_bytes()
    except OSError as problem:
        raise error(summary, f"{problem.strerror or problem}.") from None


def _replace(path: Path, content: bytes) -> None:
    """Put `content` into a file, whole or not at all; the file keeps its mode, and a link to it stays one."""
    real = path.resolve()
    try:
        descriptor, temporary = create_temporary(real)
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                os.fchmod(descriptor, real.stat().st_mode & 0o7777)
            os.replace(temporary, real)
        except OSError:
            temporary.unlink()
            raise
    except OSError as problem:
        raise error(f"Failed to write {path}", f"{problem.strerror or problem}.") from None


def difference(before: bytes, after: bytes, name: str) -> str:
    """Return the difference as `diff -u` shows it: by that program itself, where there is one."""
    import shutil
    import subprocess
    import tempfile

    labels = [f"old/{name}", f"new/{name}"]
    program = shutil.which("diff")
    if program is None:
        return _plain_difference(before.decode(), after.decode(), labels)
    with tempfile.TemporaryDirectory() as directory:
        files = [Path(directory, side) for side in ("old", "new")]
        for file, content in zip(files, (before, after), strict=True):
            file.write_bytes(content)
        arguments = [program, *(f"--label={label}" for label in labels), "-u", *map(str, files)]
        shown = subprocess.run(arguments, capture_output=True, check=False)  # noqa: S603
    return shown.stdout.decode()


def _plain_difference(before: str, after: str, labels: list[str]) -> str:
    from difflib import unified_diff
    from io import StringIO

    old, new = (list(StringIO(text, newline="\n")) for text in (before, after))
    lines = unified_diff(old, new, labels[0], labels[1])
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
