"""Bring the modules that a configuration calls to this machine, and note where they are.

Folders beside the caller need nothing. Git repositories come through the system's git, archives over HTTPS; both are
pinned, so that a run today and one next year use the same text. They are put below `.terraform/modules`, and the
manifest there, in Terraform's format, says where each is.
"""

import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.config.model import ModuleCall
from engine.diagnostics import error

MANIFEST = Path(".terraform") / "modules" / "modules.json"
LARGEST_ARCHIVE = 256 * 1024 * 1024
SECONDS = 300  # for one download


@dataclass(frozen=True, slots=True)
class Installed:
    """One entry of the manifest: the key of a call, its source, and its folder relative to the root module's."""

    key: str
    source: str
    directory: str


def read_manifest(root: Path) -> dict[str, Installed]:
    """Return what the manifest says, by key; nothing when there is none or it cannot be read."""
    try:
        entries = json.loads((root / MANIFEST).read_text(encoding="utf-8"))["Modules"]
        found = [Installed(str(entry["Key"]), str(entry["Source"]), str(entry["Dir"])) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {entry.key: entry for entry in found}


def write_manifest(root: Path, entries: list[Installed]) -> None:
    """Write the manifest, the root module first."""
    path = root / MANIFEST
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"Key": entry.key, "Source": entry.source, "Dir": entry.directory} for entry in entries]
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps({"Modules": rows}, separators=(",", ":")), encoding="utf-8")
    temporary.replace(path)


def locate_installed(root: Path) -> Callable[[str, ModuleCall], str]:
    """Return a way to find modules that were installed before."""

    def locate(key: str, call: ModuleCall) -> str:
        entry = read_manifest(root).get(key)
        if entry is None or entry.source != call.source:
            check_source(call)
            detail = 'This module is not yet installed. Run "rtf init" to install all modules of this configuration.'
            raise error("Module not installed", detail, call.source_range)
        return entry.directory

    return locate


_GIT = re.compile(r"(?:git::)(?P<url>[^?]+)(?:\?(?P<query>.*))?")
_HOSTED = re.compile(
    r"(?P<url>(?:github\.com|gitlab\.com|bitbucket\.org)/[^/]+/[^/?]+)(?P<rest>[^?]*)(?:\?(?P<query>.*))?"
)
_ARCHIVE = re.compile(r"(?P<url>(?:https|file)://[^?]+?\.(?:zip|tar\.gz|tgz))(?P<rest>//[^?]*)?(?:\?.*)?")
_REGISTRY = re.compile(r"(?:[\w.-]+/)?[\w-]+/[\w-]+/[\w-]+(?://.*)?")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a module comes from: `kind` is git or archive, `folder` the part of it that is the module."""

    kind: str
    url: str
    folder: str
    ref: str = ""


def check_source(call: ModuleCall) -> Source:
    """Return what a source means. Raises DiagnosticError when it is none that can be installed."""
    text = call.source
    if hosted := _HOSTED.fullmatch(text):
        url = f"https://{hosted['url'].removesuffix('.git')}.git"
        return _git(call, url, hosted["rest"].removeprefix("//"), hosted["query"])
    if git := _GIT.fullmatch(text):
        scheme, separator, rest = git["url"].partition("://")
        repository, _, folder = rest.partition("//")
        return _git(call, f"{scheme}{separator}{repository}", folder, git["query"])
    if archive := _ARCHIVE.fullmatch(text):
        return Source("archive", archive["url"], (archive["rest"] or "").removeprefix("//"))
    if _REGISTRY.fullmatch(text):
        detail = (
            f'"{text}" is the address of a module in a registry, which this version of rtf does not ask. Name the '
            'repository instead, such as "git::https://example.com/network.git?ref=v1.2.0".'
        )
        raise error("Unsupported module source", detail, call.source_range)
    detail = (
        f'"{text}" is no source of a module. Write ./folder for one beside this, git::URL?ref=TAG for a repository, or '
        "the https address of a zip or tar.gz archive."
    )
    raise error("Invalid module source", detail, call.source_range)


def _git(call: ModuleCall, url: str, folder: str, query: str | None) -> Source:
    ref = dict(part.partition("=")[::2] for part in (query or "").split("&")).get("ref", "")
    if not ref:
        detail = "Add ?ref= with a tag or a commit, so that every run uses the same text."
        raise error("Unpinned module source", detail, call.source_range)
    if ref.startswith("-") or url.startswith("-"):
        raise error("Invalid module source", "A repository or ref does not begin with a dash.", call.source_range)
    return Source("git", url, folder, ref)


class Installer:
    """Installs modules as they are asked for; `entries` collects what the manifest has to say."""

    def __init__(self, root: Path, *, upgrade: bool) -> None:
        self._root = root
        self._upgrade = upgrade
        self._known = read_manifest(root)
        self.entries = [Installed("", "", ".")]

    def locate(self, key: str, call: ModuleCall) -> str:
        """Return the folder of a module, after fetching it when that is needed. Raises DiagnosticError."""
        known = self._known.get(key)
        if known and known.source == call.source and not self._upgrade and (self._root / known.directory).is_dir():
            self.entries.append(known)
            return known.directory
        source = check_source(call)
        place = self._root / ".terraform" / "modules" / key
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        (_clone if source.kind == "git" else _unpack)(source, place, call)
        inner = (place / source.folder).resolve()
        if not inner.is_relative_to(place.resolve()) or not inner.is_dir():
            detail = f'There is no folder "{source.folder}" in {source.url}.'
            raise error("Unreadable module subdirectory", detail, call.source_range)
        directory = (PurePosixPath(".terraform/modules") / key / source.folder).as_posix()
        self.entries.append(Installed(key, call.source, directory))
        return directory


def _clone(source: Source, place: Path, call: ModuleCall) -> None:
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
            raise error("Failed to download module", detail, call.source_range) from None


def _unpack(source: Source, place: Path, call: ModuleCall) -> None:
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
            raise error("Failed to download module", detail, call.source_range) from None


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
