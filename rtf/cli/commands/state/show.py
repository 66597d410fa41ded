"""`rtf state show`: one recorded object as a block of the language."""

import sys
from pathlib import Path

import click

from engine.address import AddressError, InstanceAddress, parse_resource_instance
from engine.config.model import Module
from engine.diagnostics import did_you_mean
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.editing import existing_snapshot
from rtf.cli.failures import Refusal
from rtf.cli.records import records_of
from rtf.cli.session import telling
from rtf.cli.terminal import uses_color
from rtf.state_edits.instances import all_instances, current_object
from rtf.views.state import render_object
from rtf.workspace import find_root
from state.snapshot import Snapshot


@click.command(
    "show",
    cls=Command,
    short_help="Show one object",
    help="Show one object that the state records; sensitive values are hidden.",
)
@click.argument("address")
@options.state_input
@options.root_option
@options.no_color
def command(address: str, root: Path, no_color: bool) -> None:
    """Show one object that the state records."""
    with telling(no_color=no_color) as found:
        try:
            wanted = parse_resource_instance(address)
        except AddressError as problem:
            raise Refusal(f"Error parsing instance address: {address}\n\n{problem.detail} {_ONE}") from None
        snapshot = existing_snapshot(find_root(root), found)
        if current_object(snapshot, wanted) is None:
            known = [str(one) for one in all_instances(snapshot)]
            raise Refusal(f"No instance found for the given address!\n\n{_ONE}{did_you_mean(str(wanted), known)}")
        records = records_of(_only(snapshot, wanted), Module(), found)
        one = next(item for item in records.objects if item.address == wanted and item.deposed is None)
        text = render_object(
            one, records.schemas[wanted.resource.kind], color=uses_color(sys.stdout, no_color=no_color)
        )
        sys.stdout.write(found.secrets.hide(text))


_ONE = (
    "This command requires that the address references one specific instance. To view the available instances, use "
    '"rtf state list".'
)


def _only(snapshot: Snapshot, wanted: InstanceAddress) -> Snapshot:
    """Return a snapshot with one resource: what is wrong with others is of no interest here."""
    address = str(wanted.resource)
    return Snapshot(snapshot.lineage, snapshot.serial, resources={address: snapshot.resources[address]})
