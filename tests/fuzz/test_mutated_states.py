"""Two hundred damaged states: no command ends with a traceback, and none changes a state that it refuses."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from state.codec import decode
from tests.rtf.end_to_end.commands import Folder, Run, folder

MUTATIONS = 200
BATCHES = 10

LOOKING = [["show"], ["show", "-json"], ["output"], ["output", "-json"], ["state", "list"], ["state", "show", "terraform_data.b[0]"], ["state", "pull"], ["plan", "-refresh=false"], ["plan", "-destroy"], ["workspace", "list"], ["show", "terraform.tfstate"]]  # fmt: skip
CHANGING = [["apply", "-auto-approve"], ["destroy", "-auto-approve"], ["taint", "terraform_data.a"], ["untaint", "terraform_data.t"], ["state", "rm", "terraform_data.b"], ["state", "mv", "module.m", "module.n"], ["state", "mv", "terraform_data.a", "terraform_data.b[7]"], ["state", "push", "new.json"], ["state", "replace-provider", "-auto-approve", "terraform.io/builtin/terraform", "x/y"]]  # fmt: skip

MAIN = """
resource "terraform_data" "a" { input = { k = ["x", 1.5] } }
resource "terraform_data" "b" {
  count = 2
  input = terraform_data.a.output
}
output "o" { value = terraform_data.a.output }
check "c" {
  assert {
    condition     = terraform_data.a.output != null
    error_message = "None."
  }
}
"""
PROVIDER = 'provider["terraform.io/builtin/terraform"]'
VALUE = {"value": {"k": ["x", 1.5]}, "type": ["object", {"k": ["tuple", ["string", "number"]]}]}


def instance(id: str, **members: Any) -> dict[str, Any]:
    attributes = {"id": id, "input": VALUE, "output": VALUE, "triggers_replace": None}
    return {**members, "schema_version": 0, "attributes": attributes, "sensitive_attributes": []}


def resource(name: str, *instances: dict[str, Any], **members: str) -> dict[str, Any]:
    return {
        **members, "mode": "managed", "type": "terraform_data", "name": name, "provider": PROVIDER,
        "instances": list(instances),
    }  # fmt: skip


STATE: dict[str, Any] = {
    "version": 4,
    "terraform_version": "1.11.4",
    "serial": 5,
    "lineage": "0d1e2f30-0000-4000-8000-000000000000",
    "outputs": {"o": VALUE, "s": {"value": "hush", "type": "string", "sensitive": True}},
    "resources": [
        resource("x", instance("id-x", dependencies=["terraform_data.a"]), module="module.m"),
        resource("y", instance("id-y"), module='module.m.module.k["$${z}"]'),
        resource("a", instance("id-a", private="bnVsbA==")),
        resource("b", instance("id-0", index_key=0), instance("id-1", index_key=1, create_before_destroy=True)),
        resource("t", instance("id-t", status="tainted"), instance("id-old", deposed="0a1b2c3d")),
    ],
    "check_results": [
        {
            "object_kind": "check",
            "config_addr": "check.c",
            "status": "pass",
            "objects": [{"object_addr": "check.c", "status": "pass"}],
        }
    ],
}
ODD: list[Any] = [None, True, -1, 0, 2**70, 1.5, "", "x", "\u0000", "é\ud800", "../..", 'a["${', "module.", [], {}, [[]], {"value": 1}, ["set", "string"], "99999999999999999999", [{"type": "index"}]]  # fmt: skip


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container in a tree with each of its keys."""
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ():
        yield tree, key
        yield from places(tree[key])


def with_another_member(chance: random.Random) -> bytes:
    """Return the state with one to three members that were replaced, removed, doubled or renamed."""
    tree = json.loads(json.dumps(STATE))
    for _ in range(chance.randint(1, 3)):
        container, key = chance.choice(list(places(tree)))
        match chance.randint(0, 4):
            case 0:
                del container[key]
            case 1 if isinstance(container, list):
                container.append(container[key])
            case 2 if isinstance(container, dict):
                container[chance.choice(["", "mode", "deposed", "é", "version", key.upper()])] = container.pop(key)
            case 3:
                other, name = chance.choice(list(places(tree)))
                container[key] = json.loads(json.dumps(other[name]))
            case _:
                container[key] = chance.choice(ODD)
    return json.dumps(tree, indent=2).encode()


def with_other_bytes(chance: random.Random) -> bytes:
    """Return the state cut short, or with bytes that were changed, removed, doubled or put in."""
    data = bytearray(json.dumps(STATE, indent=2).encode())
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data) or 1)
        end = min(len(data), start + chance.randint(1, 40))
        match chance.randint(0, 4):
            case 0:
                del data[start:]
            case 1:
                del data[start:end]
            case 2:
                data[start:start] = data[start:end]
            case 3:
                data[start:end] = chance.randbytes(end - start)
            case _:
                data[start:start] = chance.choice(
                    [b'"', b"{", b"]", b",", b"\x00", b"\xff", b"[" * 5000, b"1e999", b"NaN"]
                )
    return bytes(data)


MAKE: list[Callable[[random.Random], bytes]] = [with_another_member, with_another_member, with_other_bytes]


@pytest.fixture
def here(tmp_path: Path) -> Folder:
    found = folder(tmp_path / "work", RTF_CACHE="on")
    found.write("main.tf", MAIN)
    found.write("new.json", json.dumps({"version": 4, "serial": 9, "lineage": STATE["lineage"], "resources": []}))
    return found


def checked(here: Folder, arguments: list[str]) -> Run:
    run = here.run(*arguments)
    assert run.status in (0, 1), run.text
    assert "Traceback" not in run.text
    assert "rtf has a bug" not in run.text, run.text
    return run


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_damaged_state_is_told_of_and_left_as_it_is(here: Folder, batch: int) -> None:
    state = here.path / "terraform.tfstate"
    for number in range(batch, MUTATIONS, BATCHES):
        damaged = MAKE[number % len(MAKE)](random.Random(number))
        state.write_bytes(damaged)
        checked(here, LOOKING[number % len(LOOKING)])
        assert state.read_bytes() == damaged
        changing = CHANGING[number % len(CHANGING)]
        run = checked(here, changing)
        if run.status == 1 and changing[0] not in ("apply", "destroy"):
            assert state.read_bytes() == damaged
        if state.read_bytes() != damaged:
            decode(state.read_bytes(), "what was written")
            assert "not a usable state" not in run.err


def test_the_state_without_damage_can_be_used(here: Folder) -> None:
    for arguments in [*LOOKING, *CHANGING[2:]]:
        here.write("terraform.tfstate", json.dumps(STATE))
        assert checked(here, arguments).status == 0, arguments
