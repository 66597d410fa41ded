"""`rtf completion`: a script that lets a shell complete commands and flags."""

import sys

import click
from click.shell_completion import get_completion_class

from rtf.cli.arguments import Command


@click.command(
    cls=Command,
    short_help="Print a completion script for a shell",
    help='Print a script that lets a shell complete commands and flags: eval "$(rtf completion bash)"',
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print a completion script."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    root = click.get_current_context().find_root().command
    sys.stdout.write(kind(root, {}, "rtf", "_RTF_COMPLETE").source())
