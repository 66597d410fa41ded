"""What goes wrong at the API or on the way to it is told at the block or the attribute that it is about."""

import json
import shutil
import socket
from typing import Any

import pytest

from providers.openai.emulator import Fault, create_app, running
from tests.rtf.end_to_end.commands import Folder
from tests.rtf.end_to_end.configurations import OFFER, call, provider, secret
from tests.rtf.end_to_end.servers import listing
from tests.rtf.end_to_end.test_bad_configuration import told, underlined

BLOCK = 'resource "openai_realtime_client_secret" "web"'
VOICE = (
    f'{BLOCK} {{\n  session = {{\n    type  = "realtime"\n    audio = {{ output = {{ voice = "nova" }} }}\n  }}\n}}\n'
)
SAID = "The OpenAI API answered {} to POST /realtime/client_secrets"


@pytest.mark.parametrize(
    ("fault", "summary", "words"),
    [
        pytest.param(Fault(400, message="No such thing."), "Invalid request", SAID.format(400) + ": No such thing.", id="400"),
        pytest.param(Fault(401, code="invalid_api_key"), "Invalid API key", "OPENAI_API_KEY", id="401"),
        pytest.param(Fault(403), "Permission denied", SAID.format(403), id="403"),
        pytest.param(Fault(404), "Not found", 'check "project", "organization", "base_url"', id="404"),
        pytest.param(Fault(409), "Conflict", SAID.format(409), id="409"),
        pytest.param(Fault(422), "Invalid request", SAID.format(422), id="422"),
        pytest.param(Fault(429), "Too many requests", "-parallelism=N", id="429"),
        pytest.param(Fault(429, code="insufficient_quota"), "Quota used up", "Waiting does not help", id="429 for good"),
        pytest.param(Fault(500), "The OpenAI API failed", "try again later", id="500"),
        pytest.param(Fault(503, body="empty"), "The OpenAI API failed", "without saying why", id="503 with nothing to say"),
        pytest.param(Fault(502, body="html"), "The OpenAI API failed", "without saying why", id="502 of something in between"),
        pytest.param(Fault(500, body="truncated"), "The OpenAI API failed", "without saying why", id="500 cut short"),
        pytest.param(Fault(200, body="html"), "Invalid OpenAI API response", "but no JSON object", id="200 of something in between"),
        pytest.param(Fault(200, body="empty"), "Invalid OpenAI API response", "but no JSON object", id="200 with nothing in it"),
        pytest.param(Fault(200, body="truncated"), "Invalid OpenAI API response", "but no JSON object", id="200 cut short"),
        pytest.param(Fault(302, headers={"location": "https://example.com/"}), "Redirect refused", "would get the API key", id="away to another server"),
        pytest.param(Fault(drop=True), "Connection failed", "whether it took effect is not known", id="dropped before it was handled"),
        pytest.param(Fault(drop=True, when="after"), "Connection failed", "whether it took effect is not known", id="dropped before it was answered"),
    ],
)  # fmt: skip
def test_a_failure_of_the_api_is_told_at_the_block(fault: Fault, summary: str, words: str, here: Folder) -> None:
    with running(create_app(faults=[fault])) as base_url:
        here.write("main.hcl", provider(base_url) + secret())
        run = here.run("apply", "-auto-approve")
        said = told(run)
        assert f"Error: {summary} with" in said
        assert words in said
        assert "with openai_realtime_client_secret.web, on main.hcl line 5" in said
        assert underlined(run.err) == [BLOCK]
        assert "1 failed" in run.out
        assert here.objects() == {}


@pytest.mark.parametrize(
    ("fault", "text", "place", "fault_text"),
    [
        pytest.param(None, VOICE, "main.hcl:8:34", '"nova"', id="a voice that only the server refuses"),
        pytest.param(Fault(400, param="session.instructions", code="string_above_max_length"), secret(), "main.hcl:9:20", '"Be kind."', id="param of a 400"),
        pytest.param(Fault(404, param="session.model", code="model_not_found"), secret(), "main.hcl:8:20", '"gpt-realtime-2.1"', id="param of a 404"),
        pytest.param(Fault(400, param="session.audio.output.voice"), secret(), "main.hcl:6:13", "{", id="param of an attribute that is not written"),
        pytest.param(Fault(400, param="nothing.we.know"), secret(), "main.hcl:5:1", BLOCK, id="param that means nothing"),
    ],
)  # fmt: skip
def test_a_parameter_that_the_api_names_is_underlined(
    fault: Fault | None, text: str, place: str, fault_text: str, here: Folder
) -> None:
    with running(create_app(faults=[fault] if fault else ())) as base_url:
        here.write("main.hcl", provider(base_url) + text)
        run = here.run("apply", "-auto-approve")
        assert f"({place}):" in told(run)
        assert underlined(run.err) == [fault_text]


