"""The time as functions tell it."""

import pytest

from engine.lang.functions.time import time_functions
from engine.lang.types import STRING
from engine.lang.values import Unknown, Value
from tests.engine.lang.describing import call, describe


@pytest.mark.parametrize(("now", "expected"), [
    pytest.param(None, Unknown(STRING), id="is unknown while planning"),
    pytest.param("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", id="is that of the run"),
])  # fmt: skip
def test_the_time(now: str | None, expected: Value) -> None:
    (timestamp,) = time_functions(now)
    assert describe(call(timestamp)) == describe(expected)
