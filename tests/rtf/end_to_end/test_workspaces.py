"""`rtf workspace`, and every other command in the workspace that is selected."""

import json

import pytest

from tests.rtf.end_to_end.commands import Folder

MAIN = 'resource "terraform_data" "a" {\n  input = terraform.workspace\n}\noutput "w" {\n  value = terraform.workspace\n}\n'
OTHERS = "terraform.tfstate.d"


@pytest.fixture
def project(here: Folder) -> Folder:
    """A folder whose configuration makes one object, which knows its workspace."""
    here.write("main.tf", MAIN)
    return here


def states(here: Folder) -> list[str]:
    found = here.path.rglob("*.tfstate")
    return sorted(str(path.relative_to(here.path)) for path in found if path.is_file())


def test_each_workspace_has_a_state_of_its_own(project: Folder) -> None:
    project.ok("apply", "-auto-approve")
    made = project.ok("workspace", "new", "dev").out
    assert made.startswith('Created and switched to workspace "dev"!\n\nYou\'re now on a new, empty workspace.')
    assert project.ok("workspace", "list").out == "  default\n* dev\n\n"
    assert project.ok("workspace", "show").out == "dev\n"
    assert "No state file was found!" in project.ok("state", "list", status=1).err
    project.ok("apply", "-auto-approve")
    assert states(project) == ["terraform.tfstate", f"{OTHERS}/dev/terraform.tfstate"]
    assert project.ok("output", "w").out == '"dev"\n'
    assert project.run("console", answer="terraform.workspace\n").out == '"dev"\n'
    assert project.objects()["terraform_data.a"]["input"] == "dev"
    project.ok("taint", "terraform_data.a")
    assert "(tainted)" in project.ok("show").out
    assert project.ok("workspace", "select", "default").out == 'Switched to workspace "default".\n'
    assert project.objects()["terraform_data.a"]["input"] == "default"
    assert "(tainted)" not in project.ok("show").out
    project.ok("plan", "-detailed-exitcode")
    project.ok("workspace", "select", "dev")
    project.ok("state", "rm", "terraform_data.a")
    project.ok("workspace", "select", "default")
    assert project.ok("state", "list").out == "terraform_data.a\n"


def test_a_workspace_goes_with_its_state_only_when_that_is_empty_or_by_force(project: Folder) -> None:
    project.ok("workspace", "new", "dev")
    project.ok("apply", "-auto-approve")
    active = project.ok("workspace", "delete", "-force", "dev", status=1)
    assert 'Workspace "dev" is your active workspace.' in active.err
    project.ok("workspace", "select", "default")
    refused = project.ok("workspace", "delete", "dev", status=1)
    assert "Error: Workspace is not empty" in refused.err
    assert "- terraform_data.a" in refused.err
    forced = project.ok("workspace", "delete", "-force", "dev").out
    assert forced.startswith('Deleted workspace "dev"!\nWARNING: "dev" was non-empty.\n')
    assert not (project.path / OTHERS / "dev").exists()
    project.ok("workspace", "new", "empty")
    project.ok("workspace", "select", "default")
    assert project.ok("workspace", "delete", "empty").out == 'Deleted workspace "empty"!\n'


def test_a_workspace_with_a_broken_state_is_not_deleted(project: Folder) -> None:
    project.ok("workspace", "new", "dev")
    project.ok("workspace", "select", "default")
    project.write(f"{OTHERS}/dev/terraform.tfstate", "{")
    assert "not a usable state" in project.ok("workspace", "delete", "-force", "dev", status=1).err
    assert (project.path / OTHERS / "dev" / "terraform.tfstate").read_text() == "{"


def test_a_workspace_begins_with_a_copy_of_a_state(project: Folder) -> None:
    project.ok("apply", "-auto-approve")
    project.ok("workspace", "new", "-state=terraform.tfstate", "copy")
    assert project.ok("state", "list").out == "terraform_data.a\n"
    first, copied = (json.loads((project.path / name).read_text()) for name in states(project))
    assert copied["resources"] == first["resources"]
    assert copied["lineage"] != first["lineage"], "they go on apart"


