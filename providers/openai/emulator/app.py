"""Compose the emulator: one file per family of endpoints, the faults in front of them, the envelope around.

A new family is one more list of routes here.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from providers.openai.emulator.calls import call_routes
from providers.openai.emulator.client_secrets import client_secret_routes
from providers.openai.emulator.envelope import Envelope
from providers.openai.emulator.faults import Fault, FaultInjection
from providers.openai.emulator.keys import Keyring
from providers.openai.emulator.listing import listing_routes
from providers.openai.emulator.problems import Refused, error_answer, unknown_address, wrong_method
from providers.openai.emulator.sessions import session_routes
from providers.openai.emulator.store import Store


def create_app(
    database: Path | None = None,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    api_keys: Collection[str] | None = None,
    beta_sessions: bool = True,
    faults: Iterable[Fault] = (),
    faults_by_header: bool = False,
    latency: float = 0.0,
) -> Starlette:
    """Return the emulator as an application; its addresses begin with /v1.

    Objects are kept in the file `database`, or as long as the application when it is None. `api_keys` are the
    standard keys accepted; None accepts any. `latency` seconds are waited before every request; for what may go
    wrong see Fault. Raises OSError when the file cannot be opened and DatabaseUnusable when it holds something else.
    """
    store = Store(database)
    keys = Keyring(api_keys)
    routes = [
        *client_secret_routes(store, clock, keys),
        *call_routes(store, clock, keys),
        *(session_routes(store, clock, keys) if beta_sessions else ()),
        *listing_routes(store, clock),
    ]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Envelope, routes, store, clock),
            Middleware(FaultInjection, faults, faults_by_header, latency, sleep),
        ],
        exception_handlers={Refused: _refused, HTTPException: _not_routed},
    )
    app.router.redirect_slashes = False  # the API knows no such address, with a slash at its end
    app.state.store = store
    return app


def _refused(request: Request, problem: Exception) -> Response:
    if not isinstance(problem, Refused):
        raise problem
    return error_answer(problem)


def _not_routed(request: Request, problem: Exception) -> Response:
    """Answer the router's own refusals, of an address or of a method, in the shape of the API."""
    if not isinstance(problem, HTTPException):
        raise problem
    if problem.status_code == 405:
        return error_answer(wrong_method(request, (problem.headers or {}).get("Allow", "POST")))
    return error_answer(unknown_address(request.method, request.url.path))
