"""The rules of variables, from the text of a module to the plan."""

from pathlib import Path

import pytest

from tests.rtf.end_to_end.commands import Folder, Run, folder

RULES = """\
variable "size" {
  type = number
  validation {
    condition     = var.size > 10
    error_message = "More than ten, please."
  }
  validation {
    condition     = var.size > local.least
    error_message = "More than ${local.least}, please."
  }
}
locals { least = 20 }
output "size" { value = var.size }
"""


@pytest.fixture
def here(tmp_path: Path) -> Folder:

    return folder(tmp_path / "work")


def told(run: Run) -> str:
    return " ".join(run.text.split())


def test_every_rule_that_is_broken_is_told(here: Folder) -> None:
    here.write("main.hcl", RULES)
    text = told(here.ok("plan", "-var=size=5", status=1))
    assert text.count("Invalid value for variable") == 2
    assert "More than ten, please. This was checked by the validation rule at main.hcl:3:3." in text
    assert "More than 20, please." in text
    text = told(here.ok("plan", "-var=size=15", status=1))
    assert "More than ten" not in text
    assert "More than 20" in text
    here.ok("plan", "-var=size=25")


def test_rules_hold_inside_modules_at_the_call(here: Folder) -> None:
    (here.path / "child").mkdir()
    here.write("child/main.hcl", RULES)
    here.write("main.hcl", 'module "a" {\n  source = "./child"\n  size   = 1\n}\n')
    here.ok("get")
    text = told(here.ok("plan", status=1))
    assert "on main.hcl line 3" in text
    assert text.count("Invalid value for variable") == 2


def test_validate_asks_nothing_of_values_that_come_later(here: Folder) -> None:
    here.write("main.hcl", RULES)
    here.ok("validate")


@pytest.mark.parametrize(
    ("condition", "message", "expected"),
    [
        pytest.param("var.v", '"no"', ["Invalid variable validation result", "main.hcl:4:17"], id="not a bool"),
        pytest.param('var.v == "a" ? null : true', '"no"', ["Invalid variable validation result", "not null"], id="null"),
        pytest.param("tonumber(var.v) > 1", '"no"', ["Invalid function argument", "main.hcl:4:26"], id="an error inside"),
        pytest.param('var.v == "x"', "[]", ["Invalid error message", "main.hcl:5:21"], id="a message that is no text"),
        pytest.param("var.nope == 1", '"no"', ["Invalid variable validation condition", "main.hcl:4:17"], id="a reference to nothing"),
    ],
)  # fmt: skip
def test_a_rule_that_is_wrong_itself_is_told(here: Folder, condition: str, message: str, expected: list[str]) -> None:
    here.write(
        "main.hcl",
        f'variable "v" {{\n  default = "a"\n  validation {{\n    condition = {condition}\n    error_message = {message}\n  }}\n}}\n',
    )
    text = told(here.ok("plan", status=1))
    for part in expected:
        assert part in text, text


def test_a_message_does_not_show_what_is_sensitive(here: Folder) -> None:
    here.write(
        "main.hcl",
        'variable "v" {\n  default   = "hunter-canary"\n  sensitive = true\n  validation {\n    condition     = length(var.v) < 3\n    error_message = "bad ${var.v}"\n  }\n}\n',
    )
    text = told(here.ok("plan", status=1))
    assert "hunter-canary" not in text
    assert "not for everybody" in text