@pytest.mark.parametrize(
    ("made", "words"), [("", "There is no file"), ("{", "not a usable state")], ids=["no file", "no state"]
)
def test_a_workspace_does_not_begin_with_what_is_no_state(project: Folder, made: str, words: str) -> None:
    if made:
        project.write("other.tfstate", made)
    assert words in project.ok("workspace", "new", "-state=other.tfstate", "copy", status=1).err
    assert project.ok("workspace", "list").out == "* default\n\n"


def test_a_workspace_may_be_made_when_it_is_selected(project: Folder) -> None:
    assert "doesn't exist" in project.ok("workspace", "select", "dev", status=1).err
    assert "Created and switched" in project.ok("workspace", "select", "-or-create", "dev").out
    assert project.ok("workspace", "select", "-or-create", "dev").out == ""


def test_the_environment_selects_a_workspace(project: Folder) -> None:
    project.ok("apply", "-auto-approve", TF_WORKSPACE="ci")
    assert states(project) == [f"{OTHERS}/ci/terraform.tfstate"]
    assert project.ok("workspace", "show", TF_WORKSPACE="ci").out == "ci\n"
    assert project.ok("workspace", "show").out == "default\n"
    listed = project.ok("workspace", "list", TF_WORKSPACE="ci").out
    assert listed.startswith("  default\n* ci\n\n")
    assert "overridden using the TF_WORKSPACE" in listed
    for arguments in (["select", "default"], ["new", "other"]):
        assert (
            "overridden using the TF_WORKSPACE" in project.ok("workspace", *arguments, status=1, TF_WORKSPACE="ci").err
        )
    bad = project.ok("plan", status=1, TF_WORKSPACE="../x").err
    assert "Error: Invalid workspace name set using TF_WORKSPACE" in bad


def test_a_saved_plan_is_applied_in_its_workspace_only(project: Folder) -> None:
    project.ok("apply", "-auto-approve")
    project.write("main.tf", MAIN + 'resource "terraform_data" "b" {}\n')
    project.ok("plan", "-out=p")
    project.ok("workspace", "new", "dev")
    assert "Error: Saved plan does not match the given state" in project.ok("apply", "p", status=1).err
    project.ok("workspace", "select", "default")
    project.ok("apply", "p")


def test_single_files_have_workspaces_of_their_own(here: Folder) -> None:
    for name in ("a.hcl", "b.hcl"):
        here.write(name, MAIN)
    here.ok("workspace", "new", "-root=a.hcl", "dev")
    for name in ("a.hcl", "b.hcl"):
        here.ok("apply", "-auto-approve", name)
    assert states(here) == ["a.tfstate.d/dev/a.tfstate", "b.tfstate"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new", "default"], 'Workspace "default" already exists'),
        (["new", "a/b"], 'The workspace name "a/b" is not allowed.'),
        (["new", ".."], 'The workspace name ".." is not allowed.'),
        (["new", ""], 'The workspace name "" is not allowed.'),
        (["select", "a/b"], 'The workspace name "a/b" is not allowed.'),
        (["select", "defalt"], 'Did you mean "default"?'),
        (["delete", "nope"], "doesn't exist"),
        (["delete", "default"], "is your active workspace"),
        (["new"], "Missing argument"),
        (["new", "a", "b"], "Too many command line arguments"),
    ],
)
def test_what_is_refused_makes_nothing(project: Folder, arguments: list[str], words: str) -> None:
    assert words in project.ok("workspace", *arguments, status=1).err
    assert sorted(path.name for path in project.path.iterdir()) == ["main.tf"]


def test_the_default_workspace_stays(project: Folder) -> None:
    project.ok("workspace", "new", "dev")
    assert project.ok("workspace", "delete", "default", status=1).err == "cannot delete default state\n"


def test_a_note_that_leads_elsewhere_is_refused_until_another_workspace_is_selected(project: Folder) -> None:
    (project.path / ".terraform").mkdir()
    project.write(".terraform/environment", "../../elsewhere")
    assert "Error: Invalid workspace name" in project.ok("apply", "-auto-approve", status=1).err
    project.ok("workspace", "select", "default")
    project.ok("apply", "-auto-approve")
