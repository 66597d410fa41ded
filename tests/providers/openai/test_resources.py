"""What the resource types make of answers."""

from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from providers.errors import OutcomeUnknown, ProviderError
from providers.openai.resources.call import Call
from providers.openai.resources.client_secret import ClientSecret
from providers.openai.resources.session import BetaSession
from tests.providers.openai.clients import NOW, Recorder, client_on

OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n"
ANSWER = "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\na=ice-pwd:é\r\n"
SESSION = {"type": "realtime", "model": "gpt-realtime-2.1"}


def secret_answer(**changes: Any) -> dict[str, Any]:
    session = {"id": "sess_1", "type": "realtime", "object": "realtime.session", "expires_at": 0, "voice": "alloy"}
    return {"value": "ek_1", "expires_at": 1795000600, "session": session, **changes}


def test_a_client_secret_keeps_configured_and_effective_session_apart(run: Callable[[Any], Any]) -> None:
    tools = [
        {"type": "mcp", "server_label": "a", "authorization": "canary", "headers": {"X": "canary"}},
        {"type": "function"},
    ]
    session = {**secret_answer()["session"], "tools": tools}
    made = run(
        ClientSecret.load({"session": SESSION}).create(
            client_on(Recorder([httpx.Response(200, json=secret_answer(session=session))]))
        )
    )
    assert made.data() == {
        "session": SESSION,
        "id": "sess_1",
        "value": "ek_1",
        "expires_at": 1795000600,
        "effective_session": {**session, "tools": [{"type": "mcp", "server_label": "a"}, {"type": "function"}]},
    }
    assert ClientSecret.expiry(made.data()) == 1795000600
    assert ClientSecret.expiry({}) is None


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        pytest.param({}, "session.id", id="empty"),
        pytest.param(secret_answer(value=None), "value", id="no secret"),
        pytest.param(secret_answer(value=""), "value", id="blank secret"),
        pytest.param(secret_answer(expires_at="soon"), "expires_at", id="expiry a text"),
        pytest.param(secret_answer(expires_at=True), "expires_at", id="expiry a bool"),
        pytest.param(secret_answer(session="x"), "session.id", id="session a text"),
    ],
)
def test_an_incomplete_answer_leaves_the_outcome_open(answer: Any, missing: str, run: Callable[[Any], Any]) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        run(ClientSecret.load({}).create(client_on(Recorder([httpx.Response(200, json=answer)]))))
    assert f'"{missing}"' in caught.value.problems[0].detail
    assert "ek_" not in str(caught.value)


def created(location: str | None, **headers: str) -> Recorder:
    given = {**({} if location is None else {"Location": location}), **headers}
    return Recorder([httpx.Response(201, content=ANSWER.encode(), headers=given), httpx.Response(200)])


@pytest.mark.parametrize(
    ("location", "call_id"),
    [
        pytest.param("/v1/realtime/calls/rtc_479a", "rtc_479a", id="as seen"),
        pytest.param("/realtime/calls/rtc_u1_9c65?x=1#y", "rtc_u1_9c65", id="query and fragment"),
        pytest.param("calls/rtc_1/", "rtc_1", id="relative"),
        pytest.param("https://api.openai.com/v1/realtime/calls/rtc_1/x", "rtc_1", id="absolute"),
        pytest.param("https://api.openai.com:443/v1/realtime/calls/rtc_1", "rtc_1", id="absolute with port"),
        pytest.param("https://evil.example.com/v1/realtime/calls/rtc_1", None, id="another server"),
        pytest.param("//evil.example.com/v1/realtime/calls/rtc_1", None, id="another server, scheme left out"),
        pytest.param("http://api.openai.com/v1/realtime/calls/rtc_1", None, id="another scheme"),
        pytest.param("https://api.openai.com:x/calls/rtc_1", None, id="no URL"),
        pytest.param("/v1/realtime/rtc_1", None, id="not below calls"),
        pytest.param("/v1/realtime/calls", None, id="no id"),
        pytest.param("/v1/realtime/calls/", None, id="empty id"),
        pytest.param("/v1/realtime/calls/%2e%2e", None, id="encoded dots"),
        pytest.param("/v1/realtime/calls/rtc%201", None, id="a blank"),
        pytest.param(f"/v1/realtime/calls/{'x' * 257}", None, id="too long"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="missing"),
    ],
)
def test_the_call_id_is_taken_from_location(
    location: str | None, call_id: str | None, run: Callable[[Any], Any]
) -> None:
    call = Call.load({"sdp": OFFER, "session": SESSION})
    client = client_on(created(location))
    if call_id is not None:
        made = run(call.create(client))
        assert (made.id, made.call_id, made.sdp_answer) == (call_id, call_id, ANSWER)
        assert made.data()["sdp"] == OFFER
        return
    with pytest.raises(OutcomeUnknown) as caught:
        run(call.create(client))
    assert "ends by itself" in caught.value.problems[0].detail


