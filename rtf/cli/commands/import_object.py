"""`rtf import`: take an existing object over into the state."""

import sys
from pathlib import Path

import click

from engine.address import AddressError, InstanceAddress, parse_module, parse_resource_instance
from engine.config.model import Module
from engine.diagnostics import SourceFile, SourceRange, error
from engine.plan.imports import block_at
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.session import backend_of, locked_state, read_locked, telling, variable_sources
from rtf.workspace import find_root


@click.command(
    "import",
    cls=Command,
    short_help="Take an existing object over into the state",
    help="Take an existing object over into the state, as the instance of a resource that is configured already.",
)
@click.argument("address")
@click.argument("id")
@options.root_option
@options.variables
@options.input_allowed
@options.state_files
@options.no_color
def command(address: str, id: str, root: Path, ask: bool, no_color: bool) -> None:
    """Take an existing object over into the state."""
    from rtf.importing import import_object

    with telling(no_color=no_color) as found:
        target = _instance(address)
        place = find_root(root)
        loaded = workspace.load(place, found)
        _check_configured(target, loaded.module)
        with locked_state(backend_of(place), "OperationTypeImport") as locked:
            snapshot = read_locked(locked, found)
            variables = workspace.read_variables(loaded, variable_sources(ask=ask), found)
            found.raise_errors()
            after = import_object(loaded, variables, snapshot, target, id, found)
            sys.stdout.write(f'{target}: Importing from ID "{id}"...\n{target}: Import prepared!\n')
            locked.write(after)
        sys.stdout.write(_DONE)


_DONE = """
Import successful!

The resources that were imported are shown above. These resources are now in
your state and will henceforth be managed by rtf.

"""


def _instance(text: str) -> InstanceAddress:
    try:
        address = parse_resource_instance(text)
    except AddressError as problem:
        source = SourceFile("<import-address>", text)
        raise error(problem.summary, problem.detail, SourceRange(source, problem.offset, len(text))) from None
    if address.resource.mode != "managed":
        detail = "Data sources are read anew by every plan."
        summary = "A managed resource address is required. Importing into a data resource is not allowed."
        raise error(summary, detail)
    return address


def _check_configured(address: InstanceAddress, module: Module) -> None:
    """Raise DiagnosticError when there is no block behind an address."""
    resource = address.resource
    names = [part for name, _ in parse_module(resource.module).steps for part in ("module", name)]
    inner: Module | None = module
    for name, _ in parse_module(resource.module).steps:
        inner = inner.children.get(name) if inner is not None else None
    if inner is None:
        detail = f"{resource.module} is not defined in the configuration. Write a call of this module before."
        raise error("Import to non-existent module", detail)
    if block_at(module, [*names, resource.type, resource.name]) is None:
        where = "the root module" if not resource.module else f"the module {resource.module}"
        detail = (
            f"Before importing this resource, please create its configuration in {where}. For example:\n\n"
            f'resource "{resource.type}" "{resource.name}" {{\n  # (resource arguments)\n}}'
        )
        raise error(f'resource address "{address}" does not exist in the configuration.', detail)
