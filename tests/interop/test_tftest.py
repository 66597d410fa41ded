"""tftest, a package that drives a Terraform binary from tests of modules, drives rtf."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from tftest import TerraformTest, TerraformTestError

from tests.interop.both import TERRAFORM, Both, both_at

CONFIGURATION = """
variable "name" {
  type = string
}
variable "tags" {
  type    = map(string)
  default = {}
}
resource "terraform_data" "a" {
  input = { name = var.name, tags = var.tags }
}
resource "terraform_data" "n" {
  count = 2
  input = count.index
}
module "m" {
  source = "./inner"
  of     = var.name
}
output "name" {
  value = terraform_data.a.output.name
}
output "secret" {
  value     = "hidden ${var.name}"
  sensitive = true
}
"""
INNER = 'variable "of" {}\nresource "terraform_data" "b" {\n  input = var.of\n}\n'
ARGUMENTS = {"name": "x", "tags": {"a": "1"}}


@pytest.fixture(params=["rtf", "terraform"])
def driven(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A folder in the hands of tftest with one of the tools."""
    if request.param == "terraform" and TERRAFORM is None:
        pytest.skip("terraform is not on PATH: tftest was tried with rtf alone")
    both: Both = both_at(tmp_path / "work")
    both.write(main=CONFIGURATION, inner__main=INNER)
    path = f"{Path(sys.executable).parent}:{both.here.environment['PATH']}"
    assert shutil.which("rtf", path=path), "rtf is installed"
    return TerraformTest(str(both.path), binary=request.param, env={**both.here.environment, "PATH": path})


def test_a_module_is_planned_made_looked_at_and_destroyed(driven: Any) -> None:
    assert "initialized" in driven.setup()

    plan = driven.plan(output=True, tf_vars=ARGUMENTS)
    assert plan.variables["name"] == "x"
    assert plan.outputs.sensitive == ("secret",)
    assert plan.outputs["secret"] == "hidden x"
    assert set(plan.resources) == {"terraform_data.a", "terraform_data.n[0]", "terraform_data.n[1]"}
    assert plan.resources["terraform_data.a"]["values"]["input"] == ARGUMENTS
    assert plan.modules["module.m"].resources["terraform_data.b"]["values"]["input"] == "x"
    assert {change["change"]["actions"][0] for change in plan.resource_changes.values()} == {"create"}
    assert plan.configuration["root_module"]["resources"][0]["address"] == "terraform_data.a"
    assert plan.prior_resources == {}

    assert "4 added, 0 changed, 0 destroyed" in driven.apply(tf_vars=ARGUMENTS)
    outputs = driven.output()
    assert (outputs["name"], outputs["secret"], outputs.sensitive) == ("x", "hidden x", ("secret",))
    assert driven.output("name", json_format=False).strip() == '"x"'

    state = driven.state_pull()
    assert set(state.resources) == {
        "None.terraform_data.a",
        "None.terraform_data.n",
        "module.m.terraform_data.b",
    }
    assert state.outputs["secret"] == "hidden x"

    again = driven.plan(output=True, tf_vars=ARGUMENTS)
    assert {change["change"]["actions"][0] for change in again.resource_changes.values()} == {"no-op"}
    assert set(again.prior_resources) == set(plan.resources)
    assert "No changes" in driven.plan(tf_vars=ARGUMENTS, refresh=False, targets=["terraform_data.a"])
    driven.refresh(tf_vars=ARGUMENTS)
    assert "4 destroyed" in driven.destroy(tf_vars=ARGUMENTS)
    assert driven.state_pull().resources == {}


def test_workspaces_variable_files_and_arguments_of_backends_are_passed_on(driven: Any) -> None:
    folder = Path(driven.tfdir)
    (folder / "backend.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    (folder / "x.tfvars").write_text('name = "file"\n')
    said = driven.setup(init_vars={"path": "elsewhere.tfstate"}, workspace_name="blue")
    assert "blue" in said
    driven.apply(tf_var_file="x.tfvars", parallelism="2")
    assert driven.output()["name"] == "file"
    assert (folder / "terraform.tfstate.d" / "blue" / "terraform.tfstate").is_file()
    driven.workspace("default")
    driven.apply(tf_var_file=["x.tfvars"], state=None)
    assert (folder / "elsewhere.tfstate").is_file()


def test_what_is_wrong_is_an_exception_of_its_own(driven: Any) -> None:
    driven.setup()
    with pytest.raises(TerraformTestError) as caught:
        driven.plan(output=True)
    assert "No value for required variable" in caught.value.cmd_error
