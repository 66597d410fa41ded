"""Open the way to the API: the network, this machine, or the emulator inside this process.

The only place that makes an HTTP client; httpx is imported here, when the first request is made.
"""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from providers.errors import failure
from providers.openai.configuration import EMULATOR, Settings, is_loopback

if TYPE_CHECKING:
    import httpx
    from starlette.applications import Starlette

CONNECT_TIMEOUT = 5.0
EMULATOR_ADDRESS = "http://emulator.invalid/v1"  # never looked up: requests do not leave the process


def address_of(settings: Settings) -> str:
    """Return the address that paths are appended to."""
    return EMULATOR_ADDRESS if settings.base_url == EMULATOR else settings.base_url


def open_http(settings: Settings, directory: Path) -> "httpx.AsyncClient":
    """Return a client for one run. Proxies of the environment are used, except for this machine and the emulator.

    Raises ProviderError when the environment's network settings, or the emulator's file, cannot be used.
    """
    import httpx

    timeout = httpx.Timeout(settings.timeout, connect=min(CONNECT_TIMEOUT, settings.timeout))
    transport = _direct_transport(settings, directory)
    try:
        return httpx.AsyncClient(transport=transport, timeout=timeout, follow_redirects=False)
    except (ImportError, OSError, ValueError, httpx.InvalidURL):  # not quoted: a proxy's address may hold a password
        detail = (
            "The network settings of the environment cannot be used. Check the proxy in HTTPS_PROXY and ALL_PROXY, "
            "which must be an http:// or https:// URL, and the certificates in SSL_CERT_FILE and SSL_CERT_DIR."
        )
        raise failure("Invalid network settings", detail) from None


def _direct_transport(settings: Settings, directory: Path) -> "httpx.AsyncBaseTransport | None":
    """Return a transport that knows no proxy, or None when the environment's proxies should be used."""
    import httpx

    if settings.emulated:
        return httpx.ASGITransport(open_emulator(directory / ".rtf" / "emulator.sqlite"), raise_app_exceptions=False)
    if is_loopback(urlsplit(settings.base_url).hostname or ""):
        return httpx.AsyncHTTPTransport()
    return None


def open_emulator(database: Path | None) -> "Starlette":
    """Return the emulator, whose objects are kept in `database`, or in memory when it is None.

    Raises ProviderError when they cannot be kept there.
    """
    from providers.openai.emulator import DatabaseUnusable, create_app

    try:
        if database is not None:
            database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return create_app(database)
    except (OSError, DatabaseUnusable) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        detail = f"The emulator keeps its objects in {database}, which cannot be used: {reason}"
        raise failure("Emulator cannot keep its objects", f"{detail.rstrip('.')}.") from None
