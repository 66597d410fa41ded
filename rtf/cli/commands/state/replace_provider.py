"""`rtf state replace-provider`: let recorded resources belong to another provider."""

import sys
from pathlib import Path

import click

from engine.diagnostics import Diagnostics
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.editing import edited_state, read_edited, state_file
from rtf.cli.failures import Refusal
from rtf.cli.options import given_state
from rtf.cli.session import locked_state, telling
from rtf.cli.terminal import uses_color
from rtf.state_edits.providers import ProviderName, parse_provider, resources_of, with_provider
from rtf.views.terminal import Paint, harmless
from rtf.workspace import find_root
from state.snapshot import Resource


@click.command(
    "replace-provider",
    cls=Command,
    short_help="Let resources belong to another provider",
    help="Let all recorded resources of one provider belong to another: [HOST/][NAMESPACE/]NAME for each.",
)
@click.argument("from_provider", metavar="FROM")
@click.argument("to_provider", metavar="TO")
@options.auto_approve
@options.state_change
@options.ignore_remote_version
@options.root_option
@options.no_color
def command(from_provider: str, to_provider: str, auto_approve: bool, root: Path, no_color: bool) -> None:
    """Let recorded resources belong to another provider."""
    with telling(no_color=no_color) as found:
        before, after = _providers(from_provider, to_provider, found)
        path = state_file(find_root(root))
        with locked_state(edited_state(path, given_state().backup), "state-replace-provider") as locked:
            snapshot = read_edited(locked, found)
            resources = resources_of(snapshot, before)
            if not resources:
                sys.stdout.write("No matching resources found.\n")
                return
            sys.stdout.write(_announcement(before, after, resources, Paint(uses_color(sys.stdout, no_color=no_color))))
            if not auto_approve and not _approved():
                sys.stdout.write("Cancelled replacing providers.\n")
                return
            locked.write(with_provider(snapshot, resources, after))
            sys.stdout.write(f"\nSuccessfully replaced provider for {len(resources)} resources.\n")


def _providers(before: str, after: str, found: Diagnostics) -> tuple[ProviderName, ProviderName]:
    """Return the two providers. Raises DiagnosticError with what is wrong with either."""
    names = []
    for which, text in (("from", before), ("to", after)):
        with found.collecting():
            names.append(parse_provider(text, which))
    found.raise_errors()
    return names[0], names[1]


def _announcement(before: ProviderName, after: ProviderName, resources: list[Resource], paint: Paint) -> str:
    names = "".join(f"  {harmless(one.address)}\n" for one in resources)
    return (
        "rtf will perform the following actions:\n\n"
        f"  {paint('~', 'yellow')} Updating provider:\n"
        f"    {paint('-', 'red')} {before}\n"
        f"    {paint('+', 'green')} {after}\n\n"
        f"{paint('Changing', 'bold')} {len(resources)} resources:\n\n{names}"
    )


def _approved() -> bool:
    sys.stdout.write(
        "\nDo you want to make these changes?\nOnly 'yes' will be accepted to continue.\n\nEnter a value: "
    )
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise Refusal("Error asking for approval: there is nobody to answer. Give -auto-approve.")
    return line.strip() == "yes"
