"""The command line: `main` finds the command, runs it, and turns whatever comes out into an exit status.

Exit statuses: 0 when it worked, 1 for any error, 2 from `plan -detailed-exitcode` when there are changes.
"""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from rtf.cli.arguments import CommandGroup

_COMMANDS = {
    name: f"rtf.cli.commands.{module}"
    for name, module in {
        "init": "init",
        "get": "get",
        "validate": "validate",
        "fmt": "fmt",
        "plan": "plan",
        "apply": "apply",
        "destroy": "destroy",
        "refresh": "refresh",
        "import": "import_object",
        "show": "show",
        "output": "output",
        "console": "console",
        "graph": "graph",
        "providers": "providers",
        "state": "state",
        "test": "test",
        "taint": "taint",
        "untaint": "untaint",
        "force-unlock": "force_unlock",
        "workspace": "workspace",
        "metadata": "metadata",
        "emulator": "emulator",
        "completion": "completion",
        "version": "version",
    }.items()
}


def _change_directory(ctx: click.Context, parameter: click.Parameter, path: Path | None) -> None:
    if path is None:
        return
    try:
        os.chdir(path)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise click.UsageError(f'Cannot change to the directory "{path}": {reason}.', ctx) from None


def _show_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from rtf.cli.commands.version import show_version

        show_version(as_json=False)
        ctx.exit()


@click.group(
    name="rtf",
    cls=CommandGroup,
    modules=_COMMANDS,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-help", "-h"], "max_content_width": 100},
)
@click.option(
    "-chdir",
    type=click.Path(path_type=Path),
    callback=_change_directory,
    expose_value=False,
    is_eager=True,
    metavar="DIR",
    help="Switch to another directory first.",
)
@click.option("-version", is_flag=True, callback=_show_version, expose_value=False, help="The same as rtf version.")
def cli() -> None:
    """Terraform's workflow for OpenAI Realtime resources: write HCL, plan, apply."""


def main() -> None:
    """Run the command line of this process and end the process."""
    # A run builds large trees that live to its end; looking for cycles in them again and again costs half the time.
    gc.set_threshold(200_000, 50, 100)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status. Nothing is raised."""
    from rtf.cli.failures import status_of

    return status_of(lambda: cli.main(list(arguments), prog_name="rtf", standalone_mode=False))
