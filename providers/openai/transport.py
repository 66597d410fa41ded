"""Open the way to the API: the network, this machine, or the emulator inside this process.

The only place that makes an HTTP client; httpx is imported here, when the first request is made.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from providers.errors import failure
from providers.openai.configuration import EMULATOR, Settings, is_loopback

if TYPE_CHECKING:
    import httpx

CONNECT_TIMEOUT = 5.0
EMULATOR_ADDRESS = "http://emulator.invalid/v1"  # never looked up: requests do not leave the process


def address_of(settings: Settings) -> str:
    """Return the address that paths are appended to."""
    return EMULATOR_ADDRESS if settings.base_url == EMULATOR else settings.base_url


def open_http(settings: Settings, directory: Path) -> "httpx.AsyncClient":
    """Return a client for one run. Proxies of the environment are used, except for this machine and the emulator."""
    import httpx

    timeout = httpx.Timeout(settings.timeout, connect=min(CONNECT_TIMEOUT, settings.timeout))
    return httpx.AsyncClient(transport=_direct_transport(settings, directory), timeout=timeout, follow_redirects=False)


def _direct_transport(settings: Settings, directory: Path) -> "httpx.AsyncBaseTransport | None":
    """Return a transport that knows no proxy, or None when the environment's proxies should be used."""
    import httpx

    if settings.emulated:
        return httpx.ASGITransport(_emulator(directory / ".rtf"), raise_app_exceptions=False)
    if is_loopback(urlsplit(settings.base_url).hostname or ""):
        return httpx.AsyncHTTPTransport()
    return None


def _emulator(folder: Path) -> Any:
    from providers.openai.emulator import create_app

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        detail = f"The emulator keeps its objects in {folder}, which cannot be made: {error.strerror}."
        raise failure("Cannot write the emulator's database", detail, "base_url") from None
    return create_app(folder / "emulator.sqlite")
