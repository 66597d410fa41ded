import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.config.model import Module
from engine.config.variables import (
    Assignment,
    assign,
    automatic_files,
    check_defaults,
    command_line_assignment,
    environment_assignments,
    file_assignments,
)
from engine.diagnostics import DiagnosticError, Diagnostics, Severity
from engine.lang.values import SENSITIVE, Null, Unknown, Value, is_sensitive, marked_paths, unmark
from tests.engine.config.texts import details, good_module, told

WHERE = ("default", "environment", "terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars", "b.auto.tfvars.json")


def collected(
    directory: Path, arguments: Sequence[tuple[str, str]], environment: dict[str, str], found: Diagnostics
) -> list[Assignment]:
    assignments = environment_assignments(environment)
    for path in automatic_files(directory):
        assignments += file_assignments(path, path.name, found)
    for kind, text in arguments:
        if kind == "var":
            assignments.append(command_line_assignment(text))
        else:
            assignments += file_assignments(directory / text, text, found)
    return assignments


def values(module: Module, *assignments: Assignment) -> dict[str, Value]:
    found = Diagnostics()
    result = assign(module, assignments, found)
    assert told(found) == []
    return result


@pytest.mark.parametrize("strongest", range(len(WHERE)), ids=WHERE)
def test_of_several_sources_the_strongest_wins(tmp_path: Path, strongest: int) -> None:
    module = good_module('variable "a" {\n default = "default"\n}')
    for name in WHERE[2 : strongest + 1]:
        (tmp_path / name).write_text(json.dumps({"a": name}) if name.endswith(".json") else f'a = "{name}"\n')
    environment = {"TF_VAR_a": "environment"} if strongest else {}
    found = Diagnostics()
    assert assign(module, collected(tmp_path, [], environment, found), found) == {"a": WHERE[strongest]}


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        pytest.param([("var", "a=1"), ("var", "a=2")], "2", id="last"),
        pytest.param([("var", "a=1"), ("var-file", "f.tfvars")], "file", id="file last"),
        pytest.param([("var-file", "f.tfvars"), ("var", "a=1")], "1", id="value last"),
        pytest.param([("var", "a=1"), ("var-file", "f.tfvars"), ("var", "a=3")], "3", id="value around file"),
    ],
)
def test_the_command_line_wins_in_its_order(tmp_path: Path, arguments: list[tuple[str, str]], value: str) -> None:
    (tmp_path / "f.tfvars").write_text('a = "file"\n')
    (tmp_path / "z.auto.tfvars").write_text('a = "automatic"\n')
    module = good_module('variable "a" {}')
    found = Diagnostics()
    assert assign(module, collected(tmp_path, arguments, {"TF_VAR_a": "environment"}, found), found) == {"a": value}


def test_automatic_files_are_read_by_name_after_the_fixed_ones(tmp_path: Path) -> None:
    for name in ("b.auto.tfvars", "a.auto.tfvars.json", "terraform.tfvars.json", "terraform.tfvars", "x.tfvars"):
        (tmp_path / name).write_text("")
    assert [path.name for path in automatic_files(tmp_path)] == [
        "terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars.json", "b.auto.tfvars",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        pytest.param("", "a=1", "1", id="no type is text"),
        pytest.param("", "a=", "", id="nothing is an empty text"),
        pytest.param("", "a=b=c", "b=c", id="only the first equals sign counts"),
        pytest.param("", "a=[1]", "[1]", id="no type, however it looks"),
        pytest.param("", 'a="x"', '"x"', id="quotes are part of a text"),
        pytest.param("", "a=${x}", "${x}", id="a text is no template"),
        pytest.param("", "a=-1", "-1", id="a dash first"),
        pytest.param("string", "a=true", "true", id="string"),
        pytest.param("number", "a=1.50", 1.5, id="number"),
        pytest.param("bool", "a=1", True, id="bool"),
        pytest.param("any", "a=[1, true]", (1, True), id="any is an expression"),
        pytest.param("any", 'a={ b = "c" }', {"b": "c"}, id="any object"),
        pytest.param("any", "a=", Null(), id="nothing of any type is null"),
        pytest.param("tuple([number])", 'a=["1"]', (1,), id="converted"),
    ],
)
def test_text_on_the_command_line_is_read_by_the_type(type: str, text: str, value: Value) -> None:
    module = good_module(f'variable "a" {{\n{f"type = {type}" if type else ""}\n}}')
    assert values(module, command_line_assignment(text)) == {"a": value}


