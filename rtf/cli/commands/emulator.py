"""`rtf emulator`: serve a stand-in of a provider's API on this machine."""

import sys
from pathlib import Path

import click

from providers.errors import failure
from providers.registry import load_provider, provider_names
from rtf.cli.arguments import Command


@click.command(
    cls=Command,
    short_help="Serve a stand-in of the API",
    help="Serve an emulator of the provider's API on this machine until interrupted. It keeps to the API's contract "
    "and needs no account; point base_url at the address that it prints.",
)
@click.option(
    "-port",
    type=click.IntRange(0, 65535),
    default=8080,
    metavar="N",
    help="Where to listen; 0 chooses a free port; 8080 unless given.",
)
@click.option("-host", default="127.0.0.1", metavar="ADDRESS", help="Where to listen; only addresses of this machine.")
@click.option(
    "-database",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep the objects in this file; in memory unless given.",
)
@click.option("-provider", default="openai", metavar="NAME", help="Whose API; openai unless given.")
def command(port: int, host: str, database: Path | None, provider: str) -> None:
    """Serve a stand-in of the API."""
    found = load_provider(provider)
    if found is None:
        raise failure(
            "Unknown provider",
            f'No provider called "{provider}" is installed. Installed are: {", ".join(provider_names())}.',
        )

    def ready(address: str) -> None:
        sys.stdout.write(
            f"Emulator of the {provider} API, for development and tests, at {address}\nPress Ctrl-C to stop.\n"
        )
        sys.stdout.flush()

    found.serve_emulator(host, port, database, ready)
