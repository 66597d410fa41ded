"""Calls: offers and their answers, who may make them, and how they end."""

import hashlib
import re
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from providers.openai.emulator import create_app
from tests.providers.openai.emulator.support import CALLS, NOW, OFFER, SECRETS, Clock, ask, call, error_of, objects

SESSION = {"type": "realtime", "model": "gpt-realtime-2.1"}
SDP = {"Content-Type": "application/sdp"}


def hang_up(app: Starlette, id: str) -> httpx.Response:
    return ask(app, f"{CALLS}/{id}/hangup")


def call_id(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    found = re.fullmatch("/v1/realtime/calls/(rtc_[0-9a-f]{32})", answer.headers["location"])
    assert found
    return found[1]


def secret(app: Starlette, **body: Any) -> str:
    value: str = ask(app, SECRETS, json=body).json()["value"]
    return value


def test_a_real_offer_arrives_byte_for_byte_and_is_answered_section_by_section(offer: str) -> None:
    from aiortc.sdp import SessionDescription

    app = create_app(clock=Clock())
    answer = call(app, SESSION, offer)
    assert answer.headers["content-type"] == "application/sdp"
    [found] = objects(app)["calls"]
    assert found["id"] == call_id(answer)
    assert found["sdp_sha256"] == hashlib.sha256(offer.encode()).hexdigest()
    assert (found["status"], found["created_at"], found["ends_at"]) == ("live", NOW, NOW + 3600)
    assert found["session"]["model"] == "gpt-realtime-2.1"
    asked, answered = SessionDescription.parse(offer), SessionDescription.parse(answer.text)
    assert [(media.kind, media.rtp.muxId) for media in answered.media] == [
        (media.kind, media.rtp.muxId) for media in asked.media
    ]
    assert answer.text.count("a=setup:active") == 2
    credential = re.compile("^a=(?:ice-ufrag|ice-pwd|fingerprint):.*$", re.MULTILINE)
    assert len(credential.findall(answer.text)) == 6
    assert set(credential.findall(answer.text)).isdisjoint(credential.findall(offer))
    assert [codec.mimeType for codec in answered.media[0].rtp.codecs] == ["audio/opus"]
    assert answered.group[0].items == asked.group[0].items
    assert answer.text.count("\n") == answer.text.count("\r\n")


SECTION = "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"


@pytest.mark.parametrize(
    ("offered", "lines"),
    [
        pytest.param(SECTION + "a=sendonly\r\n", ["m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=recvonly"], id="one way"),
        pytest.param(SECTION + "a=setup:active\r\n", ["a=setup:passive"], id="an active peer"),
        pytest.param("m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:v\r\n", ["m=video 0 UDP/TLS/RTP/SAVPF 96", "a=mid:v", "a=inactive"], id="video is refused"),
        pytest.param("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n", ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000"], id="data, line feeds only"),
    ],
)  # fmt: skip
def test_the_answer_follows_the_offer(offered: str, lines: list[str]) -> None:
    answered = call(create_app(), SESSION, OFFER + offered).text.split("\r\n")
    assert set(lines) <= set(answered)


@pytest.mark.parametrize(
    "sdp",
    [
        pytest.param("", id="nothing"),
        pytest.param("hello", id="something else"),
        pytest.param(" v=0\r\n", id="blank before"),
        pytest.param("v=01\r\n", id="another version"),
        pytest.param(b"v=0\r\n\xff", id="not text"),
    ],
)
def test_an_offer_is_a_session_description(sdp: str | bytes) -> None:
    answer = call(create_app(), SESSION, sdp)
    assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid_offer")


def test_a_form_without_a_session_runs_with_defaults() -> None:
    app = create_app()
    call_id(call(app))
    assert objects(app)["calls"][0]["session"]["audio"]["output"]["voice"] == "alloy"


def test_a_bare_offer_with_a_standard_key_takes_its_model_from_the_query() -> None:
    app = create_app()
    call_id(ask(app, f"{CALLS}?model=gpt-realtime-mini", content=OFFER, headers=SDP))
    assert objects(app)["calls"][0]["session"]["model"] == "gpt-realtime-mini"


def test_a_bare_offer_with_an_ephemeral_key_runs_the_session_of_its_secret() -> None:
    app = create_app()
    value = secret(app, session={"type": "realtime", "instructions": "Say hello."})
    call_id(ask(app, CALLS, key=value, content=OFFER, headers=SDP))
    listed = objects(app)
    assert listed["calls"][0]["session"] == listed["secrets"][0]["session"]
    assert listed["calls"][0]["session"]["instructions"] == "Say hello."


def test_an_ephemeral_key_starts_calls_until_it_expires() -> None:
    clock = Clock()
    app = create_app(clock=clock)
    value = secret(app, expires_after={"seconds": 10})
    clock.now += 9
    call_id(ask(app, CALLS, key=value, content=OFFER, headers=SDP))
    clock.now += 1
    answer = ask(app, CALLS, key=value, content=OFFER, headers=SDP)
    assert (answer.status_code, error_of(answer)["code"]) == (401, "invalid_api_key")


def test_an_ephemeral_key_makes_no_call_with_settings_of_its_own() -> None:
    app = create_app()
    assert call(app, SESSION, key=secret(app)).status_code == 401


def test_a_call_is_hung_up_once() -> None:
    app = create_app()
    id = call_id(call(app, SESSION))
    first, second = hang_up(app, id), hang_up(app, id)
    assert (first.status_code, first.content) == (200, b"")
    assert second.status_code == 404
    assert error_of(second) == {
        "message": "No session found for the provided call_id",
        "type": "invalid_request_error",
        "param": "",
        "code": "call_id_not_found",
    }
    assert objects(app)["counts"]["calls"] == {"live": 0, "ended": 1}


def test_a_call_ends_by_itself_after_an_hour() -> None:
    clock = Clock()
    app = create_app(clock=clock)
    early, late = call_id(call(app, SESSION)), call_id(call(app, SESSION))
    clock.now += 3599.5
    assert hang_up(app, early).status_code == 200
    clock.now += 0.5
    assert hang_up(app, late).status_code == 404
    assert {found["status"] for found in objects(app)["calls"]} == {"ended"}


FORM = "multipart/form-data; boundary=x"


def part(name: str, content: str = OFFER, type: str = "") -> str:
    about = f"Content-Type: {type}\r\n" if type else ""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n{about}\r\n{content}\r\n'


@pytest.mark.parametrize(
    ("body", "type", "param", "code"),
    [
        pytest.param(part("session", "{}") + "--x--", FORM, "sdp", "missing_required_parameter", id="no offer"),
        pytest.param(part("sdp") + part("model") + "--x--", FORM, "model", "unknown_parameter", id="unknown part"),
        pytest.param(part("sdp") + part("sdp") + "--x--", FORM, "sdp", "duplicate_parameter", id="a part twice"),
        pytest.param(part("sdp", type="text/plain") + "--x--", FORM, "sdp", "unsupported_content_type", id="an offer of another type"),
        pytest.param(part("sdp") + part("session", "{") + "--x--", FORM, None, None, id="a session that is not JSON"),
        pytest.param(part("sdp"), FORM, None, None, id="no end"),
        pytest.param(part("sdp") + "--x--", "multipart/form-data", None, None, id="no boundary"),
        pytest.param("hello", FORM, None, None, id="no form"),
        pytest.param("", FORM, None, None, id="nothing"),
        pytest.param("{}", "application/json", None, "unsupported_content_type", id="JSON"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_taken_is_refused(body: str, type: str, param: str | None, code: str | None) -> None:
    answer = ask(create_app(), CALLS, content=body, headers={"Content-Type": type})
    error = error_of(answer)
    assert (answer.status_code, error["param"], error["code"]) == (400, param, code)


def test_a_form_made_by_hand_needs_no_types() -> None:
    body = part("sdp") + part("session", '{"type": "realtime"}') + "--x--"
    call_id(ask(create_app(), CALLS, content=body, headers={"Content-Type": FORM}))
