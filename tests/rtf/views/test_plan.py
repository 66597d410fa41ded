"""Plans as text, compared with what Terraform 1.11.4 wrote for the same plans.

The cases below `terraform_data` are recordings: plan.json is its `show -json`, plan.txt its `plan -no-color` with the
name of the program changed. Cases of `openai_call` have attributes of known shape, which no builtin type has.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from rtf.views.plan import render_plan
from tests.rtf.views.plans import SCHEMAS, read_plan

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("case", sorted(path.parent.name for path in CASES.glob("*/plan.json")))
def test_a_plan_reads_as_terraform_writes_it(case: str, golden: Callable[[Path, str], None]) -> None:
    plan = read_plan((CASES / case / "plan.json").read_text())
    golden(CASES / case / "plan.txt", render_plan(plan, SCHEMAS, color=False))
