"""`rtf init`: take the backend into use that the configuration asks for, and bring along the states that there are.

Which backend that is, and where its states are, `rtf.storage` tells.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from engine.config.body import Block
from engine.config.load import read_source
from engine.config.storage import ARGUMENTS, checked_text, file_arguments
from engine.diagnostics import DiagnosticError, Diagnostics, did_you_mean, error, warning
from rtf.storage import (
    Record,
    Settings,
    backend_block,
    block_settings,
    hash_of,
    places_with,
    read_record,
    write_record,
)
from rtf.workspace import Root
from rtf.workspaces import DEFAULT, Places, is_overridden, note_workspace, noted_workspace
from state.backends.local import LocalBackend
from state.snapshot import Snapshot

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_OPTIONS = (
    click.option("-force-copy", "force_copy", is_flag=True, help="Copy states without asking; implies -migrate-state."),
    click.option(
        "-migrate-state", "migrate", is_flag=True, help="Copy the states to where a changed backend has them."
    ),
    click.option("-reconfigure", is_flag=True, help="Forget the backend in use, and leave its states where they are."),
    click.option(
        "-backend-config",
        "configs",
        multiple=True,
        metavar="NAME=VALUE|FILE",
        help="Set an argument of the backend, or read them from a file. May be given several times.",
    ),
    click.option("-backend/-no-backend", "backend", default=True, help="Set up the backend; true unless given."),
)


@dataclass(frozen=True, slots=True)
class BackendFlags:
    """What the command line says about the backend."""

    backend: bool
    configs: tuple[str, ...]
    reconfigure: bool
    migrate: bool
    force_copy: bool


def backend_options(command: Decorated) -> Decorated:
    """Add the flags of `BackendFlags`."""
    for option in _OPTIONS:
        command = option(command)
    return command


def set_up_backend(
    root: Root, flags: BackendFlags, found: Diagnostics, say: Callable[[str], None], *, ask: bool
) -> None:
    """Take the backend into use that the configuration asks for. Raises DiagnosticError or StateError.

    `say` tells what is done; who can be asked sees the questions on standard output.
    """
    if flags.migrate and flags.reconfigure:
        raise error("Invalid init options", "The -migrate-state and -reconfigure options are mutually-exclusive.")
    if not flags.backend:
        return
    say("Initializing the backend...")
    block = backend_block(root)
    if block is None and flags.configs:
        detail = (
            '-backend-config was used without a "backend" block in the configuration, so it has no effect. Write '
            'terraform { backend "local" {} }.'
        )
        found.add(warning("Missing backend configuration", detail))
    record = None if flags.reconfigure else read_record(root.data)
    if block is None:
        settings = Settings()
        if record is not None:
            _migrate_from(record, root, settings, flags, say, ask=ask)
        write_record(root.data, None)
    else:
        settings = _change(record, root, block, _wanted(block, flags.configs), flags, say, ask=ask)
        write_record(root.data, Record(block.labels[0], settings, hash_of(block_settings(block))))
    _select_existing(root, places_with(root, settings), ask=ask)


def _change(
    record: Record | None,
    root: Root,
    block: Block,
    settings: Settings,
    flags: BackendFlags,
    say: Callable[[str], None],
    *,
    ask: bool,
) -> Settings:
    """Bring states to where the settings want them, and return the settings that hold from now on."""
    if record is None:
        here = places_with(root, Settings())
        if _migrate(here, places_with(root, settings), flags, ask=ask):
            _clear(here, places_with(root, settings))
    elif record.type == block.labels[0] and _is_in_use(record, block, settings, flags):
        return record.settings
    else:
        _migrate_from(record, root, settings, flags, say, ask=ask)
    say(
        f'\nSuccessfully configured the backend "{block.labels[0]}"! rtf will automatically\n'
        "use this backend unless the backend configuration changes."
    )
    return settings


def _is_in_use(record: Record, block: Block, settings: Settings, flags: BackendFlags) -> bool:
    """Return whether nothing changed: without -backend-config, what it was set to before goes on to hold."""
    if record.settings == settings:
        return True
    return not flags.configs and record.hash == hash_of(block_settings(block))


def _wanted(block: Block, configs: tuple[str, ...]) -> Settings:
    """Return what the block says with what the command line sets. Raises DiagnosticError."""
    settings = block_settings(block, "Unsupported backend type")
    found = Diagnostics()
    for text in configs:
        name, equals, value = text.partition("=")
        with found.collecting():
            if not equals:
                settings = replace(settings, **file_arguments(read_source(Path(text), text), found))
            elif name in ARGUMENTS:
                settings = replace(settings, **{name: checked_text(name, value)})
            else:
                detail = (
                    f'The backend configuration argument "{name}" given on the command line is not expected for the '
                    f"selected backend type.{did_you_mean(name, ARGUMENTS)}"
                )
                raise error("Invalid backend configuration argument", detail)
    found.raise_errors()
    return settings


def _migrate_from(
    record: Record, root: Root, settings: Settings, flags: BackendFlags, say: Callable[[str], None], *, ask: bool
) -> None:
    """Bring the states of the backend in use to where they should be. Raises DiagnosticError unless that was asked."""
    if not flags.migrate and not flags.force_copy:
        detail = (
            "A change in the backend configuration has been detected, which may require migrating existing state.\n\n"
            "To copy the states to their new place, run rtf init -migrate-state. To leave them where they are and use "
            "what is in the new place, run rtf init -reconfigure."
        )
        raise error("Backend configuration changed", detail)
    if record.type != "local":
        detail = f'rtf cannot read the states in the "{record.type}" backend. Copy them with the tool that wrote them.'
        raise error("Unsupported backend", detail)
    say("Backend configuration changed!\n\nLooking for states to copy.")
    _migrate(places_with(root, record.settings), places_with(root, settings), flags, ask=ask)


# ---------------------------------------------------------------- copying states


def _migrate(origin: Places, target: Places, flags: BackendFlags, *, ask: bool) -> bool:
    """Copy the states of one place to another, after asking. Return whether there was anything to copy."""
    names = [name for name in origin.names() if origin.state_of(name).resolve() != target.state_of(name).resolve()]
    snapshots = {name: LocalBackend(origin.state_of(name)).peek()[0] for name in names}
    full = [name for name in names if not _is_empty(snapshots[name])]
    if not full:
        return False
    if len(origin.names()) > 1:
        if not flags.force_copy and not _answer(
            "Error asking for state migration action: input is disabled", _ALL, ask
        ):
            raise error("Migration aborted by user", "No state was copied, and the backend in use is the same.")
        for name in names:
            _copy(snapshots[name], target.state_of(name))
        return True
    there = LocalBackend(target.state_of(DEFAULT)).peek()[0]
    if snapshots[DEFAULT].same_content(there) and snapshots[DEFAULT].lineage == there.lineage:
        return True
    question = _INTO_EMPTY if _is_empty(there) else _OVER.format(origin.default, target.default)
    if flags.force_copy or _answer(_NOBODY_TO_ASK, question, ask):
        _copy(snapshots[DEFAULT], target.state_of(DEFAULT))
    return True


def _is_empty(snapshot: Snapshot) -> bool:
    return not snapshot.resources and not snapshot.outputs


def _copy(snapshot: Snapshot, path: Path) -> None:
    with LocalBackend(path).lock("init") as locked:
        locked.read()
        locked.overwrite(snapshot)


def _clear(origin: Places, target: Places) -> None:
    """Leave nothing at the places that no backend named: the states are elsewhere now, and their backups here."""
    for name in origin.names():
        path = origin.state_of(name)
        if path.exists() and path.resolve() != target.state_of(name).resolve():
            with LocalBackend(path).lock("init") as locked:
                locked.clear()


_NOBODY_TO_ASK = "Can't ask approval for state migration when interactive input is disabled."
_INTO_EMPTY = (
    "Do you want to copy existing state to the new backend?\n"
    '  Pre-existing state was found while migrating the previous "local" backend to the\n'
    '  newly configured "local" backend. No existing state was found in the newly\n'
    '  configured "local" backend. Do you want to copy this state to the new "local"\n'
    '  backend? Enter "yes" to copy and "no" to start with an empty state.'
)
_OVER = (
    "Do you want to copy existing state to the new backend?\n"
    "  An existing non-empty state already exists in the new backend.\n\n"
    "  Previous: {}\n  New:      {}\n\n"
    "  Do you want to overwrite the state in the new backend with the previous state?\n"
    '  Enter "yes" to copy and "no" to start with the existing state.'
)
_ALL = (
    'Do you want to migrate all workspaces to "local"?\n'
    "  rtf will copy all workspaces (with the same names). THIS WILL OVERWRITE any\n"
    '  conflicting states in the destination. If you answer "no", rtf will abort.'
)


def _answer(refusal: str, question: str, ask: bool) -> bool:
    """Return whether a person says yes. Raises DiagnosticError with the refusal when there is nobody to ask."""
    if not ask:
        raise error(refusal, 'Leave out "-input=false" and try again, or give -force-copy to copy without asking.')
    line = _typed(question)
    return line == "yes"


def _typed(question: str) -> str:
    sys.stdout.write(f"{question}\n\n  Enter a value: ")
    sys.stdout.flush()
    line = sys.stdin.readline()
    sys.stdout.write("\n")
    if not line:
        raise error("Error asking for confirmation: EOF", "There is nobody to answer. Nothing was copied.")
    return line.strip()


def _select_existing(root: Root, places: Places, *, ask: bool) -> None:
    """Select a workspace that exists, when the selected one does not with this backend."""
    selected, names = noted_workspace(root.data), places.names()
    if is_overridden() or selected in names:
        return
    chosen = DEFAULT if len(names) == 1 else _chosen(selected, names, ask=ask)
    note_workspace(root.data, chosen)


def _chosen(selected: str, names: list[str], *, ask: bool) -> str:
    missing: DiagnosticError = error(
        f'Currently selected workspace "{selected}" does not exist',
        f"Select one of those that do with TF_WORKSPACE, and run rtf init again: {', '.join(names)}.",
    )
    if not ask:
        raise missing
    numbered = "\n".join(f"  {number}. {name}" for number, name in enumerate(names, 1))
    line = _typed(
        f"The currently selected workspace ({selected}) does not exist.\n  This is expected behavior when the selected "
        "workspace did not have an\n  existing non-empty state. Please enter a number to select a workspace:\n\n"
        f"{numbered}"
    )
    if not line.isdecimal() or not 1 <= int(line) <= len(names):
        raise missing
    return names[int(line) - 1]
