"""Results of checks as data."""

from dataclasses import replace

import pytest

from engine.plan.checks import CheckInstance, CheckResult, check_records, recorded_checks, same_results

ONE = CheckInstance("terraform_data.a[0]", "", 0, "pass")
OTHER = CheckInstance("terraform_data.a[1]", "", 1, "fail", ("too small",))
RESOURCE = CheckResult("resource", "terraform_data.a", "", "managed", "terraform_data", "a", "fail", (ONE, OTHER))
CHECK = CheckResult("check", "check.c", "", "", "", "c", "pass", (CheckInstance("check.c", "", None, "pass"),))


def test_what_a_state_records_is_read_back() -> None:
    assert recorded_checks(check_records((RESOURCE, CHECK))) == (RESOURCE, CHECK)


@pytest.mark.parametrize(
    ("some", "others", "same"),
    [
        pytest.param((RESOURCE, CHECK), (CHECK, RESOURCE), True, id="another order"),
        pytest.param((RESOURCE,), (replace(RESOURCE, instances=(OTHER, ONE)),), True, id="another order of instances"),
        pytest.param((RESOURCE, CHECK), (RESOURCE,), False, id="one less"),
        pytest.param((RESOURCE,), (replace(RESOURCE, instances=(ONE,)),), False, id="an instance less"),
        pytest.param((), (), True, id="nothing"),
    ],
)
def test_the_order_of_results_does_not_count(
    some: tuple[CheckResult, ...], others: tuple[CheckResult, ...], same: bool
) -> None:
    assert same_results(some, others) is same
