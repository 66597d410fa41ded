"""Modules from the command line: local sources, instances, outputs, order, and what is wrong with calls."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.rtf.end_to_end.commands import Folder, Run

CHILD = """\
variable "name" {
  type     = string
  nullable = false
}
variable "size" { default = 1 }
resource "terraform_data" "thing" {
  input = { name = upper(var.name), size = var.size, from = path.module }
}
output "label" { value = terraform_data.thing.output.name }
output "fixed" { value = "fixed ${var.name}" }
"""


def child(here: Folder, text: str = CHILD, name: str = "child") -> None:
    (here.path / name).mkdir(parents=True, exist_ok=True)
    here.write(f"{name}/main.hcl", text)


def main(here: Folder, text: str) -> None:
    """Write the root module, and install what it calls."""
    here.write("main.hcl", text)
    here.ok("get")


def addresses(here: Folder) -> list[str]:
    return here.ok("state", "list").out.split()


def outputs(here: Folder) -> dict[str, object]:
    return {name: output["value"] for name, output in json.loads(here.ok("output", "-json").out).items()}


def errors(run: Run) -> str:
    assert run.status == 1, run.text
    return " ".join(run.text.split())


def test_values_go_into_a_module_and_come_out_of_it(here: Folder) -> None:
    child(here)
    main(here, 'module "a" {\n  source = "./child"\n  name   = "x"\n}\noutput "o" { value = module.a.label }\n')
    planned = here.ok("plan", "-detailed-exitcode", status=2).out
    assert "# module.a.terraform_data.thing will be created" in planned
    here.ok("apply", "-auto-approve")
    assert outputs(here) == {"o": "X"}
    assert addresses(here) == ["module.a.terraform_data.thing"]
    assert "No changes." in here.ok("plan", "-detailed-exitcode").out
    shown = here.ok("state", "show", "module.a.terraform_data.thing").out
    assert '"child"' in shown


def test_a_module_may_have_many_instances(here: Folder) -> None:
    child(here)
    text = """\
