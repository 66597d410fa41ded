"""`rtf version`: which rtf this is."""

import json
import platform
import sys

import click

import rtf
from rtf.cli import options
from rtf.cli.arguments import Command
from state.snapshot import TERRAFORM_VERSION


@click.command(cls=Command, short_help="Show the version", help="Show which version of rtf this is.")
@options.json_output
def command(as_json: bool) -> None:
    """Show the version."""
    show_version(as_json=as_json)


def show_version(*, as_json: bool) -> None:
    """Write the version to standard output; for machines with the Terraform whose files and flags are understood."""
    system = f"{sys.platform}_{platform.machine()}"
    if as_json:
        data = {
            "terraform_version": TERRAFORM_VERSION,
            "rtf_version": rtf.__version__,
            "platform": system,
            "provider_selections": {},
            "terraform_outdated": False,
        }
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
    else:
        sys.stdout.write(f"rtf v{rtf.__version__}\non {system}\n")
