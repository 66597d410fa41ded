"""`rtf metadata`: what rtf knows, for other programs."""

import sys

import click

from rtf.cli import options
from rtf.cli.arguments import Command, CommandGroup


@click.group(
    cls=CommandGroup,
    no_args_is_help=True,
    short_help="Tell other programs what rtf knows",
    help="Tell other programs what rtf knows.",
)
def command() -> None:
    """Tell other programs what rtf knows."""


@command.command(
    "functions",
    cls=Command,
    short_help="Describe the functions",
    help="Describe the functions of the language, with their parameters and types. The flag -json is required.",
)
@options.json_output
def functions(as_json: bool) -> None:
    """Describe the functions."""
    if not as_json:
        raise click.UsageError("The `rtf metadata functions` command requires the `-json` flag.")
    from rtf.views.functions_json import functions_json

    sys.stdout.write(functions_json())
