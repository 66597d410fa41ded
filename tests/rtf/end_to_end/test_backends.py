"""`backend "local"`: taken into use by `rtf init`, checked by every other command, changed with and without copies."""

import json
from typing import Any

import pytest

from tests.rtf.end_to_end.commands import Folder

MAIN = 'resource "terraform_data" "a" {}\n'


def configure(here: Folder, *arguments: str, block: bool = True) -> None:
    """Write a configuration whose backend block has these arguments."""
    backend = f'terraform {{\n  backend "local" {{\n    {"; ".join(arguments)}\n  }}\n}}\n' if block else ""
    here.write("main.tf", backend.replace("; ", "\n    ") + MAIN)


def record(here: Folder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((here.path / ".terraform" / "terraform.tfstate").read_text())
    return found


def full(here: Folder, *names: str) -> list[str]:
    """Return which of the named states record an object."""
    return [
        name for name in names if (here.path / name).exists() and "terraform_data" in (here.path / name).read_text()
    ]


@pytest.fixture
def project(here: Folder) -> Folder:
    """A folder with a backend in use, and an object in its state."""
    configure(here, 'path = "a.tfstate"')
    here.ok("init", "-input=false")
    here.ok("apply", "-auto-approve")
    return here


NEED_A_BACKEND = [["plan"], ["apply", "-auto-approve"], ["destroy"], ["show"], ["output"], ["console"], ["taint", "a.b"], ["state", "list"], ["state", "pull"], ["workspace", "list"], ["workspace", "new", "x"], ["force-unlock", "x"]]  # fmt: skip


@pytest.mark.parametrize("arguments", NEED_A_BACKEND, ids=" ".join)
def test_a_backend_has_to_be_taken_into_use_first(here: Folder, arguments: list[str]) -> None:
    configure(here)
    assert 'Error: Backend initialization required, please run "terraform init"' in here.ok(*arguments, status=1).err
    assert sorted(path.name for path in here.path.iterdir()) == ["main.tf"]


@pytest.mark.parametrize("command", [["rm", "a.b"], ["mv", "a.b", "a.c"], ["replace-provider", "a", "b"]], ids=" ".join)
def test_changes_by_hand_say_it_in_plain_text(here: Folder, command: list[str]) -> None:
    configure(here)
    told = here.ok("state", *command, status=1).err
    assert told.startswith("Error loading the state: Backend initialization required")


def test_a_backend_in_use_holds_the_state(project: Folder) -> None:
    assert full(project, "a.tfstate", "terraform.tfstate") == ["a.tfstate"]
    assert project.ok("state", "list").out == "terraform_data.a\n"
    assert record(project)["backend"]["config"] == {"path": "a.tfstate", "workspace_dir": None}
    assert project.ok("init", "-input=false").out.count("Successfully configured") == 0
    project.ok("plan", "-detailed-exitcode")


def test_a_changed_backend_is_told_until_it_is_taken_into_use(project: Folder) -> None:
    configure(project, 'path = "b.tfstate"')
    assert 'Error: Backend initialization required: please run "terraform init"' in project.ok("plan", status=1).err
    assert "Error: Backend configuration changed" in project.ok("init", status=1).err
    project.ok("init", "-reconfigure", "-input=false")
    assert full(project, "a.tfstate", "b.tfstate") == ["a.tfstate"]
    project.ok("plan", "-detailed-exitcode", status=2)


@pytest.mark.parametrize(
    ("flags", "answer", "copied"),
    [
        pytest.param(["-migrate-state"], "yes\n", True, id="a yes"),
        pytest.param(["-migrate-state"], "no\n", False, id="a no"),
        pytest.param(["-force-copy"], "", True, id="without asking"),
    ],
)
def test_a_state_is_copied_to_where_a_changed_backend_has_it(
    project: Folder, flags: list[str], answer: str, copied: bool
) -> None:
    configure(project, 'path = "b.tfstate"')
    run = project.run("init", *flags, answer=answer)
    assert run.status == 0, run.text
    assert full(project, "a.tfstate", "b.tfstate") == (["a.tfstate", "b.tfstate"] if copied else ["a.tfstate"])
    if copied:
        assert (project.path / "a.tfstate").read_bytes() == (project.path / "b.tfstate").read_bytes()
    project.ok("plan", "-detailed-exitcode", status=0 if copied else 2)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["-input=false"], "Error: Can't ask approval for state migration when interactive input is disabled."),
        ([], "Error: Error asking for confirmation: EOF"),
    ],
)
def test_a_state_is_not_copied_when_nobody_answers(project: Folder, flags: list[str], words: str) -> None:
    configure(project, 'path = "b.tfstate"')
    assert words in project.ok("init", "-migrate-state", *flags, status=1).err
    assert record(project)["backend"]["config"]["path"] == "a.tfstate"


def test_a_state_in_the_way_is_written_over_only_after_a_yes(project: Folder) -> None:
    configure(project, 'path = "b.tfstate"')
    project.ok("init", "-reconfigure")
    project.ok("apply", "-auto-approve")
    before = (project.path / "b.tfstate").read_bytes()
    configure(project, 'path = "a.tfstate"')
    project.ok("init", "-reconfigure")
    configure(project, 'path = "b.tfstate"')
    run = project.run("init", "-migrate-state", answer="no\n")
    assert "Do you want to overwrite the state in the new backend" in run.out
    assert (project.path / "b.tfstate").read_bytes() == before
    configure(project, 'path = "a.tfstate"')
    project.ok("init", "-reconfigure")
    configure(project, 'path = "b.tfstate"')
    project.ok("init", "-force-copy")
    assert (project.path / "b.tfstate").read_bytes() == (project.path / "a.tfstate").read_bytes()
    assert (project.path / "b.tfstate.backup").read_bytes() == before


