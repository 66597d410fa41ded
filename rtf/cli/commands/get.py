"""`rtf get`: bring the modules that the configuration calls to this machine."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from engine.config.model import Module
from engine.diagnostics import Diagnostics
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.session import telling
from rtf.installing import Installer, write_manifest
from rtf.workspace import Root


@click.command(
    cls=Command,
    short_help="Install the modules that the configuration calls",
    help="Install the modules that the configuration calls: folders, and pinned git repositories and archives.",
)
@options.root
@click.option("-update/-no-update", default=False, help="Fetch modules anew that are installed already.")
@options.no_color
def command(root: Path, update: bool, no_color: bool) -> None:
    """Install the modules that the configuration calls."""
    with telling(no_color=no_color) as found:
        place = workspace.find_root(root)
        if workspace.has_configuration(place):
            install(place, found, _say, upgrade=update)


def install(root: Root, found: Diagnostics, tell: Callable[[str], None], *, upgrade: bool) -> Module:
    """Install modules, write the manifest, and tell what is new. Raises DiagnosticError."""
    installer = Installer(root.directory, root.data, tell, upgrade=upgrade)
    module = workspace.read_modules(root, found, installer.locate).module
    write_manifest(root.data, installer.entries)
    return module


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
