"""The expressions recorded from Terraform 1.11.4 come out the same here. The figures stand at the end of a test run."""

from collections.abc import Callable

from tests.conformance.expressions.recorded import cases, score

GROUPS = sorted({case["group"] for case in cases()})


def test_recorded_expressions_come_out_the_same(record_property: Callable[[str, object], None]) -> None:
    scores = {group: score(group) for group in GROUPS}
    for group, found in scores.items():
        record_property("expressions", (group, *found.row()))
    passed, valid, rejected, summaries, errors = (
        sum(column) for column in zip(*(found.row() for found in scores.values()), strict=True)
    )
    failures = "\n".join(failure for found in scores.values() for failure in found.failures)
    assert passed >= 0.995 * valid, failures
    assert rejected >= 0.99 * errors, failures
    assert summaries >= 0.9 * errors, failures


def test_all_cases_are_there() -> None:
    assert sum(1 for _ in cases()) == 4151
