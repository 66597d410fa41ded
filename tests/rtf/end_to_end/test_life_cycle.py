"""The main job over a port: plan, apply, change, destroy, saved plans, and what is left on disk."""

import hashlib
import json
import shutil
import stat
from pathlib import Path

import httpx
import pytest

from tests.rtf.end_to_end.commands import Folder
from tests.rtf.end_to_end.configurations import OFFER, call, in_a_row, provider, secret
from tests.rtf.end_to_end.servers import listing

STATE = "terraform.tfstate"


@pytest.fixture
def working(here: Folder, server: str) -> Folder:
    """A folder with a secret and a call in its configuration."""
    shutil.copy(OFFER, here.path)
    here.write("main.hcl", provider(server) + secret() + call())
    return here


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_second_plan_has_no_changes(working: Folder) -> None:
    assert working.run("plan", "-detailed-exitcode").status == 2
    applied = working.ok("apply", "-auto-approve")
    assert "Apply complete! Resources: 2 added, 0 changed, 0 destroyed." in applied.out
    again = working.ok("plan", "-detailed-exitcode")
    assert "No changes. Your infrastructure matches the configuration." in again.out
    before = (working.path / STATE).read_bytes()
    working.ok("apply", "-auto-approve")
    assert json.loads(before) == json.loads((working.path / STATE).read_bytes())


def test_a_changed_attribute_replaces_the_resource_and_nothing_else(working: Folder, server: str) -> None:
    working.ok("apply", "-auto-approve")
    before = working.objects()
    working.write("main.hcl", provider(server) + secret(instructions="Be brief.") + call())
    planned = working.ok("plan", "-detailed-exitcode", status=2).out
    (line,) = [line for line in planned.splitlines() if "forces replacement" in line]
    assert '"Be kind." -> "Be brief." # forces replacement' in line
    assert "openai_realtime_client_secret.web must be replaced" in planned
    assert "openai_realtime_call.support" not in planned
    assert "Plan: 1 to add, 0 to change, 1 to destroy." in planned
    working.ok("apply", "-auto-approve")
    after = working.objects()
    assert after["openai_realtime_call.support"] == before["openai_realtime_call.support"]
    assert after["openai_realtime_client_secret.web"]["id"] != before["openai_realtime_client_secret.web"]["id"]
    working.ok("plan", "-detailed-exitcode")


def test_destroy_hangs_up_calls_and_forgets_secrets(working: Folder, server: str) -> None:
    working.ok("apply", "-auto-approve")
    assert listing(server)["counts"]["calls"] == {"live": 1, "ended": 0}
    destroyed = working.ok("destroy", "-auto-approve").out
    assert "Destroy complete! Resources: 2 destroyed." in destroyed
    assert listing(server)["counts"]["calls"] == {"live": 0, "ended": 1}
    state = json.loads((working.path / STATE).read_text())
    assert state["resources"] == []
    assert "ek_" not in json.dumps(state)


def test_a_block_that_is_gone_is_destroyed(working: Folder, server: str) -> None:
    working.ok("apply", "-auto-approve")
    working.write("main.hcl", provider(server) + secret())
    planned = working.ok("plan", "-detailed-exitcode", status=2).out
    assert "openai_realtime_call.support will be destroyed" in planned
    working.ok("apply", "-auto-approve")
    assert listing(server)["counts"]["calls"] == {"live": 0, "ended": 1}
    assert list(working.objects()) == ["openai_realtime_client_secret.web"]


def test_a_call_that_ended_by_itself_is_destroyed_without_a_word(working: Folder, server: str) -> None:
    working.ok("apply", "-auto-approve")
    (made,) = listing(server)["calls"]
    hang_up = f"{server}/realtime/calls/{made['id']}/hangup"
    with httpx.Client(trust_env=False) as client:
        assert client.post(hang_up, headers={"Authorization": "Bearer sk-x"}).status_code == 200
    working.ok("destroy", "-auto-approve")


def test_the_offer_arrives_byte_for_byte(working: Folder, server: str) -> None:
    working.ok("apply", "-auto-approve")
    (made,) = listing(server)["calls"]
    assert made["sdp_sha256"] == hashlib.sha256(OFFER.read_bytes()).hexdigest()
    state = json.loads((working.path / STATE).read_text())
    (recorded,) = [one for one in state["resources"] if one["type"] == "openai_realtime_call"]
    assert recorded["instances"][0]["attributes"]["sdp"].encode() == OFFER.read_bytes()


def test_a_saved_plan_is_applied_without_asking(working: Folder, server: str) -> None:
    planned = working.ok("plan", "-out=now.tfplan")
    assert 'rtf apply "now.tfplan"' in planned.out
    working.write("main.hcl", provider(server))  # what counts is the configuration as it was planned
    applied = working.ok("apply", "now.tfplan")
    assert "Apply complete! Resources: 2 added, 0 changed, 0 destroyed." in applied.out
    assert listing(server)["counts"]["secrets"] == 1


