"""Plans and states as JSON, compared with what Terraform 1.11.4 wrote for the same ones."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.address import ResourceAddress
from engine.lang.json_values import read_json
from engine.lang.values import Unknown
from engine.plan.changes import Action, Change, OutputChange, Plan
from rtf.views.show_json import plan_json, state_json, state_tree
from tests.rtf.views.plans import SCHEMAS, read_plan, read_state

CASES = Path(__file__).parent / "cases"
SOURCES = {"terraform_data": "terraform.io/builtin/terraform", "openai_call": "registry.terraform.io/openai/openai"}
RECORDED = sorted(
    path.parent.name for path in CASES.glob("*/plan.json") if not path.parent.name.startswith(("nested", "replaced"))
)


def shown(plan: Plan, prior: Any = None) -> Any:
    return read_json(plan_json(plan, SCHEMAS, SOURCES, prior, terraform_version="1.11.4"))


@pytest.mark.parametrize("case", RECORDED)
def test_changes_are_those_that_terraform_shows(case: str) -> None:
    text = (CASES / case / "plan.json").read_text()
    recorded, tree = read_json(text), shown(read_plan(text))
    for change in tree.get("resource_changes", []):
        assert change.pop("provider_name") == SOURCES["terraform_data"]
    assert tree.get("resource_changes") == recorded.get("resource_changes")
    assert tree.get("output_changes") == recorded.get("output_changes")


@pytest.mark.parametrize("case", sorted(path.parent.name for path in CASES.glob("*/state.json")))
def test_a_state_is_shown_as_terraform_shows_it(case: str) -> None:
    text = (CASES / case / "state.json").read_text()
    objects, outputs = read_state(text)
    shown_state = read_json(state_json(objects, outputs, SCHEMAS, SOURCES, terraform_version="1.11.4"))
    assert shown_state == read_json(text)


def test_an_empty_state_has_nothing_but_its_format() -> None:
    assert state_json([], {}, SCHEMAS, SOURCES, terraform_version="1.11.4") == '{"format_version":"1.0"}'


def test_members_stand_in_terraforms_order() -> None:
    plan = read_plan((CASES / "outputs-changed" / "plan.json").read_text())
    tree = shown(plan, prior=state_tree([], {}, SCHEMAS, SOURCES, terraform_version="1.11.4"))
    assert list(tree) == [
        "format_version",
        "terraform_version",
        "planned_values",
        "output_changes",
        "prior_state",
        "timestamp",
        "applyable",
        "complete",
        "errored",
    ]


def test_planned_values_leave_out_what_goes_away_and_what_is_unknown() -> None:
    address = ResourceAddress("openai_call", "a").instance("eu")
    created = Change(address, Action.CREATE, "openai", None, {"id": Unknown(), "session": {"model": "m"}})
    gone = Change(ResourceAddress("openai_call", "b").instance(), Action.DELETE, "openai", {"id": "x"}, None)
    outputs = (
        OutputChange("later", Action.CREATE, None, Unknown()),
        OutputChange("gone", Action.DELETE, "x", None),
    )
    tree = shown(Plan("", 0, (gone, created), outputs, timestamp="2026-11-22T18:00:00Z"))
    assert tree["planned_values"]["outputs"] == {"later": {"sensitive": False}}
    (resource,) = tree["planned_values"]["root_module"]["resources"]
    assert (resource["address"], resource["index"]) == ('openai_call.a["eu"]', "eu")
    assert resource["values"]["session"] == {"model": "m"}
    assert "id" not in resource["values"]
    assert tree["output_changes"]["later"]["after_unknown"] is True
    assert (tree["applyable"], tree["complete"], tree["errored"]) == (True, True, False)


def test_a_plan_that_failed_cannot_be_applied() -> None:
    plan = read_plan((CASES / "values-created" / "plan.json").read_text())
    tree = read_json(plan_json(plan, SCHEMAS, SOURCES, None, terraform_version="1.11.4", errored=True))
    assert (tree["applyable"], tree["complete"], tree["errored"]) == (False, False, True)


def test_numbers_are_written_in_full() -> None:
    big = 10**40 + 1
    tree = shown(Plan("", 0, variables={"n": big, "text": "<&>"}))
    assert tree["variables"] == {"n": {"value": big}, "text": {"value": "<&>"}}
    fraction = read_plan(
        '{"output_changes": {"x": {"actions": ["create"], "before": null, "after": 0.1234567890123456789,'
        ' "after_unknown": false, "before_sensitive": false, "after_sensitive": false}}}'
    )
    assert shown(fraction)["output_changes"]["x"]["after"] == Decimal("0.1234567890123456789")
