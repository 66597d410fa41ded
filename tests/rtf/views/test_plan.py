"""Plans as text, compared with what Terraform 1.11.4 wrote for the same plans.

The cases below `terraform_data` are recordings: plan.json is its `show -json`, plan.txt its `plan -no-color` with the
name of the program changed. Cases of `openai_call` have attributes of known shape, which no builtin type has.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.address import ResourceAddress
from engine.lang.types import STRING
from engine.lang.values import MapValue
from engine.plan.changes import Action, Change, OutputChange, Plan, Reason
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
