"""Serve the emulator on a port of this machine, in the foreground or beside the caller.

It says nothing on its own: no access log, no bodies, no keys; faults of its own code go to the log `uvicorn.error`.
"""

import asyncio
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from providers.openai.emulator.faults import ABORT

DEFAULT_HOST = "127.0.0.1"
STOP_SECONDS = 2  # how long requests under way are waited for


class _Protocol(H11Protocol):
    """Lets the application close its connection without an answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, ABORT: transport.abort}


class _Server(uvicorn.Server):
    """Reports when it listens. A signal ends it in good order, and the process is then left to its owner."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def serve(
    app: Starlette, *, host: str = DEFAULT_HOST, port: int = 0, ready: Callable[[str], None] | None = None
) -> None:
    """Serve `app` until SIGINT or SIGTERM, then return. Port 0 is any free one.

    `ready` is called with the base URL, ending in /v1, once connections are accepted. Raises OSError when the port
    cannot be had and ValueError when `host` is not this machine's own address.
    """
    listener = _listen(host, port)
    server = _Server(_config(app), lambda: ready(_base_url(listener)) if ready else None)
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()


@contextmanager
def running(app: Starlette, *, host: str = DEFAULT_HOST, port: int = 0) -> Iterator[str]:
    """Serve `app` in a thread while the context lasts; gives the base URL, ending in /v1."""
    listener = _listen(host, port)
    listening = threading.Event()
    server = _Server(_config(app), listening.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="emulator", daemon=True)
    thread.start()
    try:
        listening.wait()
        yield _base_url(listener)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _listen(host: str, port: int) -> socket.socket:
    address = ipaddress.ip_address(DEFAULT_HOST if host == "localhost" else host)
    if not address.is_loopback:
        raise ValueError(f"{host} is not an address of this machine alone, and the emulator accepts any key")
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    return socket.create_server((str(address), port), family=family)


def _base_url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/v1"


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="error",
        server_header=False,
        date_header=False,  # the application has a clock of its own
        h11_max_incomplete_event_size=128 * 1024,  # too many headers are for the application to refuse
        timeout_graceful_shutdown=STOP_SECONDS,
    )
