"""States as text, compared with what Terraform 1.11.4 wrote for the same states: state.json is its `show -json`,
state.txt its `show -no-color`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.address import ResourceAddress
from engine.plan.objects import Recorded
from rtf.views.state import render_object, render_state, state_list
from tests.rtf.views.plans import SCHEMAS, read_state

CASES = Path(__file__).parent / "cases"
STATES = sorted(path.parent.name for path in CASES.glob("*/state.json"))


@pytest.mark.parametrize("case", STATES)
def test_a_state_reads_as_terraform_writes_it(case: str, golden: Callable[[Path, str], None]) -> None:
    objects, outputs = read_state((CASES / case / "state.json").read_text())
    golden(CASES / case / "state.txt", render_state(objects, outputs, SCHEMAS, color=False))


def test_an_empty_state_says_so() -> None:
    assert render_state([], {}, SCHEMAS, color=False) == "The state file is empty. No resources are represented.\n"


def test_an_old_object_is_named_as_one() -> None:
    address = ResourceAddress("openai_call", "a").instance(0)
    old = Recorded(address, {"id": "rtc_1"}, "openai", deposed="0a1b2c3d")
    assert render_object(old, SCHEMAS["openai_call"], color=False) == (
        '# openai_call.a[0]: (deposed object 0a1b2c3d)\nresource "openai_call" "a" {\n    id = "rtc_1"\n}\n'
    )


def test_addresses_are_listed_one_to_a_line_without_control_characters() -> None:
    block = ResourceAddress("openai_call", "a")
    assert state_list([block.instance(2), block.instance("x\x1b\u202e")]) == (
        'openai_call.a[2]\nopenai_call.a["x\\u001b\\u202e"]\n'
    )
