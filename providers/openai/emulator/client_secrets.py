"""`POST /v1/realtime/client_secrets`: ephemeral keys for realtime and transcription sessions."""

import secrets
import string
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from providers.openai.emulator.bodies import parse_json, read_body, require_media_type
from providers.openai.emulator.effective import effective_session
from providers.openai.emulator.keys import EPHEMERAL, Keyring, refuse_beta
from providers.openai.emulator.requests import CLIENT_SECRET
from providers.openai.emulator.shapes import check
from providers.openai.emulator.store import Secret, Store, digest

DEFAULT_SECONDS = 600


def client_secret_routes(store: Store, clock: Callable[[], float], keys: Keyring) -> list[Route]:
    """Return the routes of this family of endpoints."""

    async def create(request: Request) -> Response:
        keys.require_standard(request)
        refuse_beta(request)
        require_media_type(request, "application/json")
        body = await read_body(request)
        wanted = parse_json(body)
        check(CLIENT_SECRET, wanted, "")
        session = effective_session(wanted.get("session", {"type": "realtime"}), new_session_id())
        seconds = wanted.get("expires_after", {}).get("seconds", DEFAULT_SECONDS)
        issued = issue_secret(store, "client_secret", session, body, clock(), seconds)
        return JSONResponse({**issued, "session": session})

    return [Route("/v1/realtime/client_secrets", create, methods=["POST"])]


def new_session_id() -> str:
    """Return the id of a session nobody has used."""
    return "sess_" + "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(21))


def issue_secret(
    store: Store, kind: str, session: dict[str, Any], body: bytes, now: float, seconds: int
) -> dict[str, Any]:
    """Make an ephemeral key for `session`, good for `seconds`; return its value and when it expires."""
    value = EPHEMERAL + secrets.token_hex(16)
    expires_at = int(now) + seconds
    store.add_secret(Secret(digest(value), kind, session, digest(body), now, expires_at))
    return {"value": value, "expires_at": expires_at}