variable "keys" {
  type    = list(string)
  default = ["a", "b"]
}
module "counted" {
  source = "./child"
  count  = length(var.keys)
  name   = "n${count.index}"
}
module "keyed" {
  source   = "./child"
  for_each = toset(var.keys)
  name     = "${each.key}-${module.counted[0].fixed}"
}
output "counted" { value = module.counted[*].label }
output "keyed" { value = { for key, one in module.keyed : key => one.label } }
"""
    main(here, text)
    here.ok("apply", "-auto-approve")
    assert outputs(here) == {"counted": ["N0", "N1"], "keyed": {"a": "A-FIXED N0", "b": "B-FIXED N0"}}
    assert addresses(here) == [
        "module.counted[0].terraform_data.thing",
        "module.counted[1].terraform_data.thing",
        'module.keyed["a"].terraform_data.thing',
        'module.keyed["b"].terraform_data.thing',
    ]
    fewer = here.ok("apply", "-auto-approve", '-var=keys=["b"]').out
    assert "0 added, 0 changed, 2 destroyed" in fewer
    assert addresses(here) == ["module.counted[0].terraform_data.thing", 'module.keyed["b"].terraform_data.thing']
    here.ok("destroy", "-auto-approve", '-var=keys=["b"]')
    assert addresses(here) == []


def test_modules_call_modules(here: Folder) -> None:
    child(here, name="lib/child")
    child(
        here,
        'variable "n" {}\nmodule "inner" {\n  source = "../child"\n  name   = var.n\n}\noutput "up" { value = module.inner.label }\n',
        "lib/outer",
    )
    main(
        here,
        'module "outer" {\n  source = "./lib/outer"\n  n      = "deep"\n}\noutput "o" { value = module.outer.up }\n',
    )
    here.ok("apply", "-auto-approve")
    assert outputs(here) == {"o": "DEEP"}
    assert addresses(here) == ["module.outer.module.inner.terraform_data.thing"]


def test_a_module_waits_for_what_it_depends_on(here: Folder) -> None:
    child(here)
    main(
        here,
        'resource "terraform_data" "first" {}\nmodule "a" {\n  source     = "./child"\n  name       = "x"\n  depends_on = [terraform_data.first]\n}\n',
    )
    applied = here.ok("apply", "-auto-approve").out
    assert applied.index("terraform_data.first: Creation complete") < applied.index(
        "module.a.terraform_data.thing: Creating"
    )
    destroyed = here.ok("destroy", "-auto-approve").out
    assert destroyed.index("module.a.terraform_data.thing: Destruction complete") < destroyed.index(
        "terraform_data.first: Destroying"
    )


def test_two_modules_may_use_each_other_as_long_as_their_values_do_not(here: Folder) -> None:
    child(here, 'variable "v" {}\noutput "constant" { value = "c" }\noutput "given" { value = var.v }\n')
    main(
        here,
        'module "a" {\n  source = "./child"\n  v      = module.b.constant\n}\nmodule "b" {\n  source = "./child"\n  v      = module.a.given\n}\noutput "o" { value = module.b.given }\n',
    )
    here.ok("apply", "-auto-approve")
    assert outputs(here) == {"o": "c"}
    main(
        here,
        'module "a" {\n  source = "./child"\n  v      = module.b.given\n}\nmodule "b" {\n  source = "./child"\n  v      = module.a.given\n}\n',
    )
    names = (f"module.{name} (expand)" for name in ("a.output.given", "a.var.v", "b.output.given", "b.var.v"))
    assert f"Cycle: {', '.join(names)}" in errors(here.run("plan"))


def test_a_removed_call_destroys_what_it_made(here: Folder) -> None:
    child(here)
    main(here, 'module "a" {\n  source = "./child"\n  name   = "x"\n}\n')
    here.ok("apply", "-auto-approve")
    main(here, "locals {}\n")
    assert "module.a.terraform_data.thing will be destroyed" in here.ok("plan").out
    here.ok("apply", "-auto-approve")
    assert addresses(here) == []


def test_a_saved_plan_carries_the_texts_of_its_modules(here: Folder) -> None:
    child(here)
    main(here, 'module "a" {\n  source = "./child"\n  name   = "x"\n}\noutput "o" { value = module.a.label }\n')
    here.ok("plan", "-out=saved")
    child(here, 'variable "name" {}\noutput "label" { value = "changed" }\n')
    here.ok("apply", "saved")
    assert outputs(here) == {"o": "X"}


def test_a_module_gets_the_provider_configuration_it_is_passed(here: Folder) -> None:
    child(here, 'resource "openai_realtime_client_secret" "s" {}\n')
    main(
        here,
        'provider "openai" {\n  alias    = "local"\n  base_url = "emulator"\n}\nmodule "a" {\n  source    = "./child"\n  providers = { openai = openai.local }\n}\n',
    )
    here.ok("apply", "-auto-approve")
    state = json.loads((here.path / "terraform.tfstate").read_text())
    assert state["resources"][0]["provider"] == 'provider["registry.terraform.io/openai/openai"].local'
    assert state["resources"][0]["module"] == "module.a"
    main(here, 'provider "openai" {\n  alias    = "local"\n  base_url = "emulator"\n}\n')
    here.ok("apply", "-auto-approve")
    assert addresses(here) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('module "a" {\n  source = "./child"\n}\n', ['The argument "name" is required', "main.hcl:1:1"], id="missing argument"),
        pytest.param('module "a" {\n  source = "./child"\n  name = "x"\n  nmae = "y"\n}\n', ["Unsupported argument", 'Did you mean "name"?', "main.hcl:4:3"], id="misspelt argument"),
        pytest.param('module "a" {\n  source = "./child"\n  name = ["x"]\n}\n', ["Invalid value for module argument", "string required", "main.hcl:3:10"], id="wrong type"),
        pytest.param('module "a" {\n  source = "./child"\n  name = null\n}\n', ["required variable may not be set to null", "main.hcl:3:10"], id="null"),
        pytest.param('module "a" {\n  name = "x"\n}\n', ['The argument "source" is required'], id="no source"),
        pytest.param('module "a" {\n  source = "./chidl"\n  name = "x"\n}\n', ["Unreadable module directory", '"chidl"', "main.hcl:2:12"], id="no such folder"),
        pytest.param('module "a" {\n  source = "hashicorp/consul/aws"\n}\n', ["Unsupported module source", "?ref=v1.2.0", "main.hcl:2:12"], id="registry"),
        pytest.param('module "a" {\n  source = "./${path.module}"\n}\n', ["Variables not allowed", "main.hcl:2:12"], id="source with a reference"),
        pytest.param('module "a" {\n  source = "./child"\n  name = "x"\n}\noutput "o" { value = module.a.labl }\n', ["Unsupported attribute", 'Did you mean "label"?', "main.hcl:5:22"], id="no such output"),
        pytest.param('output "o" { value = module.b.x }\n', ["Reference to undeclared module", "main.hcl:1:22"], id="no such module"),
        pytest.param('module "a" {\n  source = "./."\n}\n', ["Module calls itself", "main.hcl:2:12"], id="calls itself"),
        pytest.param('module "a" {\n  source = "./child"\n  name = local.nope\n}\n', ["Reference to undeclared local value", "main.hcl:3:10"], id="reference in an argument"),
        pytest.param('module "a" {\n  source = "./child"\n  count = 2\n  name = "x"\n}\noutput "o" { value = module.a.label }\n', ["Unsupported attribute", "main.hcl:6:30"], id="no key"),
        pytest.param('module "a" {\n  source = "./child"\n  name = "x"\n}\nmodule "a" {\n  source = "./child"\n  name = "y"\n}\n', ["Duplicate module call", "main.hcl:5:1"], id="twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_call_is_told(here: Folder, text: str, expected: list[str]) -> None:
    child(here)
    here.write("main.hcl", text)
    told = " ".join((here.run("get").err + here.run("plan").err).split())
    for part in expected:
        assert part in told, told


def repository(path: Path) -> str:
    """Return the address of a git repository with a module in its folder `lib`, tagged v1."""
    (path / "lib").mkdir(parents=True)
    (path / "lib" / "main.hcl").write_text(CHILD)
    for step in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "one"],
        ["tag", "v1"],
    ):
        subprocess.run(["git", "-C", str(path), *step], check=True)
    return f"git::file://{path}//lib"


def test_a_module_comes_from_a_repository_and_stays_what_it_was(here: Folder, tmp_path: Path) -> None:
    address = repository(tmp_path / "repository")
    here.write(
        "main.hcl",
        f'module "a" {{\n  source = "{address}?ref=v1"\n  name   = "x"\n}}\noutput "o" {{ value = module.a.label }}\n',
    )
    assert "Module not installed" in errors(here.run("plan"))
    assert "- a in .terraform/modules/a/lib" in here.ok("init").out
    manifest = json.loads((here.path / ".terraform/modules/modules.json").read_text())
    assert manifest["Modules"][0] == {"Key": "", "Source": "", "Dir": "."}
    assert manifest["Modules"][1]["Dir"] == ".terraform/modules/a/lib"
    (tmp_path / "repository" / "lib" / "main.hcl").write_text("broken")
    here.ok("init")
    here.ok("apply", "-auto-approve")
    assert outputs(here) == {"o": "X"}


def test_a_module_comes_from_an_archive(here: Folder, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "lib.zip", "w") as archive:
        archive.writestr("inside/main.hcl", CHILD)
    here.write(
        "main.hcl",
        f'module "a" {{\n  source = "file://{tmp_path}/lib.zip//inside"\n  name   = "x"\n}}\noutput "o" {{ value = module.a.label }}\n',
    )
    here.ok("get")
    here.ok("apply", "-auto-approve")
    assert outputs(here) == {"o": "X"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("git::https://example.com/x.git", "Unpinned module source", id="no ref"),
        pytest.param(
            "git::https://example.com/x.git?ref=--upload-pack=x", "Invalid module source", id="a ref that is a flag"
        ),
        pytest.param("git::ext::sh -c true?ref=v1", "Failed to download module", id="a protocol that runs programs"),
        pytest.param("hashicorp/consul/aws", "Unsupported module source", id="registry"),
        pytest.param("child", "Invalid module source address", id="no ./"),
        pytest.param("s3::https://example.com/x.zip", "Unsupported module source", id="a store of files"),
        pytest.param("/nowhere/at/all", "Failed to download module", id="missing folder"),
        pytest.param("file:///nowhere/x.zip", "Failed to download module", id="missing archive"),
    ],
)
def test_a_source_that_cannot_be_installed_is_told(here: Folder, source: str, expected: str) -> None:
    here.write("main.hcl", f'module "a" {{\n  source = "{source}"\n}}\n')
    text = errors(here.run("init"))
    assert expected in text
    assert "main.hcl:2:12" in text


def test_what_init_has_not_seen_is_not_used(here: Folder) -> None:
    child(here)
    child(here, name="other")
    here.write("main.hcl", 'module "a" {\n  source = "./child"\n  name   = "x"\n}\n')
    for command in ("plan", "validate", "graph", "console"):
        told = errors(here.run(command))
        assert "Error: Module not installed" in told
        assert "main.hcl:1:1" in told
    assert here.ok("get").out == "- a in child\n"
    assert here.ok("get").out == ""
    assert here.ok("get", "-update").out == "- a in child\n"
    here.ok("validate")
    here.write("main.hcl", 'module "a" {\n  source = "./other"\n  name   = "x"\n}\n')
    told = errors(here.run("plan"))
    assert "Error: Module source has changed" in told
    assert "main.hcl:2:12" in told
    here.ok("get")
    here.ok("plan")


def test_a_file_that_is_a_module_of_its_own_uses_folders_beside_it(here: Folder) -> None:
    child(here)
    here.write(
        "one.hcl", 'module "a" {\n  source = "./child/"\n  name   = "x"\n}\noutput "o" { value = module.a.label }\n'
    )
    here.ok("apply", "-auto-approve", "one.hcl")


def test_the_manifest_is_that_of_terraform(here: Folder) -> None:
    child(here, 'module "b" {\n  source = "./sub"\n}\n', "mod")
    child(here, "", "mod/sub")
    here.write("main.hcl", 'module "a" {\n  source = "./mod/"\n}\n')
    assert "Initializing modules...\n- a in mod\n- a.b in mod/sub\n" in here.ok("init").out
    assert (here.path / ".terraform/modules/modules.json").read_text() == (
        '{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"a","Source":"./mod","Dir":"mod"},'
        '{"Key":"a.b","Source":"./sub","Dir":"mod/sub"}]}'
    )
    assert "- a" not in here.ok("init").out
    upgraded = here.ok("init", "-upgrade").out
    assert "Upgrading modules...\n- a in mod\n" in upgraded


def test_a_folder_of_the_machine_is_copied(here: Folder, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "main.hcl").write_text(CHILD)
    main(
        here,
        f'module "a" {{\n  source = "{tmp_path}/lib"\n  name   = "x"\n}}\noutput "o" {{ value = module.a.label }}\n',
    )
    (tmp_path / "lib" / "main.hcl").write_text("broken")
    here.ok("apply", "-auto-approve")
    assert outputs(here) == {"o": "X"}


def test_init_tells_what_it_did(here: Folder) -> None:
    empty = here.ok("init").out
    assert "initialized in an empty directory!" in empty
    here.write("main.hcl", 'resource "terraform_data" "a" {}\n')
    told = here.ok("init").out
    assert "Initializing the backend...\nInitializing provider plugins...\n" in told
    assert "- terraform.io/builtin/terraform is part of rtf\n" in told
    assert "has been successfully initialized!" in told
    assert "backend" not in here.ok("init", "-backend=false").out.partition("\n\n")[0]
    assert not (here.path / ".terraform").exists()
    here.write("main.hcl", 'resource "aws_x" "a" {}\n')
    told = errors(here.run("init"))
    assert "Error: Failed to query available provider packages" in told
    assert "registry.terraform.io/hashicorp/aws" in told
