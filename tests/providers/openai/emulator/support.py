"""Ways to ask an emulator: in process, and by the schemas of the OpenAPI document."""

import asyncio
import copy
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from starlette.applications import Starlette

KEY = "sk-test-key-0123456789abcdef"
NOW = 1_795_363_200.0  # 2026-11-22T20:00:00Z
SECRETS = "/v1/realtime/client_secrets"
CALLS = "/v1/realtime/calls"
SESSIONS = "/v1/realtime/sessions"
OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"


@dataclass
class Clock:
    """Shows the time it was set to."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


def ask(app: Starlette, path: str, method: str = "POST", *, key: str | None = KEY, **request: Any) -> httpx.Response:
    """Return what `app` answers to one request."""
    headers = {**({"Authorization": f"Bearer {key}"} if key else {}), **request.pop("headers", {})}

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://emulator.invalid") as client:
            return await client.request(method, path, headers=headers, **request)

    return asyncio.run(send())


def call(app: Starlette, session: Any = None, sdp: str | bytes = OFFER, **request: Any) -> httpx.Response:
    """Return what `app` answers to a call made with a form, as the official SDK makes it."""
    parts: dict[str, Any] = {"sdp": (None, sdp, "application/sdp")}
    if session is not None:
        parts["session"] = (None, json.dumps(session), "application/json")
    return ask(app, CALLS, files=parts, **request)


def objects(app: Starlette) -> Any:
    """Return the listing of what `app` made."""
    return ask(app, "/_emulator/objects", "GET", key=None).json()


def error_of(answer: httpx.Response) -> dict[str, Any]:
    """Return the error in an answer, which has the shape of the API."""
    assert_valid("ErrorResponse", answer.json())
    found: dict[str, Any] = answer.json()["error"]
    return found


@cache
def _components() -> dict[str, Any]:
    path = Path(__file__).parent.parent / "openai-realtime.openapi.json"
    loaded: dict[str, Any] = json.loads(path.read_text())["components"]
    return loaded


def assert_valid(schema: str, value: Any) -> None:
    """Fail unless `value` is what the OpenAPI document calls `schema`."""
    document = {"$ref": f"#/components/schemas/{schema}", "components": copy.copy(_components())}
    problems = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(document).iter_errors(value)]
    assert not problems, problems
