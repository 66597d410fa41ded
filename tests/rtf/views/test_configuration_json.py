"""The configuration in a plan's JSON, compared with what Terraform 1.11.4 showed of the same files."""

import json
import shutil
from pathlib import Path

import pytest

from tests.rtf.end_to_end.commands import folder

CASES = Path(__file__).parent / "configuration"


@pytest.mark.parametrize(
    ("case", "variables"),
    [
        pytest.param("native", ['-var=m="[1,2]"'], id="expressions of all kinds, repetition, modules"),
        pytest.param("json", [], id="JSON, whose texts are constants as they stand"),
        pytest.param("providers", [], id="provider configurations that are required, implied and handed on"),
    ],
)
def test_the_configuration_is_shown_as_terraform_shows_it(case: str, variables: list[str], tmp_path: Path) -> None:
    shutil.copytree(CASES / case, tmp_path / "work")
    here = folder(tmp_path / "work")
    here.ok("init")
    here.ok("plan", "-out=plan", *variables)
    expected = json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))
    assert json.loads(here.ok("show", "-json", "plan").out)["configuration"] == expected


def test_version_constraints_and_provisioners_are_shown(tmp_path: Path) -> None:
    here = folder(tmp_path / "work")
    here.write(
        "main.tf",
        """
        terraform {
          required_providers {
            openai = { source = "OpenAI/openai", version = ">=1.0,  <2.0" }
          }
        }
        provider "openai" {
          alias    = "eu"
          base_url = "emulator"
        }
        resource "terraform_data" "a" {
          provisioner "local-exec" {
            command = "echo ${self.id}"
            when    = destroy
          }
        }
        """,
    )
    here.ok("init")
    here.ok("plan", "-out=plan")
    tree = json.loads(here.ok("show", "-json", "plan").out)["configuration"]
    assert tree["provider_config"]["openai.eu"] == {
        "name": "openai",
        "full_name": "registry.terraform.io/openai/openai",
        "alias": "eu",
        "version_constraint": ">= 1.0, < 2.0",
        "expressions": {"base_url": {"constant_value": "emulator"}},
    }
    (resource,) = tree["root_module"]["resources"]
    assert resource["provisioners"] == [
        {"type": "local-exec", "expressions": {"command": {"references": ["self.id", "self"]}}}
    ]
