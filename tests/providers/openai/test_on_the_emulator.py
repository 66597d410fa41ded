"""The provider on the real emulator: in process as users get it, and over a port for faults of the connection."""

import asyncio
import hashlib
import json
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from providers.errors import OutcomeUnknown, ProviderError
from providers.openai import OpenAIProvider
from providers.openai.client import Client
from providers.openai.configuration import Settings
from providers.openai.emulator import Fault, create_app, running
from providers.openai.resources.call import Call
from providers.openai.resources.client_secret import ClientSecret
from providers.openai.resources.session import BetaSession
from tests.providers.openai.settings import BETA_SESSIONS, CLIENT_SECRETS, SESSIONS

OFFER = (Path(__file__).parent / "offers" / "offer.sdp").read_bytes().decode()
EMULATED = {"base_url": "emulator"}
SESSION = {"type": "realtime", "model": "gpt-realtime-2.1"}


async def make_all(directory: Path, resources: list[Any]) -> list[Any]:
    async with OpenAIProvider().open(EMULATED, directory) as api:
        return [await resource.create(api) for resource in resources]


def test_every_setting_is_accepted(run: Callable[[Any], Any], tmp_path: Path) -> None:
    secrets = [ClientSecret.load(settings) for settings in CLIENT_SECRETS.values()]
    calls = [Call.load({"sdp": OFFER, "session": session}) for session in SESSIONS.values()]
    betas = [BetaSession.load(settings) for settings in BETA_SESSIONS.values()]
    made = run(make_all(tmp_path, [*secrets, *calls, *betas]))
    assert len({one.id for one in made}) == len(made)
    for one in made[: len(secrets)]:
        assert one.value.startswith("ek_")
        assert one.effective_session["id"] == one.id
        assert "authorization" not in json.dumps(one.effective_session)
    assert all(one.sdp_answer.startswith("v=0") for one in made[len(secrets) : -len(betas)])
    assert stat.S_IMODE((tmp_path / ".rtf" / "emulator.sqlite").stat().st_mode) == 0o600


def test_calls_outlive_the_run_and_are_hung_up_once(run: Callable[[Any], Any], tmp_path: Path) -> None:
    call = run(make_all(tmp_path, [Call.load({"sdp": OFFER, "session": SESSION})]))[0]
    assert call.expires_at == call.created_at + 3600

    async def hang_up() -> None:
        async with OpenAIProvider().open(EMULATED, tmp_path) as api:
            await Call.from_state(call.data()).delete(api)

    run(hang_up())
    run(hang_up())  # over already: no error
    with closing(sqlite3.connect(tmp_path / ".rtf" / "emulator.sqlite")) as database:
        text = "\n".join(database.iterdump())
    assert call.call_id in text
    assert hashlib.sha256(OFFER.encode()).hexdigest() in text


def test_an_offer_made_now_arrives_byte_for_byte(run: Callable[[Any], Any]) -> None:
    async def offer() -> str:
        from aiortc import RTCConfiguration, RTCPeerConnection

        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        peer.createDataChannel("oai-events")
        await peer.setLocalDescription(await peer.createOffer())
        text = str(peer.localDescription.sdp)
        await peer.close()
        return text

    async def scenario() -> tuple[str, Any]:
        fresh = await offer()
        app = create_app(None)
        client = Client(
            Settings(base_url="http://127.0.0.1/v1", api_key="sk-a"),
            Path(),
            open_http=lambda _settings, _directory: httpx.AsyncClient(transport=httpx.ASGITransport(app)),
        )
        made = await Call.load({"sdp": fresh, "session": SESSION}).create(client)
        await client.close()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
            listing = (await http.get("http://127.0.0.1/_emulator/objects")).json()
        return fresh, {call["id"]: call["sdp_sha256"] for call in listing["calls"]}[made.call_id]

    fresh, digest = run(scenario())
    assert "\r\n" in fresh
    assert hashlib.sha256(fresh.encode()).hexdigest() == digest


@pytest.mark.parametrize(
    ("key", "summary", "path"),
    [
        pytest.param("sk-admin-canary", "Invalid API key", (), id="admin key"),
        pytest.param(None, "Missing OpenAI API key", ("api_key",), id="no key"),
    ],
)
def test_keys_are_checked_by_the_server(
    key: str | None, summary: str, path: tuple[str, ...], run: Callable[[Any], Any], tmp_path: Path
) -> None:
    async def scenario(url: str) -> None:
        async with OpenAIProvider().open({"base_url": url, "api_key": key}, tmp_path) as api:
            await ClientSecret.load({"session": SESSION}).create(api)

    with running(create_app(None)) as url, pytest.raises(ProviderError) as caught:
        run(scenario(url))
    assert caught.value.problems[0].summary == summary
    assert caught.value.problems[0].path == path
    assert "canary" not in str(caught.value)


