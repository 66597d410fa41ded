"""Bring the modules that a configuration calls to this machine, and note where they are.

Git repositories come through the system's git, archives over HTTPS; both are pinned, so that a run today and one next
year use the same text. They are put into the data directory, and the manifest there, in Terraform's format, says where
each module is. Folders beside the caller stay where they are; they are in the manifest like all others, because what
`init` has not seen is not used.
"""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.config.model import ModuleCall
from engine.config.modules import Locate, folder_beside
from engine.config.sources import Origin
from engine.diagnostics import DiagnosticError, error

LARGEST_ARCHIVE = 256 * 1024 * 1024
SECONDS = 300  # for one download


@dataclass(frozen=True, slots=True)
class Installed:
    """One entry of the manifest: the key of a call, its source, and its folder relative to the root module's."""

    key: str
    source: str
    directory: str


def read_manifest(data: Path) -> dict[str, Installed]:
    """Return what the manifest in a data directory says, by key; nothing when there is none or it cannot be read."""
    try:
        entries = json.loads(_manifest(data).read_text(encoding="utf-8"))["Modules"]
        found = [Installed(str(entry["Key"]), str(entry["Source"]), str(entry["Dir"])) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {entry.key: entry for entry in found}


def write_manifest(data: Path, entries: list[Installed]) -> None:
    """Write the manifest: the root module, then `entries` by key. Without any, there is none to begin with."""
    path = _manifest(data)
    if not entries and not path.exists():
        return
    rows = [{"Key": entry.key, "Source": entry.source, "Dir": entry.directory} for entry in _with_root(entries)]
    temporary = path.with_suffix(".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps({"Modules": rows}, separators=(",", ":")), encoding="utf-8")
        temporary.replace(path)
    except OSError as problem:
        detail = f"{path} could not be written: {problem.strerror or problem}."
        raise error("Failed to update module manifest", detail) from None


def _with_root(entries: list[Installed]) -> list[Installed]:
    return [Installed("", "", "."), *sorted(entries, key=lambda entry: entry.key)]


def _manifest(data: Path) -> Path:
    return data / "modules" / "modules.json"


def locate_installed(data: Path, *, everything: bool) -> Locate:
    """Return a way to find modules that were installed before, as the manifest in `data` says.

    With `everything` false, folders beside the caller need not be in it.
    """
    manifest: dict[str, Installed] | None = None

    def locate(key: str, call: ModuleCall, caller: str) -> str:
        nonlocal manifest
        beside = folder_beside(call, caller)
        if beside is not None and not everything:
            return beside
        if manifest is None:
            manifest = read_manifest(data)
        entry = manifest.get(key)
        if entry is None:
            _check_supported(call)
            detail = 'This module is not yet installed. Run "rtf init" to install all modules of this configuration.'
            raise error("Module not installed", detail, call.range)
        if entry.source not in (str(call.origin), call.source):
            detail = (
                'The source of this module has changed since it was installed. Run "rtf init" to install all modules '
                "of this configuration."
            )
            raise error("Module source has changed", detail, call.source_range)
        return beside or entry.directory

    return locate


def _check_supported(call: ModuleCall) -> None:
    """Raise DiagnosticError for a source that cannot be installed."""
    origin = call.origin
    if origin.kind == "registry":
        detail = (
            f'"{call.source}" is the address of a module in a registry, which this version of rtf does not ask. Name '
            'the repository instead, such as "git::https://example.com/network.git?ref=v1.2.0".'
        )
        raise error("Unsupported module source", detail, call.source_range)
    if origin.kind == "other":
        detail = (
            "Modules come from folders, from git repositories (git::URL?ref=TAG) and from the https addresses of zip "
            "or tar.gz archives."
        )
        raise error("Unsupported module source", detail, call.source_range)
    if origin.kind == "git" and not origin.ref:
        detail = "Add ?ref= with a tag or a commit, so that every run uses the same text."
        raise error("Unpinned module source", detail, call.source_range)
    if origin.ref.startswith("-") or origin.url.startswith("-"):
        raise error("Invalid module source", "A repository or ref does not begin with a dash.", call.source_range)


class Installer:
    """Installs the modules of one root module as they are asked for; `entries` collects what the manifest has to say.

    `tell` hears a line for each module that was not there as it is.
    """

    def __init__(self, directory: Path, data: Path, tell: Callable[[str], None], *, upgrade: bool) -> None:
        self._directory = directory
        self._data = data
        self._tell = tell
        self._upgrade = upgrade
        self._known = read_manifest(data)
        self.entries: list[Installed] = []

    def locate(self, key: str, call: ModuleCall, caller: str) -> str:
        """Return the folder of a module, after fetching it when that is needed. Raises DiagnosticError."""
        entry = self._known.get(key)
        known = entry is not None and entry.source == str(call.origin) and not self._upgrade
        beside = folder_beside(call, caller)
        if entry is not None and known and beside is None and (self._directory / entry.directory).is_dir():
            self.entries.append(entry)
            return entry.directory
        directory = beside or self._fetch(key, call)
        self.entries.append(Installed(key, str(call.origin), directory))
        if not known or beside is None:
            self._tell(f"- {key} in {directory}")
        return directory

    def _fetch(self, key: str, call: ModuleCall) -> str:
        _check_supported(call)
        origin, place = call.origin, self._data / "modules" / key
        self._tell(f"Downloading {origin} for {key}...")
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        {"git": _clone, "archive": _unpack, "folder": _copy}[origin.kind](origin, place, call)
        inner = (place / origin.folder).resolve()
        if not inner.is_relative_to(place.resolve()) or not inner.is_dir():
            detail = f'There is no folder "{origin.folder}" in {origin.url}.'
            raise error("Unreadable module subdirectory", detail, call.source_range)
        return Path(os.path.relpath(place / origin.folder, self._directory)).as_posix()


def _copy(source: Origin, place: Path, call: ModuleCall) -> None:
    try:
        shutil.copytree(source.url, place, symlinks=True)
    except (OSError, shutil.Error) as problem:
        raise _failed(call, f"{source.url} could not be copied: {problem}.") from None


def _failed(call: ModuleCall, detail: str) -> DiagnosticError:
    return error("Failed to download module", detail, call.source_range)


def _clone(source: Origin, place: Path, call: ModuleCall) -> None:
    """Fetch one revision of a repository; a ref may be a branch, a tag or a commit."""
    steps = (
        ["git", "init", "--quiet", str(place)],
        ["git", "-C", str(place), "fetch", "--quiet", "--depth=1", "--", source.url, source.ref],
        ["git", "-C", str(place), "checkout", "--quiet", "FETCH_HEAD"],
    )
    environment = {"GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "https:ssh:file", "LC_ALL": "C"}
    for step in steps:
        try:
            subprocess.run(  # noqa: S603 - git itself, and nothing that the source says is an option
                ["/usr/bin/env", *(f"{name}={value}" for name, value in environment.items()), *step],
                check=True,
                capture_output=True,
                text=True,
                timeout=SECONDS,
            )
        except (OSError, subprocess.SubprocessError) as problem:
            said = (getattr(problem, "stderr", "") or str(problem)).strip()
            detail = f"Git could not get {source.ref} of {source.url}: {said}"
            raise _failed(call, detail) from None


def _unpack(source: Origin, place: Path, call: ModuleCall) -> None:
    with tempfile.TemporaryFile() as file:
        try:
            _download(source.url, file.write)
            file.seek(0)
            if source.url.endswith(".zip"):
                with zipfile.ZipFile(file) as archive:
                    if sum(member.file_size for member in archive.infolist()) > LARGEST_ARCHIVE:
                        raise ValueError("what it holds is too large")
                    archive.extractall(place)  # noqa: S202 - zipfile itself keeps to `place`
            else:
                with tarfile.open(fileobj=file, mode="r:gz") as packed:
                    if sum(member.size for member in packed) > LARGEST_ARCHIVE:
                        raise ValueError("what it holds is too large")
                    packed.extractall(place, filter="data")
        except (OSError, ValueError, zipfile.BadZipFile, tarfile.TarError) as problem:
            detail = f"{source.url} could not be unpacked: {problem}."
            raise _failed(call, detail) from None


def _download(url: str, write: Callable[[bytes], object]) -> None:
    """Hand the bytes behind `url` to `write`. Raises OSError or ValueError."""
    if url.startswith("file://"):
        content = Path(url.removeprefix("file://")).read_bytes()
        if len(content) > LARGEST_ARCHIVE:
            raise ValueError("it is too large")
        write(content)
        return
    import httpx

    size = 0
    try:
        with httpx.stream("GET", url, follow_redirects=True, timeout=SECONDS) as answer:
            answer.raise_for_status()
            for part in answer.iter_bytes():
                size += len(part)
                if size > LARGEST_ARCHIVE:
                    raise ValueError("it is too large")
                write(part)
    except httpx.HTTPError as problem:
        raise OSError(str(problem)) from None
