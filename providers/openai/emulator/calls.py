"""`POST /v1/realtime/calls` and its hangup: WebRTC calls, made from an SDP offer.

A form brings the session's settings beside the offer. A bare offer takes them from the ephemeral key it came
with, or, with a standard key, from the server's defaults and the `model` in the query.
"""

import secrets
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.openai.emulator.bodies import parse_form, parse_json, read_body, require_media_type
from providers.openai.emulator.client_secrets import new_session_id
from providers.openai.emulator.effective import effective_session
from providers.openai.emulator.keys import EPHEMERAL, Keyring, bearer, refuse_beta, unknown_ephemeral
from providers.openai.emulator.problems import Refused
from providers.openai.emulator.requests import CALL_SESSION
from providers.openai.emulator.sdp import answer_offer, read_offer
from providers.openai.emulator.shapes import check, missing_parameter
from providers.openai.emulator.store import Call, Store, digest

FORM = "multipart/form-data"
SDP = "application/sdp"
_PARTS = {"sdp": SDP, "session": "application/json"}


def call_routes(store: Store, clock: Callable[[], float], keys: Keyring) -> list[Route]:
    """Return the routes of this family of endpoints."""

    async def create(request: Request) -> Response:
        key = bearer(request)
        settings = store.session_of(key, clock()) if key.startswith(EPHEMERAL) else None
        if key.startswith(EPHEMERAL) and settings is None:
            raise unknown_ephemeral(key)
        if settings is None:
            keys.require_standard(request)
        refuse_beta(request)
        offer, session = await _read_call(request, keys, settings)
        answer = answer_offer(read_offer(offer))
        call_id = f"rtc_{secrets.token_hex(16)}"
        store.add_call(Call(call_id, session, digest(offer), clock()))
        return Response(answer, 201, {"Location": f"/v1/realtime/calls/{call_id}"}, SDP)

    async def hang_up(request: Request) -> Response:
        keys.require_standard(request)
        refuse_beta(request)
        await read_body(request)
        if not store.end_call(request.path_params["call_id"], clock()):
            raise Refused(404, "No session found for the provided call_id", param="", code="call_id_not_found")
        return Response(status_code=200)

    return [
        Route("/v1/realtime/calls", create, methods=["POST"]),
        Route("/v1/realtime/calls/{call_id}/hangup", hang_up, methods=["POST"]),
    ]


async def _read_call(request: Request, keys: Keyring, settings: dict[str, Any] | None) -> tuple[bytes, dict[str, Any]]:
    """Return the offer, byte for byte, and the session to run; `settings` are those of an ephemeral key."""
    if require_media_type(request, FORM, SDP) == SDP:
        model = request.query_params.get("model")
        defaults = {"type": "realtime", **({"model": model} if model else {})}
        return await read_body(request), settings or effective_session(defaults, new_session_id())
    keys.require_standard(request)  # a form brings settings of its own, which an ephemeral key may not
    parts = parse_form(await read_body(request), request.headers["content-type"], _PARTS)
    if "sdp" not in parts:
        raise missing_parameter("sdp")
    wanted = parse_json(parts["session"]) if "session" in parts else {"type": "realtime"}
    check(CALL_SESSION, wanted, "session")
    return parts["sdp"], effective_session(wanted, new_session_id())
