"""`rtf taint`: mark an object as being in disorder, so that the next apply replaces it."""

import sys
from pathlib import Path

import click

from engine.address import AddressError, InstanceAddress, parse_resource_instance
from engine.diagnostics import Diagnostics, error, warning
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.failures import Refusal
from rtf.cli.session import backend_of, locked_state, read_locked, telling
from rtf.state_edits.taint import Missing, with_status
from rtf.workspace import find_root

allow_missing = click.option(
    "-allow-missing", is_flag=True, help="Succeed, with a warning, when the state records no such instance."
)


@click.command(
    cls=Command,
    short_help="Mark an object for replacement",
    help="Mark a recorded object as being in disorder: the next apply replaces it. plan -replace=ADDRESS does without.",
)
@click.argument("address")
@allow_missing
@options.state_files
@options.ignore_remote_version
@options.root_option
@options.no_color
def command(address: str, allow_missing: bool, root: Path, no_color: bool) -> None:
    """Mark an object for replacement."""
    with telling(no_color=no_color) as found:
        instance = instance_of(address)
        if instance.resource.mode != "managed":
            raise Refusal(f"Resource instance {instance} cannot be tainted")
        if change_status(instance, root, found, tainted=True, allow_missing=allow_missing):
            sys.stdout.write(f"Resource instance {instance} has been marked as tainted.\n")


def instance_of(text: str) -> InstanceAddress:
    """Return the resource instance that an address names. Raises DiagnosticError."""
    try:
        return parse_resource_instance(text)
    except AddressError as problem:
        raise error(problem.summary, f'{problem.detail}\n\nThe address is "{text}".') from None


def change_status(
    instance: InstanceAddress, root: Path, found: Diagnostics, *, tainted: bool, allow_missing: bool
) -> bool:
    """Taint an object of the state, or end that. Return whether there was one; it has to be unless `allow_missing`."""
    with locked_state(backend_of(find_root(root)), "taint" if tainted else "untaint") as locked:
        snapshot = read_locked(locked, found)
        try:
            changed = with_status(snapshot, instance, tainted=tainted)
        except Missing as problem:
            if not allow_missing:
                raise
            detail = (
                f"Resource instance {instance} was not found, but this is not an error because -allow-missing was set."
            )
            found.add(warning(problem.diagnostics[0].summary, detail))
            return False
        locked.write(changed)
        return True
