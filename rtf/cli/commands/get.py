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
from rtf.suites import read_suite
from rtf.workspace import Root


@click.command(
    cls=Command,
    short_help="Install the modules that the configuration calls",
    help="Install the modules that the configuration calls: folders, and pinned git repositories and archives.",
)
@options.root
@options.test_directory
@click.option("-update/-no-update", default=False, help="Fetch modules anew that are installed already.")
@options.no_color
def command(root: Path, directory: str, update: bool, no_color: bool) -> None:
    """Install the modules that the configuration calls."""
    with telling(no_color=no_color) as found:
        place = workspace.find_root(root)
        if workspace.has_configuration(place):
            install(place, found, _say, directory=directory, upgrade=update)


def install(root: Root, found: Diagnostics, tell: Callable[[str], None], *, directory: str, upgrade: bool) -> Module:
    """Install modules, those that tests have besides too, write the manifest, and tell what is new.

    `directory` is the folder of tests. Raises DiagnosticError.
    """
    installer = Installer(root.directory, root.data, tell, upgrade=upgrade)
    modules = workspace.read_modules(root, found, installer.locate)
    read_suite(modules, found, directory, installer.locate)
    found.raise_errors()
    write_manifest(root.data, installer.entries)
    return modules.module


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
