"""Functions that tell the time. The clock is read once per run by the caller, so that all calls agree."""

from engine.lang.function import Function
from engine.lang.types import STRING
from engine.lang.values import Unknown


def time_functions(now: str | None) -> tuple[Function, ...]:
    """Return the functions of time. `now` is an RFC 3339 time in UTC; None when it is not known yet, during plan."""
    value = Unknown(STRING, not_null=True) if now is None else now
    return (Function("timestamp", (), lambda: value, result=STRING, description="The time of the apply, in UTC."),)
