import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.diagnostics import DiagnosticError, Diagnostics
from engine.lang.values import Unknown
from engine.plan.changes import Action
from rtf.workspace import Root, VariableSources, find_root, load, make_plan, read_variables, recorded_outputs, validate
from state.snapshot import Output, Snapshot
from tests.engine.config.texts import details, told

DATA = 'resource "terraform_data" "a" {\n  input = var.v\n}\nvariable "v" {}\noutput "o" {\n  value = terraform_data.a.input\n}\n'


@pytest.mark.parametrize(
    ("name", "state"),
    [
        pytest.param("main.hcl", "main.tfstate", id="hcl"),
        pytest.param("main.tf", "main.tfstate", id="tf"),
        pytest.param("a.b.hcl", "a.b.tfstate", id="dots"),
        pytest.param("plain", "plain.tfstate", id="no suffix"),
        pytest.param("a" * 250, "a" * 250 + ".tfstate", id="a name too long"),
    ],
)
def test_the_state_of_a_single_file_is_beside_it(tmp_path: Path, name: str, state: str) -> None:
    assert find_root(tmp_path / name) == Root(tmp_path / name, tmp_path, tmp_path / state)


def test_the_state_of_a_directory_is_in_it(tmp_path: Path) -> None:
    assert find_root(tmp_path) == Root(tmp_path, tmp_path, tmp_path / "terraform.tfstate")


@pytest.mark.parametrize(
    ("files", "problems"),
    [
        pytest.param({}, ["nowhere No configuration files"], id="nothing"),
        pytest.param({"notes.txt": "x"}, ["nowhere No configuration files"], id="only others"),
        pytest.param({"a.tf": "x = 1", "b.tf": "locals {\n a = var.q\n}"}, ["a.tf:1:1 Unsupported argument"], id="what is missing may be in the other"),
        pytest.param({"a.tf": "locals {\n a = ]\n}", "b.tf": "nope {}"}, ["a.tf:2:6 Missing expression", "b.tf:1:1 Unsupported block type"], id="two files"),
    ],
)  # fmt: skip
def test_a_module_that_cannot_be_put_together_is_told(
    tmp_path: Path, files: dict[str, str], problems: list[str]
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with contextlib.chdir(tmp_path), pytest.raises(DiagnosticError) as caught:
        load(find_root(tmp_path), Diagnostics())
    assert (
        told(caught.value.diagnostics) == problems
        or told(caught.value.diagnostics)[0].split()[0] == problems[0].split()[0]
    )


def plan_of(directory: Path, arguments: Sequence[tuple[str, str]] = (), **environment: str):  # type: ignore[no-untyped-def]
    found = Diagnostics()
    loaded = load(find_root(directory), found)
    variables = read_variables(loaded, VariableSources(arguments, environment), found)
    found.raise_errors()
    return make_plan(loaded, variables, Snapshot.empty(), found, now=0.0)


def test_a_module_is_planned_with_variables_from_everywhere(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(DATA)
    (tmp_path / "f.tfvars").write_text('v = "file"\n')
    with contextlib.chdir(tmp_path):
        assert plan_of(tmp_path, TF_VAR_v="env").outputs[0].after == "env"
        assert plan_of(tmp_path, [("var", "v=1"), ("var-file", "f.tfvars")]).outputs[0].after == "file"
        (tmp_path / "terraform.tfvars").write_text("v = true\n")
        plan = plan_of(tmp_path, TF_VAR_v="env")
    assert plan.outputs[0].after is True
    assert plan.timestamp == "1970-01-01T00:00:00Z"
    assert [change.action for change in plan.changes] == [Action.CREATE]


def test_problems_with_variables_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(DATA)
    found = Diagnostics()
    loaded = load(find_root(tmp_path), found)
    given = VariableSources([("var", "v"), ("var", "w=1"), ("var-file", "gone.tfvars")], {})
    with pytest.raises(DiagnosticError) as caught:
        read_variables(loaded, given, found)
    assert [item.summary for item in caught.value.diagnostics] == [
        "Invalid -var option",
        "Failed to read variables file",
    ]
    fresh = Diagnostics()
    assert isinstance(read_variables(loaded, VariableSources([("var", "w=1")], {}), fresh)["v"], Unknown)
    assert [item.summary for item in fresh] == ["Value for undeclared variable", "No value for required variable"]


def test_the_environment_of_the_process_is_read_unless_another_is_given() -> None:
    assert VariableSources().environment is os.environ


def test_a_module_is_checked_without_values(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(DATA + 'resource "terraform_data" "b" {\n  inptu = var.v\n}\n')
    found = Diagnostics()
    validate(load(find_root(tmp_path), found), found)
    assert [item.summary for item in found] == ["Unsupported argument"]
    assert 'Did you mean "input"?' in details(found)


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (Output("x", "number"), "a number is required"),
        (Output(1, ["nope"]), "not a type"),
        (Output([1], ["tuple", []]), "tuple of 0"),
    ],
)
def test_an_output_that_is_not_what_the_state_says_is_told(output: Output, message: str) -> None:
    snapshot = Snapshot.empty()
    snapshot.outputs["o"] = output
    found = Diagnostics()
    assert recorded_outputs(snapshot, found) == {}
    assert [item.summary for item in found] == ["Invalid output value in state"]
    assert message in details(found)


def test_a_recorded_output_that_is_sensitive_is_known_as_a_secret() -> None:
    snapshot = Snapshot.empty()
    snapshot.outputs["o"] = Output("hunter2hunter2", "string", sensitive=True)
    found = Diagnostics()
    assert recorded_outputs(snapshot, found)["o"].action is Action.DELETE
    assert "hunter2" not in found.secrets.hide("hunter2hunter2")
