"""Plans that an error kept from being finished: what there is of them is shown and saved, and never applied."""

import json
from pathlib import Path

import pytest

from tests.rtf.end_to_end.commands import Folder, folder

TEXT = """
variable "n" {
  type = number
}
resource "terraform_data" "fine" {
  input = 1
}
resource "terraform_data" "wrong" {
  lifecycle {
    precondition {
      condition     = var.n > 0
      error_message = "n was ${var.n}"
    }
  }
}
resource "terraform_data" "dependent" {
  input = terraform_data.wrong.id
}
output "fine" {
  value = terraform_data.fine.input
}
output "dependent" {
  value = terraform_data.dependent.id
}
"""
PROBLEM = "rtf planned the following actions, but then encountered a problem:"


@pytest.fixture
def here(tmp_path: Path) -> Folder:
    here = folder(tmp_path / "work")
    here.write("main.tf", TEXT)
    return here


@pytest.mark.parametrize("command", [["plan"], ["apply", "-auto-approve"]])
def test_what_could_be_planned_is_shown(here: Folder, command: list[str]) -> None:
    run = here.run(*command, "-var=n=0")
    assert run.status == 1
    assert PROBLEM in run.out
    assert "# terraform_data.fine will be created" in run.out
    assert "Plan: 1 to add" in run.out
    assert "dependent" not in run.out
    assert "Resource precondition failed" in run.err
    assert not (here.path / "terraform.tfstate").exists()


def test_a_saved_one_tells_that_it_failed_and_is_not_applied(here: Folder) -> None:
    assert here.run("plan", "-out=p", "-var=n=0").status == 1
    tree = json.loads(here.ok("show", "-json", "p").out)
    assert (tree["errored"], tree["complete"], tree["applyable"]) == (True, False, False)
    assert [change["address"] for change in tree["resource_changes"]] == ["terraform_data.fine"]
    assert list(tree["output_changes"]) == ["fine"]
    assert PROBLEM in here.ok("show", "p").out
    refused = here.run("apply", "p")
    assert refused.status == 1
    assert "Cannot apply incomplete plan" in refused.err


def test_one_with_nothing_in_it_says_no_more_than_that(here: Folder) -> None:
    here.ok("apply", "-auto-approve", "-var=n=1")
    assert "Planning failed." in here.run("plan", "-var=n=0").out


def test_what_is_wrong_whatever_the_values_are_is_told_alone(here: Folder) -> None:
    here.write("more.tf", 'output "x" {\n  value = terraform_data.fine.zzz\n}\n')
    run = here.run("plan", "-out=p", "-var=n=0")
    assert run.status == 1
    assert "Unsupported attribute" in run.err
    assert "precondition" not in run.err
    assert run.out == ""
    assert not (here.path / "p").exists()
