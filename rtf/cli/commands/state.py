"""`rtf state`: look into the state."""

import sys
from pathlib import Path

import click

from engine.address import parse_instance
from engine.diagnostics import Diagnostics, did_you_mean, error
from engine.plan.objects import Recorded, recorded_objects
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command, CommandGroup
from rtf.cli.session import backend_of, telling
from rtf.cli.terminal import uses_color

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


def recorded(place: Path, found: Diagnostics) -> list[Recorded]:
    """Return the objects that the state records."""
    from engine.config.model import Module

    snapshot = backend_of(workspace.find_root(place)).peek()[0]
    models = workspace.find_types(Module(), snapshot, found)[1]
    objects = recorded_objects(snapshot, models, found)
    found.raise_errors()
    return objects


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
    with telling(no_color=no_color) as found:
        names = [str(one.address) for one in recorded(root, found) if one.deposed is None]
        wanted = [parse_instance(address) for address in addresses]
        for address, text in zip(wanted, addresses, strict=True):
            if address is None:
                raise error(
                    "Invalid address",
                    f'"{text}" is not the address of a resource, such as openai_realtime_call.support.',
                )
        for name in names:
            if not wanted or any(
                name == str(address) or (address and name.startswith(f"{address}[")) for address in wanted
            ):
                sys.stdout.write(f"{name}\n")


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
        objects = {str(one.address): one for one in recorded(root, found) if one.deposed is None}
        if address not in objects:
            hint = did_you_mean(address, objects)
            detail = f'No object at "{address}" could be found in the state. See rtf state list.{hint}'
            raise error("No instance found for the given address", detail)
        sys.stdout.write(render_object(objects[address], color=uses_color(sys.stdout, no_color=no_color)))
