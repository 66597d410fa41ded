"""`rtf refresh`: take up into the state what changed outside, and change nothing else."""

from pathlib import Path

import click

from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.commands.apply import run
from rtf.cli.planning import given_options, targeting


@click.command(
    cls=Command,
    short_help="Take up what changed outside",
    help="Take up into the state what changed outside. The same as rtf apply -refresh-only -auto-approve.",
)
@options.root
@options.parallelism
@targeting
@options.variables
@options.input_allowed
@options.state_files
@options.json_output
@options.no_color
def command(root: Path, parallelism: int, ask: bool, as_json: bool, no_color: bool) -> None:
    """Take up into the state what changed outside."""
    run(
        root,
        lambda: given_options(refresh_only=True),
        auto_approve=True,
        parallelism=parallelism,
        ask=ask,
        as_json=as_json,
        purpose="refresh",
        no_color=no_color,
    )
