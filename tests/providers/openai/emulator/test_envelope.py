"""What is around every answer: addresses, methods, keys, headers, bounds."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from providers.openai.emulator import create_app
from tests.providers.openai.emulator.support import CALLS, KEY, SECRETS, SESSIONS, Clock, ask, error_of, objects

ADMIN = "sk-admin-0123456789abcdefghijkl"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("POST", "/", id="root"),
        pytest.param("POST", "/realtime/client_secrets", id="without a version"),
        pytest.param("POST", f"{SECRETS}/", id="slash at the end"),
        pytest.param("POST", "/v1/realtime/transcription_sessions", id="retired"),
        pytest.param("DELETE", f"{CALLS}/rtc_1", id="no such thing"),
        pytest.param("POST", f"{CALLS}/a/b/hangup", id="too long"),
    ],
)
def test_an_unknown_address_is_not_found(method: str, path: str) -> None:
    answer = ask(create_app(), path, method)
    assert answer.status_code == 404
    assert error_of(answer)["message"] == f"Invalid URL ({method} {path})"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_wrong_method_is_told_the_right_one(method: str) -> None:
    answer = ask(create_app(), SECRETS, method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert error_of(answer)["code"] == "method_not_supported"


@pytest.mark.parametrize("path", [SECRETS, SESSIONS, CALLS, f"{CALLS}/rtc_1/hangup"])
@pytest.mark.parametrize(
    ("authorization", "words"),
    [
        pytest.param(None, "Missing bearer authentication", id="none"),
        pytest.param("Basic dXNlcjpwYXNz", "Missing bearer authentication", id="another scheme"),
        pytest.param("Bearer  ", "Missing bearer authentication", id="blank"),
        pytest.param(f"Bearer {ADMIN}", "admin API key", id="admin key"),
        pytest.param("Bearer ek_0123456789abcdef0123456789", "ek_***6789", id="unknown ephemeral key"),
        pytest.param("Bearer sk-another-key-0123456789abcdef", "sk-***cdef", id="another key"),
        pytest.param("Bearer short", "***", id="short key"),
    ],
)
def test_a_request_without_a_good_key_is_unauthorized(path: str, authorization: str | None, words: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = ask(create_app(api_keys=[KEY]), path, key=None, headers=headers)
    error = error_of(answer)
    assert (answer.status_code, error["type"], error["code"]) == (401, "invalid_request_error", "invalid_api_key")
    assert words in error["message"]
    _, _, key = (authorization or "").partition(" ")
    assert not key.strip() or key not in answer.text


def test_any_key_is_good_unless_keys_are_named() -> None:
    assert ask(create_app(), SECRETS, key="anything", json={}).status_code == 200
    assert ask(create_app(api_keys=[KEY]), SECRETS, json={}).status_code == 200
    assert ask(create_app(api_keys=[]), SECRETS, json={}).status_code == 401


@pytest.mark.parametrize("path", [SECRETS, CALLS, f"{CALLS}/rtc_1/hangup"])
def test_the_beta_header_is_refused(path: str) -> None:
    answer = ask(create_app(), path, headers={"OpenAI-Beta": "assistants=v2, realtime=v1"})
    assert (answer.status_code, error_of(answer)["code"]) == (400, "beta_api_shape_disabled")


def test_the_beta_endpoint_takes_the_beta_header() -> None:
    assert ask(create_app(), SESSIONS, json={}, headers={"OpenAI-Beta": "realtime=v1"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "request_", "status"),
    [
        pytest.param(SECRETS, {"json": {}}, 200, id="success"),
        pytest.param(SECRETS, {"json": []}, 400, id="refused"),
        pytest.param(SECRETS, {"key": None}, 401, id="unauthorized"),
        pytest.param("/v1/nothing", {}, 404, id="not found"),
        pytest.param(SECRETS, {"method": "GET"}, 405, id="wrong method"),
    ],
)
def test_every_answer_has_the_headers_of_the_api(path: str, request_: dict[str, Any], status: int) -> None:
    answer = ask(create_app(clock=Clock(784_111_777.0)), path, **request_)
    assert answer.status_code == status
    assert answer.headers["date"] == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert answer.headers["x-request-id"].startswith("req_")
    assert answer.headers["openai-processing-ms"].isdigit()
    assert answer.headers["openai-version"] == "2020-10-01"
    for what in ("requests", "tokens"):
        assert {f"x-ratelimit-{kind}-{what}" for kind in ("limit", "remaining", "reset")} <= set(answer.headers)


def test_no_two_answers_have_the_same_request_id() -> None:
    app = create_app()
    assert len({ask(app, SECRETS, json={}).headers["x-request-id"] for _ in range(3)}) == 3


def nested(depth: int) -> str:
    inner = '{"a":' * depth + "1" + "}" * depth
    return f'{{"session":{{"type":"realtime","tracing":{{"metadata":{inner}}}}}}}'


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param("", 400, id="empty"),
        pytest.param("{", 400, id="cut off"),
        pytest.param(b"\xff", 400, id="not text"),
        pytest.param('{"session": {"type": "realtime", "instructions": "\\ud800"}}', 400, id="half a character"),
        pytest.param('{"session": {"type": "realtime", "instructions": "\\ud83d\\ude00"}}', 200, id="a whole one"),
        pytest.param('{"expires_after": {"seconds": NaN}}', 400, id="not a number"),
        pytest.param(nested(1).replace("1}", "1e999}"), 400, id="too large a number"),
        pytest.param('{"expires_after": {"seconds": ' + "9" * 5000 + "}}", 400, id="far too large a number"),
        pytest.param(nested(61), 200, id="deep"),
        pytest.param(nested(62), 400, id="too deep"),
        pytest.param(nested(100_000), 400, id="far too deep"),
        pytest.param("{}" + " " * (1024 * 1024 - 2), 200, id="large"),
        pytest.param("{}" + " " * (1024 * 1024 - 1), 413, id="too large"),
    ],
)
def test_bodies_are_bounded(body: str | bytes, status: int) -> None:
    answer = ask(create_app(), SECRETS, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    if status != 200:
        assert error_of(answer)["type"] == "invalid_request_error"


def test_a_large_body_without_a_length_is_bounded_too() -> None:
    async def chunks() -> Any:
        for _ in range(20):
            yield b" " * 65536

    answer = ask(create_app(), SECRETS, content=chunks(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_headers_are_bounded() -> None:
    assert ask(create_app(), SECRETS, json={}, headers={"X-Large": "x" * 60_000}).status_code == 200
    answer = ask(create_app(), SECRETS, json={}, headers={"X-Large": "x" * 66_000})
    assert (answer.status_code, error_of(answer)["type"]) == (431, "invalid_request_error")


@pytest.mark.parametrize("type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken_where_json_is_wanted(type: str) -> None:
    answer = ask(create_app(), SECRETS, content="{}", headers={"Content-Type": type})
    assert (answer.status_code, error_of(answer)["code"]) == (400, "unsupported_content_type")


def test_the_listing_counts_requests_by_route() -> None:
    app = create_app()
    ask(app, SECRETS, json={})
    ask(app, SECRETS, json={})
    ask(app, SECRETS, json=[])
    ask(app, f"{CALLS}/rtc_1/hangup")
    ask(app, "/v1/nothing")
    objects(app)
    listed = objects(app)
    assert listed["counts"]["requests"] == 5
    assert listed["requests"] == [
        {"request": "(no endpoint)", "status": 404, "count": 1},
        {"request": "POST /v1/realtime/calls/{call_id}/hangup", "status": 404, "count": 1},
        {"request": "POST /v1/realtime/client_secrets", "status": 200, "count": 2},
        {"request": "POST /v1/realtime/client_secrets", "status": 400, "count": 1},
    ]


def test_the_listing_shows_no_secret() -> None:
    app = create_app()
    tool = {
        "type": "mcp",
        "server_label": "x",
        "server_url": "https://example.com",
        "authorization": "hush-1",
        "headers": {"X": "hush-2"},
    }
    value = ask(app, SECRETS, json={"session": {"type": "realtime", "tools": [tool]}}).json()["value"]
    shown = json.dumps(objects(app))
    assert "https://example.com" in shown
    assert not [word for word in (value, KEY, "hush-1", "hush-2") if word in shown]


def test_the_listing_is_for_this_machine_only() -> None:
    async def from_afar() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(), client=("203.0.113.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://emulator.invalid") as client:
            return await client.get("/_emulator/objects")

    assert asyncio.run(from_afar()).status_code == 403
