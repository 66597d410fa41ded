"""`rtf providers`: which providers the configuration requires, and what they offer."""

import sys
from pathlib import Path

import click

from engine.config.model import Module
from engine.diagnostics import Diagnostics
from providers.registry import load_provider
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command, CommandGroup
from rtf.cli.session import backend_of, telling
from rtf.requirements import requirements_of
from rtf.views.providers import ModuleProviders
from state.snapshot import Snapshot

_platform = click.option(
    "-platform", multiple=True, metavar="OS_ARCH", expose_value=False, help="Without effect: nothing is downloaded."
)


@click.group(
    cls=CommandGroup,
    invoke_without_command=True,
    short_help="Show which providers are required",
    help="Show the providers that the modules of the configuration, and its state, require.",
)
@options.root_option
@options.no_color
@click.pass_context
def command(ctx: click.Context, root: Path, no_color: bool) -> None:
    """Show which providers are required."""
    if ctx.invoked_subcommand is not None:
        return
    from rtf.views.providers import providers_text

    with telling(no_color=no_color, for_machines=True) as found:
        place = workspace.find_root(root)
        module = workspace.read_modules(place, found).module
        snapshot, _ = backend_of(place).peek()
        sys.stdout.write(providers_text(_required(module), _recorded(snapshot)))


def _required(module: Module) -> ModuleProviders:
    calls = {name: _required(called) for name, called in module.children.items()}
    return ModuleProviders(requirements_of(module), calls)


def _recorded(snapshot: Snapshot) -> list[str]:
    """Return the addresses of the providers that a state names: what is quoted in `provider["..."].alias`."""
    return [resource.provider.split('"')[1] for resource in snapshot.resources.values() if '"' in resource.provider]


@command.command(
    "schema",
    cls=Command,
    short_help="Describe what may be written for providers",
    help="Describe the resource types of the required providers, for machines. The flag -json is required.",
)
@options.root_option
@options.json_output
@options.no_color
def schema(root: Path, as_json: bool, no_color: bool) -> None:
    """Describe what may be written for providers."""
    if not as_json:
        raise click.UsageError("The `rtf providers schema` command requires the `-json` flag.")
    from rtf.views.providers import schemas_json

    with telling(no_color=no_color, for_machines=True) as found:
        place = workspace.find_root(root)
        addresses = set(_recorded(backend_of(place).peek()[0]))
        if workspace.has_configuration(place):
            loaded = workspace.load(place, Diagnostics(secrets=found.secrets))
            addresses.update(*(requirements_of(one.module) for one in loaded.module.places()))
        installed = [load_provider(address.rpartition("/")[2]) for address in sorted(addresses)]
        sys.stdout.write(schemas_json(provider for provider in installed if provider is not None))


@command.command(
    "lock",
    cls=Command,
    short_help="Check that all providers are there",
    help="Check that rtf has all providers that are required. They come with rtf, so there are no versions to lock.",
)
@click.argument("providers", nargs=-1, metavar="[PROVIDERS...]")
@options.root_option
@_platform
@options.no_color
def lock(providers: tuple[str, ...], root: Path, no_color: bool) -> None:
    """Check that all providers are there."""
    with telling(no_color=no_color) as found:
        workspace.load(workspace.find_root(root), found)
        sys.stdout.write("Success! Providers come with rtf, in one version: there is nothing to lock.\n")


@command.command(
    "mirror",
    cls=Command,
    short_help="Check that all providers are there",
    help="Check that rtf has all providers that are required. They come with rtf, so there is nothing to copy.",
)
@click.argument("directory", type=click.Path(path_type=Path), metavar="TARGET-DIR")
@options.root_option
@_platform
@options.no_color
def mirror(directory: Path, root: Path, no_color: bool) -> None:
    """Check that all providers are there."""
    with telling(no_color=no_color) as found:
        module = workspace.load(workspace.find_root(root), found).module
        for address in sorted({address for one in module.places() for address in requirements_of(one.module)}):
            sys.stdout.write(f"- Skipping {address} because it comes with rtf\n")
        sys.stdout.write("\nThere is nothing to mirror: no provider has to be downloaded.\n")
