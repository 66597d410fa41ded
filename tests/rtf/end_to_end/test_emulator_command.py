"""`rtf emulator` as a process of its own, used by OpenAI's official client with strict validation of the answers."""

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from openai import AuthenticationError, OpenAI

from tests.rtf.end_to_end.commands import COMMAND

OFFER = Path(__file__).parents[2] / "providers" / "openai" / "offers" / "offer.sdp"


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and the address that it prints; it has to end by itself when it is interrupted."""
    arguments = [*COMMAND, "emulator", "-port=0", f"-database={tmp_path / 'emulator.sqlite'}"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+\S*", first)
        assert found, first
        try:
            yield process, found[0]
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 0


def test_the_official_client_is_content_with_it(emulator: tuple[subprocess.Popen[str], str]) -> None:
    _, address = emulator
    with OpenAI(api_key="sk-test-key", base_url=address, max_retries=0, _strict_response_validation=True) as client:
        secret = client.realtime.client_secrets.create(
            expires_after={"anchor": "created_at", "seconds": 60},
            session={"type": "realtime", "model": "gpt-realtime-2.1", "audio": {"output": {"voice": "marin"}}},
        )
        assert secret.value.startswith("ek_")
        offer = OFFER.read_bytes().decode()
        answer = client.realtime.calls.create(sdp=offer, session={"type": "realtime", "model": "gpt-realtime-2.1"})
        assert answer.text.startswith("v=0\r\n")
        client.realtime.calls.hangup(answer.response.headers["location"].rpartition("/")[2])
        session = client.beta.realtime.sessions.create(model="gpt-realtime", modalities=["audio", "text"])
        assert session.client_secret.value.startswith("ek_")


def test_it_says_what_it_is_and_knows_no_empty_key(emulator: tuple[subprocess.Popen[str], str]) -> None:
    _, address = emulator
    with OpenAI(api_key="sk-admin-key", base_url=address, max_retries=0) as client, pytest.raises(AuthenticationError):
        client.realtime.client_secrets.create()
