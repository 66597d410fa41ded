"""`rtf workspace`: the named states of a root module."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from engine.diagnostics import DiagnosticError, did_you_mean, error
from rtf.cli import options
from rtf.cli.arguments import Command, CommandGroup
from rtf.cli.failures import Refusal
from rtf.cli.options import given_state
from rtf.cli.session import locked_state, read_locked, telling
from rtf.state_edits.instances import all_instances
from rtf.storage import places_of
from rtf.views.terminal import harmless
from rtf.workspace import Root, find_root
from rtf.workspaces import (
    DEFAULT,
    NAME_RULE,
    Places,
    is_overridden,
    is_workspace_name,
    note_workspace,
    noted_workspace,
    selected_workspace,
)
from state.backends.local import LocalBackend
from state.snapshot import Snapshot


@click.group(
    cls=CommandGroup,
    no_args_is_help=True,
    short_help="Several states of one configuration",
    help="Keep several states of one configuration apart by name. All commands use that of the selected workspace.",
)
def command() -> None:
    """Keep several states of one configuration apart by name."""


@command.command("list", cls=Command, short_help="List workspaces", help="List the workspaces; * is the selected one.")
@options.root_option
@options.no_color
def list_workspaces(root: Path, no_color: bool) -> None:
    """List the workspaces."""
    with telling(no_color=no_color):
        place = find_root(root)
        selected = selected_workspace(place.data)
        for name in places_of(place).names():
            sys.stdout.write(f"{'*' if name == selected else ' '} {name}\n")
        sys.stdout.write("\n")
        if is_overridden():
            sys.stdout.write(
                "\n\nThe active workspace is being overridden using the TF_WORKSPACE environment\nvariable.\n\n"
            )


@command.command("show", cls=Command, short_help="Name the selected one", help="Name the selected workspace.")
@options.root_option
@options.no_color
def show_workspace(root: Path, no_color: bool) -> None:
    """Name the selected workspace."""
    with telling(no_color=no_color):
        try:
            sys.stdout.write(f"{selected_workspace(find_root(root).data)}\n")
        except DiagnosticError as problem:
            said = problem.diagnostics[0]
            raise Refusal(f"Error selecting workspace: {said.summary}\n\n{said.detail}") from None


@command.command(
    "new",
    cls=Command,
    short_help="Make a workspace and select it",
    help="Make a workspace and select it. With -state it begins with a copy of that state.",
)
@click.argument("name")
@options.state_input
@options.locking
@options.root_option
@options.no_color
def new_workspace(name: str, root: Path, no_color: bool) -> None:
    """Make a workspace and select it."""
    with telling(no_color=no_color) as found:
        _check_name(name)
        place = find_root(root)
        if is_overridden() and name != selected_workspace(place.data):
            raise Refusal(_OVERRIDDEN.format("create a new workspace"))
        places = places_of(place)
        if name in places.names():
            raise Refusal(f'Workspace "{name}" already exists')
        source = given_state().state
        copied = None if source is None else _existing(source)
        _create(places, place, name)
        if copied is not None:
            with locked_state(LocalBackend(places.state_of(name)), "workspace-new") as locked:
                stored = read_locked(locked, found)
                locked.write(replace(copied.copy(), lineage=stored.lineage, serial=stored.serial))


@command.command(
    "select", cls=Command, short_help="Select a workspace", help="Select the workspace that all commands use."
)
@click.argument("name")
@click.option("-or-create", "or_create", is_flag=True, help="Make the workspace when there is none of that name.")
@options.root_option
@options.no_color
def select_workspace(name: str, or_create: bool, root: Path, no_color: bool) -> None:
    """Select a workspace."""
    with telling(no_color=no_color):
        if is_overridden():
            raise Refusal(_OVERRIDDEN.format("select a workspace"))
        place = find_root(root)
        places = places_of(place)
        known = places.names()
        if name and not is_workspace_name(name):
            _check_name(name)
        if name == noted_workspace(place.data):
            return
        if name in known:
            note_workspace(place.data, name)
            sys.stdout.write(f'Switched to workspace "{name}".\n')
            return
        if not or_create or not name:
            raise _missing(name, known)
        _create(places, place, name)


@command.command(
    "delete",
    cls=Command,
    short_help="Delete a workspace",
    help="Delete a workspace with its state, which may not record any object unless -force is given.",
)
@click.argument("name")
@click.option("-force", is_flag=True, help="Delete it with all that it records; the objects themselves stay.")
@options.locking
@options.root_option
@options.no_color
def delete_workspace(name: str, force: bool, root: Path, no_color: bool) -> None:
    """Delete a workspace."""
    with telling(no_color=no_color) as found:
        place = find_root(root)
        places = places_of(place)
        known = places.names()
        if name not in known:
            raise _missing(name, known)
        if name == selected_workspace(place.data):
            raise Refusal(
                f'Workspace "{name}" is your active workspace.\n\nYou cannot delete the currently active workspace. '
                "Please switch to another workspace and try again."
            )
        if name == DEFAULT:
            raise Refusal("cannot delete default state")
        with locked_state(LocalBackend(places.state_of(name)), "workspace-delete") as locked:
            objects = _objects(read_locked(locked, found))
        if objects and not force:
            raise error("Workspace is not empty", _NOT_EMPTY.format(name, "\n".join(f"  - {one}" for one in objects)))
        places.delete(name)
        sys.stdout.write(f'Deleted workspace "{name}"!\n')
        if objects:
            sys.stdout.write(_FORGOTTEN.format(name))


def _check_name(name: str) -> None:
    if not is_workspace_name(name):
        raise Refusal(f'The workspace name "{harmless(name)}" is not allowed. {NAME_RULE}')


def _missing(name: str, known: list[str]) -> Refusal:
    return Refusal(
        f'Workspace "{harmless(name)}" doesn\'t exist.{did_you_mean(name, known)}\n\nYou can create this workspace '
        'with the "new" subcommand or include the "-or-create" flag with the "select" subcommand.'
    )


def _create(places: Places, place: Root, name: str) -> None:
    places.create(name)
    note_workspace(place.data, name)
    sys.stdout.write(
        f'Created and switched to workspace "{name}"!\n\n'
        "You're now on a new, empty workspace. Workspaces isolate their state,\n"
        'so if you run "rtf plan" rtf will not see any existing state\nfor this configuration.\n'
    )


def _existing(path: Path) -> Snapshot:
    """Return the state in a file. Raises Refusal when there is no file."""
    if not path.exists():
        raise Refusal(f'There is no file "{path}".')
    return LocalBackend(path).read()


def _objects(snapshot: Snapshot) -> list[str]:
    """Return the managed instances that a state records."""
    return [harmless(str(one)) for one in all_instances(snapshot) if one.resource.mode == "managed"]


_OVERRIDDEN = (
    "The selected workspace is currently overridden using the TF_WORKSPACE environment variable. You cannot {} when "
    "using this setting.\n\nEither unset this environment variable or let it name the workspace, and run this command "
    "again."
)
_NOT_EMPTY = (
    'Workspace "{}" is currently tracking the following resource instances:\n{}\n\nDeleting this workspace would cause '
    "rtf to lose track of any associated remote objects. Destroy them first; or give -force, and rtf forgets them."
)
_FORGOTTEN = """WARNING: "{}" was non-empty.
The resources managed by the deleted workspace may still exist,
but are no longer manageable by rtf since the state has
been deleted.
"""
