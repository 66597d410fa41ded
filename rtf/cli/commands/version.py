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
    """Write the version to standard output; for machines that of the Terraform whose files and flags are understood."""
    machine = platform.machine().lower()
    system = f"{sys.platform}_{_ARCHITECTURES.get(machine, machine)}"
    if as_json:
        data = {
            "terraform_version": TERRAFORM_VERSION,
            "platform": system,
            "provider_selections": {},
            "terraform_outdated": False,
        }
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
    else:
        sys.stdout.write(f"rtf v{rtf.__version__}\non {system}\n")
        sys.stdout.write(f"with the language, the state and the commands of Terraform v{TERRAFORM_VERSION}\n")


# Python's names of processors, in the words that names of platforms are made of.
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "i386": "386", "i686": "386", "armv7l": "arm"}
