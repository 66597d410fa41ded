"""Times as text, in RFC 3339 form: read with exact messages, and counted on a calendar without bounds.

Python's `datetime` ends in the year 9999 and knows no nanoseconds, and reads other texts than Go does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from engine.lang.function import FunctionError

NANOSECONDS: Final = 1_000_000_000
_DAY: Final = 86_400
_MONTH_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NOT_VALID: Final = "not a valid RFC3339 timestamp: "
_LAYOUT: Final = (("year", 4), "-", ("month", 2), "-", ("day of month", 2), "T", ("hour", 2), ":", ("minute", 2), ":")


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A moment: the seconds since 1970 in UTC, the part of a second, and the offset of the clock that showed it."""

    seconds: int
    nanoseconds: int
    offset: int  # seconds

    @property
    def date(self) -> tuple[int, int, int]:
        """Year, month and day on that clock."""
        return _civil((self.seconds + self.offset) // _DAY)

    @property
    def time(self) -> tuple[int, int, int]:
        """Hour, minute and second on that clock."""
        minutes, second = divmod((self.seconds + self.offset) % _DAY, 60)
        return (*divmod(minutes, 60), second)

    @property
    def weekday(self) -> int:
        """The day of the week, 0 for Monday."""
        return ((self.seconds + self.offset) // _DAY + 3) % 7

    def offset_text(self, colon: str) -> str:
        """Return the offset such as `+05:30`, with `colon` in its middle."""
        minutes = abs(self.offset) // 60
        return f"{'-' if self.offset < 0 else '+'}{minutes // 60:02}{colon}{minutes % 60:02}"

    def plus(self, nanoseconds: int) -> "Timestamp":
        """Return a later moment on the same clock."""
        seconds, rest = divmod(self.nanoseconds + nanoseconds, NANOSECONDS)
        return Timestamp(self.seconds + seconds, rest, self.offset)

    def __str__(self) -> str:
        year, month, day = self.date
        sign = "-" if year < 0 else ""
        zone = self.offset_text(":") if self.offset else "Z"
        hour, minute, second = self.time
        return f"{sign}{abs(year):04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"


def parse_timestamp(text: str) -> Timestamp:
    """Return the moment that `text` names. Raises FunctionError that tells the first thing wrong with it."""
    fields: dict[str, int] = {}
    rest = text
    for step in _LAYOUT:
        if isinstance(step, str):
            rest = _skip(rest, step)
        else:
            fields[step[0]], rest = _digits(rest, *step)
    fields["second"], rest = _digits(rest, "second", 2)
    nanoseconds, rest = _fraction(rest)
    offset, rest = _offset(rest)
    if rest:
        raise _cannot_use(rest, "timestamp segment")
    year, month = fields["year"], fields["month"]
    if not 1 <= fields["day of month"] <= _month_length(year, month):
        raise FunctionError(f"{_NOT_VALID}day out of range")
    clock = fields["hour"] * 3600 + fields["minute"] * 60 + fields["second"]
    return Timestamp(_days(year, month, fields["day of month"]) * _DAY + clock - offset, nanoseconds, offset)


def _skip(text: str, separator: str) -> str:
    if text.startswith(separator):
        return text[1:]
    if separator == "T":
        raise FunctionError(f"{_NOT_VALID}missing required time introducer 'T'")
    if not text:
        raise FunctionError(f'{_NOT_VALID}end of string where "{separator}" is expected')
    raise FunctionError(f'{_NOT_VALID}found "{text}" where "{separator}" is expected')


_BOUNDS: Final = {"month": (1, 12), "hour": (0, 23), "minute": (0, 59), "second": (0, 59)}


def _digits(text: str, what: str, count: int) -> tuple[int, str]:
    """Return the number that `text` begins with, and what follows it."""
    taken, rest = text[:count], text[count:]
    if not (taken.isascii() and taken.isdecimal() and len(taken) == count):
        if what in ("hour", "minute", "second") and taken[:1].isdecimal():
            raise FunctionError(f"{_NOT_VALID}{what} must have exactly two digits")
        raise _cannot_use(text, what)
    number = int(taken)
    low, high = _BOUNDS.get(what, (0, 9999))
    if not low <= number <= high:
        if what == "hour":
            raise FunctionError(f"{_NOT_VALID}hour must be between 0 and 23 inclusive")
        raise _cannot_use(rest, what)
    return number, rest


def _cannot_use(text: str, what: str) -> FunctionError:
    return FunctionError(
        f'{_NOT_VALID}cannot use "{text}" as {what}' if text else f"{_NOT_VALID}end of string before {what}"
    )


def _fraction(text: str) -> tuple[int, str]:
    if not (text[:1] == "." and text[1:2].isascii() and text[1:2].isdecimal()):
        return 0, text
    end = 1
    while text[end : end + 1].isascii() and text[end : end + 1].isdecimal():
        end += 1
    return int(text[1:10].ljust(9, "0")) if end > 9 else int(text[1:end].ljust(9, "0")), text[end:]


def _offset(text: str) -> tuple[int, str]:
    if text.startswith("Z"):
        return 0, text[1:]
    sign, hours, colon, minutes = text[:1], text[1:3], text[3:4], text[4:6]
    digits = hours + minutes
    if sign not in ("+", "-") or colon != ":" or len(digits) < 4 or not (digits.isascii() and digits.isdecimal()):
        raise _cannot_use(text, "UTC offset")
    if int(hours) > 23 or int(minutes) > 59:
        raise _cannot_use(text, "UTC offset")
    offset = int(hours) * 3600 + int(minutes) * 60
    return -offset if sign == "-" else offset, text[6:]


def _month_length(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap and month == 2 else _MONTH_LENGTHS[month - 1]


def _days(year: int, month: int, day: int) -> int:
    """Return the days from 1970 to a date; the year begins in March here, so that leap days come last."""
    if month < 3:
        year -= 1
    leap_days = year // 4 - year // 100 + year // 400
    return year * 365 + leap_days + (153 * ((month + 9) % 12) + 2) // 5 + day - 1 - 719_468


def _civil(days: int) -> tuple[int, int, int]:
    """Return the date so many days after 1970 began."""
    era, rest = divmod(days + 719_468, 146_097)
    year = (rest - rest // 1460 + rest // 36_524 - rest // 146_096) // 365
    rest -= year * 365 + year // 4 - year // 100
    month = (5 * rest + 2) // 153
    day = rest - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return era * 400 + year + (month < 3), month, day


def parse_duration(text: str) -> int:
    """Return the nanoseconds that a duration such as `1h30m` names. Raises FunctionError."""
    invalid = FunctionError(f'time: invalid duration "{text}"', redacted="time: invalid duration (sensitive value)")
    sign, rest = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
    if rest == "0":
        return 0
    if not rest:
        raise invalid
    total = 0
    while rest:
        number, rest = _take(rest, lambda character: character in "0123456789.")
        if number.count(".") > 1 or not number.strip("."):
            raise invalid
        unit, rest = _take(rest, lambda character: character not in "0123456789.")
        if not unit:
            raise FunctionError(f'time: missing unit in duration "{text}"', redacted="time: missing unit in duration")
        if unit not in _UNITS:
            raise FunctionError(
                f'time: unknown unit "{unit}" in duration "{text}"', redacted="time: unknown unit in duration"
            )
        whole, _, part = number.partition(".")
        if len(whole) > 19:
            raise invalid
        part = part[:18]
        total += int(whole or 0) * _UNITS[unit] + int(part or 0) * _UNITS[unit] // 10 ** len(part)
        if total > 2**63 - (sign != "-"):
            raise invalid
    return -total if sign == "-" else total


_UNITS: Final = {
    "ns": 1,
    "us": 1000,
    "\u00b5s": 1000,  # the micro sign,
    "\u03bcs": 1000,  # and the Greek letter
    "ms": 1_000_000,
    "s": NANOSECONDS,
    "m": 60 * NANOSECONDS,
    "h": 3600 * NANOSECONDS,
}


def _take(text: str, wanted: Callable[[str], bool]) -> tuple[str, str]:
    """Return the characters at the beginning for which `wanted` holds, and the rest."""
    end = 0
    while end < len(text) and wanted(text[end]):
        end += 1
    return text[:end], text[end:]
