"""`terraform_data` from the command line: its output is its input, whatever the type, and its trigger replaces it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.rtf.end_to_end.commands import Folder, folder


def data(arguments: str) -> str:
    return f'resource "terraform_data" "a" {{\n{arguments}\n}}\n'


@pytest.fixture
def here(tmp_path: Path) -> Folder:
    return folder(tmp_path / "work")


def planned(here: Folder, arguments: str) -> dict[str, Any]:
    """Return the change that makes what is recorded into this."""
    here.write("main.tf", data(arguments))
    here.ok("plan", "-out=plan")
    change: dict[str, Any] = json.loads(here.ok("show", "-json", "plan").out)["resource_changes"][0]["change"]
    return change


def recorded(here: Folder, arguments: str) -> dict[str, Any]:
    """Return the attributes as the state has them once this is applied."""
    here.write("main.tf", data(arguments))
    here.ok("apply", "-auto-approve")
    state = json.loads(here.ok("state", "pull").out)
    attributes: dict[str, Any] = state["resources"][0]["instances"][0]["attributes"]
    return attributes


@pytest.mark.parametrize(
    ("written", "type"),
    [
        pytest.param('tolist(["a"])', ["list", "string"], id="list"),
        pytest.param('["a", 1]', ["tuple", ["string", "number"]], id="tuple"),
        pytest.param('toset(["a"])', ["set", "string"], id="set"),
        pytest.param("tomap({ a = 1 })", ["map", "number"], id="map"),
        pytest.param("{ a = 1 }", ["object", {"a": "number"}], id="object"),
        pytest.param("0.1234567890123456789", "number", id="number with many digits"),
        pytest.param("true", "bool", id="bool"),
        pytest.param("true ? null : 1", "number", id="null of some type"),
    ],
)
def test_the_output_has_the_type_and_the_value_of_the_input(here: Folder, written: str, type: Any) -> None:
    attributes = recorded(here, f"input = {written}")
    assert attributes["input"]["type"] == type
    assert attributes["output"] == attributes["input"]
    assert planned(here, f"input = {written}")["actions"] == ["no-op"]


@pytest.mark.parametrize(
    ("before", "after", "actions", "unknown"),
    [
        pytest.param("", "input = 1", ["update"], {"output": True}, id="set"),
        pytest.param("input = 1", "", ["update"], {"output": True}, id="taken away"),
        pytest.param("input = 1", "input = true", ["update"], {"output": True}, id="one is not true"),
        pytest.param("input = [1]", "input = tolist([1])", ["update"], {"input": [False], "output": True}, id="a tuple is no list"),
        pytest.param("input = null", "input = true ? null : 1", ["update"], {"output": True}, id="a null of another type"),
        pytest.param("input = 1", "input = sensitive(1)", ["update"], {}, id="only hidden"),
        pytest.param(
            "triggers_replace = [1]", "triggers_replace = [2]", ["delete", "create"], {"id": True, "triggers_replace": [False]}, id="trigger"
        ),
        pytest.param("triggers_replace = 1", "triggers_replace = sensitive(1)", ["update"], {}, id="trigger that is only hidden"),
    ],
)  # fmt: skip
def test_what_is_planned_is_what_terraform_plans(
    here: Folder, before: str, after: str, actions: list[str], unknown: Any
) -> None:
    recorded(here, before)
    change = planned(here, after)
    assert (change["actions"], change["after_unknown"]) == (actions, unknown)
    assert change.get("replace_paths") == ([["triggers_replace"]] if "delete" in actions else None)


def test_what_is_sensitive_in_the_input_is_not_in_the_output(here: Folder) -> None:
    change = planned(here, 'input = { a = sensitive("x"), b = 1 }')
    assert change["after_sensitive"] == {"input": {"a": True}, "output": {}}
