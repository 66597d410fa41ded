"""The scenarios recorded from Terraform 1.11.4 come out the same here. The figures stand at the end of a test run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.scenarios.replay import PUBLIC, difference, replay, scenarios

# How many scenarios of a theme have to pass. These numbers only grow.
PASSING: dict[str, int] = {
    "core": 31,
    "deps": 2,
    "ephemeral": 0,
    "expand": 11,
    "fmt": 12,
    "life": 2,
    "load": 7,
    "misc": 4,
    "modules": 6,
    "provisioner": 0,
    "refactor": 0,
    "sensitive": 1,
    "state": 23,
    "stream": 0,
    "test": 9,
    "unknown": 0,
    "values": 14,
    "vars": 13,
}


@pytest.mark.parametrize("theme", PASSING)
def test_recorded_scenarios_come_out_the_same(
    theme: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    found = {name: replay(name, tmp_path.resolve() / name) for name in scenarios(theme)}
    failures = [f"{name} {problem}" for name, problem in found.items() if problem is not None]
    passed = len(found) - len(failures)
    record_property("scenarios", (theme, passed, len(found)))
    print(f"{theme}: {passed} of {len(found)}", *failures, sep="\n  ")
    assert passed >= PASSING[theme]


def test_every_scenario_belongs_to_a_theme_that_is_played() -> None:
    assert sum(len(scenarios(theme)) for theme in PASSING) == len(list(PUBLIC.iterdir())) == 267


@pytest.mark.parametrize(
    ("wanted", "got", "told"),
    [
        pytest.param({"a": [1]}, {"a": [1]}, None, id="the same"),
        pytest.param({"a": [1]}, {"a": [2]}, ".a[0] is 2, not 1", id="another value"),
        pytest.param({"a": 1}, {"a": True}, ".a is true, not 1", id="true is not one"),
        pytest.param({"a": 1}, {}, ".a is missing", id="missing"),
        pytest.param({}, {"a": 1}, ".a is too much", id="too much"),
        pytest.param([1], [1, 2], " is [1, 2], not [1]", id="a longer list"),
    ],
)
def test_the_first_difference_is_told(wanted: object, got: object, told: str | None) -> None:
    assert difference(wanted, got) == told
