"""Which providers a configuration requires: `rtf providers`, and what is said of those that are not there."""

import json
from typing import Any

import pytest

from tests.rtf.end_to_end.commands import Folder

REQUIRING = """\
terraform {
  required_providers {
    b      = { source = "example.com/x/b", version = "~> 1.0, != 1.2" }
    openai = { source = "openai/openai" }
    only   = "1.0"
  }
}
provider "c" {}
resource "d_x" "y" {}
resource "terraform_data" "a" {}
module "m" { source = "./m" }
"""
CALLED = """\
terraform {
  required_providers {
    b = { source = "example.com/x/b", version = ">=1.1" }
  }
}
"""


def test_requirements_are_shown_as_a_tree(here: Folder) -> None:
    (here.path / "m").mkdir()
    here.write("m/main.tf", CALLED)
    here.write("main.tf", REQUIRING)
    here.ok("get")
    assert here.ok("providers").out == (
        "\nProviders required by configuration:\n.\n"
        "├── provider[example.com/x/b] ~> 1.0, != 1.2.0\n"
        "├── provider[registry.terraform.io/hashicorp/c]\n"
        "├── provider[registry.terraform.io/hashicorp/d]\n"
        "├── provider[registry.terraform.io/hashicorp/only] 1.0.0\n"
        "├── provider[registry.terraform.io/openai/openai]\n"
        "├── provider[terraform.io/builtin/terraform]\n"
        "└── module.m\n"
        "    └── provider[example.com/x/b] >= 1.1.0\n\n"
    )


def test_the_state_requires_providers_too(here: Folder) -> None:
    here.write("main.tf", 'resource "terraform_data" "a" {}')
    here.ok("apply", "-auto-approve")
    here.write("main.tf", "")
    assert here.ok("providers").out == (
        "\nProviders required by configuration:\n.\n\n"
        "Providers required by state:\n\n    provider[terraform.io/builtin/terraform]\n\n"
    )


@pytest.mark.parametrize(
    ("arguments", "summaries"),
    [
        pytest.param(["plan"], ["Inconsistent dependency lock file"], id="plan"),
        pytest.param(["apply", "-auto-approve"], ["Inconsistent dependency lock file"], id="apply"),
        pytest.param(["graph"], ["Inconsistent dependency lock file"], id="graph"),
        pytest.param(["providers", "lock"], ["Inconsistent dependency lock file"], id="providers lock"),
        pytest.param(["validate"], ["Missing required provider"] * 2, id="validate"),
    ],
)
def test_a_provider_that_rtf_does_not_have_is_told_first(
    here: Folder, arguments: list[str], summaries: list[str]
) -> None:
    here.write("main.tf", 'resource "aws_x" "a" {}\nresource "foo_x" "a" {}\nlocals { a = var.nope }\n')
    err = here.ok(*arguments, status=1).err
    assert [line for line in err.splitlines() if line.startswith("Error: ")] == [f"Error: {one}" for one in summaries]
    for name in ("registry.terraform.io/hashicorp/aws", "registry.terraform.io/hashicorp/foo", "pip"):
        assert name in err


def test_a_source_tells_which_provider_is_meant(here: Folder) -> None:
    text = 'terraform {\n required_providers {\n x = { source = "%s" }\n }\n}\nresource "terraform_data" "a" { provider = x }\n'
    here.write("main.tf", text % "terraform.io/builtin/terraform")
    here.ok("apply", "-auto-approve")
    here.write("main.tf", text % "hashicorp/terraform")
    assert "registry.terraform.io/hashicorp/terraform" in here.ok("plan", status=1).err


def test_a_provider_may_be_called_otherwise_in_a_module(here: Folder, server: str) -> None:
    (here.path / "m").mkdir()
    requirement = 'terraform {\n required_providers {\n %s = { source = "openai/openai" }\n }\n}\n'
    here.write(
        "m/main.tf",
        requirement % "inner"
        + 'resource "openai_realtime_client_secret" "a" {\n  provider = inner\n  session  = { type = "realtime" }\n}\n',
    )
    here.write(
        "main.tf",
        requirement % "outer"
        + f'provider "outer" {{\n  base_url = "{server}"\n}}\nmodule "m" {{\n  source = "./m"\n}}\n',
    )
    here.ok("get")
    here.ok("apply", "-auto-approve")
    assert here.ok("state", "list").out == "module.m.openai_realtime_client_secret.a\n"


