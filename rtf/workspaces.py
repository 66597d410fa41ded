"""Workspaces: the named states of one root module, which of them is selected, and where each of them lies.

The selection is a note in the module's data directory, as Terraform keeps it; TF_WORKSPACE goes before it. What is in
the states stays out.
"""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from engine.diagnostics import error
from state.errors import reason, unavailable
from state.lock import read_unlocked
from state.unlocked import replace_file

DEFAULT = "default"
VARIABLE = "TF_WORKSPACE"
NAME_RULE = "The name must contain only URL safe characters, and no path separators."

_NAME = re.compile(r"[A-Za-z0-9_.~$&+=:@-]{1,255}")  # what a URL needs not escape, and no file system refuses


def is_workspace_name(text: str) -> bool:
    """Return whether a workspace may be called so: the name is a folder's, too."""
    return _NAME.fullmatch(text) is not None and text not in (".", "..")


def is_overridden() -> bool:
    """Return whether TF_WORKSPACE selects the workspace."""
    return bool(os.environ.get(VARIABLE))


def selected_workspace(data: Path) -> str:
    """Return the selected workspace of the root module whose data directory is `data`. Raises DiagnosticError."""
    given = os.environ.get(VARIABLE)
    name = given or noted_workspace(data)
    if is_workspace_name(name):
        return name
    if given:
        raise error("Invalid workspace name set using TF_WORKSPACE", f'"{given}" cannot be used: {NAME_RULE}')
    detail = f'{_note(data)} says "{name}", which cannot be a workspace. Run rtf workspace select default.'
    raise error("Invalid workspace name", detail)


def noted_workspace(data: Path) -> str:
    """Return the workspace that the note names, whatever it says; the default one when there is no note.

    Raises StateError.
    """
    return read_unlocked(_note(data)).decode(errors="replace").strip() or DEFAULT


def note_workspace(data: Path, name: str) -> None:
    """Select a workspace until another is selected. Raises StateError."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        replace_file(_note(data), name.encode())
    except OSError as problem:
        raise unavailable("select", str(_note(data)), problem) from None


def _note(data: Path) -> Path:
    return data / "environment"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the states of a root module lie: the default workspace's file, and a folder of folders for the others."""

    default: Path
    folder: Path
    file_name: str = "terraform.tfstate"

    def state_of(self, workspace: str) -> Path:
        """Return the state file of a workspace."""
        return self.default if workspace == DEFAULT else self.folder / workspace / self.file_name

    def names(self) -> list[str]:
        """Return the workspaces that exist, the default one first."""
        try:
            found = sorted(entry.name for entry in os.scandir(self.folder) if entry.is_dir())
        except FileNotFoundError:
            found = []
        except OSError as problem:
            raise unavailable("list", str(self.folder), problem) from None
        return [DEFAULT, *(name for name in found if is_workspace_name(name) and name != DEFAULT)]

    def create(self, workspace: str) -> None:
        """Make a workspace without a state. Raises StateError."""
        try:
            (self.folder / workspace).mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise unavailable("create", str(self.folder / workspace), problem) from None

    def delete(self, workspace: str) -> None:
        """Remove a workspace with its state. Raises StateError."""
        try:
            shutil.rmtree(self.folder / workspace)
        except OSError as problem:
            detail = f"Cannot remove {self.folder / workspace}: {reason(problem)}."
            raise error("Failed to delete the workspace", detail) from None
