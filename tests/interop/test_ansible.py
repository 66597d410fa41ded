"""Ansible's module for Terraform (`community.general.terraform`) with `binary_path` of rtf, where there is an Ansible."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.interop.both import Both, both_at

PLAYBOOK = shutil.which("ansible-playbook")
BINARIES = {"rtf": shutil.which("rtf", path=str(Path(sys.executable).parent)), "terraform": shutil.which("terraform")}

CONFIGURATION = """
variable "name" {
  type = string
}
variable "tags" {
  type    = map(string)
  default = {}
}
resource "terraform_data" "a" {
  input = var.name
}
resource "terraform_data" "tags" {
  for_each = var.tags
  input    = each.value
}
output "name" {
  value = terraform_data.a.output
}
output "secret" {
  value     = "hidden ${var.name}"
  sensitive = true
}
"""
ANSIBLE = "community.general.terraform"
TASKS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("made", {"variables": {"name": "x"}}, {}),
    ("again", {"variables": {"name": "x"}}, {}),
    ("checked", {"variables": {"name": "y"}}, {"check_mode": True, "diff": True}),
    ("mapped", {"variables": {"name": "x", "tags": {"a": "1", "b": 'with "quotes"'}}, "complex_vars": True}, {}),
    ("planned", {"state": "planned", "plan_file": "kept.tfplan", "variables_files": ["z.tfvars"]}, {}),
    ("from_plan", {"plan_file": "kept.tfplan"}, {}),
    ("elsewhere", {"workspace": "blue", "variables": {"name": "blue"}, "parallelism": 2, "lock_timeout": 5}, {}),
    ("gone", {"workspace": "blue", "state": "absent", "variables": {"name": "x"}, "purge_workspace": True}, {}),
    ("refused", {"variables": {"nme": "x"}}, {"ignore_errors": True}),
]  # fmt: skip


@pytest.fixture(params=BINARIES)
def told(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Both, dict[str, Any]]:
    """What the module made of each task, and the folder that it did them in."""
    if PLAYBOOK is None:
        pytest.skip("ansible is not installed: its module for Terraform was not tried")
    if BINARIES[request.param] is None:
        pytest.skip(f"{request.param} is not there: ansible was not tried with it")
    both = both_at(tmp_path / "work")
    both.write(main=CONFIGURATION)
    (both.path / "z.tfvars").write_text('name = "z"\n')
    tasks: list[dict[str, Any]] = []
    for name, arguments, extra in TASKS:
        given = {"project_path": str(both.path), "binary_path": BINARIES[request.param], "force_init": True}
        tasks.append({ANSIBLE: {**given, **arguments}, "register": name, **extra})
        tasks.append({"copy": {"content": f"{{{{ {name} | to_json }}}}", "dest": str(tmp_path / name)}})
    play = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]
    (tmp_path / "play.json").write_text(json.dumps(play))
    variables = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    run = subprocess.run(
        [PLAYBOOK, "-i", "localhost,", "-e", json.dumps(variables), str(tmp_path / "play.json")],
        env={**both.here.environment, "ANSIBLE_LOCALHOST_WARNING": "false"},
        capture_output=True,
        text=True,
    )
    if "couldn't resolve module" in run.stdout + run.stderr:
        pytest.skip("ansible is installed without its collection community.general: it was not tried")
    assert run.returncode == 0, run.stdout + run.stderr
    return both, {name: json.loads((tmp_path / name).read_text()) for name, _, _ in TASKS}


def test_the_module_for_terraform_drives_rtf(told: tuple[Both, dict[str, Any]]) -> None:
    both, results = told
    changed = {name: result["changed"] for name, result in results.items()}
    assert changed == {
        "made": True,
        "again": False,
        "checked": True,
        "mapped": True,
        "planned": False,
        "from_plan": True,
        "elsewhere": True,
        "gone": True,
        "refused": False,
    }
    assert results["made"]["outputs"] == {
        "name": {"sensitive": False, "type": "string", "value": "x"},
        "secret": {"sensitive": True, "type": "string", "value": "hidden x"},
    }
    assert results["made"]["workspace"] == "default"
    before, after = (results["checked"]["diff"][side]["data"][0]["change"]["input"] for side in ("before", "after"))
    assert (before, after) == ("x", "y")
    assert results["again"]["outputs"]["name"]["value"] == "x"
    assert results["from_plan"]["outputs"]["name"]["value"] == "z"
    assert results["elsewhere"]["outputs"]["name"]["value"] == "blue"
    assert results["refused"]["failed"] is True
    assert "Value for undeclared variable" in results["refused"]["msg"]
    assert not (both.path / "terraform.tfstate.d" / "blue").exists()
    assert [resource["name"] for resource in both.tree()["resources"]] == ["a"]
