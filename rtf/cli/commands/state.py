"""`rtf state`: look into the state."""

import sys
from pathlib import Path

import click

from engine.address import InstanceAddress, parse_instance
from engine.diagnostics import did_you_mean, error
from rtf.cli import options
from rtf.cli.arguments import Command, CommandGroup
from rtf.cli.records import stored_records
from rtf.cli.session import backend_of, tell_unknown, telling
from rtf.cli.terminal import uses_color
from rtf.workspace import find_root
from state.codec import encode

root = click.option(
    "-root",
    type=click.Path(path_type=Path),
    default=".",
    metavar="DIR|FILE",
    help="The root module; the current directory unless given.",
)


@click.group(
    cls=CommandGroup,
    no_args_is_help=True,
    short_help="Look into the state",
    help="Look into the state.",
)
def command() -> None:
    """Look into the state."""


@command.command(
    "list",
    cls=Command,
    short_help="List objects",
    help="List the objects that the state records, or those of the given addresses.",
)
@click.argument("addresses", nargs=-1, metavar="[ADDRESS...]")
@root
@options.no_color
def list_objects(addresses: tuple[str, ...], root: Path, no_color: bool) -> None:
    """List the objects that the state records."""
    from rtf.views.state import state_list

    with telling(no_color=no_color, for_machines=True) as found:
        wanted = []
        for text in addresses:
            address = parse_instance(text)
            if address is None:
                detail = f'"{text}" is not the address of a resource, such as openai_realtime_call.support.'
                raise error("Invalid address", detail)
            wanted.append(address)
        objects = stored_records(root, found).objects
        chosen = [one for one in objects if not wanted or any(_within(one.address, address) for address in wanted)]
        sys.stdout.write(state_list(chosen))


def _within(address: InstanceAddress, wanted: InstanceAddress) -> bool:
    """Return whether `wanted` names an instance, or the resource that it is one of."""
    return address.resource == wanted.resource and wanted.key in (None, address.key)


@command.command(
    "show",
    cls=Command,
    short_help="Show one object",
    help="Show one object that the state records; sensitive values are hidden.",
)
@click.argument("address")
@root
@options.no_color
def show_object(address: str, root: Path, no_color: bool) -> None:
    """Show one object that the state records."""
    from rtf.views.state import render_object

    with telling(no_color=no_color) as found:
        records = stored_records(root, found)
        objects = {str(one.address): one for one in records.objects if one.deposed is None}
        if address not in objects:
            hint = did_you_mean(address, objects)
            detail = f'No object at "{address}" could be found in the state. See rtf state list.{hint}'
            raise error("No instance found for the given address", detail)
        one = objects[address]
        schema = records.schemas[one.address.resource.kind]
        color = uses_color(sys.stdout, no_color=no_color)
        sys.stdout.write(found.secrets.hide(render_object(one, schema, color=color)))


@command.command(
    "pull",
    cls=Command,
    short_help="Write the state to standard output",
    help="Write the state as it is stored, secrets and all, to standard output.",
)
@root
@options.no_color
def pull_state(root: Path, no_color: bool) -> None:
    """Write the state as it is stored."""
    with telling(no_color=no_color) as found:
        snapshot, unknown = backend_of(find_root(root)).peek()
        tell_unknown(unknown, found)
        if not snapshot.is_absent:
            sys.stdout.write(encode(snapshot).decode())
