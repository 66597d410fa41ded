"""The provider for the OpenAI API: client secrets, calls and sessions of the Realtime API.

    configuration.py   the provider block and the environment -> settings
    models/            the shapes of requests, and what the API would refuse
    resources/         a file per resource type: shape -> request, answer -> computed attributes
    client.py          request -> answer: keys, redirects, bounds; with transport, retries, errors, redaction
    emulator/          a stand-in of the API, for examples and tests

Importing this package imports no HTTP library; the first request does.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import Any, ClassVar

from providers.errors import ProviderError, failure
from providers.openai.client import Client
from providers.openai.configuration import Configuration, resolve, secrets_of
from providers.openai.resources.call import Call
from providers.openai.resources.client_secret import ClientSecret
from providers.openai.resources.session import BetaSession
from providers.openai.transport import open_emulator
from providers.provider import Provider
from providers.resource import Block, Resource

_EMULATOR_NOTICE = "Provider openai: using the built-in emulator of the OpenAI API; no request leaves this machine."


def _version() -> str:
    try:
        return metadata.version("rtf-engine")
    except metadata.PackageNotFoundError:  # run from a source tree that was never installed
        return "dev"


class OpenAIProvider(Provider):
    """OpenAI's API, or its emulator with `base_url = "emulator"`."""

    name: ClassVar[str] = "openai"
    source: ClassVar[str] = "registry.terraform.io/openai/openai"
    version: ClassVar[str] = _version()
    configuration: ClassVar[type[Block]] = Configuration
    resources: ClassVar[tuple[type[Resource], ...]] = (ClientSecret, Call, BetaSession)

    @asynccontextmanager
    async def open(self, configuration: Any, directory: Path) -> AsyncIterator[Client]:
        """Return a context that gives a `Client`. Nothing is sent, and no key is needed, before the first request."""
        client = Client(resolve(configuration, os.environ), directory, version=self.version)
        try:
            yield client
        finally:
            await client.close()

    def notices(self, configuration: Any) -> Iterable[str]:
        """Return a sentence that names the emulator when it stands in for the API."""
        with suppress(ProviderError):  # `open` tells what is wrong
            return (_EMULATOR_NOTICE,) if resolve(configuration, os.environ).emulated else ()
        return ()

    def secrets(self, configuration: Any) -> Iterable[str]:
        """Return the keys that the configuration and the environment hold."""
        return secrets_of(configuration, os.environ)

    @classmethod
    def serve_emulator(cls, host: str, port: int, database: Path | None, ready: Callable[[str], None]) -> None:
        """Serve the emulator until interrupted; call `ready` with its address once it listens."""
        from providers.openai.emulator import serve

        app = open_emulator(database)
        try:
            serve(app, host=host, port=port, ready=ready)
        except (OSError, ValueError) as error:
            raise failure("Emulator cannot listen", f"{host}:{port} cannot be listened on: {error}.") from None
