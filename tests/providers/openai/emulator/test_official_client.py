"""The official client works against the emulator, with every answer held against the types it declares."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import openai
import pytest

from providers.openai.emulator import Fault, create_app, running
from tests.providers.openai.emulator.support import KEY, OFFER, objects

Job = Callable[[openai.AsyncOpenAI], Awaitable[Any]]

# The client still sends its beta requests, but says that they are deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def in_process(app: Any, job: Job, **options: Any) -> Any:
    async def do() -> Any:
        http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app))
        settings = {"max_retries": 0, "_strict_response_validation": True, **options}
        async with openai.AsyncOpenAI(
            api_key=KEY, base_url="http://emulator.invalid/v1", http_client=http, **settings
        ) as client:
            return await job(client)

    return asyncio.run(do())


def on_a_port(app: Any, job: Job) -> Any:
    async def do(url: str) -> Any:
        async with openai.AsyncOpenAI(
            api_key=KEY, base_url=url, max_retries=0, _strict_response_validation=True
        ) as client:
            return await job(client)

    with running(app) as url:
        return asyncio.run(do(url))


both_ways = pytest.mark.parametrize("reach", [in_process, on_a_port])


@both_ways
def test_it_makes_a_client_secret_for_a_realtime_session(reach: Callable[..., Any]) -> None:
    tools: Any = [
        {"type": "function", "name": "end_call", "parameters": {"type": "object"}},
        {"type": "mcp", "server_label": "orders", "server_url": "https://mcp.example.com/sse", "authorization": "x"},
    ]
    found = reach(
        create_app(),
        lambda client: client.realtime.client_secrets.create(
            expires_after={"anchor": "created_at", "seconds": 60},
            session={
                "type": "realtime",
                "model": "gpt-realtime-2.1",
                "tools": tools,
                "tool_choice": {"type": "function", "name": "end_call"},
                "truncation": {"type": "retention_ratio", "retention_ratio": 0.5},
                "audio": {"input": {"turn_detection": {"type": "semantic_vad"}}, "output": {"voice": "cedar"}},
            },
        ),
    )
    assert found.value.startswith("ek_")
    assert found.session.type == "realtime"
    assert found.session.audio.output.voice == "cedar"
    assert found.session.audio.input.turn_detection.eagerness == "auto"
    assert found.session.tools[1].authorization is None


@both_ways
def test_it_makes_a_client_secret_for_a_transcription_session(reach: Callable[..., Any]) -> None:
    found = reach(
        create_app(),
        lambda client: client.realtime.client_secrets.create(
            session={
                "type": "transcription",
                "audio": {"input": {"transcription": {"model": "gpt-realtime-whisper"}, "turn_detection": None}},
            }
        ),
    )
    assert found.session.type == "transcription"
    assert found.session.audio.input.turn_detection is None
    assert found.session.audio.input.transcription.model == "gpt-realtime-whisper"


@both_ways
def test_it_makes_a_call_and_hangs_up(reach: Callable[..., Any], offer: str) -> None:
    async def job(client: openai.AsyncOpenAI) -> str:
        made = await client.realtime.calls.create(sdp=offer, session={"type": "realtime", "model": "gpt-realtime-2.1"})
        assert made.text.startswith("v=0\r\n")
        id = made.response.headers["location"].rpartition("/")[2]
        await client.realtime.calls.hangup(id)
        with pytest.raises(openai.NotFoundError) as refused:
            await client.realtime.calls.hangup(id)
        assert refused.value.code == "call_id_not_found"
        return str(id)

    app = create_app()
    id = reach(app, job)
    assert [(found["id"], found["status"]) for found in objects(app)["calls"]] == [(id, "ended")]


@both_ways
def test_it_makes_a_call_without_settings(reach: Callable[..., Any]) -> None:
    made = reach(create_app(), lambda client: client.realtime.calls.create(sdp=OFFER))
    assert made.text.startswith("v=0\r\n")


@both_ways
def test_it_makes_a_beta_session(reach: Callable[..., Any]) -> None:
    found = reach(
        create_app(),
        lambda client: client.beta.realtime.sessions.create(
            model="gpt-4o-realtime-preview", voice="verse", turn_detection={"type": "server_vad"}
        ),
    )
    assert found.client_secret.value.startswith("ek_")
    assert (found.voice, found.turn_detection.type) == ("verse", "server_vad")


def test_it_reads_errors() -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        in_process(create_app(), lambda client: client.realtime.client_secrets.create(expires_after={"seconds": 5}))
    assert (refused.value.code, refused.value.param) == ("integer_below_min_value", "expires_after.seconds")
    assert refused.value.request_id


def test_it_reads_a_refused_key() -> None:
    with pytest.raises(openai.AuthenticationError) as refused:
        in_process(create_app(api_keys=["sk-another"]), lambda client: client.realtime.client_secrets.create())
    assert refused.value.code == "invalid_api_key"


def test_it_tries_again_after_a_fault() -> None:
    app = create_app(faults=[Fault(status=429, headers={"retry-after-ms": "1"}, times=2)])
    in_process(app, lambda client: client.realtime.client_secrets.create(), max_retries=2)
    assert [row["count"] for row in objects(app)["requests"]] == [1, 2]
