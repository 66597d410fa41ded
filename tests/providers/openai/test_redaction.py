"""No secret that was sent comes back in an error, whatever the server does with it."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest

from providers.errors import ProviderError
from providers.openai.client import ApiFailure, Client, Request
from providers.openai.resources.call import Call
from providers.openai.resources.client_secret import ClientSecret
from providers.redaction import REDACTED, offer_secrets, redact
from tests.providers.openai.clients import Recorder, client_on

SECRET = 'canary/+ "tök"\n&x'
OFFER = "v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:canarypassword\r\na=fingerprint:sha-256 CA:NA:RY\r\n"


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(SECRET, id="as it is"),
        pytest.param(SECRET.upper(), id="in capitals"),
        pytest.param(quote(SECRET, safe=""), id="in a URL"),
        pytest.param(quote(SECRET, safe="").lower(), id="in a URL, small hexadecimals"),
        pytest.param(quote_plus(SECRET), id="in a form"),
        pytest.param(json.dumps(SECRET), id="in JSON"),
        pytest.param(json.dumps(SECRET, ensure_ascii=False), id="in JSON with letters as they are"),
        *(pytest.param(base64.b64encode(before + SECRET.encode() + b"after").decode(), id=f"in base64 after {len(before)} bytes") for before in (b"", b"a", b"ab", b"abc")),
        pytest.param(base64.urlsafe_b64encode(SECRET.encode()).decode(), id="in base64 for URLs"),
    ],
)  # fmt: skip
def test_secrets_are_found_in_every_written_form(written: str) -> None:
    shown = redact(f"before <{written}> after", [SECRET])
    assert REDACTED in shown
    assert shown.startswith("before <")
    assert shown.endswith("> after")
    for form in (SECRET, quote(SECRET), base64.b64encode(SECRET.encode()).decode()[4:-6], "canary"):
        assert form not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Incorrect API key provided: sk-pro***********cdef.", f"Incorrect API key provided: {REDACTED}.", id="a key that the server shortened"),
        pytest.param("ek_68af296e8e408191a1120ab6383263c2 expired", f"{REDACTED} expired", id="an ephemeral key"),
        pytest.param("got Authorization: Bearer abc.def", f"got Authorization: {REDACTED}", id="a header"),
        pytest.param("task-based risk_week asks", "task-based risk_week asks", id="words that only look like keys"),
        pytest.param("x" * 5000, "x" * 2000 + "...", id="a very long message"),
    ],
)  # fmt: skip
def test_what_looks_like_a_key_is_hidden_even_when_it_was_never_sent(text: str, shown: str) -> None:
    assert redact(text, []) == shown


def test_short_texts_are_no_secrets() -> None:
    assert redact("a is 1", ["a", "1", ""]) == "a is 1"


def test_each_line_of_an_offer_is_a_secret() -> None:
    assert redact("bad ice-pwd canarypassword", offer_secrets(OFFER)) == f"bad ice-pwd {REDACTED}"
    assert "canary" not in redact(f"got {OFFER}", offer_secrets(OFFER)).lower()
    assert "CA:NA:RY" not in redact("in a=fingerprint:sha-256 CA:NA:RY", offer_secrets(OFFER))


MCP = {"type": "mcp", "server_label": "a", "server_url": "https://mcp.example.com", "authorization": "canary-token", "headers": {"X-Key": "canary-header"}}  # fmt: skip
SESSION = {"type": "realtime", "tools": [MCP]}


def echo(status: int) -> Callable[[httpx.Request], httpx.Response]:
    """Answer with everything that was received, in the message, the code, the parameter and the request id."""

    def answer(request: httpx.Request) -> httpx.Response:
        text = f"{request.headers['authorization']} {request.content.decode()} {base64.b64encode(request.content).decode()}"
        error = {"message": text, "code": text[:60], "param": text[:60], "type": text}
        return httpx.Response(status, json={"error": error}, headers={"x-request-id": request.headers["authorization"]})

    return answer


class Echo(Recorder):
    def answer(self, request: httpx.Request) -> httpx.Response:
        return echo(400)(request)


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(lambda client: ClientSecret.load({"session": SESSION}).create(client), id="client secret"),
        pytest.param(lambda client: Call.load({"sdp": OFFER, "session": SESSION}).create(client), id="call"),
        pytest.param(lambda client: Call.load({"sdp": OFFER}).create(client), id="raw call"),
        pytest.param(lambda client: Call.from_state({"call_id": "rtc_1", "sdp": OFFER}).delete(client), id="hangup"),
    ],
)
def test_a_server_that_echoes_everything_betrays_nothing(
    operation: Callable[[Client], Any], run: Callable[[Any], Any], caplog: pytest.LogCaptureFixture
) -> None:
    client = client_on(Echo(), api_key="sk-canary", secrets=("sk-canary",))
    with caplog.at_level("DEBUG"), pytest.raises(ApiFailure) as caught:
        run(operation(client))
    told = f"{caught.value} {caught.value!r} {caught.value.problems!r} {caught.value.error!r} {caplog.text}"
    for canary in ("canary", "CA:NA:RY", base64.b64encode(b"canary").decode()[:6]):
        assert canary not in told
    assert caught.value.__cause__ is None


def test_a_text_of_the_transport_betrays_nothing(run: Callable[[Any], Any]) -> None:
    recorder = Recorder([httpx.ReadError("while sending Bearer sk-canary")])
    with pytest.raises(ProviderError) as caught:
        run(client_on(recorder, secrets=("sk-canary",)).send(Request("/x")))
    assert "canary" not in str(caught.value)


def test_no_repr_shows_what_is_sent(run: Callable[[Any], Any]) -> None:
    secret = ClientSecret.load({"session": SESSION})
    call = Call.load({"sdp": OFFER, "session": SESSION})
    request = Request("/x", body={"json": {"a": "canary"}}, secrets=("canary",))
    recorded = Call.from_state({"sdp": OFFER, "session": SESSION, "sdp_answer": OFFER})
    assert (
        "canary"
        not in f"{secret!r} {call!r} {request!r} {recorded!r} {client_on(Recorder(), api_key='sk-canary').settings!r}"
    )