@pytest.mark.parametrize(
    ("date", "created_at"),
    [
        pytest.param(formatdate(NOW + 5, usegmt=True), NOW + 5, id="the server's clock"),
        pytest.param(formatdate(NOW - 3600, usegmt=True), NOW - 3600, id="our clock is an hour fast"),
        pytest.param(formatdate(0, usegmt=True), NOW, id="absurd"),
        pytest.param("yesterday", NOW, id="no date"),
        pytest.param("", NOW, id="missing"),
    ],
)
def test_a_call_begins_by_the_servers_clock_and_ends_after_an_hour(
    date: str, created_at: float, run: Callable[[Any], Any]
) -> None:
    made = run(
        Call.load({"sdp": OFFER, "session": SESSION}).create(client_on(created("/v1/realtime/calls/rtc_1", Date=date)))
    )
    assert made.created_at == created_at
    assert Call.expiry(made.data()) == created_at + 3600


@pytest.mark.parametrize(
    ("status", "code", "gone"),
    [
        pytest.param(200, None, True, id="hung up"),
        pytest.param(404, "call_id_not_found", True, id="over already"),
        pytest.param(400, "call_id_not_found", True, id="over already, said otherwise"),
        pytest.param(404, None, False, id="another 404"),
        pytest.param(400, "invalid_value", False, id="another 400"),
        pytest.param(401, "invalid_api_key", False, id="wrong key"),
        pytest.param(403, None, False, id="forbidden"),
        pytest.param(500, None, False, id="server error"),
    ],
)
def test_hanging_up(status: int, code: str | None, gone: bool, run: Callable[[Any], Any]) -> None:
    body = {"error": {"message": "m", "type": "t", "param": "", "code": code}} if status >= 400 else None
    recorder = Recorder([httpx.Response(status, json=body) if body else httpx.Response(status)])
    deletion = Call.from_state({"call_id": "rtc_1", "sdp": "anything"}).delete(client_on(recorder))
    if gone:
        run(deletion)
    else:
        with pytest.raises(ProviderError):
            run(deletion)
    assert recorder.requests[0].url.path == "/v1/realtime/calls/rtc_1/hangup"
    assert recorder.requests[0].content == b""


def test_hanging_up_again_after_a_lost_answer_finds_the_call_over(run: Callable[[Any], Any]) -> None:
    gone = httpx.Response(404, json={"error": {"message": "m", "code": "call_id_not_found"}})
    recorder = Recorder([httpx.ReadError("reset"), gone])
    run(Call.from_state({"call_id": "rtc_1"}).delete(client_on(recorder)))
    assert len(recorder.requests) == 2


@pytest.mark.parametrize("call_id", ["", ".", "..", "a/b", "a b", None])
def test_a_broken_call_id_is_never_put_into_an_address(call_id: str | None, run: Callable[[Any], Any]) -> None:
    recorder = Recorder()
    with pytest.raises(ProviderError):
        run(Call.from_state({"call_id": call_id}).delete(client_on(recorder)))
    assert recorder.requests == []


BETA_ANSWER = {
    "id": "sess_001",
    "object": "realtime.session",
    "model": "gpt-realtime-2025-08-25",
    "turn_detection": None,
    "client_secret": {"value": "ek_abc123", "expires_at": 1234567890},
}


def test_a_beta_session_names_its_key_as_a_client_secret_does(run: Callable[[Any], Any]) -> None:
    configured = {"model": "gpt-realtime", "client_secret": {"expires_after": {"anchor": "created_at", "seconds": 60}}}
    made = run(BetaSession.load(configured).create(client_on(Recorder([httpx.Response(200, json=BETA_ANSWER)]))))
    assert made.data() == {
        **configured,
        "id": "sess_001",
        "value": "ek_abc123",
        "expires_at": 1234567890,
        "effective_session": {name: BETA_ANSWER[name] for name in ("id", "object", "model", "turn_detection")},
    }
    assert BetaSession.expiry(made.data()) == 1234567890


@pytest.mark.parametrize(
    ("status", "message", "code", "retired"),
    [
        pytest.param(404, "Invalid URL (POST /v1/realtime/sessions)", None, True, id="as the live API answers"),
        pytest.param(400, "The beta is over", "beta_api_shape_disabled", True, id="as it answered before"),
        pytest.param(404, "The model does not exist", "model_not_found", False, id="another 404"),
        pytest.param(401, "Wrong key", "invalid_api_key", False, id="wrong key"),
    ],
)
def test_the_retired_endpoint_names_its_replacement(
    status: int, message: str, code: str | None, retired: bool, run: Callable[[Any], Any]
) -> None:
    recorder = Recorder([httpx.Response(status, json={"error": {"message": message, "code": code, "param": None}})])
    with pytest.raises(ProviderError) as caught:
        run(BetaSession.load({"model": "gpt-realtime"}).create(client_on(recorder)))
    assert ("openai_realtime_client_secret" in caught.value.problems[0].detail) is retired


def test_a_key_that_is_forgotten_before_it_ends_is_told() -> None:
    problem = ClientSecret.remains({"expires_at": 1_800_000_000}, now=1_799_999_999.0)
    assert problem is not None
    assert problem.severity == "warning"
    assert "until 2027-01-15T08:00:00Z" in problem.detail
    assert ClientSecret.remains({"expires_at": 1_800_000_000}, now=1_800_000_000.0) is None