@pytest.mark.parametrize("command", [["plan"], ["validate"], ["graph"], ["init"]])
def test_a_broken_lock_file_is_told(here: Folder, command: list[str]) -> None:
    here.write("main.tf", 'resource "terraform_data" "a" {}')
    here.write(".terraform.lock.hcl", "broken {")
    assert "on .terraform.lock.hcl line 1" in here.ok(*command, status=1).err


def test_a_locked_provider_that_rtf_does_not_have_is_told(here: Folder) -> None:
    here.write("main.tf", 'resource "aws_x" "a" {}')
    here.write(".terraform.lock.hcl", 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "1.0.0"\n}\n')
    assert "Error: Required plugins are not installed" in here.ok("plan", status=1).err


def schemas(here: Folder) -> dict[str, Any]:
    content = json.loads(here.ok("providers", "schema", "-json").out)
    assert content["format_version"] == "1.0"
    found: dict[str, Any] = content.get("provider_schemas", {})
    return found


def test_the_schema_of_the_builtin_provider_is_that_of_terraform(here: Folder) -> None:
    here.write("main.tf", 'resource "terraform_data" "a" {}')
    found = schemas(here)
    assert list(found) == ["terraform.io/builtin/terraform"]
    plain = {"description_kind": "plain"}
    builtin = found["terraform.io/builtin/terraform"]
    assert builtin["provider"] == {"version": 0}
    assert builtin["resource_schemas"]["terraform_data"] == {
        "version": 0,
        "block": {
            "attributes": {
                "id": {"type": "string", **plain, "computed": True},
                "input": {"type": "dynamic", **plain, "optional": True},
                "output": {"type": "dynamic", **plain, "computed": True},
                "triggers_replace": {"type": "dynamic", **plain, "optional": True},
            },
            **plain,
        },
    }
    assert list(builtin["functions"]) == ["decode_tfvars", "encode_expr", "encode_tfvars"]
    assert builtin["functions"]["encode_expr"]["return_type"] == "string"


def test_the_schema_of_a_provider_tells_nested_objects_and_secrets(here: Folder) -> None:
    here.write("main.tf", 'provider "openai" {}')
    provider = schemas(here)["registry.terraform.io/openai/openai"]
    assert provider["provider"]["block"]["attributes"]["api_key"] == {
        "type": "string",
        "description_kind": "plain",
        "optional": True,
        "sensitive": True,
    }
    secret = provider["resource_schemas"]["openai_realtime_client_secret"]["block"]["attributes"]
    assert secret["value"]["sensitive"]
    assert secret["expires_after"]["nested_type"]["nesting_mode"] == "single"
    assert "type" not in secret["expires_after"]
    assert set(secret["expires_after"]["nested_type"]["attributes"]) == {"anchor", "seconds"}


def test_without_a_configuration_there_are_no_schemas(here: Folder) -> None:
    assert schemas(here) == {}


def test_nothing_has_to_be_locked_or_mirrored(here: Folder) -> None:
    here.write("main.tf", 'resource "terraform_data" "a" {}')
    assert "nothing to lock" in here.ok("providers", "lock", "-platform=linux_amd64").out
    mirrored = here.ok("providers", "mirror", "there").out
    assert "- Skipping terraform.io/builtin/terraform because it comes with rtf\n" in mirrored
    assert not (here.path / "there").exists()


@pytest.mark.parametrize(
    ("constraint", "fits"),
    [('">= 1.0, < 2.0"', True), ('"~> 1.11"', True), ("null", True), ('"2.0"', False), ('">= 1.0-beta"', False)],
)
def test_the_version_of_terraform_that_is_asked_for_is_checked(here: Folder, constraint: str, fits: bool) -> None:
    here.write("main.tf", f"terraform {{\n  required_version = {constraint}\n}}\nlocals {{ a = var.nope }}\n")
    err = here.ok("validate", status=1).err
    assert ("Reference to undeclared input variable" in err) == fits
    assert ("on main.tf line 2" in err) != fits
    summary = "Invalid required_version constraint" if "beta" in constraint else "Unsupported Terraform Core version"
    assert (f"Error: {summary}" in err) != fits


def test_the_version_tells_which_terraform_is_understood(here: Folder) -> None:
    assert "Terraform v1.11.4" in here.ok("version").out
    assert here.ok("-version").out == here.ok("version").out
    told = json.loads(here.ok("version", "-json").out)
    assert set(told) == {"terraform_version", "platform", "provider_selections", "terraform_outdated"}
    assert told["terraform_version"] == "1.11.4"
