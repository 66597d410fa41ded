"""What the commands have in common that look into the state by hand, or change it."""

import time
from pathlib import Path

from engine.address import AddressError, Target, parse_target
from engine.diagnostics import DiagnosticError, Diagnostics, error
from rtf.cli.failures import Refusal
from rtf.cli.options import given_state
from rtf.cli.session import backend_of, read_locked
from rtf.planning import tell_unknown
from rtf.storage import places_of
from rtf.workspace import Root
from rtf.workspaces import selected_workspace
from state.backend import LockedState
from state.backends.local import LocalBackend
from state.snapshot import Snapshot

_NO_STATE = (
    "No state file was found!\n\nState management commands require a state file. Run this command in a directory where "
    "rtf has been run or use the -state flag to point the command to a specific state location."
)


def target_of(text: str) -> Target:
    """Return what an address names. Raises DiagnosticError."""
    try:
        return parse_target(text)
    except AddressError as problem:
        raise error(problem.summary, f'{problem.detail}\n\nThe address is "{text}".') from None


def existing_snapshot(root: Root, found: Diagnostics) -> Snapshot:
    """Return the newest snapshot without a lock. Raises Refusal when there is none."""
    snapshot, unknown = backend_of(root).peek()
    tell_unknown(unknown, found)
    if snapshot.is_absent and not snapshot.resources:  # what a killed first run made is known without a file
        raise Refusal(_NO_STATE)
    return snapshot


def read_edited(locked: LockedState, found: Diagnostics) -> Snapshot:
    """Return a copy of the newest snapshot, to be changed. Raises Refusal when there is none."""
    snapshot = read_locked(locked, found)
    if snapshot.is_absent:
        raise Refusal(_NO_STATE)
    return snapshot.copy()


def state_file(root: Root) -> Path:
    """Return the state that a command changes by hand. Raises Refusal when the backend is not in use."""
    given = given_state().state
    if given is not None:
        return given
    try:
        return places_of(root).state_of(selected_workspace(root.data))
    except DiagnosticError as problem:
        said = "\n\n".join(f"{one.summary}: {one.detail}" for one in problem.diagnostics)
        raise Refusal(f"Error loading the state: {said}") from None


def edited_state(path: Path, backup: str | None) -> LocalBackend:
    """Return the state in a file, of which a change by hand always leaves a copy: `backup`, or one with the time."""
    if backup in (None, "", "-"):
        backup = _free(f"{path}.{int(time.time())}")
    return LocalBackend(path, backup=backup)


def _free(stem: str) -> str:
    """Return a name for a backup that is not taken: two changes in one second keep both."""
    name, number = f"{stem}.backup", 1
    while Path(name).exists():
        number += 1
        name = f"{stem}.{number}.backup"
    return name