def test_a_stale_plan_is_refused(working: Folder, server: str) -> None:
    working.ok("plan", "-out=old.tfplan")
    working.ok("apply", "-auto-approve")
    refused = working.run("apply", "old.tfplan")
    assert refused.status == 1
    assert "Error: Saved plan is stale" in refused.err
    assert listing(server)["counts"]["secrets"] == 1


def test_a_saved_plan_to_destroy_destroys(working: Folder, server: str) -> None:
    working.ok("apply", "-auto-approve")
    working.ok("plan", "-destroy", "-out=end.tfplan")
    applied = working.ok("apply", "end.tfplan").out
    assert "2 destroyed" in applied
    assert working.objects() == {}


def test_what_holds_secrets_is_for_its_owner_alone(working: Folder, server: str) -> None:
    working.ok("plan", "-out=now.tfplan")
    working.ok("apply", "now.tfplan")
    working.write("main.hcl", provider(server))
    working.ok("apply", "-auto-approve")
    names = ["now.tfplan", STATE, f"{STATE}.backup"]
    assert {name: oct(mode(working.path / name)) for name in names} == dict.fromkeys(names, "0o600")


def test_nothing_but_the_state_is_left_behind(working: Folder) -> None:
    working.ok("apply", "-auto-approve")
    left = {path.name for path in working.path.iterdir()}
    assert left == {"main.hcl", "offer.sdp", STATE}


@pytest.mark.parametrize(
    ("answer", "status", "told"),
    [
        pytest.param("yes\n", 0, "Apply complete! Resources: 2 added", id="yes"),
        pytest.param("no\n", 1, "Apply cancelled.", id="no"),
        pytest.param("y\n", 1, "Apply cancelled.", id="nearly yes"),
        pytest.param("", 1, "Apply cancelled.", id="nothing"),
    ],
)
def test_apply_asks_first(answer: str, status: int, told: str, working: Folder, server: str) -> None:
    run = working.run("apply", answer=answer)
    assert run.status == status
    assert "Only 'yes' will be accepted to approve." in run.out
    assert told in run.out
    assert listing(server)["counts"]["secrets"] == (1 if answer == "yes\n" else 0)


def test_destroy_asks_first(working: Folder, server: str) -> None:
    working.ok("apply", "-auto-approve")
    run = working.run("destroy", answer="no\n")
    assert run.status == 1
    assert "Destroy cancelled." in run.out
    assert len(working.objects()) == 2


def test_resources_that_need_each_other_are_made_in_order_and_destroyed_backwards(here: Folder, server: str) -> None:
    here.write("main.hcl", provider(server) + in_a_row(4))
    names = [f"openai_realtime_client_secret.s{number}" for number in range(4)]
    made = [line for line in here.ok("apply", "-auto-approve").out.splitlines() if "Creation complete" in line]
    assert [line.partition(":")[0] for line in made] == names
    gone = [line for line in here.ok("destroy", "-auto-approve").out.splitlines() if "Destruction complete" in line]
    assert [line.partition(":")[0] for line in gone] == names[::-1]


def test_one_operation_at_a_time_ends_before_the_next_begins(here: Folder, server: str) -> None:
    here.write("main.hcl", provider(server) + secret(count=5))
    lines = here.ok("apply", "-auto-approve", "-parallelism=1").out.splitlines()
    steps = [line.rpartition(":")[2].split()[0] for line in lines if "openai_realtime" in line and ": Creat" in line]
    assert steps == ["Creating...", "Creation"] * 5


def test_outputs_are_shown_hidden_and_given_in_clear_when_asked(working: Folder) -> None:
    outputs = """
output "key" {
  value     = openai_realtime_client_secret.web.value
  sensitive = true
}
output "call" {
  value = openai_realtime_call.support.id
}
"""
    working.write("outputs.hcl", outputs)
    applied = working.ok("apply", "-auto-approve").out
    objects = working.objects()
    key = objects["openai_realtime_client_secret.web"]["value"]
    assert "key = <sensitive>" in applied
    assert f'call = "{objects["openai_realtime_call.support"]["id"]}"' in applied
    assert key not in applied
    assert working.ok("output", "-raw", "key").out == key
    assert json.loads(working.ok("output", "-json").out)["key"] == {"sensitive": True, "type": "string", "value": key}
    shown = working.ok("output").out
    assert "key = <sensitive>" in shown


def test_the_state_of_a_single_file_is_beside_it(here: Folder, server: str) -> None:
    here.write("voice.hcl", provider(server) + secret())
    here.ok("apply", "-auto-approve", "voice.hcl")
    assert mode(here.path / "voice.tfstate") == 0o600
    assert here.ok("state", "list", "-root=voice.hcl").out == "openai_realtime_client_secret.web\n"
    assert not (here.path / STATE).exists()
