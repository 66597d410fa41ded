"""What goes over the wire equals what the official SDK sends for the same settings, part for part."""

import email.policy
import inspect
import json
from collections.abc import Callable, Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import httpx
import httpx2
import jsonschema  # type: ignore[import-untyped]
import openai
import pytest
from openai.resources.beta.realtime.sessions import Sessions

from providers.errors import ProviderError
from providers.openai.client import Request
from providers.openai.configuration import resolve
from providers.openai.resources.call import Call
from providers.openai.resources.client_secret import ClientSecret
from providers.openai.resources.session import BetaSession
from tests.providers.openai import contract_paths
from tests.providers.openai.clients import Recorder, client_on
from tests.providers.openai.settings import BETA_SESSIONS, CLIENT_SECRETS, SESSIONS, TRANSCRIPTION_SESSIONS

OFFER = (Path(__file__).parent / "offers" / "offer.sdp").read_bytes().decode()
OPENAPI = Path(__file__).parent / "openai-realtime.openapi.json"
COMPARED_HEADERS = ("accept", "content-type", "authorization")


def parts_of(content_type: str, body: bytes) -> list[tuple[str, str, str | None, bytes]]:
    """Return name, content type, file name and bytes of each part of a form."""
    message = BytesParser(policy=email.policy.HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    boundary = message.get_boundary()
    assert boundary
    # The bytes are cut out by hand: the parser would tidy up line ends.
    raw = [piece.split(b"\r\n\r\n", 1)[1][:-2] for piece in body.split(b"--" + boundary.encode())[1:-1]]
    parts = list(message.iter_parts())
    names = [str(part.get_param("name", header="content-disposition")) for part in parts]
    return [
        (name, part.get_content_type(), part.get_filename(), data)
        for name, part, data in zip(names, parts, raw, strict=True)
    ]


def described(request: Any) -> Any:
    """Return what matters of a request of httpx or httpx2, in a form that can be compared."""
    headers = {name: request.headers.get(name, "") for name in COMPARED_HEADERS}
    body: Any = request.content
    if headers["content-type"].startswith("multipart/"):
        parts = parts_of(headers["content-type"], body)
        body = [
            (name, kind, file, json.loads(data) if kind == "application/json" else data)
            for name, kind, file, data in parts
        ]
        headers["content-type"] = "multipart/form-data"
    elif headers["content-type"] == "application/json" and body:
        body = exact(json.loads(body))
    return request.method, request.url.path, headers, body


def exact(value: Any) -> Any:
    """Return JSON data so that `1` and `1.0` and `true` differ, which they do not in Python."""
    if isinstance(value, dict):
        return {name: exact(item) for name, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    return type(value).__name__, value


def sent_by_sdk(call: Callable[[openai.OpenAI], Any]) -> Any:
    seen: list[Any] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={})

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as http:
        call(openai.OpenAI(api_key="sk-test-key", base_url="https://api.openai.com/v1", http_client=http))
    return described(seen[0])


async def sent_by_us(resource: ClientSecret | Call | BetaSession) -> Any:
    recorder = Recorder()
    with pytest.raises(ProviderError):  # the answer is of no use
        await resource.create(client_on(recorder))
    return described(recorder.requests[0])


def as_cases(table: dict[str, Any]) -> list[Any]:
    return [pytest.param(settings, id=name) for name, settings in table.items()]


@pytest.mark.parametrize("settings", as_cases(CLIENT_SECRETS))
def test_client_secrets_are_requested_as_the_sdk_does(settings: dict[str, Any], run: Callable[[Any], Any]) -> None:
    sdk = sent_by_sdk(lambda client: client.realtime.client_secrets.create(**settings))
    assert run(sent_by_us(ClientSecret.load(settings))) == sdk


@pytest.mark.parametrize("session", as_cases(SESSIONS))
def test_calls_are_requested_as_the_sdk_does(session: Any, run: Callable[[Any], Any]) -> None:
    sdk = sent_by_sdk(lambda client: client.realtime.calls.create(sdp=OFFER, session=session))
    ours = run(sent_by_us(Call.load({"sdp": OFFER, "session": session})))
    assert ours == sdk
    assert [part[0] for part in ours[3]] == ["sdp", "session"]
    assert ours[3][0][3] == OFFER.encode()


def test_calls_without_session_are_a_raw_offer_as_the_sdk_sends_it(run: Callable[[Any], Any]) -> None:
    sdk = sent_by_sdk(lambda client: client.realtime.calls.create(sdp=OFFER))
    ours = run(sent_by_us(Call.load({"sdp": OFFER})))
    assert ours == sdk
    assert ours[3] == OFFER.encode()


def test_hanging_up_is_requested_as_the_sdk_does(run: Callable[[Any], Any]) -> None:
    recorder = Recorder([httpx.Response(200)])
    run(Call.from_state({"call_id": "rtc_1"}).delete(client_on(recorder)))
    sdk = sent_by_sdk(lambda client: client.realtime.calls.hangup("rtc_1"))
    assert described(recorder.requests[0]) == sdk


@pytest.mark.parametrize("settings", as_cases(BETA_SESSIONS))
def test_beta_sessions_are_requested_as_the_sdk_does(settings: dict[str, Any], run: Callable[[Any], Any]) -> None:
    typed = inspect.signature(Sessions.create).parameters
    arguments = {name: value for name, value in settings.items() if name in typed}
    others = {name: value for name, value in settings.items() if name not in typed} or None
    sdk = sent_by_sdk(lambda client: client.beta.realtime.sessions.create(**arguments, extra_body=others))
    assert run(sent_by_us(BetaSession.load(settings))) == sdk


@pytest.mark.parametrize(
    ("given", "same_as"),
    [
        pytest.param({"session": {"type": "realtime", "prompt": None, "tools": None, "audio": {"output": None}}}, {"session": {"type": "realtime", "audio": {}}}, id="nulls without a meaning are dropped"),
        pytest.param({"session": {"type": "realtime", "tools": [{"type": "function", "name": "f", "parameters": '{"type": "object"}'}]}}, {"session": {"type": "realtime", "tools": [{"type": "function", "name": "f", "parameters": {"type": "object"}}]}}, id="JSON text becomes an object"),
        pytest.param({"session": {"type": "realtime", "tracing": {"metadata": '{"a": 1.0}'}}}, {"session": {"type": "realtime", "tracing": {"metadata": {"a": 1.0}}}}, id="JSON text is sent as it is"),
        pytest.param({"expires_after": {"seconds": 600.0}}, {"expires_after": {"seconds": 600}}, id="whole numbers stay whole"),
        pytest.param({"session": {"type": "realtime", "audio": {"output": {"speed": 1.0}}}}, {"session": {"type": "realtime", "audio": {"output": {"speed": 1}}}}, id="fractions that are whole"),
        pytest.param({"session": {"type": "realtime", "max_output_tokens": 100.0}}, {"session": {"type": "realtime", "max_output_tokens": 100}}, id="whole numbers in unions"),
        pytest.param({"value": "ek_1", "id": "sess_1", "expires_at": 5, "effective_session": {}}, {}, id="computed attributes are not sent"),
    ],
)  # fmt: skip
def test_configuration_is_written_as_json_that_the_api_takes(given: dict[str, Any], same_as: dict[str, Any]) -> None:
    assert exact(ClientSecret.load(given).request()) == exact(same_as)


@pytest.mark.parametrize("settings", as_cases(CLIENT_SECRETS))
def test_client_secret_requests_follow_the_published_schema(settings: dict[str, Any]) -> None:
    document = json.loads(OPENAPI.read_text())
    schema = {"$ref": "#/components/schemas/RealtimeCreateClientSecretRequest", "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(ClientSecret.load(settings).request())


def test_every_request_says_who_sends_it(run: Callable[[Any], Any]) -> None:
    recorder = Recorder()
    settings = resolve(
        {"organization": "org-1", "project": "proj_1"}, {"OPENAI_CUSTOM_HEADERS": "X-Team: voice\nUser-Agent: mine"}
    )
    client = client_on(recorder, headers=settings.headers)
    run(client.send(Request("/realtime/client_secrets")))
    run(client_on(recorder).send(Request("/realtime/client_secrets")))
    first, second = (request.headers for request in recorder.requests)
    assert (first["openai-organization"], first["openai-project"], first["x-team"]) == ("org-1", "proj_1", "voice")
    assert first["user-agent"] == "mine"
    assert second["user-agent"].startswith("rtf-provider-openai/")
    assert "openai-beta" not in first


def covered(value: Any, known: list[str], before: str = "") -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from covered(item, known, f"{before}[]") if isinstance(item, dict) else ()
    elif isinstance(value, dict):
        for name, item in value.items():
            path = f"{before}.{name}" if before else name
            if path not in known and any(one.startswith(f"{before}.<key>") for one in known):
                path = f"{before}.<key>"
            if any(one == path or one.startswith(f"{path}.") for one in known):
                yield path
                yield from covered(item, known, path)


@pytest.mark.parametrize(
    ("tables", "known"),
    [
        pytest.param([CLIENT_SECRETS], contract_paths.CLIENT_SECRET, id="client secret"),
        pytest.param([{name: {"sdp": OFFER, "session": session} for name, session in SESSIONS.items()}], contract_paths.CALL, id="call"),
        pytest.param([BETA_SESSIONS], contract_paths.BETA_SESSION, id="beta session"),
    ],
)  # fmt: skip
def test_the_compared_settings_hold_every_attribute(tables: list[dict[str, Any]], known: list[str]) -> None:
    found = {path for table in tables for settings in table.values() for path in covered(settings, known)}
    assert found - {path for path in found if path.endswith("<key>")} == set(known)
    assert len(SESSIONS | TRANSCRIPTION_SESSIONS) >= 25
