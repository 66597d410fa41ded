"""rtf as a library: typed results, one kind of exception, and nothing on the terminal."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import rtf
from rtf.cli import run
from state.backends.local import LocalBackend

SECRET = "hunter2-canary"
CONFIGURATION = """
variable "name" {
  type    = string
  default = "n"
}
variable "password" {
  type      = string
  default   = "hunter2-canary"
  sensitive = true
}
resource "terraform_data" "first" {
  input = { name = var.name, password = var.password, size = 1.5, tags = toset(["a"]) }
}
resource "terraform_data" "second" {
  count = 2
  input = terraform_data.first.id
}
output "name" {
  value = terraform_data.first.output.name
}
output "password" {
  value     = var.password
  sensitive = true
}
"""


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Without a cache, and whatever is done here is done without a word."""
    monkeypatch.setenv("RTF_CACHE", "off")
    yield
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(CONFIGURATION)
    return tmp_path


def summaries(caught: pytest.ExceptionInfo[rtf.Error]) -> list[str]:
    return [item.summary for item in caught.value.errors]


def actions(plan: rtf.Plan) -> dict[str, str]:
    return {change.address: change.action for change in plan.changes}


# ---------------------------------------------------------------- names


def test_importing_rtf_imports_next_to_nothing() -> None:
    code = "import sys, typing; before = set(sys.modules); import rtf; print(sorted(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['rtf']"


@pytest.mark.parametrize("name", rtf.__all__)
def test_every_public_name_is_there_and_explained(name: str) -> None:
    assert name in dir(rtf)
    found = getattr(rtf, name)
    assert (found if callable(found) else type(found)).__doc__


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'pan'"):
        rtf.pan  # noqa: B018


# ---------------------------------------------------------------- what is planned and done


def test_a_plan_tells_what_would_change_and_does_it(folder: Path) -> None:
    plan = rtf.plan(folder, variables={"name": "x"})
    assert actions(plan) == dict.fromkeys(
        ["terraform_data.first", "terraform_data.second[0]", "terraform_data.second[1]"], "create"
    )
    first = plan.changes[0]
    assert first.resource == rtf.ResourceName("terraform_data.first", "", "managed", "terraform_data", "first", None)
    assert plan.changes[2].resource.key == 1
    assert first.before is None
    assert first.after == {
        "id": rtf.UNKNOWN,
        "input": {"name": "x", "password": SECRET, "size": 1.5, "tags": ["a"]},
        "output": rtf.UNKNOWN,
        "triggers_replace": None,
    }
    assert (first.sensitive_before, first.sensitive_after) == ((), (("input", "password"),))
    assert [(item.name, item.action, item.after, item.sensitive) for item in plan.outputs] == [
        ("name", "create", rtf.UNKNOWN, False),
        ("password", "create", SECRET, True),
    ]
    assert (plan.has_changes, plan.counts, plan.warnings, plan.drift) == (True, rtf.Counts(add=3), (), ())
    assert not (folder / "terraform.tfstate").exists()

    applied = plan.apply()
    assert (applied.added, applied.changed, applied.destroyed, applied.imported) == (3, 0, 0, 0)
    assert (applied.failed, applied.skipped, applied.warnings) == ((), (), ())
    assert {name: item.value for name, item in applied.outputs.items()} == {"name": "x", "password": SECRET}
    assert rtf.outputs(folder) == applied.outputs
    again = rtf.plan(folder, variables={"name": "x"})
    assert (again.has_changes, again.changes, again.outputs) == (False, (), ())
    assert again.apply().added == 0


