"""`POST /v1/realtime/sessions`: the retired beta endpoint, as it is still documented.

The live service answers that there is no such address; `beta_sessions=False` does the same.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from providers.openai.emulator.bodies import parse_json, read_body, require_media_type
from providers.openai.emulator.client_secrets import issue_secret, new_session_id
from providers.openai.emulator.effective import effective_beta_session
from providers.openai.emulator.keys import Keyring
from providers.openai.emulator.requests import BETA_SESSION
from providers.openai.emulator.shapes import check
from providers.openai.emulator.store import Store

DEFAULT_SECONDS = 60


def session_routes(store: Store, clock: Callable[[], float], keys: Keyring) -> list[Route]:
    """Return the routes of this family of endpoints."""

    async def create(request: Request) -> Response:
        keys.require_standard(request)
        require_media_type(request, "application/json")
        body = await read_body(request)
        wanted = parse_json(body)
        check(BETA_SESSION, wanted, "")
        session = effective_beta_session(wanted, new_session_id())
        life = wanted.get("client_secret", {}).get("expires_after", {})
        issued = issue_secret(store, "session", session, body, clock(), life.get("seconds", DEFAULT_SECONDS))
        return JSONResponse({**session, "client_secret": issued})

    return [Route("/v1/realtime/sessions", create, methods=["POST"])]
