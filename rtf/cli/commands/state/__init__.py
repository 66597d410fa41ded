"""`rtf state`: look into the state and change it by hand. A file for each command in it."""

import click

from rtf.cli.arguments import CommandGroup

_HERE = "rtf.cli.commands.state"


@click.group(
    cls=CommandGroup,
    modules={
        "list": f"{_HERE}.list",
        "show": f"{_HERE}.show",
        "mv": f"{_HERE}.mv",
        "rm": f"{_HERE}.rm",
        "pull": f"{_HERE}.pull",
        "push": f"{_HERE}.push",
        "replace-provider": f"{_HERE}.replace_provider",
    },
    no_args_is_help=True,
    short_help="Look into the state and change it by hand",
    help="Look into the state, and change what it records without touching any object.",
)
def command() -> None:
    """Look into the state and change it by hand."""
