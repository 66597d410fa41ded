"""`rtf destroy`: make everything go away that the state records."""

from pathlib import Path

import click

from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.commands.apply import run
from rtf.cli.planning import plan_options, planning


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
@options.no_color
def command(
    root: Path,
    auto_approve: bool,
    parallelism: int,
    refresh: bool,
    refresh_only: bool,
    targets: tuple[str, ...],
    excluded: tuple[str, ...],
    replaced: tuple[str, ...],
    ask: bool,
    no_color: bool,
) -> None:
    """Destroy everything that the state records."""
    run(
        root,
        lambda: plan_options(
            destroy=True,
            refresh=refresh,
            refresh_only=refresh_only,
            targets=targets,
            excluded=excluded,
            replaced=replaced,
        ),
        auto_approve=auto_approve,
        parallelism=parallelism,
        ask=ask,
        no_color=no_color,
    )
