"""Put around every answer what the API puts around it: headers, and an error shape for whatever goes wrong.

Nothing is limited here: the rate headers are those of an account that has all of its quota left.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from email.utils import formatdate

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from providers.openai.emulator.problems import Refused, error_answer, server_failure
from providers.openai.emulator.store import Store

MAX_HEADERS = 64 * 1024
ELSEWHERE = "(no endpoint)"  # a wrong address or method
_CONSTANT_HEADERS = {
    "openai-version": "2020-10-01",
    "x-ratelimit-limit-requests": "10000",
    "x-ratelimit-remaining-requests": "9999",
    "x-ratelimit-reset-requests": "6ms",
    "x-ratelimit-limit-tokens": "2000000",
    "x-ratelimit-remaining-tokens": "2000000",
    "x-ratelimit-reset-tokens": "0s",
}


class Envelope:
    """The outermost layer: adds the headers of the API and counts requests."""

    def __init__(self, app: ASGIApp, routes: Sequence[Route], store: Store, clock: Callable[[], float]) -> None:
        self._app = app
        self._routes = routes
        self._store = store
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._count(scope, status)  # first, so that whoever has the answer finds it counted
                _add_headers(message, self._clock(), time.perf_counter() - started)
            await send(message)

        try:
            await self._answer(scope, receive, send_with_headers)
        except ClientDisconnect:
            pass  # nobody is left to answer
        except Exception as error:
            if not status and not isinstance(error, ConnectionError):
                await error_answer(server_failure())(scope, receive, send_with_headers)
            raise
        finally:
            if not status:
                self._count(scope, 0)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADERS:
            problem = Refused(431, f"The request headers are larger than {MAX_HEADERS} bytes.")
            await error_answer(problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _count(self, scope: Scope, status: int) -> None:
        """Count the request under its route, so that there are no more lines than routes."""
        if scope["path"].startswith("/_emulator/"):
            return
        matching = (route for route in self._routes if route.matches(scope)[0] is Match.FULL)
        route = next(matching, None)
        line = ELSEWHERE if route is None else f"{scope['method']} {route.path}"
        self._store.count_request(line, status)


def _add_headers(message: Message, now: float, seconds: float) -> None:
    headers = MutableHeaders(scope=message)
    headers["x-request-id"] = f"req_{secrets.token_hex(16)}"
    headers["openai-processing-ms"] = str(int(seconds * 1000))
    headers["date"] = formatdate(now, usegmt=True)
    for name, value in _CONSTANT_HEADERS.items():
        headers.setdefault(name, value)  # a fault may have its own