def test_the_commands_go_on_where_a_program_stopped(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rtf.apply(folder)
    assert run([f"-chdir={folder}", "plan", "-detailed-exitcode"]) == 0
    assert run([f"-chdir={folder}", "apply", "-auto-approve", "-var=name=y"]) == 0
    capfd.readouterr()
    assert rtf.outputs(folder)["name"].value == "y"


def test_a_state_is_shown_as_it_is(folder: Path) -> None:
    rtf.apply(folder)
    state = rtf.show(folder)
    stored = json.loads((folder / "terraform.tfstate").read_text())
    assert (state.lineage, state.serial, state.warnings) == (stored["lineage"], stored["serial"], ())
    first, *second = state.objects
    assert first.attributes["output"] == {"name": "n", "password": SECRET, "size": 1.5, "tags": ["a"]}
    assert first.sensitive == (("input", "password"),)
    assert [item.address for item in second] == ["terraform_data.second[0]", "terraform_data.second[1]"]
    assert second[0].dependencies == ("terraform_data.first",)
    assert not any(item.tainted or item.deposed for item in state.objects)


def test_where_nothing_was_made_there_is_nothing(folder: Path) -> None:
    assert rtf.show(folder) == rtf.State("", 0, (), {}, ())
    assert rtf.outputs(folder) == {}
    assert rtf.destroy(folder).destroyed == 0


def test_nothing_that_is_given_back_shows_a_value_by_itself(folder: Path) -> None:
    plan = rtf.plan(folder)
    applied = plan.apply()
    changed = rtf.plan(folder, variables={"password": "another-canary"})
    for result in (plan, applied, changed, rtf.show(folder), rtf.outputs(folder)):
        assert "canary" not in repr(result) + str(result)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"destroy": True}, {"terraform_data.first": "delete", "terraform_data.second[0]": "delete", "terraform_data.second[1]": "delete"}, id="destroy"),
        pytest.param({"variables": {"name": "x"}}, {"terraform_data.first": "update"}, id="variables"),
        pytest.param({"replace": ["terraform_data.second[1]"]}, {"terraform_data.second[1]": "delete/create"}, id="replace"),
        pytest.param({"variables": {"name": "x"}, "targets": ["terraform_data.second[0]"]}, {"terraform_data.first": "update"}, id="targets"),
        pytest.param({"variables": {"name": "x"}, "excluded": ["terraform_data.first"]}, {}, id="excluded"),
        pytest.param({"variables": {"name": "x"}, "refresh_only": True}, {}, id="refresh only"),
        pytest.param({"variables": {"name": "x"}, "refresh": False}, {"terraform_data.first": "update"}, id="no refresh"),
    ],
)  # fmt: skip
def test_a_plan_is_asked_for_as_on_the_command_line(
    folder: Path, arguments: dict[str, Any], expected: dict[str, str]
) -> None:
    rtf.apply(folder)
    plan = rtf.plan(folder, **arguments)
    assert actions(plan) == expected
    assert {change.address for change in plan.changes if change.replaces} == set(arguments.get("replace", ()))


def test_an_apply_is_asked_for_as_on_the_command_line(folder: Path) -> None:
    assert rtf.apply(folder, targets=["terraform_data.first"]).added == 1
    applied = rtf.apply(folder, excluded=["terraform_data.second[1]"], parallelism=1)
    assert applied.added == 1
    assert [item.summary for item in applied.warnings] == [
        "Resource targeting is in effect",
        "Applied changes may be incomplete",
    ]
    assert str(applied.warnings[0]).startswith("Warning: Resource targeting is in effect\n\nYou are creating a plan")
    assert rtf.apply(folder).added == 1
    assert rtf.apply(folder, replace=["terraform_data.second[0]"], refresh=False).destroyed == 1
    assert rtf.apply(folder, variables={"name": "x"}, refresh_only=True).changed == 0
    assert rtf.destroy(folder, targets=["terraform_data.second"]).destroyed == 2
    assert rtf.destroy(folder).destroyed == 1


def test_moves_imports_and_what_came_of_checks_are_told(folder: Path) -> None:
    rtf.apply(folder)
    text = CONFIGURATION.replace('"first"', '"one"').replace("data.first", "data.one")
    (folder / "main.tf").write_text(
        f"{text}moved {{\n  from = terraform_data.first\n  to = terraform_data.one\n}}\n"
        'import {\n  to = terraform_data.taken\n  id = "abc"\n}\nresource "terraform_data" "taken" {}\n'
        'check "always" {\n  assert {\n    condition = var.name == ""\n    error_message = "never"\n  }\n}\n'
    )
    plan = rtf.plan(folder)
    told = {change.address: (change.previous_address, change.importing) for change in plan.changes}
    assert told["terraform_data.one"] == ("terraform_data.first", None)
    assert told["terraform_data.taken"] == (None, "abc")
    assert plan.counts.imported == 1
    assert [(item.severity, item.summary, item.detail) for item in plan.warnings] == [
        ("warning", "Check block assertion failed", "never")
    ]
    applied = plan.apply()
    assert applied.imported == 1
    assert [item.summary for item in applied.warnings] == ["Check block assertion failed"]


