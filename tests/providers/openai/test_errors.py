"""Answers of the API, and missing answers, become problems that say what happened and what to do."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from providers.errors import OutcomeUnknown, ProviderError
from providers.openai.client import ApiFailure, Client, Request
from providers.openai.configuration import Settings
from providers.openai.errors import attribute_path, connection_problem, read_error
from providers.openai.resources.call import Call
from providers.openai.resources.client_secret import ClientSecret
from providers.openai.resources.session import BetaSession
from providers.resource import Resource
from tests.providers.openai.clients import Recorder, Talk, client_on, raw_server


def error(message: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


@pytest.mark.parametrize(
    ("status", "body", "summary", "words"),
    [
        pytest.param(400, error("Bad value.", "invalid_value"), "Invalid request", ["400", "Bad value. (code invalid_value, request id req_1)"], id="400"),
        pytest.param(401, error("Incorrect API key provided", "invalid_api_key"), "Invalid API key", ["api_key", "OPENAI_API_KEY"], id="401"),
        pytest.param(403, error("Country not supported"), "Permission denied", ["permission", "country"], id="403"),
        pytest.param(404, error("No such thing"), "Not found", ["project", "region"], id="404"),
        pytest.param(404, error("The model does not exist", "model_not_found"), "Model not found", ["access"], id="404 model"),
        pytest.param(404, error("Invalid URL (POST /realtime/client_secrets)"), "Unknown endpoint", ["base_url", "/v1"], id="404 address"),
        pytest.param(408, {}, "Request timed out", ["again later"], id="408"),
        pytest.param(409, error("Conflict"), "Conflict", ["again later"], id="409"),
        pytest.param(413, {}, "Request too large", ["smaller"], id="413"),
        pytest.param(422, error("Cannot"), "Invalid request", ["configuration"], id="422"),
        pytest.param(429, error("Slow down", "rate_limit_exceeded"), "Too many requests", ["-parallelism"], id="429"),
        pytest.param(429, error("No quota", "insufficient_quota"), "Quota used up", ["billing"], id="429 quota"),
        pytest.param(418, error("I am a teapot"), "Request refused by the OpenAI API", ["teapot"], id="another"),
        pytest.param(500, error("Oops", "server_error"), "The OpenAI API failed", ["again later"], id="500"),
        pytest.param(503, b"<html>busy</html>", "The OpenAI API failed", ["503", "without saying why"], id="no JSON"),
        pytest.param(400, b"", "Invalid request", ["without saying why. (request id req_1)"], id="empty"),
        pytest.param(400, {"message": "Bare", "param": ""}, "Invalid request", ["Bare"], id="bare object"),
        pytest.param(400, {"error": "Text"}, "Invalid request", ["Text"], id="bare text"),
        pytest.param(400, ["x"], "Invalid request", ["without saying why"], id="a list"),
        pytest.param(400, b"[" * 100_000, "Invalid request", ["without saying why"], id="a very deep list"),
        pytest.param(304, b"", "Request refused by the OpenAI API", ["304"], id="neither success nor error"),
    ],
)  # fmt: skip
def test_error_answers_say_what_to_do(
    status: int, body: Any, summary: str, words: list[str], run: Callable[[Any], Any]
) -> None:
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    recorder = Recorder([httpx.Response(status, headers={"x-request-id": "req_1"}, **content)])
    with pytest.raises(ApiFailure) as caught:
        run(client_on(recorder).send(Request("/realtime/client_secrets")))
    problem = caught.value.problems[0]
    assert problem.summary == summary
    for word in [*words, "POST /realtime/client_secrets", "req_1"]:
        assert word in problem.detail


@pytest.mark.parametrize(
    ("resource", "param", "path"),
    [
        pytest.param(ClientSecret, "session.tools[0].name", ("session", "tools", 0, "name"), id="in a list"),
        pytest.param(ClientSecret, "session.audio.input.format", ("session", "audio", "input", "format"), id="nested"),
        pytest.param(ClientSecret, "session.audio.output.voice.id", ("session", "audio", "output", "voice", "id"), id="in a union"),
        pytest.param(ClientSecret, "expires_after.seconds", ("expires_after", "seconds"), id="beside the session"),
        pytest.param(ClientSecret, "session.prompt.variables.city.type", ("session", "prompt", "variables", "city", "type"), id="in a map"),
        pytest.param(ClientSecret, "session.tools[1].headers.X-Tenant", ("session", "tools", 1, "headers", "X-Tenant"), id="key of a map"),
        pytest.param(ClientSecret, "session.tools[0].parameters.properties.x", ("session", "tools", 0, "parameters", "properties", "x"), id="in an object of one's own"),
        pytest.param(ClientSecret, "session.modalities", (), id="unknown"),
        pytest.param(ClientSecret, "session.model.name", (), id="inside a text"),
        pytest.param(ClientSecret, "", (), id="empty"),
        pytest.param(ClientSecret, None, (), id="none"),
        pytest.param(ClientSecret, "[0]", (), id="a position alone"),
        pytest.param(Call, "sdp", ("sdp",), id="the offer"),
        pytest.param(Call, "session.type", ("session", "type"), id="session of a call"),
        pytest.param(BetaSession, "modalities", ("modalities",), id="bare name"),
        pytest.param(BetaSession, "session.turn_detection.type", ("turn_detection", "type"), id="flat, with the prefix"),
        pytest.param(BetaSession, "session.audio", (), id="unknown to the beta"),
    ],
)  # fmt: skip
def test_the_parameter_of_an_error_names_the_attribute(
    resource: type[Resource], param: str | None, path: tuple[Any, ...]
) -> None:
    assert attribute_path(resource, param) == path


def test_a_mapped_parameter_is_the_path_of_the_problem(run: Callable[[Any], Any]) -> None:
    body = error("Invalid value: 'nova'.", "invalid_value", "session.audio.output.voice")
    recorder = Recorder([httpx.Response(400, json=body)])
    secret = ClientSecret.load({"session": {"type": "realtime", "audio": {"output": {"voice": "nova"}}}})
    with pytest.raises(ProviderError) as caught:
        run(secret.create(client_on(recorder)))
    assert caught.value.problems[0].path == ("session", "audio", "output", "voice")
    assert "nova" in caught.value.problems[0].detail


def test_a_missing_key_is_told_when_it_is_needed(run: Callable[[Any], Any]) -> None:
    recorder = Recorder()
    with pytest.raises(ProviderError) as caught:
        run(ClientSecret.load({}).create(client_on(recorder, api_key=None)))
    problem = caught.value.problems[0]
    assert problem.path == ("api_key",)
    assert '"api_key"' in problem.detail
    assert "OPENAI_API_KEY" in problem.detail
    assert recorder.requests == []


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(b"<html>Sign in to the network</html>", {}, id="html"),
        pytest.param(b"", {}, id="empty"),
        pytest.param(b'{"value": ', {}, id="half"),
        pytest.param(b"[1]", {}, id="a list"),
        pytest.param(b'{"a": NaN}', {}, id="no number"),
        pytest.param(b'{"a": ' + b"[" * 200 + b"]" * 200 + b"}", {}, id="deep"),
        pytest.param(b"[" * 200_000, {}, id="deeper than the parser goes"),
        pytest.param(b"\xff\xfe{", {}, id="no text"),
    ],
)
def test_a_success_that_is_no_json_names_the_request(
    body: bytes, headers: dict[str, str], run: Callable[[Any], Any]
) -> None:
    recorder = Recorder([httpx.Response(200, content=body, headers={"x-request-id": "req_1"})])
    with pytest.raises(OutcomeUnknown) as caught:
        run(client_on(recorder).send_json(Request("/realtime/client_secrets")))
    assert "req_1" in caught.value.problems[0].detail
    assert len(recorder.requests) == 1


def redirects(*targets: str, status: int = 307) -> list[httpx.Response | Exception]:
    return [httpx.Response(status, headers={"Location": target}) for target in targets]


HOME = "https://api.openai.com"


@pytest.mark.parametrize(
    ("targets", "refused"),
    [
        pytest.param([f"{HOME}/v2/x"], None, id="same server"),
        pytest.param(["/v2/x"], None, id="relative"),
        pytest.param([f"{HOME}:443/v2/x"], None, id="port written out"),
        pytest.param(["/x"] * 10, None, id="ten times"),
        pytest.param(["/x"] * 11, "more than 10 times", id="eleven times"),
        pytest.param(["https://evil.example.com/v1/x"], "another server", id="other host"),
        pytest.param(["http://api.openai.com/v1/x"], "another server", id="other scheme"),
        pytest.param([f"{HOME}:8443/v1/x"], "another server", id="other port"),
        pytest.param(["/x", "https://evil.example.com"], "another server", id="other host in two steps"),
    ],
)
def test_redirects_stay_on_the_server(targets: list[str], refused: str | None, run: Callable[[Any], Any]) -> None:
    recorder = Recorder([*redirects(*targets), httpx.Response(200, json={"a": 1})])
    request = Request("/realtime/client_secrets", body={"json": {"b": 2}}, content_type="application/json")
    if refused is None:
        assert run(client_on(recorder).send_json(request)) == {"a": 1}
        assert recorder.requests[-1].method == "POST"
        assert recorder.requests[-1].content == b'{"b":2}'
        assert recorder.requests[-1].headers["authorization"] == "Bearer sk-test-key"
    else:
        with pytest.raises(ProviderError) as caught:
            run(client_on(recorder).send(request))
        assert refused in caught.value.problems[0].detail
        assert all(sent.url.host == "api.openai.com" for sent in recorder.requests)


async def _send(port: int, request: Request, tmp_path: Path, **settings: Any) -> Any:
    sleeps: list[float] = []

    async def sleep(seconds: float) -> None:
        sleeps.append(seconds)

    client = Client(Settings(base_url=f"http://127.0.0.1:{port}/v1", api_key="sk-a", **settings), tmp_path, sleep=sleep)
    try:
        return await client.send(request), sleeps
    except ProviderError as raised:
        return raised, sleeps
    finally:
        await client.close()


async def drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def truncate(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
    await writer.drain()


async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.7\r\n")
    await writer.drain()


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(33):
        writer.write(b" " * 1024 * 1024)
        await writer.drain()


async def redirect_away(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.2:9/v1\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize(
    ("talk", "unknown", "words", "attempts"),
    [
        pytest.param(drop, True, "No answer from http://127.0.0.1:", 3, id="dropped connection"),
        pytest.param(truncate, True, "No answer from", 3, id="truncated body"),
        pytest.param(nonsense, True, "No answer from", 3, id="another protocol"),
        pytest.param(silence, True, "longer than 1 seconds", 1, id="silence"),
        pytest.param(flood, True, "larger than 32 MiB", 1, id="endless body"),
        pytest.param(redirect_away, False, "another server", 1, id="redirect to another server"),
    ],
)
def test_faults_of_real_connections(
    talk: Talk, unknown: bool, words: str, attempts: int, run: Callable[[Any], Any], tmp_path: Path
) -> None:
    async def scenario() -> Any:
        async with raw_server(talk) as port:
            patience = {"timeout": 1.0, "max_retries": 0} if talk is silence else {}
            return await _send(port, Request("/realtime/client_secrets"), tmp_path, **patience)

    raised, sleeps = run(scenario())
    assert isinstance(raised, ProviderError)
    assert isinstance(raised, OutcomeUnknown) is unknown
    assert words in raised.problems[0].detail
    assert len(sleeps) == attempts - 1


def test_a_call_whose_answer_is_lost_is_not_made_again(run: Callable[[Any], Any], tmp_path: Path) -> None:
    async def scenario() -> Any:
        async with raw_server(drop) as port:
            return await _send(port, Request("/realtime/calls", repeatable=False), tmp_path)

    raised, sleeps = run(scenario())
    assert isinstance(raised, OutcomeUnknown)
    assert sleeps == []


def test_a_refused_connection_is_named(run: Callable[[Any], Any], tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound and not listening: nobody else gets the port, and nobody answers
        taken.bind(("127.0.0.1", 0))
        raised, sleeps = run(_send(taken.getsockname()[1], Request("/realtime/calls", repeatable=False), tmp_path))
    assert not isinstance(raised, OutcomeUnknown)
    assert raised.problems[0].summary == "Connection refused"
    assert len(sleeps) == 2


async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 No\r\n\r\n")
    await writer.drain()


def test_a_server_without_tls_is_named(run: Callable[[Any], Any], tmp_path: Path) -> None:
    async def scenario() -> Any:
        async with raw_server(plain, reads=False) as port:
            settings = Settings(base_url=f"https://127.0.0.1:{port}/v1", api_key="sk-a", max_retries=0)
            client = Client(settings, tmp_path)
            with pytest.raises(ProviderError) as caught:
                await client.send(Request("/x"))
            await client.close()
            return caught.value

    raised = run(scenario())
    assert raised.problems[0].summary == "No secure connection"
    assert not isinstance(raised, OutcomeUnknown)


def test_an_unknown_host_is_named() -> None:
    raised = httpx.ConnectError("All connection attempts failed")
    raised.__cause__ = OSError("failed")
    raised.__cause__.__cause__ = ExceptionGroup("several", [socket.gaierror(-2, "Name or service not known")])
    problem = connection_problem(raised, "https://api.openai.com:443", 5.0, str)
    assert problem.summary == "Unknown host"
    assert "base_url" in problem.detail


def test_error_bodies_are_read_tolerantly() -> None:
    assert read_error(b'{"error": {"message": 5, "code": " ", "param": null}}') == read_error(b"null")
