"""A folder whose tool changes in the middle of its life: the other tool goes on where the first one stopped."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.interop.both import TOOLS, Both, Tool, in_order, other
from tests.interop.lives import LIVES, MOVED, THEIRS


@pytest.mark.parametrize("first", TOOLS)
@pytest.mark.parametrize("life", LIVES)
def test_the_tools_take_turns(both: Both, life: str, first: Tool) -> None:
    tool = first
    (both.path / "theirs.tfstate").write_text(THEIRS)
    for version in LIVES[life]:
        both.write(**version)
        both.init(tool)
        both.apply(tool)
        both.settled()
        tool = other(tool)
    both.ok(tool, "destroy", "-auto-approve", "-no-color")
    assert (both.tree()["resources"], both.tree()["outputs"]) == ([], {})
    both.plan(other(tool), status=2)
    both.apply(other(tool))
    both.settled()


@pytest.mark.parametrize("first", TOOLS)
@pytest.mark.parametrize("name", MOVED)
def test_a_move_is_taken_up_by_either_tool(both: Both, name: str, first: Tool) -> None:
    before, after = MOVED[name]
    second = other(first)
    both.write(**before)
    both.init(first)
    both.apply(first)
    made = _ids(both)
    both.write(**after)
    both.init(second)
    assert "has moved to" in both.plan(second, status=2).out
    both.apply(second)
    assert sorted(_ids(both).values()) == sorted(made.values()), "the objects are the same"
    assert _ids(both).keys() != made.keys()
    both.settled()


@pytest.mark.parametrize("first", TOOLS)
def test_a_move_with_a_change_is_carried_out_by_either_tool(both: Both, first: Tool) -> None:
    both.write(main='resource "terraform_data" "a" {\n  input = 1\n}\n')
    both.init(first)
    both.apply(first)
    both.write(
        main='resource "terraform_data" "b" {\n  input = 2\n  triggers_replace = 1\n}\n'
        "moved {\n  from = terraform_data.a\n  to = terraform_data.b\n}\n"
    )
    run = both.apply(other(first))
    assert "1 added, 0 changed, 1 destroyed" in run.out
    both.settled()


@pytest.mark.parametrize("first", TOOLS)
def test_what_is_tainted_is_replaced_by_the_other_tool(both: Both, first: Tool) -> None:
    both.write(main='resource "terraform_data" "a" {\n  count = 2\n}\n')
    both.init(first)
    both.apply(first)
    made = _ids(both)
    both.ok(first, "taint", "terraform_data.a[1]")
    for tool in TOOLS:
        assert "terraform_data.a[1] is tainted, so must be replaced" in both.plan(tool, status=2).out
        assert both.shown(tool)["values"]["root_module"]["resources"][1]["tainted"] is True
    assert "1 added, 0 changed, 1 destroyed" in both.apply(other(first)).out
    assert _ids(both)["terraform_data.a[0]"] == made["terraform_data.a[0]"]
    assert _ids(both)["terraform_data.a[1]"] != made["terraform_data.a[1]"]
    both.settled()
    both.ok(first, "taint", "terraform_data.a[0]")
    both.ok(other(first), "untaint", "terraform_data.a[0]")
    both.settled()


@pytest.mark.parametrize("first", TOOLS)
def test_what_failed_to_be_made_is_made_anew_by_the_other_tool(both: Both, first: Tool) -> None:
    text = 'resource "terraform_data" "a" {\n  provisioner "local-exec" {\n    command = "%s"\n  }\n}\n'
    both.write(main=text % "exit 1")
    both.init(first)
    both.apply(first, status=1)
    assert both.tree()["resources"][0]["instances"][0]["status"] == "tainted"
    both.write(main=text % "exit 0")
    assert "1 added, 0 changed, 1 destroyed" in both.apply(other(first)).out
    both.settled()


DEPOSED = """
resource "terraform_data" "a" {
  input            = 1
  triggers_replace = %d
  lifecycle {
    create_before_destroy = true
  }
  provisioner "local-exec" {
    command = "test ${self.triggers_replace} -ne 2"
  }
}
"""


@pytest.mark.parametrize("first", TOOLS)
def test_what_one_tool_deposed_the_other_destroys(both: Both, first: Tool) -> None:
    both.write(main=DEPOSED % 1)
    both.init(first)
    both.apply(first)
    (old,) = _ids(both).values()
    both.write(main=DEPOSED % 2)
    both.apply(first, status=1)
    instances = both.tree()["resources"][0]["instances"]
    assert sorted("deposed" in instance for instance in instances) == [False, True]
    assert [instance["attributes"]["id"] for instance in instances if "deposed" in instance] == [old]
    for tool in TOOLS:
        assert "(deposed object" in both.plan(tool, status=2).out
    assert in_order(both.shown("rtf")) == in_order(both.shown("terraform"))
    both.write(main=DEPOSED % 3)
    both.apply(other(first))  # terraform counts the two that it destroys as one or two, as it happens
    assert old not in _ids(both).values()
    both.settled()


@pytest.mark.parametrize("first", TOOLS)
def test_what_one_tool_took_over_or_let_go_the_other_leaves_alone(both: Both, first: Tool) -> None:
    both.write(
        main='resource "terraform_data" "a" {}\nimport {\n  to = terraform_data.a\n  id = "taken"\n}\n'
        'resource "terraform_data" "b" {}\n'
    )
    both.init(first)
    assert "1 imported, 1 added" in both.apply(first).out
    assert _ids(both)["terraform_data.a"] == "taken"
    both.settled()
    both.write(
        main='resource "terraform_data" "a" {}\n'
        "removed {\n  from = terraform_data.b\n  lifecycle {\n    destroy = false\n  }\n}\n"
    )
    assert "0 added, 0 changed, 0 destroyed" in both.apply(other(first)).out
    assert list(_ids(both)) == ["terraform_data.a"]
    both.settled()
    both.ok(first, "state", "mv", "terraform_data.a", "terraform_data.z")
    both.ok(other(first), "state", "mv", "terraform_data.z", "terraform_data.a")
    both.settled()


@pytest.mark.parametrize("first", TOOLS)
def test_results_of_checks_are_told_by_the_other_tool(both: Both, first: Tool) -> None:
    both.write(
        main='variable "n" {\n  default = 1\n}\nresource "terraform_data" "a" {\n  input = var.n\n}\n'
        'check "c" {\n  assert {\n    condition     = terraform_data.a.output > 1\n    error_message = "too few"\n  }\n}\n'
    )
    both.init(first)
    assert "too few" in both.apply(first).text
    (check,) = both.shown(other(first))["checks"]
    assert (check["status"], check["instances"][0]["problems"]) == ("fail", [{"message": "too few"}])
    both.settled()
    assert "too few" not in both.apply(other(first), "-var=n=2").text
    assert [check["status"] for check in both.shown(first)["checks"]] == ["pass"]


@pytest.mark.parametrize("first", TOOLS)
def test_what_one_tool_made_ready_the_other_uses(both: Both, first: Tool) -> None:
    """Backends, modules and workspaces: what `init` and `workspace` note is for both tools."""
    both.write(
        main='terraform {\n  backend "local" {\n    path = "kept/here.tfstate"\n  }\n}\n'
        'module "m" {\n  source = "./inner"\n  of = terraform.workspace\n}\n'
        'output "of" {\n  value = module.m.of\n}\n',
        inner__main='variable "of" {}\noutput "of" {\n  value = var.of\n}\n',
    )
    second = other(first)
    both.init(first)
    both.apply(second)
    both.plan(first)
    assert json.loads((both.path / "kept" / "here.tfstate").read_bytes())["outputs"]["of"]["value"] == "default"
    both.ok(first, "workspace", "new", "blue")
    assert both.ok(second, "workspace", "show").out.strip() == "blue"
    both.apply(second)
    both.plan(first)
    assert both.ok(first, "output", "-raw", "of").out == "blue"
    assert (both.path / "terraform.tfstate.d" / "blue" / "terraform.tfstate").is_file()
    both.ok(second, "workspace", "select", "default")
    assert both.ok(first, "workspace", "show").out.strip() == "default"
    assert both.ok(first, "workspace", "list").out.split() == both.ok(second, "workspace", "list").out.split()


def _ids(both: Both) -> dict[str, str]:
    """Return the id of every object in use, by address."""

    def of(module: Any) -> Iterator[tuple[str, str]]:
        for resource in module.get("resources", []):
            if "deposed_key" not in resource:
                yield resource["address"], resource["values"]["id"]
        for child in module.get("child_modules", []):
            yield from of(child)

    return dict(of(both.shown("terraform").get("values", {}).get("root_module", {})))