def test_a_single_file_is_a_root_module(folder: Path) -> None:
    (folder / "alone.hcl").write_text('output "o" {\n  value = "${basename(path.cwd)} ${path.module}"\n}\n')
    rtf.apply(str(folder / "alone.hcl"))
    assert rtf.outputs(folder / "alone.hcl")["o"].value == f"{folder.name} ."
    assert (folder / "alone.tfstate").exists()


def test_the_workspace_of_the_commands_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_WORKSPACE", "blue")
    rtf.apply(folder)
    assert (folder / "terraform.tfstate.d" / "blue" / "terraform.tfstate").exists()
    monkeypatch.delenv("TF_WORKSPACE")
    assert rtf.outputs(folder) == {}


def test_a_plan_stands_when_directory_and_files_change(folder: Path, tmp_path: Path) -> None:
    with contextlib.chdir(folder):
        plan = rtf.plan()
    (folder / "main.tf").write_text("nonsense")
    with contextlib.chdir("/"):
        assert plan.apply().added == 3
    assert (folder / "terraform.tfstate").exists()


# ---------------------------------------------------------------- variables


@pytest.mark.parametrize(
    ("type", "given", "expected"),
    [
        pytest.param("string", 'a ${b} "c"', 'a ${b} "c"', id="text is not a template"),
        pytest.param("string", 5, "5", id="converted"),
        pytest.param("number", "5", 5, id="number from text"),
        pytest.param("number", 2**70, 2**70, id="a large number"),
        pytest.param("number", Decimal("0.25"), 0.25, id="a decimal"),
        pytest.param("any", True, True, id="bool"),
        pytest.param("any", None, None, id="null"),
        pytest.param("list(string)", ("a", "b"), ["a", "b"], id="tuple"),
        pytest.param("set(string)", {"b", "a"}, ["a", "b"], id="set"),
        pytest.param("any", {"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, id="nested"),
        pytest.param("object({ a = optional(number, 3) })", {}, {"a": 3}, id="optional"),
    ],
)
def test_variables_are_python_data(tmp_path: Path, type: str, given: object, expected: object) -> None:
    (tmp_path / "main.tf").write_text(f'variable "v" {{\n  type = {type}\n}}\noutput "o" {{\n  value = [var.v]\n}}\n')
    assert rtf.apply(tmp_path, variables={"v": given}).outputs["o"].value == [expected]


def test_variables_go_before_files_and_files_before_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def name(**arguments: Any) -> object:
        return {change.name: change.after for change in rtf.plan(folder, **arguments).outputs}["password"]

    monkeypatch.setenv("TF_VAR_password", "environment")
    (folder / "x.tfvars").write_text('password = "file"\n')
    assert name() == "environment"
    assert name(var_files=[folder / "x.tfvars"]) == "file"
    assert name(var_files=[folder / "x.tfvars"], variables={"password": "program"}) == "program"


def test_an_ephemeral_variable_is_still_there_when_a_plan_is_applied(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "v" {\n  type = string\n  ephemeral = true\n}\nresource "terraform_data" "a" {\n'
        '  provisioner "local-exec" {\n    command = "printf %s $V > made"\n    environment = { V = var.v }\n  }\n}\n'
    )
    plan = rtf.plan(tmp_path, variables={"v": "passing"})
    with contextlib.chdir(tmp_path):
        plan.apply()
    assert (tmp_path / "made").read_text() == "passing"


@pytest.mark.parametrize(
    ("variables", "summary", "detail"),
    [
        pytest.param({"nme": 1}, "Value for undeclared variable", 'Did you mean "name"?', id="undeclared"),
        pytest.param({"name": object()}, "Invalid value for input variable", "a object has no form", id="no data"),
        pytest.param({"name": {1: 2}}, "Invalid value for input variable", "have to be str", id="no text as key"),
        pytest.param({"name": float("nan")}, "Invalid value for input variable", "not a finite number", id="no number"),
        pytest.param({"name": ["x"]}, "Invalid value for input variable", "given by the program is not", id="type"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("function", [rtf.plan, rtf.apply, rtf.destroy])
def test_values_that_cannot_be_used_are_told(
    folder: Path, function: Callable[..., object], variables: dict[str, object], summary: str, detail: str
) -> None:
    with pytest.raises(rtf.Error) as caught:
        function(folder, variables=variables)
    assert summaries(caught) == [summary]
    assert detail in caught.value.errors[0].detail


def test_a_value_without_end_is_refused(folder: Path) -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(rtf.Error, match="nested"):
        rtf.plan(folder, variables={"name": endless})


# ---------------------------------------------------------------- what is wrong


def test_an_error_carries_every_problem_with_its_place(folder: Path) -> None:
    (folder / "main.tf").write_text(
        'resource "terraform_data" "a" {\n  inptu = 1\n}\noutput "o" {\n  value = var.x\n}\n'
    )
    for function in (rtf.validate, rtf.plan, rtf.apply):
        with contextlib.chdir(folder), pytest.raises(rtf.Error) as caught:
            function(".")
        assert summaries(caught) == ["Reference to undeclared input variable", "Unsupported argument"] or summaries(
            caught
        ) == ["Unsupported argument", "Reference to undeclared input variable"]
        by_summary = {item.summary: item for item in caught.value.diagnostics}
        wrong = by_summary["Unsupported argument"]
        assert (wrong.severity, wrong.file, wrong.line, wrong.column) == ("error", "main.tf", 2, 3)
        assert 'Did you mean "input"?' in wrong.detail
        assert str(wrong).startswith("Error: Unsupported argument\n\n  on main.tf line 2, in")
        assert str(wrong) in str(caught.value)
        assert caught.value.applied is None


def test_validate_gives_warnings(folder: Path) -> None:
    assert rtf.validate(folder) == ()
    (folder / "more.tf").write_text(
        'resource "terraform_data" "x" {\n  lifecycle {\n    ignore_changes = [output]\n  }\n}\n'
    )
    assert [(item.severity, item.summary) for item in rtf.validate(folder)] == [
        ("warning", "Redundant ignore_changes element")
    ]


def test_an_error_holds_no_secret(folder: Path) -> None:
    (folder / "more.tf").write_text(
        'output "x" {\n  value = tonumber(var.password)\n}\noutput "y" {\n  value = [][var.password]\n}\n'
    )
    with pytest.raises(rtf.Error) as caught:
        rtf.plan(folder)
    assert "canary" not in f"{caught.value}{caught.value!r}{caught.value.diagnostics}"
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_failed_apply_says_what_was_done(folder: Path) -> None:
    (folder / "more.tf").write_text(
        'resource "terraform_data" "bad" {\n  input = terraform_data.first.id\n'
        '  provisioner "local-exec" {\n    command = "exit 3"\n    quiet = true\n  }\n}\n'
        'resource "terraform_data" "after" {\n  input = terraform_data.bad.id\n}\n'
    )
    with pytest.raises(rtf.Error) as caught:
        rtf.apply(folder)
    assert summaries(caught) == ["local-exec provisioner error"]
    done = caught.value.applied
    assert done is not None
    assert (done.failed, done.skipped) == (("terraform_data.bad",), ("terraform_data.after",))
    assert done.outputs["name"].value == "n"
    tainted = {item.address for item in rtf.show(folder).objects if item.tainted}
    assert tainted == {"terraform_data.bad"}
    (folder / "more.tf").unlink()
    assert rtf.apply(folder).destroyed == 1


@pytest.mark.parametrize(
    ("arguments", "summary"),
    [
        pytest.param({"targets": ["nonsense..."]}, 'Invalid target "nonsense..."', id="target"),
        pytest.param({"replace": ["data.x.y"]}, 'Invalid force-replace address "data.x.y"', id="replace"),
        pytest.param({"refresh_only": True, "refresh": False}, "Incompatible refresh options", id="refresh"),
        pytest.param({"refresh_only": True, "destroy": True}, "Incompatible plan mode options", id="modes"),
        pytest.param({"targets": ["a.b"], "excluded": ["a.b"]}, "Invalid combination of arguments", id="both"),
        pytest.param({"var_files": ["gone.tfvars"]}, "Failed to read variables file", id="file"),
    ],
)
def test_wrong_arguments_are_told(folder: Path, arguments: dict[str, Any], summary: str) -> None:
    with pytest.raises(rtf.Error) as caught:
        rtf.plan(folder, **arguments)
    assert summaries(caught) == [summary]


def test_something_has_to_run_at_a_time(folder: Path) -> None:
    plan = rtf.plan(folder)
    for work in (plan.apply, lambda **given: rtf.apply(folder, **given), lambda **given: rtf.destroy(folder, **given)):
        with pytest.raises(rtf.Error, match="Invalid parallelism"):
            work(parallelism=0)


@pytest.mark.parametrize("function", [rtf.validate, rtf.plan, rtf.apply, rtf.destroy])
def test_there_has_to_be_something_at_a_path(tmp_path: Path, function: Callable[..., object]) -> None:
    with pytest.raises(rtf.Error):
        function(tmp_path / "nowhere")


@pytest.mark.parametrize("function", [rtf.plan, rtf.apply, rtf.destroy, rtf.show, rtf.outputs])
def test_a_broken_state_is_told_and_left_alone(folder: Path, function: Callable[..., object]) -> None:
    (folder / "terraform.tfstate").write_text("{")
    with pytest.raises(rtf.Error):
        function(folder)
    assert (folder / "terraform.tfstate").read_text() == "{"


def test_a_plan_is_done_only_on_the_state_that_it_was_made_for(folder: Path) -> None:
    first, second = rtf.plan(folder), rtf.plan(folder)
    first.apply()
    for plan in (first, second):
        with pytest.raises(rtf.Error, match="Saved plan is stale"):
            plan.apply()
    later = rtf.plan(folder, destroy=True)
    (folder / "terraform.tfstate").unlink()
    with pytest.raises(rtf.Error, match="does not match the given state"):
        later.apply()


# ---------------------------------------------------------------- beside others


def test_nobody_gets_in_between(folder: Path) -> None:
    plan = rtf.plan(folder)
    with ThreadPoolExecutor(1) as pool, LocalBackend(folder / "terraform.tfstate").lock("OperationTypePlan"):
        for work in (plan.apply, lambda: rtf.plan(folder), lambda: rtf.apply(folder), lambda: rtf.destroy(folder)):
            with pytest.raises(rtf.Error) as caught:
                work()
            assert summaries(caught) == ["Error acquiring the state lock"]
        assert rtf.plan(folder, lock=False).counts.add == 3
        assert rtf.show(folder).objects == ()
        waiting = pool.submit(rtf.apply, folder, lock_timeout=60.0)
        assert not waiting.done()
    assert waiting.result().added == 3


def test_threads_work_side_by_side(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(4)]
    for number, one in enumerate(folders):
        one.mkdir()
        (one / "main.tf").write_text(
            f'resource "terraform_data" "a" {{\n  count = 20\n  input = count.index + {number / 2}\n'
            '  provisioner "local-exec" {\n    command = "true"\n    quiet = true\n  }\n}\n'
            'output "o" {\n  value = sum(terraform_data.a[*].output)\n}\n'
        )
    with ThreadPoolExecutor(len(folders)) as pool:
        results = list(pool.map(rtf.apply, folders))
    assert [result.added for result in results] == [20] * len(folders)
    assert [result.outputs["o"].value for result in results] == [190, 200, 210, 220]


def test_of_threads_with_one_state_each_does_all_or_nothing(folder: Path) -> None:
    start = threading.Barrier(4)

    def work(number: int) -> int | str:
        start.wait()
        try:
            return rtf.apply(folder).added
        except rtf.Error as problem:
            return problem.errors[0].summary

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(work, range(4)))
    assert results.count(3) == 1
    assert set(results) <= {3, 0, "Error acquiring the state lock"}
    assert len(rtf.show(folder).objects) == 3


def test_from_an_event_loop_a_thread_is_needed(folder: Path) -> None:
    async def work() -> int:
        with pytest.raises(rtf.Error, match=r"asyncio\.to_thread"):
            rtf.plan(folder)
        with pytest.raises(rtf.Error, match=r"asyncio\.to_thread"):
            rtf.apply(folder)
        plan = await asyncio.to_thread(rtf.plan, folder)
        with pytest.raises(rtf.Error, match=r"asyncio\.to_thread"):
            plan.apply()
        return (await asyncio.to_thread(plan.apply)).added

    assert asyncio.run(work()) == 3


INTERRUPTED = """
import signal, sys
import rtf
heard = []
signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
try:
    rtf.apply(".", parallelism=1)
except rtf.Error as problem:
    print([item.summary for item in problem.errors], problem.applied.added, len(problem.applied.skipped))
print([signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before, heard)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_an_apply_and_the_handlers_of_the_program_come_back(tmp_path: Path, number: int) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "terraform_data" "first" {\n'
        f'  provisioner "local-exec" {{\n    command = "kill -{number} $PPID"\n    quiet = true\n  }}\n}}\n'
        'resource "terraform_data" "second" {\n  input = terraform_data.first.id\n}\n'
    )
    run = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], cwd=tmp_path, capture_output=True, text=True, env={**os.environ}
    )
    assert run.stdout.splitlines() == ["['Interrupted'] 1 1", "True []"], run.stderr
