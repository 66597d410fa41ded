"""`rtf state`, `rtf taint`, `rtf untaint`, `rtf force-unlock`: from the command line to the file and back."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.rtf.end_to_end.commands import Folder

STATE = "terraform.tfstate"
MAIN = """
resource "terraform_data" "a" { input = 1.5 }
resource "terraform_data" "b" {
  count = 2
  input = terraform_data.a.output
}
module "m" { source = "./m" }
output "o" { value = "x" }
"""


@pytest.fixture
def applied(here: Folder) -> Folder:
    """A folder with four objects in its state."""
    here.write("main.tf", MAIN)
    (here.path / "m").mkdir()
    here.write("m/main.tf", 'resource "terraform_data" "x" {}\n')
    here.ok("init")
    here.ok("apply", "-auto-approve")
    return here


def listed(here: Folder, *flags: str) -> list[str]:
    return here.ok("state", "list", *flags).out.splitlines()


def tree(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def backups(here: Folder) -> list[str]:
    return sorted(path.name for path in here.path.iterdir() if path.name.endswith(".backup"))


ALL = ["terraform_data.a", "terraform_data.b[0]", "terraform_data.b[1]", "module.m.terraform_data.x"]


def test_pull_writes_the_state_as_it_is_stored(applied: Folder) -> None:
    pulled = applied.ok("state", "pull").out
    assert pulled == (applied.path / STATE).read_text() + "\n"
    assert json.loads(pulled)["resources"][0]["instances"][0]["attributes"]["input"] == {"value": 1.5, "type": "number"}


def test_pull_of_nothing_is_nothing(here: Folder) -> None:
    assert here.ok("state", "pull").out == ""


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], ALL),
        (["terraform_data.b"], ALL[1:3]),
        (["module.m", "terraform_data.a"], [ALL[3], ALL[0]]),
        (["-id=nothing"], []),
    ],
)
def test_list_names_what_is_recorded(applied: Folder, arguments: list[str], found: list[str]) -> None:
    assert listed(applied, *arguments) == found


def test_list_finds_an_object_by_its_id(applied: Folder) -> None:
    id = applied.objects()["terraform_data.b[1]"]["id"]
    assert listed(applied, f"-id={id}") == ["terraform_data.b[1]"]


def test_show_writes_one_object_as_a_block(applied: Folder) -> None:
    id = applied.objects()["terraform_data.a"]["id"]
    assert applied.ok("state", "show", "terraform_data.a").out == (
        f'# terraform_data.a:\nresource "terraform_data" "a" {{\n    id     = "{id}"\n    input  = 1.5\n'
        "    output = 1.5\n}\n"
    )


def test_moves_are_told_made_and_backed_up(applied: Folder) -> None:
    before = (applied.path / STATE).read_bytes()
    dry = applied.ok("state", "mv", "-dry-run", "terraform_data.a", "terraform_data.z").out
    assert dry == 'Would move "terraform_data.a" to "terraform_data.z"\n'
    assert (applied.path / STATE).read_bytes() == before
    moved = applied.ok("state", "mv", "terraform_data.a", "terraform_data.z").out
    assert moved == 'Move "terraform_data.a" to "terraform_data.z"\nSuccessfully moved 1 object(s).\n'
    assert listed(applied) == ["terraform_data.b[0]", "terraform_data.b[1]", "terraform_data.z", ALL[3]]
    assert tree(applied.path / STATE)["serial"] == json.loads(before)["serial"] + 1
    (backup,) = backups(applied)
    assert backup.removeprefix(f"{STATE}.").removesuffix(".backup").isdecimal()
    assert (applied.path / backup).read_bytes() == before


def test_moves_within_one_second_leave_a_backup_each(applied: Folder) -> None:
    for name in "xyz":
        applied.ok("state", "mv", "terraform_data.a", f"terraform_data.{name}")
        applied.ok("state", "mv", f"terraform_data.{name}", "terraform_data.a")
    assert len(backups(applied)) == 6


def test_objects_move_to_another_file(applied: Folder) -> None:
    run = applied.ok("state", "mv", "-state-out=out.tfstate", "-backup=b1", "-backup-out=b2", "module.m", "module.n")
    assert "Successfully moved 1 object(s)." in run.out
    assert listed(applied) == ALL[:3]
    assert listed(applied, "-state=out.tfstate") == ["module.n.terraform_data.x"]
    assert tree(applied.path / "b1")["serial"] == tree(applied.path / STATE)["serial"] - 1
    applied.ok("state", "mv", "-state=out.tfstate", f"-state-out={STATE}", "module.n", "module.m")
    assert listed(applied) == ALL
    assert listed(applied, "-state=out.tfstate") == []


def test_a_state_may_be_its_own_destination(applied: Folder) -> None:
    applied.ok("state", "mv", f"-state-out={STATE}", "terraform_data.a", "terraform_data.z")
    assert "terraform_data.z" in listed(applied)


def test_removed_objects_are_forgotten_and_made_again(applied: Folder) -> None:
    dry = applied.ok("state", "rm", "-dry-run", "terraform_data.b").out
    assert dry == "Would remove terraform_data.b[0]\nWould remove terraform_data.b[1]\n"
    assert listed(applied) == ALL
    run = applied.ok("state", "rm", "-backup=kept", "terraform_data.b[0]", "module.m", "terraform_data.nope")
    assert run.out == (
        "Removed terraform_data.b[0]\nRemoved module.m.terraform_data.x\nSuccessfully removed 2 resource instance(s).\n"
    )
    assert listed(applied) == ["terraform_data.a", "terraform_data.b[1]"]
    assert len(tree(applied.path / "kept")["resources"]) == 3
    assert "Plan: 2 to add, 0 to change, 0 to destroy." in applied.ok("plan").out


def test_a_pushed_state_is_stored(applied: Folder) -> None:
    pulled = applied.ok("state", "pull").out
    applied.ok("state", "rm", "terraform_data.a")
    refused = applied.run("state", "push", "-", answer=pulled)
    assert refused.status == 1
    assert "cannot import state with serial" in refused.err
    here = Folder(applied.path, applied.environment)
    here.write("old.json", pulled)
    here.ok("state", "push", "-force", "old.json")
    assert listed(here) == ALL


PROVIDER = "terraform.io/builtin/terraform"


@pytest.mark.parametrize(
    ("flags", "answer", "done"),
    [(["-auto-approve"], "", True), ([], "yes\n", True), ([], "no\n", False)],
)
def test_a_provider_is_replaced_after_a_yes(applied: Folder, flags: list[str], answer: str, done: bool) -> None:
    run = applied.run("state", "replace-provider", *flags, PROVIDER, "acme/terraform", answer=answer)
    assert run.status == 0
    assert "Changing 3 resources:" in run.out
    assert ("Successfully replaced provider for 3 resources." in run.out) is done
    assert ("Cancelled" in run.out) is not done
    providers = {resource["provider"] for resource in tree(applied.path / STATE)["resources"]}
    assert providers == {'provider["registry.terraform.io/acme/terraform"]' if done else f'provider["{PROVIDER}"]'}
    if done:
        told = " ".join(applied.ok("plan", status=1).err.split())
        assert f"run rtf state replace-provider registry.terraform.io/acme/terraform {PROVIDER}." in told


def test_a_provider_is_not_replaced_when_nobody_answers(applied: Folder) -> None:
    run = applied.ok("state", "replace-provider", PROVIDER, "acme/terraform", status=1)
    assert "Error asking for approval" in run.err


def test_what_is_tainted_is_replaced_unless_that_is_taken_back(applied: Folder) -> None:
    assert applied.ok("taint", "terraform_data.b[0]").out == (
        "Resource instance terraform_data.b[0] has been marked as tainted.\n"
    )
    assert "1 to destroy" in applied.ok("plan").out
    assert "(tainted)" in applied.ok("state", "show", "terraform_data.b[0]").out
    assert applied.ok("untaint", "terraform_data.b[0]").out == (
        "Resource instance terraform_data.b[0] has been successfully untainted.\n"
    )
    applied.ok("plan", "-detailed-exitcode")


@pytest.mark.parametrize("command", ["taint", "untaint"])
def test_a_missing_object_may_be_allowed(applied: Folder, command: str) -> None:
    assert "Error: No such resource instance" in applied.ok(command, "terraform_data.q", status=1).err
    run = applied.ok(command, "-allow-missing", "terraform_data.q")
    assert "Warning: No such resource instance" in run.out


def test_another_file_is_tainted_and_written_to_a_third(applied: Folder) -> None:
    before = (applied.path / STATE).read_bytes()
    applied.ok("taint", f"-state={STATE}", "-state-out=out.tfstate", "terraform_data.a")
    assert (applied.path / STATE).read_bytes() == before
    assert "(tainted)" in applied.ok("state", "show", "-state=out.tfstate", "terraform_data.a").out


REFUSED: Mapping[str, tuple[list[str], str]] = {
    "list of an unknown resource": (["state", "list", "terraform_data.q"], "Error: Unknown resource"),
    "list of an unknown module": (["state", "list", "module.q"], "Error: Unknown module"),
    "list of no address": (["state", "list", "a..b"], "Error: Attribute name required"),
    "list of no file": (["state", "list", "-state=nope"], "No state file was found!"),
    "show of no object": (["state", "show", "terraform_data.aa"], 'Did you mean "terraform_data.a"?'),
    "show of many": (["state", "show", "terraform_data.b"], "No instance found for the given address!"),
    "show of no address": (["state", "show", "module.m"], "Error parsing instance address: module.m"),
    "mv of nothing": (["state", "mv", "terraform_data.q", "terraform_data.r"], "Error: Invalid source address"),
    "mv onto another": (["state", "mv", "terraform_data.a", "terraform_data.b[0]"], "Error: Invalid target address"),
    "mv of a module onto itself": (["state", "mv", "module.m", "module.m"], "Error moving state"),
    "mv of two bad addresses": (["state", "mv", "1", "a..b"], "Error: Attribute name required"),
    "mv of one": (["state", "mv", "terraform_data.a"], "Missing argument"),
    "rm of nothing": (["state", "rm", "terraform_data.q"], "Error: Invalid target address"),
    "rm of no address": (["state", "rm", "a..b", "terraform_data.a"], "Error: Attribute name required"),
    "push of no file": (["state", "push", "nope"], 'There is no file "nope".'),
    "push of a folder": (["state", "push", "m"], "it is a directory"),
    "push of no state": (["state", "push", "main.tf"], 'Error reading source state "main.tf"'),
    "push of an empty input": (["state", "push", "-"], "no state"),
    "replace of no provider": (["state", "replace-provider", "a/b/c/d", "x y"], 'Error: Invalid "to" provider "x y"'),
    "taint of a data source": (["taint", "data.a.b"], "Resource instance data.a.b cannot be tainted"),
    "taint of a module": (["taint", "module.m"], "A resource instance address is required here"),
    "untaint of what is in order": (["untaint", "terraform_data.a"], "Error: Resource instance is not tainted"),
    "force-unlock": (["force-unlock", "x"], "Local state cannot be unlocked by another process"),
    "force-unlock by force": (["force-unlock", "-force", "x"], "Failed to unlock state: LocalState not locked"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), [pytest.param(*case, id=name) for name, case in REFUSED.items()])
def test_what_is_refused_changes_nothing(applied: Folder, arguments: list[str], words: str) -> None:
    before = (applied.path / STATE).read_bytes()
    run = applied.ok(*arguments, status=1)
    assert words in run.err
    assert "Traceback" not in run.text
    assert (applied.path / STATE).read_bytes() == before
    assert backups(applied) == []


NO_STATE = [["state", "list"], ["state", "show", "a.b"], ["state", "rm", "a.b"], ["state", "mv", "a.b", "a.c"], ["state", "replace-provider", "a", "b"]]  # fmt: skip


@pytest.mark.parametrize("arguments", NO_STATE, ids=" ".join)
def test_without_a_state_there_is_nothing_to_look_at(here: Folder, arguments: list[str]) -> None:
    assert "No state file was found!" in here.ok(*arguments, status=1).err
    assert not any(path.is_file() for path in here.path.iterdir())


def test_show_tells_no_state_from_an_empty_one(here: Folder) -> None:
    assert here.ok("show").out == "No state.\n"
    here.write("main.tf", "")
    here.ok("apply", "-auto-approve")
    assert here.ok("show").out == "The state file is empty. No resources are represented.\n"


def test_show_reads_a_state_file_wherever_it_is(applied: Folder) -> None:
    applied.ok("state", "mv", "-state-out=out.tfstate", "terraform_data.a", "terraform_data.a")
    assert applied.ok("show", "out.tfstate").out.startswith("# terraform_data.a:\n")
    assert "terraform_data.a" in applied.ok("show", "-json", "out.tfstate").out
    assert "terraform_data.b" not in applied.ok("show", "-json", "out.tfstate").out
