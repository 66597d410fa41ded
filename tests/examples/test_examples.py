"""Every example goes the whole way on the emulator: init, validate, plan, apply, a plan without changes, destroy."""

import hashlib
import json
import shutil
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import connect

import pytest

from tests.examples.paths import written_attributes
from tests.providers.openai import contract_paths
from tests.rtf.end_to_end.commands import Folder, folder

EXAMPLES = Path(__file__).parents[2] / "examples"
TOKEN = "orders-token-of-the-examples-test"


@dataclass(frozen=True)
class Expected:
    """What an example makes."""

    objects: list[str]
    secrets: int
    calls: int
    sensitive: list[str] = field(default_factory=list)


def objects(type: str, *names: str) -> list[str]:
    return [f"openai_realtime_{type}.{name}" for name in names]


EXPECTED = {
    "quickstart.hcl": Expected(
        [*objects("call", "support"), *objects("client_secret", 'visitor["cedar"]', 'visitor["marin"]')],
        secrets=2,
        calls=1,
        sensitive=["keys", "sdp_answer"],
    ),
    "client_secret.hcl": Expected(objects("client_secret", "web"), 1, 0, ["key"]),
    "call.hcl": Expected(objects("call", "support"), 0, 1, ["answer"]),
    "session.hcl": Expected(objects("session", "beta"), 1, 0, ["key"]),
    "for_each.hcl": Expected(
        objects("client_secret", 'guide["art"]', 'guide["history"]', 'guide["kids"]'), 3, 0, ["keys"]
    ),
    "transcription.hcl": Expected(objects("client_secret", "captions"), 1, 0, ["key"]),
    "reference_client_secret.hcl": Expected(
        objects("client_secret", "captions", "prompt", "push_to_talk", "speech", "telephone", "tools"), 6, 0
    ),
    "reference_call.hcl": Expected(
        objects("call", "captions", "prompt", "push_to_talk", "speech", "telephone", "tools"), 0, 6
    ),
    "reference_session.hcl": Expected(objects("session", "other_forms", "push_to_talk", "speech"), 3, 0),
}


@pytest.fixture
def copied(tmp_path: Path) -> Folder:
    """A copy of the examples, where nothing was ever applied."""
    names = [*EXPECTED, "offer.sdp"]
    made = folder(tmp_path / "examples", TF_VAR_orders_token=TOKEN)
    for name in names:
        shutil.copy(EXAMPLES / name, made.path)
    return made


def test_all_examples_are_tested() -> None:
    assert sorted(path.name for path in EXAMPLES.glob("*.hcl")) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_is_planned_applied_and_destroyed(name: str, copied: Folder) -> None:
    expected = EXPECTED[name]
    count = len(expected.objects)
    assert "has been successfully initialized" in copied.ok("init", name).out
    assert "The configuration is valid" in copied.ok("validate", name).out
    first = copied.ok("plan", "-detailed-exitcode", name, status=2).out
    assert f"Plan: {count} to add, 0 to change, 0 to destroy." in first
    applied = copied.ok("apply", "-auto-approve", name).out
    assert "using the built-in emulator of the OpenAI API" in applied
    assert f"Apply complete! Resources: {count} added, 0 changed, 0 destroyed." in applied
    again = copied.ok("plan", "-detailed-exitcode", name).out
    assert "No changes." in again
    assert copied.ok("state", "list", f"-root={name}").out.splitlines() == expected.objects

    shown = copied.ok("show", name).out
    outputs = json.loads(copied.ok("output", "-json", f"-root={name}").out)
    assert sorted(key for key, output in outputs.items() if output["sensitive"]) == sorted(expected.sensitive)
    for output in expected.sensitive:
        value = outputs[output]["value"]
        for secret in value.values() if isinstance(value, dict) else [value]:
            assert secret not in shown + applied + again
    assert "ek_" not in shown + applied + again
    assert TOKEN not in first + shown + applied + again
    assert made(copied.path) == (expected.secrets, expected.calls)

    destroyed = copied.ok("destroy", "-auto-approve", name).out
    assert f"Destroy complete! Resources: {count} destroyed." in destroyed
    assert made(copied.path) == (expected.secrets, 0), "secrets cannot be revoked, calls are hung up"
    assert copied.ok("state", "list", f"-root={name}").out == ""


def made(directory: Path) -> tuple[int, int]:
    """Return how many secrets the built-in emulator knows, and how many live calls."""
    with closing(connect(directory / ".rtf" / "emulator.sqlite")) as database:
        (secrets,) = database.execute("SELECT count(*) FROM secrets").fetchone()
        (calls,) = database.execute("SELECT count(*) FROM calls WHERE ended_at IS NULL").fetchone()
    return secrets, calls


def test_the_offer_arrives_byte_for_byte(copied: Folder) -> None:
    offer = (EXAMPLES / "offer.sdp").read_bytes()
    assert offer.count(b"\r\n") == offer.count(b"\n") > 20
    copied.ok("apply", "-auto-approve", "call.hcl")
    with closing(connect(copied.path / ".rtf" / "emulator.sqlite")) as database:
        assert database.execute("SELECT sdp_sha256 FROM calls").fetchall() == [(hashlib.sha256(offer).hexdigest(),)]


def test_a_transcription_session_has_no_turn_detection(copied: Folder) -> None:
    copied.ok("apply", "-auto-approve", "transcription.hcl")
    shown = json.loads(copied.ok("show", "-json", "transcription.hcl").out)
    (secret,) = shown["values"]["root_module"]["resources"]
    heard = secret["values"]["effective_session"]["audio"]["input"]
    assert heard["turn_detection"] is None
    assert heard["transcription"]["model"] == "gpt-realtime-whisper"


@pytest.mark.parametrize(
    ("name", "resource_type", "paths"),
    [
        pytest.param("reference_client_secret.hcl", "openai_realtime_client_secret", contract_paths.CLIENT_SECRET, id="client secret"),
        pytest.param("reference_call.hcl", "openai_realtime_call", contract_paths.CALL, id="call"),
        pytest.param("reference_session.hcl", "openai_realtime_session", contract_paths.BETA_SESSION, id="session"),
    ],
)  # fmt: skip
def test_a_reference_writes_every_attribute_of_the_contract(name: str, resource_type: str, paths: list[str]) -> None:
    assert set(paths) - written_attributes(EXAMPLES / name, resource_type) == set()


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_holds_no_secret(name: str) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    assert not any(start in text for start in ("sk-", "ek_", "Bearer"))
