"""`rtf init`: check that the configuration can be used. Nothing has to be downloaded."""

import sys
from pathlib import Path

import click

from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.commands.get import install
from rtf.cli.session import telling
from state.snapshot import Snapshot

_UPGRADE = click.option("-upgrade/-no-upgrade", default=False, help="Fetch modules anew that are installed already.")


@click.command(
    cls=Command,
    short_help="Check that the configuration can be used",
    help="Check that the configuration can be used. Providers come with rtf, so nothing is downloaded.",
)
@options.root
@_UPGRADE
@options.input_allowed
@options.no_color
def command(root: Path, upgrade: bool, ask: bool, no_color: bool) -> None:
    """Check that the configuration can be used."""
    with telling(no_color=no_color) as found:
        place = workspace.find_root(root)
        if not workspace.has_configuration(place):
            sys.stdout.write("rtf initialized in an empty directory!\n\nWrite a configuration, such as main.hcl.\n")
            return
        sys.stdout.write("Initializing modules...\n")
        loaded = install(place, found, upgrade=upgrade)
        providers, _ = workspace.find_types(loaded.module, Snapshot.empty(), found)
        found.raise_errors()
        sys.stdout.write("Initializing provider plugins...\n")
        for name, provider in sorted(providers.items()):
            sys.stdout.write(f"- {name} v{provider.version} is part of rtf\n")
        sys.stdout.write("\nrtf has been successfully initialized!\n\nNothing had to be downloaded. Try rtf plan.\n")
