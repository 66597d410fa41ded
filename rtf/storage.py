"""Which files a root module's states are: what its `backend` block says, and what `rtf init` noted of it.

Terraform's rule holds: a backend is taken into use by `init`, which notes it in the data directory, and every other
command only checks that the configuration still says the same. The states themselves stay out.
"""

import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.config.body import Block
from engine.config.load import read_module
from engine.config.storage import backend_arguments, read_backend
from engine.diagnostics import DiagnosticError, Diagnostics, error
from rtf.workspace import Root
from rtf.workspaces import Places
from state.errors import StateUnavailable, unavailable
from state.lock import read_unlocked
from state.snapshot import TERRAFORM_VERSION
from state.unlocked import replace_file


@dataclass(frozen=True, slots=True)
class Settings:
    """The arguments of a local backend; what is not set has its default."""

    path: str | None = None
    workspace_dir: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What `init` noted: the backend in use, and a hash of the block that asked for it."""

    type: str
    settings: Settings
    hash: int


def places_of(root: Root) -> Places:
    """Return where the states of a root module are. Raises DiagnosticError when its backend is not in use yet."""
    return places_with(root, _settings_in_use(root))


def places_with(root: Root, settings: Settings) -> Places:
    """Return where the states of a root module are with certain settings."""
    name = root.state.name
    default = root.state if settings.path is None else root.directory / settings.path
    return Places(default, root.directory / (settings.workspace_dir or f"{name}.d"), name)


def backend_block(root: Root) -> Block | None:
    """Return the `backend` block of a root module. Raises DiagnosticError when its files cannot be read."""
    found = Diagnostics()
    block = read_backend(read_module(root.path, Path.cwd(), found), found)
    found.raise_errors()
    return block


def block_settings(block: Block, unknown_type: str = "Invalid backend type") -> Settings:
    """Return what a `backend` block says. Raises DiagnosticError when that is nothing that rtf knows."""
    found = Diagnostics()
    values = backend_arguments(block, found, unknown_type)
    found.raise_errors()
    return Settings(**values)


def _settings_in_use(root: Root) -> Settings:
    block, record = backend_block(root), read_record(root.data)
    if block is None:
        if record is not None:
            raise _init_required(f'Unsetting the previously set backend "{record.type}"', ",")
        return Settings()
    wanted = block_settings(block)
    if record is None:
        raise _init_required(f'Initial configuration of the requested backend "{block.labels[0]}"', ",")
    if record.type != "local":
        raise _init_required(f'Backend type changed from "{record.type}" to "local"', ":")
    if record.settings != wanted and record.hash != hash_of(wanted):
        raise _init_required("Backend configuration block has changed", ":")
    return record.settings


def _init_required(why: str, mark: str) -> DiagnosticError:
    """Return the error for a backend that is not in use. Terraform's two texts differ in one `mark`."""
    detail = (
        f"Reason: {why}.\n\nThe backend says where the states are. Run rtf init to take it into use; with -reconfigure "
        "when the states that are in use now should stay where they are, with -migrate-state to copy them. Nothing was "
        "changed."
    )
    return error(f'Backend initialization required{mark} please run "terraform init"', detail)


# ---------------------------------------------------------------- the record


def hash_of(settings: Settings) -> int:
    """Return the number by which Terraform tells whether a local backend's block changed."""
    texts = "".join(
        "~;" if value is None else f"{json.dumps(value, ensure_ascii=False)};" for value in _config(settings).values()
    )
    return zlib.crc32(f'<"local";<{texts}>;>'.encode())


def read_record(data: Path) -> Record | None:
    """Return what `init` noted in a data directory, or None when no backend is in use. Raises StateError."""
    path = _record(data)
    text = read_unlocked(path)
    try:
        tree = json.loads(text) if text.strip() else {}
        return _decoded(tree.get("backend"))
    except (ValueError, TypeError, AttributeError, RecursionError):
        detail = f"{path} should say which backend is in use, but is not what init writes. Remove it, and run rtf init."
        raise StateUnavailable("Failed to read the backend in use", detail) from None


def _decoded(backend: Any) -> Record | None:
    if backend is None or not backend.get("type"):
        return None
    type, config = backend["type"], backend.get("config")
    settings = Settings()
    if type == "local":
        texts = {name: None if config is None else config.get(name) for name in _config(settings)}
        if any(value is not None and not isinstance(value, str) for value in texts.values()):
            raise TypeError
        settings = Settings(**texts)
    return Record(str(type), settings, int(backend.get("hash") or 0))


def write_record(data: Path, record: Record | None) -> None:
    """Note the backend in use, or that there is none, as Terraform notes it. Raises StateError."""
    tree: dict[str, Any] = {"version": 3, "terraform_version": TERRAFORM_VERSION}
    if record is not None:
        tree["backend"] = {"type": record.type, "config": _config(record.settings), "hash": record.hash}
    elif not _record(data).exists():
        return
    try:
        data.mkdir(parents=True, exist_ok=True)
        replace_file(_record(data), json.dumps(tree, indent=2).encode())
    except OSError as problem:
        raise unavailable("write", str(_record(data)), problem) from None


def _config(settings: Settings) -> dict[str, str | None]:
    return {"path": settings.path, "workspace_dir": settings.workspace_dir}


def _record(data: Path) -> Path:
    return data / "terraform.tfstate"
