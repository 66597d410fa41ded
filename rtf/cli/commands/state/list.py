"""`rtf state list`: name what the state records."""

import sys
from pathlib import Path

import click

from engine.address import InstanceAddress
from engine.diagnostics import Diagnostics
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.editing import existing_snapshot, target_of
from rtf.cli.session import telling
from rtf.state_edits.instances import all_instances, current_object, instances_named
from rtf.views.state import state_list
from rtf.workspace import find_root
from state.snapshot import Snapshot


@click.command(
    "list",
    cls=Command,
    short_help="List objects",
    help="List the instances that the state records, or those of the given resources, instances and modules.",
)
@click.argument("addresses", nargs=-1, metavar="[ADDRESS...]")
@click.option("-id", "id", metavar="ID", default="", help="Only those of which the object has this id.")
@options.state_input
@options.root_option
@options.no_color
def command(addresses: tuple[str, ...], id: str, root: Path, no_color: bool) -> None:
    """List the instances that the state records."""
    with telling(no_color=no_color, for_machines=True) as found:
        snapshot = existing_snapshot(find_root(root), found)
        chosen = _named(snapshot, addresses, found) if addresses else all_instances(snapshot)
        sys.stdout.write(state_list(address for address in chosen if not id or _id_of(snapshot, address) == id))


def _named(snapshot: Snapshot, addresses: tuple[str, ...], found: Diagnostics) -> list[InstanceAddress]:
    """Return the instances that the addresses name; one that is named twice is there twice."""
    chosen: list[InstanceAddress] = []
    for text in addresses:
        with found.collecting():
            chosen.extend(instances_named(snapshot, target_of(text)))
    found.raise_errors()
    return chosen


def _id_of(snapshot: Snapshot, address: InstanceAddress) -> object:
    one = current_object(snapshot, address)
    return None if one is None else one.attributes.get("id")