def test_the_first_backend_takes_the_state_along_that_was_there_before(here: Folder) -> None:
    configure(here, block=False)
    here.ok("apply", "-auto-approve")
    before = (here.path / "terraform.tfstate").read_bytes()
    configure(here, 'path = "a.tfstate"')
    assert "Error: Can't ask approval" in here.ok("init", "-input=false", status=1).err
    assert here.run("init", answer="yes\n").status == 0
    assert (here.path / "a.tfstate").read_bytes() == before
    assert (here.path / "terraform.tfstate").read_bytes() == b""
    assert (here.path / "terraform.tfstate.backup").read_bytes() == before
    here.ok("plan", "-detailed-exitcode")


def test_a_backend_that_says_where_the_state_is_anyway_changes_nothing(here: Folder) -> None:
    configure(here, block=False)
    here.ok("apply", "-auto-approve")
    before = (here.path / "terraform.tfstate").read_bytes()
    configure(here)
    here.ok("init", "-input=false")
    assert (here.path / "terraform.tfstate").read_bytes() == before


@pytest.mark.parametrize(("flag", "copied"), [("-force-copy", True), ("-reconfigure", False)])
def test_a_backend_is_given_up(project: Folder, flag: str, copied: bool) -> None:
    configure(project, block=False)
    assert "Unsetting the previously set backend" in project.ok("plan", status=1).err
    assert "Error: Backend configuration changed" in project.ok("init", status=1).err
    project.ok("init", flag)
    assert record(project) == {"version": 3, "terraform_version": "1.11.4"}
    assert full(project, "a.tfstate", "terraform.tfstate") == (
        ["a.tfstate", "terraform.tfstate"] if copied else ["a.tfstate"]
    )


def test_arguments_may_come_from_the_command_line(here: Folder) -> None:
    configure(here)
    here.write("where.tfbackend", 'path = "from-file.tfstate"\nworkspace_dir = "w"\n')
    here.ok("init", "-backend-config=where.tfbackend", "-backend-config=path=from-flag.tfstate")
    assert record(here)["backend"]["config"] == {"path": "from-flag.tfstate", "workspace_dir": "w"}
    here.ok("init")
    here.ok("apply", "-auto-approve")
    assert full(here, "from-flag.tfstate") == ["from-flag.tfstate"]
    assert "Error: Backend configuration changed" in here.ok("init", "-backend-config=path=x", status=1).err


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["-backend-config=pth=x"], "Error: Invalid backend configuration argument"),
        (["-backend-config=path="], "Error: Invalid local state file path"),
        (["-backend-config=nowhere"], "Error: Failed to read file"),
        (["-reconfigure", "-migrate-state"], "Error: Invalid init options"),
    ],
)
def test_wrong_flags_of_init_are_told(here: Folder, flags: list[str], words: str) -> None:
    configure(here)
    assert words in here.ok("init", *flags, status=1).err
    assert not (here.path / ".terraform" / "terraform.tfstate").exists()


def test_flags_without_a_backend_are_told(here: Folder) -> None:
    configure(here, block=False)
    assert "Warning: Missing backend configuration" in here.ok("init", "-backend-config=path=x").out


def test_a_backend_may_be_left_out_of_init(here: Folder) -> None:
    configure(here)
    here.ok("init", "-backend=false")
    assert "Backend initialization required" in here.ok("plan", status=1).err


def test_all_workspaces_move_together(project: Folder) -> None:
    project.ok("workspace", "new", "dev")
    project.ok("apply", "-auto-approve")
    configure(project, 'path = "b.tfstate"', 'workspace_dir = "w"')
    asked = "Error: Error asking for state migration action: input is disabled"
    assert asked in project.ok("init", "-migrate-state", "-input=false", status=1).err
    assert "Error: Migration aborted by user" in project.run("init", "-migrate-state", answer="no\n").err
    assert project.run("init", "-migrate-state", answer="yes\n").status == 0
    states = ["b.tfstate", "w/dev/terraform.tfstate"]
    assert full(project, *states) == states
    assert project.ok("workspace", "list").out == "  default\n* dev\n\n"


def test_a_workspace_is_selected_that_exists(project: Folder) -> None:
    project.ok("workspace", "new", "dev")
    configure(project, 'path = "a.tfstate"', 'workspace_dir = "w"')
    project.ok("init", "-reconfigure", "-input=false")
    assert project.ok("workspace", "show").out == "default\n"
    for name in ("one", "two"):
        project.ok("workspace", "new", name)
    project.write(".terraform/environment", "gone")
    missing = 'Error: Currently selected workspace "gone" does not exist'
    assert missing in project.ok("init", "-input=false", status=1).err
    assert project.run("init", answer="3\n").status == 0
    assert project.ok("workspace", "show").out == "two\n"


def test_the_backend_of_another_tool_is_left_alone(here: Folder) -> None:
    configure(here)
    here.ok("init")
    elsewhere = {"version": 3, "backend": {"type": "s3", "config": {"bucket": "b"}, "hash": 1}}
    here.write(".terraform/terraform.tfstate", json.dumps(elsewhere))
    assert "Backend initialization required" in here.ok("plan", status=1).err
    assert "Error: Unsupported backend" in here.ok("init", "-migrate-state", status=1).err
    assert record(here) == elsewhere
    here.ok("init", "-reconfigure")
    here.ok("plan")


def test_validation_needs_no_backend(here: Folder) -> None:
    here.write("main.tf", 'terraform {\n  backend "s3" {}\n}\n')
    here.ok("validate")
    assert "Error: Unsupported backend" in here.ok("init", status=1).err
    assert "Error: Unsupported backend" in here.ok("plan", status=1).err
