"""Clients for tests: on a function that answers, on the emulator, and on a raw server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from providers.openai.client import Client
from providers.openai.configuration import Settings

NOW = 1_795_000_000.0  # 2026-11-18T15:06:40Z


@dataclass
class Recorder:
    """Answers requests one after the other and keeps them; the last answer repeats."""

    answers: list[httpx.Response | Exception] = field(default_factory=lambda: [httpx.Response(200, json={})])
    requests: list[httpx.Request] = field(default_factory=list)
    sleeps: list[float] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        found = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(found, Exception):
            raise found
        return httpx.Response(found.status_code, headers=found.headers, content=found.content)

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)


def client_on(recorder: Recorder, *, jitter: float = 0.0, **settings: Any) -> Client:
    """Return a client whose requests go to `recorder`."""
    return Client(
        Settings(**{"api_key": "sk-test-key", **settings}),
        Path(),
        open_http=lambda _settings, _directory: httpx.AsyncClient(transport=httpx.MockTransport(recorder.answer)),
        sleep=recorder.sleep,
        jitter=lambda: jitter,
        clock=lambda: NOW,
    )


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(talk: Talk, *, reads: bool = True) -> AsyncIterator[int]:
    """Serve `talk` on a port of this machine, which is given. Unless `reads` is False, the request is read first."""
    conversations: set[asyncio.Task[Any] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversations.add(asyncio.current_task())
        # The client may go away first, as some tests want it.
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            if reads:
                await _read_request(reader)
            await talk(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        await asyncio.gather(*filter(None, conversations))


async def _read_request(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    await reader.readexactly(int(lengths[0]) if lengths else 0)
