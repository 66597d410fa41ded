"""Ephemeral variables: usable where nothing is recorded, and nowhere on disk."""

from pathlib import Path

import pytest

from tests.rtf.end_to_end.commands import Folder, folder

CANARY = "canary-of-one-run"


@pytest.fixture
def here(tmp_path: Path) -> Folder:
    return folder(tmp_path / "work")


def told(here: Folder, *arguments: str) -> str:
    return " ".join(here.ok(*arguments, status=1).text.split())


def test_an_ephemeral_variable_sets_up_a_provider_and_is_recorded_nowhere(here: Folder) -> None:
    here.write(
        "main.hcl",
        'variable "key" {\n  type      = string\n  ephemeral = true\n}\n'
        'provider "openai" {\n  base_url = "emulator"\n  api_key  = var.key\n}\n'
        'resource "openai_realtime_client_secret" "a" {}\n',
    )
    here.ok("plan", "-out=saved", f"-var=key={CANARY}")
    assert "No value for required variable" in told(here, "apply", "-input=false", "saved")
    here.ok("apply", f"-var=key={CANARY}", "saved")
    files = [path for path in here.path.rglob("*") if path.is_file()]
    assert files
    assert not [path.name for path in files if CANARY.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        pytest.param('resource "terraform_data" "a" {\n  input = var.e\n}\n', ["Invalid use of ephemeral value", "main.hcl:6:11"], id="an argument"),
        pytest.param('output "o" {\n  value = var.e\n}\n', ["Ephemeral value not allowed", "main.hcl:6:11"], id="an output"),
        pytest.param('output "o" {\n  value     = var.e\n  ephemeral = true\n}\n', ["Ephemeral output not allowed"], id="an ephemeral output of the root module"),
        pytest.param('module "m" {\n  source = "./child"\n  v      = var.e\n}\n', ["Ephemeral value not allowed", "main.hcl:7:12"], id="a variable that does not take it"),
    ],
)  # fmt: skip
def test_where_it_would_be_recorded_it_is_refused(here: Folder, use: str, expected: list[str]) -> None:
    (here.path / "child").mkdir()
    here.write("child/main.hcl", 'variable "v" {}\n')
    here.write("main.hcl", f'variable "e" {{\n  default   = "{CANARY}"\n  ephemeral = true\n}}\n{use}')
    here.ok("get")
    text = told(here, "plan")
    for part in expected:
        assert part in text, text


def test_ephemeral_values_go_through_locals_modules_and_conditions(here: Folder) -> None:
    (here.path / "child").mkdir()
    here.write(
        "child/main.hcl",
        'variable "v" {\n  ephemeral = true\n}\noutput "o" {\n  value     = upper(var.v)\n  ephemeral = true\n}\n',
    )
    here.write(
        "main.hcl",
        f'variable "e" {{\n  default   = "{CANARY}"\n  ephemeral = true\n}}\nmodule "m" {{\n  source = "./child"\n  v      = var.e\n}}\n'
        'locals { l = module.m.o }\noutput "set" { value = ephemeralasnull(local.l) == null }\n',
    )
    here.ok("get")
    here.ok("apply", "-auto-approve")
    assert here.ok("output", "-raw", "set").out == "true"


def test_a_saved_plan_takes_the_values_it_has_and_no_others(here: Folder) -> None:
    here.write("main.hcl", 'variable "v" {\n  type = string\n}\noutput "o" { value = var.v }\n')
    here.ok("plan", "-out=saved", "-var=v=1")
    assert "Can't change variable when applying a saved plan" in told(here, "apply", "-var=v=2", "saved")
    here.ok("apply", "-var=v=1", "saved")
    assert here.ok("output", "-raw", "o").out == "1"