def test_a_wrong_key_is_told_and_not_shown(here: Folder) -> None:
    with running(create_app(api_keys=["sk-another-key-0123456789abcdef"])) as base_url:
        here.write("main.hcl", provider(base_url) + secret())
        run = here.run("apply", "-auto-approve")
        assert "Error: Invalid API key" in told(run)
        assert "401" in run.err
        assert "sk-" not in run.text


@pytest.mark.parametrize("key", ["", "   "], ids=["no key", "a blank key"])
def test_a_missing_key_is_told_before_anything_is_sent(key: str, here: Folder, server: str) -> None:
    here.write("main.hcl", provider(server) + secret())
    run = here.run("apply", "-auto-approve", OPENAI_API_KEY=key)
    said = told(run)
    assert "Error: Missing OpenAI API key" in said
    assert 'Set the argument "api_key" of the provider "openai", or the environment variable OPENAI_API_KEY' in said
    assert listing(server)["counts"]["requests"] == 0


def test_nobody_listens(here: Folder) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        here.write("main.hcl", provider(f"http://127.0.0.1:{unused.getsockname()[1]}/v1") + secret())
        run = here.run("apply", "-auto-approve")
    assert "Error: Connection refused" in told(run)


def test_a_call_whose_answer_was_lost_is_told_and_not_repeated(here: Folder) -> None:
    shutil.copy(OFFER, here.path)
    with running(create_app(faults=[Fault(drop=True, when="after", times=1)])) as base_url:
        here.write("main.hcl", provider(base_url).replace("max_retries = 0", "max_retries = 2") + call())
        run = here.run("apply", "-auto-approve")
        assert "whether it took effect is not known" in told(run)
        assert listing(base_url)["counts"]["calls"] == {"live": 1, "ended": 0}


def test_the_retired_endpoint_names_its_replacement(here: Folder) -> None:
    with running(create_app(beta_sessions=False)) as base_url:
        here.write("main.hcl", provider(base_url) + 'resource "openai_realtime_session" "x" {\n}\n')
        said = told(here.run("apply", "-auto-approve"))
        assert "Error: The realtime beta is retired" in said
        assert "Use openai_realtime_client_secret instead" in said


def test_a_failure_stops_what_depends_on_it_and_nothing_else(here: Folder) -> None:
    needs_b = secret("d", "After ${openai_realtime_client_secret.b.id}.")
    text = secret("a") + secret("b") + secret("c") + needs_b
    with running(create_app(faults=[Fault(500, skip=1, times=2)])) as base_url:
        here.write("main.hcl", provider(base_url) + text)
        run = here.run("apply", "-auto-approve", "-parallelism=1")
        assert told(run).count("Error: The OpenAI API failed") == 2
        assert "Resources: 1 added, 0 changed, 0 destroyed. 2 failed, 1 skipped." in run.out
        assert "skipped: openai_realtime_client_secret.d" in run.out
        assert list(here.objects()) == ["openai_realtime_client_secret.a"]
        assert "3 added" in here.ok("apply", "-auto-approve").out
        here.ok("plan", "-detailed-exitcode")


def test_a_call_that_cannot_be_hung_up_stays_in_the_state(here: Folder) -> None:
    shutil.copy(OFFER, here.path)
    with running(create_app(faults=[Fault(500, path=".*/hangup", times=1)])) as base_url:
        here.write("main.hcl", provider(base_url) + call())
        here.ok("apply", "-auto-approve")
        run = here.run("destroy", "-auto-approve")
        assert "Error: The OpenAI API failed" in told(run)
        assert "Destroy incomplete." in run.out
        assert list(here.objects()) == ["openai_realtime_call.support"]
        here.ok("destroy", "-auto-approve")
        assert listing(base_url)["counts"]["calls"] == {"live": 0, "ended": 1}


def test_a_passing_failure_is_overcome(here: Folder) -> None:
    fault = Fault(429, times=1, headers={"retry-after-ms": "1"})
    with running(create_app(faults=[fault])) as base_url:
        here.write("main.hcl", provider(base_url).replace("max_retries = 0", "max_retries = 2") + secret())
        here.ok("apply", "-auto-approve")
        requests: list[dict[str, Any]] = listing(base_url)["requests"]
        assert {row["status"]: row["count"] for row in requests} == {200: 1, 429: 1}, json.dumps(requests)