@pytest.mark.parametrize("text", ["a", "", "a =1", " =1"])
def test_what_assigns_nothing_is_an_error(text: str) -> None:
    with pytest.raises(DiagnosticError, match="Invalid -var option"):
        command_line_assignment(text)


@pytest.mark.parametrize(
    ("assignment", "severity"),
    [
        pytest.param(command_line_assignment("regoin=1"), Severity.ERROR, id="command line"),
        pytest.param(Assignment("regoin", "file", 1), Severity.WARNING, id="file"),
        pytest.param(environment_assignments({"TF_VAR_regoin": "1"})[0], None, id="environment"),
    ],
)
def test_a_value_for_nothing_is_an_error_a_warning_or_nothing(
    assignment: Assignment, severity: Severity | None
) -> None:
    found = Diagnostics()
    assign(good_module('variable "region" {\n default = 1\n}'), [assignment], found)
    assert [item.severity for item in found] == ([severity] if severity else [])
    assert all('Did you mean "region"?' in item.detail for item in found)


def test_only_names_after_the_prefix_are_variables() -> None:
    given = environment_assignments({"TF_VAR_a": "1", "TF_VAR_": "2", "tf_var_b": "3", "TF_LOG": "4"})
    assert [assignment.name for assignment in given] == ["a"]


PROBLEMS = {
    "missing": ('variable "a" {}', [], "main.tf:1:1 No value for required variable", "Use a -var or"),
    "wrong type": ('variable "a" {\n type = number\n}', ["a=x"], "main.tf:1:1 Invalid value for input variable", "on the command line"),
    "wrong element": ('variable "a" {\n type = list(number)\n}', ['a=[1, "x"]'], "main.tf:1:1 Invalid value for input variable", "[1]: a number is required"),
    "no expression": ('variable "a" {\n default = null\n type = list(number)\n}', ["a=[1"], "<value for var.a>:1:1 Unterminated tuple constructor expression", "closing"),
    "a reference": ('variable "a" {\n default = null\n type = any\n}', ["a=b"], "<value for var.a>:1:1 Variables not allowed", '"b"'),
    "a call": ('variable "a" {\n default = null\n type = any\n}', ['a=file("x")'], "<value for var.a>:1:1 Function calls not allowed", "file"),
    "null not allowed": ('variable "a" {\n type = any\n nullable = false\n}', ["a=null"], "main.tf:1:1 Required variable not set", "nullable = false"),
    "default of a kind": ('variable "a" {\n type = number\n default = "x"\n}', [], "main.tf:3:12 Invalid default value for variable", "number"),
    "default refers": ('variable "a" {\n default = var.b\n}', [], "main.tf:2:12 Variables not allowed", "var"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "given", "problem", "detail"), [pytest.param(*row, id=name) for name, row in PROBLEMS.items()]
)
def test_a_value_that_does_not_fit_is_told_where_it_is(text: str, given: list[str], problem: str, detail: str) -> None:
    found = Diagnostics()
    result = assign(good_module(text), map(command_line_assignment, given), found)
    assert told(found)[0] == problem
    assert detail in details(found)
    assert isinstance(result["a"], Unknown)  # so that everything else can be checked


def test_a_null_where_none_is_allowed_takes_the_default() -> None:
    module = good_module('variable "a" {\n type = string\n default = "d"\n nullable = false\n}')
    assert values(module, Assignment("a", "file", Null())) == {"a": "d"}


def test_a_null_where_it_is_allowed_stays() -> None:
    assert values(good_module('variable "a" {\n default = 1\n}'), Assignment("a", "file", Null())) == {"a": Null()}


def test_optional_attributes_of_a_value_are_filled_in() -> None:
    module = good_module('variable "a" {\n type = object({ b = optional(number, 1) })\n}')
    assert values(module, command_line_assignment("a={}")) == {"a": {"b": 1}}


def test_a_sensitive_variable_is_marked_and_its_texts_are_known_as_secrets() -> None:
    module = good_module('variable "a" {\n sensitive = true\n type = list(string)\n}')
    found = Diagnostics()
    value = assign(module, [command_line_assignment('a=["hunter2hunter2"]')], found)["a"]
    assert is_sensitive(value)
    assert list(marked_paths(value, SENSITIVE)) == [()]
    assert unmark(value)[0].items == ("hunter2hunter2",)
    assert "hunter2" not in found.secrets.hide("it is hunter2hunter2")


