"""`GET /_emulator/objects`: what the emulator has made so far. Its own, no part of the API.

For tests and curious people on the same machine. It never shows a key, an offer or the credentials of a tool.

    {"counts": {"requests": 3, "secrets": 1, "calls": {"live": 1, "ended": 0}},
     "requests": [{"request": "POST /v1/realtime/calls", "status": 201, "count": 1}, ...],
     "secrets": [{"kind", "session_id", "status", "created_at", "expires_at", "request_sha256", "session"}, ...],
     "calls": [{"id", "status", "created_at", "ends_at", "ended_at", "sdp_sha256", "session"}, ...]}
"""

import ipaddress
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from providers.openai.emulator.problems import Refused
from providers.openai.emulator.store import Store


def listing_routes(store: Store, clock: Callable[[], float]) -> list[Route]:
    """Return the one route of the emulator's own."""

    async def objects(request: Request) -> Response:
        if not _from_this_machine(request):
            raise Refused(403, "The objects of the emulator are shown on its own machine only.")
        found = store.listing(clock())
        live = sum(call["status"] == "live" for call in found["calls"])
        counts = {
            "requests": sum(row["count"] for row in found["requests"]),
            "secrets": len(found["secrets"]),
            "calls": {"live": live, "ended": len(found["calls"]) - live},
        }
        return JSONResponse({"counts": counts, **found})

    return [Route("/_emulator/objects", objects, methods=["GET"])]


def _from_this_machine(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