def test_what_the_server_refuses_points_at_the_attribute(run: Callable[[Any], Any], tmp_path: Path) -> None:
    odd = ClientSecret.load({"session": {**SESSION, "audio": {"output": {"voice": "nova"}}}})
    with pytest.raises(ProviderError) as caught:
        run(make_all(tmp_path, [odd]))
    assert caught.value.problems[0].path == ("session", "audio", "output", "voice")
    assert "invalid_value" in caught.value.problems[0].detail


def test_the_retired_endpoint_is_explained(run: Callable[[Any], Any], tmp_path: Path) -> None:
    async def scenario(url: str) -> None:
        async with OpenAIProvider().open({"base_url": url, "api_key": "sk-a"}, tmp_path) as api:
            await BetaSession.load({"model": "gpt-realtime"}).create(api)

    with running(create_app(None, beta_sessions=False)) as url, pytest.raises(ProviderError) as caught:
        run(scenario(url))
    assert "openai_realtime_client_secret" in caught.value.problems[0].detail


@pytest.mark.parametrize(
    ("fault", "resource", "error", "calls"),
    [
        pytest.param(Fault(status=429, headers={"retry-after": "3"}, times=2), Call, None, 1, id="429 twice"),
        pytest.param(Fault(drop=True, when="after"), Call, OutcomeUnknown, 1, id="call made, answer lost"),
        pytest.param(
            Fault(drop=True, when="after", times=1), ClientSecret, None, 0, id="secret made, answer lost once"
        ),
        pytest.param(Fault(status=500, times=1), Call, ProviderError, 0, id="a failed call is not repeated"),
        pytest.param(Fault(status=200, body="html"), ClientSecret, OutcomeUnknown, 0, id="somebody else answers"),
    ],
)
def test_faults_of_the_server(
    fault: Fault,
    resource: type[Any],
    error: type[ProviderError] | None,
    calls: int,
    run: Callable[[Any], Any],
    tmp_path: Path,
) -> None:
    app = create_app(None, faults=[fault])
    data = {"session": SESSION} | ({"sdp": OFFER} if resource is Call else {})

    async def scenario(url: str) -> tuple[Any, Any]:
        raised: ProviderError | None = None
        client = Client(Settings(base_url=url, api_key="sk-a"), tmp_path, sleep=lambda _seconds: asyncio.sleep(0))
        try:
            await resource.load(data).create(client)
        except ProviderError as found:
            raised = found
        await client.close()
        async with httpx.AsyncClient(trust_env=False) as http:
            listing = (await http.get(url.removesuffix("/v1") + "/_emulator/objects")).json()
        return raised, listing["counts"]

    with running(app) as url:
        raised, counts = run(scenario(url))
    assert raised is None if error is None else isinstance(raised, error)
    assert isinstance(raised, OutcomeUnknown) is (error is OutcomeUnknown)
    assert counts["calls"]["live"] == calls


def test_many_requests_share_one_client(run: Callable[[Any], Any], tmp_path: Path) -> None:
    async def scenario() -> list[Any]:
        async with OpenAIProvider().open(EMULATED, tmp_path) as api:
            return await asyncio.gather(*(ClientSecret.load({"session": SESSION}).create(api) for _ in range(20)))

    assert len({secret.value for secret in run(scenario())}) == 20


def test_an_emulator_that_cannot_keep_anything_says_so(run: Callable[[Any], Any], tmp_path: Path) -> None:
    (tmp_path / ".rtf").write_text("in the way")
    with pytest.raises(ProviderError) as caught:
        run(make_all(tmp_path, [ClientSecret.load({})]))
    assert "emulator.sqlite" in caught.value.problems[0].detail


def test_importing_and_checking_needs_no_http_library(tmp_path: Path) -> None:
    code = (
        "import sys, asyncio, pathlib\n"
        "from providers.openai import OpenAIProvider\n"
        "for resource in OpenAIProvider.resources: resource.check({}); resource.schema_of_type()\n"
        "async def plan():\n"
        "    async with OpenAIProvider().open({'api_key': 'sk-a'}, pathlib.Path()): pass\n"
        "asyncio.run(plan())\n"
        "print([name for name in ('httpx', 'httpcore', 'starlette', 'uvicorn', 'sqlite3') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
