"""`rtf get`: bring the modules that the configuration calls to this machine."""

import sys
from pathlib import Path

import click

from engine.diagnostics import Diagnostics
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.session import telling
from rtf.installing import Installed, Installer, write_manifest
from rtf.workspace import Loaded, Root


@click.command(
    cls=Command,
    short_help="Install the modules that the configuration calls",
    help="Install the modules that the configuration calls: git repositories and archives, pinned by their sources.",
)
@options.root
@click.option("-update/-no-update", default=False, help="Fetch modules anew that are installed already.")
@options.no_color
def command(root: Path, update: bool, no_color: bool) -> None:
    """Install the modules that the configuration calls."""
    with telling(no_color=no_color) as found:
        install(workspace.find_root(root), found, upgrade=update)


def install(root: Root, found: Diagnostics, *, upgrade: bool) -> Loaded:
    """Install modules, write the manifest, and tell what each call uses. Raises DiagnosticError."""
    installer = Installer(root.directory, upgrade=upgrade)
    loaded = workspace.load(root, found, installer.locate, check=None)
    entries = {entry.key: entry for entry in installer.entries}
    for place in loaded.module.places():
        if place.call is None:
            continue
        key = place.path.removeprefix("module.").replace(".module.", ".")
        entries.setdefault(key, Installed(key, place.call.source, place.module.directory))
        sys.stdout.write(f"- {key} in {place.module.directory}\n")
    if len(entries) > 1:
        write_manifest(root.directory, [entries[key] for key in sorted(entries)])
    return loaded
