"""`rtf state rm`: forget recorded objects, which themselves stay as they are."""

import sys
from pathlib import Path

import click

from engine.address import InstanceAddress, contains
from engine.diagnostics import error
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.editing import edited_state, read_edited, state_file, target_of
from rtf.cli.options import given_state
from rtf.cli.session import locked_state, telling
from rtf.state_edits.instances import all_instances
from rtf.views.terminal import harmless
from rtf.workspace import find_root
from state.snapshot import Snapshot


@click.command(
    "rm",
    cls=Command,
    short_help="Forget objects",
    help="Forget the instances of the given resources, instances and modules. The objects themselves stay.",
)
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("-dry-run", is_flag=True, help="Only tell what would be forgotten.")
@options.state_change
@options.ignore_remote_version
@options.root_option
@options.no_color
def command(addresses: tuple[str, ...], dry_run: bool, root: Path, no_color: bool) -> None:
    """Forget recorded objects."""
    with telling(no_color=no_color) as found:
        path = state_file(find_root(root))
        with locked_state(edited_state(path, given_state().backup), "state-rm") as locked:
            snapshot = read_edited(locked, found)
            targets = []
            for text in addresses:
                with found.collecting():
                    targets.append(target_of(text))
            found.raise_errors()
            known = all_instances(snapshot)
            chosen = [one for target in targets for one in known if contains(target, one)]
            for address in chosen:
                sys.stdout.write(f"{'Would remove' if dry_run else 'Removed'} {harmless(str(address))}\n")
                _forget(snapshot, address)
            if dry_run:
                sys.stdout.write("" if chosen else "Would have removed nothing.\n")
                return
            if not chosen:
                detail = "No matching objects found. To view the available instances, use rtf state list."
                raise error("Invalid target address", detail)
            locked.write(snapshot)
            sys.stdout.write(f"Successfully removed {len(chosen)} resource instance(s).\n")


def _forget(snapshot: Snapshot, address: InstanceAddress) -> None:
    """Take all objects of an instance out of a snapshot."""
    resource = snapshot.resources.get(str(address.resource))
    for key, deposed in [] if resource is None else list(resource.instances):
        if key == address.key:
            snapshot.drop(str(address.resource), key, deposed)
