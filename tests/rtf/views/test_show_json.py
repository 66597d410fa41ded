"""Plans and states as JSON, compared with what Terraform 1.11.4 wrote for the same ones."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.address import ResourceAddress
from engine.lang.json_values import read_json
from engine.lang.types import STRING
from engine.lang.values import Null, Unknown
from engine.plan.changes import Action, Change, OutputChange, Plan
from engine.plan.checks import CheckInstance, CheckResult
from engine.plan.objects import Recorded
from rtf.views.outputs import ShownOutput
from rtf.views.show_json import objects_before, outputs_before, plan_json, state_json, state_tree
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


def change_of(**differences: Any) -> Change:
    address = ResourceAddress("openai_call", "a").instance()
    before, after = {"id": "i", "labels": {}}, {"id": "i", "labels": {"x": "y"}}
    return replace(Change(address, Action.UPDATE, "openai", before, after), **differences)


def test_a_change_that_leaves_nothing_open_says_so_briefly() -> None:
    (known,) = shown(Plan("", 0, (change_of(),)))["resource_changes"]
    assert known["change"]["after_unknown"] == {}
    half = {"id": "i", "session": {"model": "m", "modalities": (Unknown(), "x")}}
    (unknown,) = shown(Plan("", 0, (change_of(after=half),)))["resource_changes"]
    assert unknown["change"]["after_unknown"] == {"session": {"modalities": [True, False]}}
    assert unknown["change"]["after"]["session"] == {"modalities": [None, "x"], "model": "m"}


def test_a_change_says_where_its_object_comes_from() -> None:
    old = ResourceAddress("openai_call", "old").instance(1)
    (change,) = shown(Plan("", 0, (change_of(previous_address=old, importing="call_1", deposed="00ff"),)))[
        "resource_changes"
    ]
    assert list(change)[:2] == ["address", "previous_address"]
    assert change["previous_address"] == "openai_call.old[1]"
    assert change["change"]["importing"] == {"id": "call_1"}
    assert change["deposed"] == "00ff"


def test_what_is_forgotten_is_among_the_planned_values_without_any() -> None:
    tree = shown(Plan("", 0, (change_of(action=Action.FORGET, after=None),)))
    (change,) = tree["resource_changes"]
    assert (change["change"]["actions"], change["change"]["after"]) == (["forget"], None)
    (resource,) = tree["planned_values"]["root_module"]["resources"]
    assert "values" not in resource
    assert resource["sensitive_values"] is False


def test_modules_stand_inside_of_those_that_call_them() -> None:
    def resource(module: str) -> Change:
        return change_of(address=ResourceAddress("openai_call", "a", module=module).instance())

    modules = ("module.b", 'module.a["x"].module.c[0]', "")
    tree = shown(Plan("", 0, tuple(map(resource, modules))))
    root = tree["planned_values"]["root_module"]
    assert [item["address"] for item in root["resources"]] == ["openai_call.a"]
    outer, other = root["child_modules"]
    assert (outer["address"], other["address"]) == ('module.a["x"]', "module.b")
    assert "resources" not in outer
    (inner,) = outer["child_modules"]
    assert inner["address"] == 'module.a["x"].module.c[0]'
    assert inner["resources"][0]["address"] == 'module.a["x"].module.c[0].openai_call.a'
    assert [item["address"] for item in tree["resource_changes"]] == [
        "openai_call.a",
        "module.b.openai_call.a",
        'module.a["x"].module.c[0].openai_call.a',
    ]


def test_a_null_output_has_a_value_and_a_type() -> None:
    outputs = (OutputChange("a", Action.NO_OP, None, None), OutputChange("b", Action.UPDATE, "x", Null(STRING)))
    planned = shown(Plan("", 0, outputs=outputs))["planned_values"]["outputs"]
    assert planned["a"] == {"sensitive": False, "type": "dynamic", "value": None}
    assert planned["b"] == {"sensitive": False, "type": "string", "value": None}
    recorded = {"b": ShownOutput("x")}
    assert outputs_before(recorded, Plan("", 0, outputs=outputs), {}) == {}


def test_checks_tell_what_each_instance_came_to() -> None:
    instance = CheckInstance("module.m[0].openai_call.a[1]", "module.m[0]", 1, "fail", ("Too loud.",))
    result = CheckResult(
        "resource", "module.m.openai_call.a", "module.m", "managed", "openai_call", "a", "fail", (instance,)
    )
    tree = shown(Plan("", 0, checks=(result,)))
    assert tree["checks"] == [
        {
            "address": {
                "kind": "resource",
                "to_display": "module.m.openai_call.a",
                "mode": "managed",
                "type": "openai_call",
                "name": "a",
                "module": "module.m",
            },
            "status": "fail",
            "instances": [
                {
                    "address": {
                        "to_display": "module.m[0].openai_call.a[1]",
                        "module": "module.m[0]",
                        "instance_key": 1,
                    },
                    "status": "fail",
                    "problems": [{"message": "Too loud."}],
                }
            ],
        }
    ]


def test_the_state_before_a_plan_has_what_it_takes_over_and_what_goes() -> None:
    taken = change_of(importing="call_1", before={"id": "call_1"})
    read = ResourceAddress("openai_call", "r", mode="data").instance()
    plan = Plan(
        "",
        0,
        (taken, Change(read, Action.READ, "openai")),
        (OutputChange("gone", Action.DELETE, "x", None, sensitive=True),),
    )
    objects = objects_before([Recorded(read, {"id": "old"}, "openai")], plan)
    assert [(str(item.address), item.attributes) for item in objects] == [("openai_call.a", {"id": "call_1"})]
    outputs = outputs_before({"kept": ShownOutput(1, sensitive=True)}, plan, {"kept": False})
    assert outputs == {"gone": ShownOutput("x", sensitive=True), "kept": ShownOutput(1, sensitive=False)}
