"""Plans as text, compared with what Terraform 1.11.4 wrote for the same plans.

The cases below `terraform_data` are recordings: plan.json is its `show -json`, plan.txt its `plan -no-color` with the
name of the program changed. Cases of `openai_call` have attributes of known shape, which no builtin type has.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.address import ResourceAddress
from engine.lang.types import STRING
from engine.lang.values import MapValue
from engine.plan.changes import Action, AttributeChange, Change, OutputChange, Plan, Reason, RelevantAttribute
from engine.plan.options import PlanOptions
from rtf.views.changes import render_change
from rtf.views.plan import next_step, render_plan
from tests.rtf.views.plans import SCHEMAS, read_plan

CASES = Path(__file__).parent / "cases"
CALL = ResourceAddress("openai_call", "a").instance()


@pytest.mark.parametrize("case", sorted(path.parent.name for path in CASES.glob("*/plan.json")))
def test_a_plan_reads_as_terraform_writes_it(case: str, golden: Callable[[Path, str], None]) -> None:
    plan = read_plan((CASES / case / "plan.json").read_text())
    golden(CASES / case / "plan.txt", render_plan(plan, SCHEMAS, color=False))


def test_colours_are_all_that_a_terminal_adds() -> None:
    for case in ("values-changed", "nested-changed", "sensitive-changed", "outputs-changed"):
        plan = read_plan((CASES / case / "plan.json").read_text())
        colored = render_plan(plan, SCHEMAS, color=True)
        assert "\x1b[33m~\x1b[0m" in colored
        assert re.sub(r"\x1b\[\d+m", "", colored) == render_plan(plan, SCHEMAS, color=False)


def test_notices_come_before_anything_else() -> None:
    plan = Plan("", 0, notices=("Served by the emulator.\x1b[2J",))
    assert render_plan(plan, {}, color=False).startswith("\nServed by the emulator.\\x1b[2J\n\nNo changes.")


def test_paragraphs_follow_the_width_of_the_terminal() -> None:
    plan = read_plan((CASES / "values-created" / "plan.json").read_text())
    assert max(map(len, render_plan(plan, SCHEMAS, color=False, width=40).split("\n")[1:4])) <= 40
    assert "execution plan. Resource actions are" in render_plan(plan, SCHEMAS, color=False, width=None)


def test_long_values_are_not_cut() -> None:
    change = Change(CALL, Action.CREATE, "openai", None, {"labels": MapValue(STRING, {"a": "x" * 100_000})})
    assert "x" * 100_000 in render_change(change, SCHEMAS, color=False)


def test_a_long_list_that_changed_throughout_is_shown_in_bounded_time() -> None:
    before, after = (tuple(f"{side}{i}" for i in range(length)) for side, length in (("a", 3000), ("b", 3001)))
    plan = Plan("", 0, outputs=(OutputChange("x", Action.UPDATE, before, after),))
    assert render_plan(plan, {}, color=False).count('+ "b') == 3001


@pytest.mark.parametrize(
    ("reason", "expired_at", "text"),
    [
        pytest.param(Reason.EXPIRED, None, "expired, so must be replaced", id="no time known"),
        pytest.param(Reason.EXPIRED, 1e300, "expired, so must be replaced", id="a time beyond all calendars"),
        pytest.param(Reason.EXPIRED, 0.0, "expired at 1970-01-01T00:00:00Z, so must be replaced", id="long ago"),
        pytest.param(Reason.TAINTED, None, "is tainted, so must be replaced", id="tainted"),
        pytest.param(None, None, "must be replaced", id="changed"),
    ],
)
def test_a_replacement_says_why(reason: Reason | None, expired_at: float | None, text: str) -> None:
    change = Change(CALL, Action.DELETE_THEN_CREATE, "openai", {}, {}, reason, expired_at=expired_at)
    first = render_change(change, SCHEMAS, color=False).split("\n")[0]
    assert first == f"  # openai_call.a {text}"


def test_a_plan_that_is_not_applied_says_what_comes_next() -> None:
    assert "You didn't use the -out option" in next_step(None)
    assert next_step("p.tfplan").endswith(
        'Saved the plan to: p.tfplan\n\nTo perform exactly these actions, run the following command to apply:\n    rtf apply "p.tfplan"\n'
    )


OLD = ResourceAddress("openai_call", "old").instance()
READ = ResourceAddress("openai_call", "r", mode="data").instance()
HERE = {"id": "i"}


def a_change(action: Action, **more: Any) -> Change:
    return replace(Change(CALL, action, "openai", HERE, HERE), **more)


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        pytest.param(a_change(Action.NO_OP, previous_address=OLD), ["  # openai_call.old has moved to openai_call.a"], id="moved"),
        pytest.param(
            a_change(Action.UPDATE, previous_address=OLD),
            ["  # openai_call.a will be updated in-place", "  # (moved from openai_call.old)"],
            id="moved and changed",
        ),
        pytest.param(a_change(Action.NO_OP, importing="x"), ["  # openai_call.a will be imported"], id="imported"),
        pytest.param(
            a_change(Action.UPDATE, importing="x"),
            ["  # openai_call.a will be updated in-place", '  # (imported from "x")'],
            id="imported and changed",
        ),
        pytest.param(
            a_change(Action.DELETE_THEN_CREATE, importing="x"),
            [
                "  # openai_call.a must be replaced",
                '  # (imported from "x")',
                "  # Warning: this will destroy the imported resource",
            ],
            id="imported and replaced",
        ),
        pytest.param(
            a_change(Action.DELETE_THEN_CREATE, reason=Reason.REQUESTED),
            ["  # openai_call.a will be replaced, as requested"],
            id="as requested",
        ),
        pytest.param(
            a_change(Action.CREATE_THEN_DELETE, reason=Reason.TRIGGERED),
            ["  # openai_call.a will be replaced due to changes in replace_triggered_by"],
            id="triggered",
        ),
        pytest.param(
            a_change(Action.DELETE, after=None, reason=Reason.NO_MOVE, previous_address=OLD),
            [
                "  # openai_call.a will be destroyed",
                "  # (because openai_call.old was moved to openai_call.a, which is not in configuration)",
                "  # (moved from openai_call.old)",
            ],
            id="moved to nowhere",
        ),
        pytest.param(
            a_change(Action.DELETE, after=None, reason=Reason.NO_MODULE, address=ResourceAddress("openai_call", "a", module="module.m[0]").instance()),
            ["  # module.m[0].openai_call.a will be destroyed", "  # (because module.m[0] is not in configuration)"],
            id="of a module that is gone",
        ),
        pytest.param(
            a_change(Action.FORGET, after=None),
            [
                " # openai_call.a will no longer be managed by rtf, but will not be destroyed",
                " # (destroy = false is set in the configuration)",
                ' . resource "openai_call" "a" {',
                '        id = "i"',
            ],
            id="forgotten",
        ),
        pytest.param(
            a_change(Action.READ, address=READ, before=None, reason=Reason.READ_UNKNOWN),
            [
                "  # data.openai_call.r will be read during apply",
                "  # (config refers to values not yet known)",
                ' <= data "openai_call" "r" {',
                '      + id = "i"',
            ],
            id="read once known",
        ),
        pytest.param(
            a_change(Action.READ, address=READ, before=None, reason=Reason.READ_DEPENDENCY),
            ["  # data.openai_call.r will be read during apply", "  # (depends on a resource or a module with changes pending)"],
            id="read after changes",
        ),
        pytest.param(
            a_change(Action.READ, address=READ, before=None, reason=Reason.READ_CHECK),
            ["  # data.openai_call.r will be read during apply", "  # (config will be reloaded to verify a check block)"],
            id="read for a check",
        ),
    ],
)  # fmt: skip
def test_a_change_is_told_as_terraform_tells_it(change: Change, lines: list[str]) -> None:
    assert render_change(change, SCHEMAS, color=False).split("\n")[: len(lines)] == lines


def test_what_only_moves_is_a_plan_without_symbols() -> None:
    text = render_plan(Plan("", 0, (a_change(Action.NO_OP, previous_address=OLD),)), SCHEMAS, color=False)
    assert text.startswith("\nrtf will perform the following actions:\n\n  # openai_call.old has moved")
    assert text.endswith("Plan: 0 to add, 0 to change, 0 to destroy.\n")


def test_what_is_taken_over_is_counted() -> None:
    text = render_plan(Plan("", 0, (a_change(Action.NO_OP, importing="x"),)), SCHEMAS, color=False)
    assert text.endswith("Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.\n")


DRIFT = a_change(
    Action.UPDATE,
    before={"id": "i", "labels": MapValue(STRING, {"a": "1"}), "expires_at": 1},
    after={"id": "i", "labels": MapValue(STRING, {"a": "2"}), "expires_at": 2},
    attributes=(AttributeChange(("labels", "a"), "1", "2"), AttributeChange(("expires_at",), 1, 2)),
)
CHANGED = replace(DRIFT, address=ResourceAddress("openai_call", "b").instance())


@pytest.mark.parametrize(
    ("plan", "there", "missing"),
    [
        pytest.param(
            Plan("", 0, (CHANGED,), drift=(DRIFT,), relevant_attributes=(RelevantAttribute("openai_call.a", ("labels",)),)),
            ["Note: Objects have changed outside of rtf", "# openai_call.a has changed", '~ "a" = "1" -> "2"', "Unless you have made"],
            ["expires_at = 1 -> 2\n    }\n\n\nUnless"],
            id="what the plan has to do with",
        ),
        pytest.param(Plan("", 0, (CHANGED,), drift=(DRIFT,)), ["openai_call.b will be"], ["outside of rtf"], id="nothing to do with it"),
        pytest.param(Plan("", 0, drift=(DRIFT,)), ["No changes."], ["outside of rtf"], id="nothing planned"),
        pytest.param(
            Plan("", 0, drift=(DRIFT,), options=PlanOptions(mode="refresh-only")),
            ["expires_at = 1 -> 2", "This is a refresh-only plan"],
            ["No changes."],
            id="only refreshed",
        ),
        pytest.param(
            Plan("", 0, drift=(replace(DRIFT, action=Action.DELETE, after=None),), options=PlanOptions(mode="refresh-only")),
            ["# openai_call.a has been deleted"],
            ["will be"],
            id="gone",
        ),
        pytest.param(
            Plan("", 0, options=PlanOptions(mode="refresh-only")),
            ["No changes. Your infrastructure still matches the configuration."],
            ["outside of rtf"],
            id="nothing changed outside",
        ),
    ],
)  # fmt: skip
def test_what_changed_outside_comes_first_as_far_as_it_matters(
    plan: Plan, there: list[str], missing: list[str]
) -> None:
    text = render_plan(plan, SCHEMAS, color=False, width=None)
    assert [words for words in there if words not in text] == []
    assert [words for words in missing if words in text] == []


def test_a_plan_that_failed_says_so() -> None:
    assert "Planning failed." in render_plan(Plan("", 0), SCHEMAS, color=False, errored=True)
    text = render_plan(Plan("", 0, (CHANGED,)), SCHEMAS, color=False, errored=True)
    assert "rtf planned the following actions, but then encountered a problem:" in text