@pytest.mark.parametrize(
    ("type", "given"),
    [
        pytest.param("list(string)", command_line_assignment('a=["hunter2hunter2"'), id="not to be parsed"),
        pytest.param("number", command_line_assignment("a=hunter2hunter2"), id="wrong type on the command line"),
        pytest.param("number", Assignment("a", "file", ("hunter2hunter2",)), id="wrong type in a file"),
    ],
)
def test_a_sensitive_value_that_does_not_fit_is_a_secret_all_the_same(type: str, given: Assignment) -> None:
    found = Diagnostics()
    assign(good_module(f'variable "a" {{\n sensitive = true\n type = {type}\n}}'), [given], found)
    assert found.has_errors
    assert "hunter2" not in found.secrets.hide(given.text or "it is hunter2hunter2")


def test_whoever_can_be_asked_is_asked_once_for_what_has_no_value() -> None:
    module = good_module('variable "a" {\n type = number\n}\nvariable "b" {\n default = 1\n}\nvariable "c" {}')
    asked: list[str] = []

    def answer(variable: object) -> str:
        asked.append(getattr(variable, "name", ""))
        return "7"

    assert assign(module, [command_line_assignment("c=1")], Diagnostics(), answer) == {"a": 7, "b": 1, "c": "1"}
    assert asked == ["a"]


def test_the_last_of_several_problems_is_told_as_well() -> None:
    found = Diagnostics()
    module = good_module('variable "a" {\n type = number\n}\nvariable "b" {\n type = bool\n}\nvariable "c" {}')
    assign(module, map(command_line_assignment, ["a=x", "b=x", "d=1"]), found)
    assert len(found.items) == 4


def test_defaults_are_checked_by_themselves() -> None:
    found = Diagnostics()
    check_defaults(good_module('variable "a" {\n type = number\n default = []\n}\nvariable "b" {}'), found)
    assert told(found) == ["main.tf:3:12 Invalid default value for variable"]


FILES = {
    "missing": (None, "f.tfvars", "nowhere Failed to read variables file", "does not exist. Did you mean"),
    "syntax": ("a = ", "f.tfvars", "f.tfvars:1:5 Missing expression", ""),
    "block": ('variable "a" {}', "f.tfvars", "f.tfvars:1:1 Unexpected block", "only arguments"),
    "reference": ("a = var.b", "f.tfvars", "f.tfvars:1:5 Variables not allowed", ""),
    "not JSON": ('{"a": }', "f.json", "f.json:1:7 Invalid JSON", "not valid JSON"),
    "not finite": ('{"a": NaN}', "f.json", "f.json:1:1 Invalid JSON", "NaN"),
    "no object": ("[1]", "f.json", "f.json:1:1 Invalid JSON", "object is required"),
    "too deep": ('{"a": ' + "[" * 500 + "]" * 500 + "}", "f.json", "f.json:1:1 Invalid JSON", "nested"),
    "far too deep": ("[" * 100_000, "f.json", "f.json:1:1 Invalid JSON", "deep"),
    "not UTF-8": (b'a = "\xff"', "f.tfvars", "nowhere Invalid character encoding", "line 1"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "problem", "detail"), [pytest.param(*row, id=name) for name, row in FILES.items()]
)
def test_a_file_of_values_that_cannot_be_used_is_told(
    tmp_path: Path, content: str | bytes | None, name: str, problem: str, detail: str
) -> None:
    (tmp_path / "f.tfvar").write_text("")
    if content is not None:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    found = Diagnostics()
    assert file_assignments(tmp_path / name, name, found) == []
    assert told(found)[0] == problem
    assert detail in details(found)


@pytest.mark.parametrize("kind", ["directory", "pipe"])
def test_what_is_no_file_gives_no_values(tmp_path: Path, kind: str) -> None:
    if kind == "pipe":
        os.mkfifo(tmp_path / "f.tfvars")
    else:
        (tmp_path / "f.tfvars").mkdir()
    found = Diagnostics()
    assert file_assignments(tmp_path / "f.tfvars", "f.tfvars", found) == []
    assert "not a regular file" in details(found)


def test_values_in_json_keep_their_types_and_every_digit(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text('{"a": [1, 1.10, "x", null, true, {"b": 123456789012345678901234567890}]}')
    found = Diagnostics()
    (assignment,) = file_assignments(tmp_path / "f.json", "f.json", found)
    assert assignment.value is not None
    assert assignment.value[3:] == (Null(), True, {"b": 123456789012345678901234567890})
    assert assignment.place == "in f.json:1:1"
