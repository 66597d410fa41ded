"""`rtf destroy`: make everything go away that the state records."""

from pathlib import Path

import click

from engine.diagnostics import error
from engine.plan.options import PlanOptions
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.commands.apply import run
from rtf.cli.planning import given_mode, given_options, planning


@click.command(
    cls=Command,
    short_help="Destroy everything that the state records",
    help="Destroy everything that the state records: calls are hung up, secrets are forgotten.",
)
@options.root
@options.auto_approve
@options.parallelism
@planning
@options.variables
@options.input_allowed
@options.state_files
@options.json_output
@options.no_color
def command(root: Path, auto_approve: bool, parallelism: int, ask: bool, as_json: bool, no_color: bool) -> None:
    """Destroy everything that the state records."""
    run(
        root,
        _destroying,
        auto_approve=auto_approve,
        parallelism=parallelism,
        ask=ask,
        as_json=as_json,
        no_color=no_color,
        purpose="destroy",
    )


def _destroying() -> PlanOptions:
    if given_mode() == "refresh-only":
        raise error("Invalid mode option", "The -refresh-only option is not valid for rtf destroy.")
    return given_options(destroy=True)
