from pathlib import Path

import pytest

from engine.address import parse_target
from engine.diagnostics import Diagnostics
from engine.testing.decode import read_suite
from engine.testing.model import MockProvider, SuiteFile

NATIVE = """
variables {
  n = 1
}
provider "openai" {
  base_url = "emulator"
}
mock_provider "terraform" {
  alias           = "fake"
  override_during = plan
  mock_resource "terraform_data" {
    defaults = { id = "x" }
  }
  mock_data "terraform_remote_state" {
    override_during = apply
    defaults        = { outputs = { a = true } }
  }
  override_resource {
    target = terraform_data.a["k"]
  }
}
override_module {
  target  = module.m[0]
  outputs = { o = 1.5 }
}
run "one" {
  command         = plan
  state_key       = "other"
  providers       = { terraform = terraform.fake }
  expect_failures = [var.n, terraform_data.a]
  plan_options {
    mode    = refresh-only
    refresh = true
    target  = [terraform_data.a[0]]
    replace = [terraform_data.b]
  }
  variables {
    n = run.two.n
  }
  module {
    source = "./setup"
  }
  assert {
    condition     = var.n == 1
    error_message = "n is ${var.n}"
  }
  override_data {
    target = data.terraform_remote_state.a
    values = { outputs = null }
  }
}
run "two" {}
"""
JSON = """
{
  "variables": {"n": 1},
  "provider": {"openai": {"base_url": "emulator"}},
  "mock_provider": {"terraform": {
    "alias": "fake",
    "override_during": "plan",
    "mock_resource": {"terraform_data": {"defaults": {"id": "x"}}},
    "mock_data": {"terraform_remote_state": {"override_during": "apply", "defaults": {"outputs": {"a": true}}}},
    "override_resource": {"target": "terraform_data.a[\\"k\\"]"}
  }},
  "override_module": {"target": "module.m[0]", "outputs": {"o": 1.5}},
  "run": {
    "one": {
      "command": "plan",
      "state_key": "other",
      "providers": {"terraform": "terraform.fake"},
      "expect_failures": ["var.n", "terraform_data.a"],
      "plan_options": {
        "mode": "refresh-only", "refresh": true, "target": ["terraform_data.a[0]"], "replace": ["terraform_data.b"]
      },
      "variables": {"n": "${run.two.n}"},
      "module": {"source": "./setup"},
      "assert": [{"condition": "${var.n == 1}", "error_message": "n is ${var.n}"}],
      "override_data": {"target": "data.terraform_remote_state.a", "values": {"outputs": null}}
    },
    "two": {}
  }
}
"""


def decoded(directory: Path, name: str, text: str) -> SuiteFile:
    (directory / name).write_text(text, encoding="utf-8")
    found = Diagnostics()
    (file,) = read_suite(directory, "tests", found)
    assert not found.items
    return file


@pytest.mark.parametrize(("name", "text"), [("a.tftest.hcl", NATIVE), ("a.tftest.json", JSON)], ids=["native", "json"])
def test_a_file_says_the_same_in_both_syntaxes(tmp_path: Path, name: str, text: str) -> None:
    file = decoded(tmp_path, name, text)
    assert file.name == name
    assert list(file.variables) == ["n"]
    assert list(file.providers) == ["openai", "terraform.fake"]
    mock = file.providers["terraform.fake"]
    assert isinstance(mock, MockProvider)
    resource, source = mock.data.resources["terraform_data"], mock.data.resources["data.terraform_remote_state"]
    assert (resource.given.values, resource.given.during_plan) == ({"id": "x"}, True)
    assert (source.given.values, source.given.during_plan) == ({"outputs": {"a": True}}, False)
    (override,) = mock.data.overrides.values()
    assert (override.target, override.given.during_plan) == (parse_target('terraform_data.a["k"]'), True)
    assert list(file.overrides) == [parse_target("module.m[0]")]
    one, two = file.runs
    assert (one.name, one.command, one.state, two.name, two.command, two.state) == (
        "one",
        "plan",
        "other",
        "two",
        "apply",
        "",
    )
    assert [(passed.inside, passed.outside) for passed in one.providers] == [("terraform", "terraform.fake")]
    assert (one.planning.refresh_only, one.planning.refresh) == (True, True)
    assert [len(part) for part in (one.planning.targets, one.planning.replace, one.expected_failures)] == [1, 1, 2]
    assert one.module is not None
    assert (one.module.source, len(one.assertions), list(one.variables)) == ("./setup", 1, ["n"])
    assert list(one.overrides) == [parse_target("data.terraform_remote_state.a")]


def test_files_come_from_the_folder_and_from_that_of_tests(tmp_path: Path) -> None:
    (tmp_path / "tests" / "inner").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    for name in (
        "b.tftest.hcl",
        "a.tftest.json",
        "tests/c.tftest.hcl",
        "tests/inner/d.tftest.hcl",
        "other/e.tftest.hcl",
    ):
        (tmp_path / name).write_text("{}" if name.endswith("json") else "", encoding="utf-8")
    (tmp_path / ".f.tftest.hcl").write_text("what is this", encoding="utf-8")
    found = Diagnostics()

    def names(directory: str) -> list[str]:
        return [file.name for file in read_suite(tmp_path, directory, found)]

    assert names("tests") == ["a.tftest.json", "b.tftest.hcl", "tests/c.tftest.hcl"]
    assert names("other") == ["a.tftest.json", "b.tftest.hcl", "other/e.tftest.hcl"]
    assert names(".") == ["a.tftest.json", "b.tftest.hcl"]
    assert not found.items
    assert names("nowhere") == ["a.tftest.json", "b.tftest.hcl"]
    assert [item.summary for item in found] == ["Test directory does not exist"]
