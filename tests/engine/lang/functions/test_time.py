"""Times: those that a run has, and those that are written in a configuration."""

import pytest

from engine.lang.functions.time import time_functions
from engine.lang.functions.timestamps import parse_timestamp
from engine.lang.types import STRING
from engine.lang.values import Unknown, Value
from tests.engine.lang.describing import call, describe, failure, secret

MOMENT = "2018-01-02T23:05:01Z"


@pytest.mark.parametrize(("now", "expected"), [
    pytest.param(None, Unknown(STRING), id="is unknown while planning"),
    pytest.param("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", id="is that of the run"),
])  # fmt: skip
def test_the_time(now: str | None, expected: Value) -> None:
    plantimestamp, timestamp = time_functions(now, MOMENT)
    assert describe(call(timestamp)) == describe(expected)
    assert call(plantimestamp) == MOMENT


@pytest.mark.parametrize(("text", "problem"), [
    pytest.param("", "end of string before year", id="nothing"),
    pytest.param("20a8-01-02T00:00:00Z", 'cannot use "20a8-01-02T00:00:00Z" as year', id="no year"),
    pytest.param("10000-01-02T00:00:00Z", 'found "0-01-02T00:00:00Z" where "-" is expected', id="a year of five digits"),
    pytest.param("2018-1-02T00:00:00Z", 'cannot use "1-02T00:00:00Z" as month', id="a month of one digit"),
    pytest.param("2018-13-02T00:00:00Z", 'cannot use "-02T00:00:00Z" as month', id="no such month"),
    pytest.param("2018-02-30T00:00:00Z", "day out of range", id="no such day"),
    pytest.param("1900-02-29T00:00:00Z", "day out of range", id="no leap year"),
    pytest.param("2018-01-02", "missing required time introducer 'T'", id="no time"),
    pytest.param("2018-01-02T3:05:01Z", "hour must have exactly two digits", id="an hour of one digit"),
    pytest.param("2018-01-02T25:05:01Z", "hour must be between 0 and 23 inclusive", id="no such hour"),
    pytest.param("2018-01-02T23", 'end of string where ":" is expected', id="no minute"),
    pytest.param("2018-01-02T23:05:60Z", 'cannot use "Z" as second', id="a leap second"),
    pytest.param("2018-01-02T23:05:01", "end of string before UTC offset", id="no offset"),
    pytest.param("2018-01-02T23:05:01.Z", 'cannot use ".Z" as UTC offset', id="a point without digits"),
    pytest.param("2018-01-02T23:05:01+0530", 'cannot use "+0530" as UTC offset', id="an offset without a colon"),
    pytest.param("2018-01-02T23:05:01Zx", 'cannot use "x" as timestamp segment', id="something after it"),
])  # fmt: skip
def test_a_time_that_cannot_be_read_tells_why(text: str, problem: str) -> None:
    assert failure("timecmp", text, MOMENT) == (f"not a valid RFC3339 timestamp: {problem}", 0)


def test_a_secret_time_is_not_told() -> None:
    assert failure("timecmp", secret("tomorrow"), MOMENT) == ("not a valid RFC3339 timestamp", 0)


@pytest.mark.parametrize(
    "text", ["0000-03-01T00:00:00Z", "1969-12-31T23:59:59-07:30", "2000-02-29T12:00:00+14:00", "9999-12-31T23:59:59Z"]
)
def test_a_time_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_timestamp(text)) == text


@pytest.mark.parametrize(("pattern", "expected"), [
    pytest.param("EEEE, DD-MMM-YY hh:mm:ss 'o''clock' Z", "Tuesday, 02-Jan-18 23:05:01 o'clock Z", id="words"),
    pytest.param("M MMMM D EEE h H aa AA m s", "1 January 2 Tue 23 11 pm PM 5 1", id="short"),
    pytest.param("ZZZ ZZZZ ZZZZZ", "UTC +0000 +00:00", id="zones"),
    pytest.param("", "", id="nothing"),
])  # fmt: skip
def test_a_time_is_written_by_a_pattern(pattern: str, expected: str) -> None:
    assert call("formatdate", pattern, MOMENT) == expected


@pytest.mark.parametrize(("pattern", "problem"), [
    pytest.param("b", 'invalid date format verb "b"', id="no verb"),
    pytest.param("YYY", 'invalid date format verb "YYY": year must either be "YY" or "YYYY"', id="no such length"),
    pytest.param("YYYY 'abc", "unterminated literal '", id="an open quote"),
])  # fmt: skip
def test_a_pattern_that_cannot_be_read_tells_why(pattern: str, problem: str) -> None:
    assert failure("formatdate", pattern, MOMENT) == (problem, 0)


@pytest.mark.parametrize(("text", "duration", "expected"), [
    pytest.param("2018-01-02T23:05:01.999Z", "1ms", "2018-01-02T23:05:02Z", id="fractions count and are not written"),
    pytest.param("0000-01-01T00:00:00Z", "-1h", "-0001-12-31T23:00:00Z", id="before the first year"),
    pytest.param("9999-12-31T23:59:59Z", "1s", "10000-01-01T00:00:00Z", id="after the last year of four digits"),
    pytest.param("2017-11-22T00:00:00+02:00", ".5h", "2017-11-22T00:30:00+02:00", id="the offset stays"),
    pytest.param(MOMENT, "-9223372036854775808ns", "1725-09-23T23:17:44Z", id="as far as it goes"),
])  # fmt: skip
def test_a_duration_is_added(text: str, duration: str, expected: str) -> None:
    assert call("timeadd", text, duration) == expected


@pytest.mark.parametrize(("duration", "problem"), [
    pytest.param("", 'invalid duration ""', id="nothing"),
    pytest.param("10", 'missing unit in duration "10"', id="no unit"),
    pytest.param("1d", 'unknown unit "d" in duration "1d"', id="no such unit"),
    pytest.param("h", 'invalid duration "h"', id="no number"),
    pytest.param("9223372036854775808ns", 'invalid duration "9223372036854775808ns"', id="too long"),
    pytest.param("9" * 10_000 + "h", f'invalid duration "{"9" * 10_000}h"', id="very much too long"),
])  # fmt: skip
def test_a_duration_that_cannot_be_read_tells_why(duration: str, problem: str) -> None:
    assert failure("timeadd", MOMENT, duration) == (f"time: {problem}", None)
