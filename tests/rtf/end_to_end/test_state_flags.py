"""`-state`, `-state-out`, `-backup`, `-lock` of the commands that plan, apply and look."""

import json
from pathlib import Path
from typing import Any

import pytest

from state.backends.local import LocalBackend
from tests.rtf.end_to_end.commands import Folder


def configure(here: Folder, value: int) -> None:
    here.write(
        "main.tf", f'resource "terraform_data" "a" {{\n  input = {value}\n}}\noutput "o" {{\n  value = {value}\n}}\n'
    )


def recorded(path: Path) -> Any:
    """Return the output in a state file."""
    return json.loads(path.read_text())["outputs"]["o"]["value"]


@pytest.fixture
def project(here: Folder) -> Folder:
    """A folder with a state in `in.tfstate`, made with the value 1, and a configuration with the value 2."""
    configure(here, 1)
    here.ok("apply", "-auto-approve", "-state=in.tfstate")
    configure(here, 2)
    return here


def files(here: Folder) -> list[str]:
    return sorted(path.name for path in here.path.iterdir() if path.name != "main.tf")


def test_a_named_state_is_read_and_written_with_a_warning(project: Folder) -> None:
    assert files(project) == ["in.tfstate"]
    planned = project.ok("plan", "-state=in.tfstate")
    assert "Plan: 0 to add, 1 to change" in planned.out
    assert "Warning: Deprecated flag: -state" in planned.out
    assert "Warning" not in project.ok("plan", "-state=").out
    project.ok("apply", "-auto-approve", "-state=in.tfstate")
    assert files(project) == ["in.tfstate", "in.tfstate.backup"]
    assert (recorded(project.path / "in.tfstate"), recorded(project.path / "in.tfstate.backup")) == (2, 1)


def test_a_state_is_read_from_one_file_and_written_to_another(project: Folder) -> None:
    before = (project.path / "in.tfstate").read_bytes()
    run = project.ok("apply", "-auto-approve", "-state=in.tfstate", "-state-out=out.tfstate")
    assert "1 changed" in run.out
    assert (project.path / "in.tfstate").read_bytes() == before
    assert recorded(project.path / "out.tfstate") == 2
    assert files(project) == ["in.tfstate", "out.tfstate"]


@pytest.mark.parametrize(("flag", "made"), [("-backup=kept", ["in.tfstate", "kept"]), ("-backup=-", ["in.tfstate"])])
def test_the_backup_goes_where_it_is_told(project: Folder, flag: str, made: list[str]) -> None:
    project.ok("destroy", "-auto-approve", "-state=in.tfstate", flag)
    assert files(project) == made


def test_a_saved_plan_is_applied_to_a_named_state(project: Folder) -> None:
    project.ok("plan", "-state=in.tfstate", "-out=p")
    assert "Error: Saved plan does not match the given state" in project.ok("apply", "p", status=1).err
    project.ok("apply", "-state=in.tfstate", "p")
    assert recorded(project.path / "in.tfstate") == 2
    assert "Error: Saved plan is stale" in project.ok("apply", "-state=in.tfstate", "p", status=1).err


def test_those_who_look_can_look_at_a_named_state(project: Folder) -> None:
    assert project.ok("output", "-state=in.tfstate", "o").out == "1\n"
    assert project.run("console", "-state=in.tfstate", answer="terraform_data.a.input\n").out == "1\n"
    assert project.ok("state", "list", "-state=in.tfstate").out == "terraform_data.a\n"
    assert "Warning: No outputs found" in project.ok("output", "-state=none.tfstate").text


LOCKED = [["plan"], ["apply", "-auto-approve"], ["destroy", "-auto-approve"], ["taint", "terraform_data.a"], ["untaint", "terraform_data.a"], ["state", "rm", "terraform_data.a"], ["state", "mv", "terraform_data.a", "terraform_data.b"], ["state", "push", "-force", "in.tfstate"], ["state", "replace-provider", "-auto-approve", "terraform.io/builtin/terraform", "a/b"]]  # fmt: skip


@pytest.mark.parametrize("arguments", LOCKED, ids=" ".join)
def test_a_locked_state_is_left_alone_unless_the_lock_is_not_wanted(project: Folder, arguments: list[str]) -> None:
    project.ok("apply", "-auto-approve")
    state = project.path / "terraform.tfstate"
    if arguments[0] == "untaint":
        project.ok("taint", "terraform_data.a")
    configure(project, 3)
    before = state.read_bytes()
    with LocalBackend(state).lock("OperationTypeApply"):
        refused = project.ok(*arguments, "-lock-timeout=0s", status=1)
        assert "Error: Error acquiring the state lock" in refused.err
        assert "OperationTypeApply" in refused.err
        assert state.read_bytes() == before
        project.ok(*arguments, "-lock=false")
    assert (state.read_bytes() == before) is (arguments[0] == "plan")
