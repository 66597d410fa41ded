"""Functions that tell the time, and that reckon with times. The clock is read once per run by the caller.

So all calls of one run agree. What `timestamps` reads and writes is used here.
"""

import re
from collections.abc import Callable
from typing import Final

from engine.lang.convert import normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.timestamps import Timestamp, parse_duration, parse_timestamp
from engine.lang.types import NUMBER, STRING
from engine.lang.values import Unknown, Value

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PIECE = re.compile(r"(?P<verb>(?P<letter>[A-Za-z])(?P=letter)*)|'(?P<literal>(?:[^']|'')*)'|(?P<open>')|[^A-Za-z']+")


def time_functions(now: str | None, planned: str | None) -> tuple[Function, ...]:
    """Return the functions that tell the time, in RFC 3339 form and UTC.

    `now` is the moment of the apply, None when it is not known yet; `planned` is that of the plan, None while nothing
    is planned, as when a configuration is checked by itself.
    """

    def tell(name: str, moment: str | None, description: str) -> Function:
        value: Value = Unknown(STRING, not_null=True) if moment is None else moment
        return Function(name, (), lambda: value, result=STRING, description=description, pure=False)

    return (
        tell("plantimestamp", planned, "The time of the plan, in UTC; the same when it is applied."),
        tell("timestamp", now, "The time of the apply, in UTC; not known while planning."),
    )


def _formatdate(template: str, text: str) -> str:
    moment = _at_argument(1, text)
    pieces: list[str] = []
    for piece in _PIECE.finditer(template):
        if piece["verb"]:
            pieces.append(_write_verb(piece["verb"], moment))
        elif piece["literal"] is not None:
            pieces.append(piece["literal"].replace("''", "'"))
        elif piece["open"]:
            raise FunctionError("unterminated literal '", 0)
        else:
            pieces.append(piece[0])
    return normalize("".join(pieces))


def _write_verb(verb: str, moment: Timestamp) -> str:
    family = _VERBS.get(verb[0])
    if family is None:
        raise FunctionError(f'invalid date format verb "{verb}"', 0)
    forms, problem = family
    write = forms.get(len(verb))
    if write is None:
        raise FunctionError(f'invalid date format verb "{verb}": {problem}', 0)
    return write(moment)


def _number(part: Callable[[Timestamp], int]) -> dict[int, Callable[[Timestamp], str]]:
    """Return the two forms of a number: as short as it is, and with two digits."""
    return {1: lambda moment: str(part(moment)), 2: lambda moment: f"{part(moment):02}"}


def _half(moment: Timestamp) -> str:
    return "AM" if moment.time[0] < 12 else "PM"


_VERBS: Final[dict[str, tuple[dict[int, Callable[[Timestamp], str]], str]]] = {
    "Y": (
        {2: lambda moment: f"{moment.date[0] % 100:02}", 4: lambda moment: f"{moment.date[0]:04}"},
        'year must either be "YY" or "YYYY"',
    ),
    "M": (
        {
            **_number(lambda moment: moment.date[1]),
            3: lambda moment: _MONTHS[moment.date[1] - 1][:3],
            4: lambda moment: _MONTHS[moment.date[1] - 1],
        },
        'month must be "M", "MM", "MMM", or "MMMM"',
    ),
    "D": (_number(lambda moment: moment.date[2]), 'day of month must either be "D" or "DD"'),
    "E": (
        {3: lambda moment: _DAYS[moment.weekday][:3], 4: lambda moment: _DAYS[moment.weekday]},
        'day of week must either be "EEE" or "EEEE"',
    ),
    "h": (_number(lambda moment: moment.time[0]), '24-hour must either be "h" or "hh"'),
    "H": (_number(lambda moment: (moment.time[0] - 1) % 12 + 1), '12-hour must either be "H" or "HH"'),
    "A": ({2: _half}, 'must be "AA"'),
    "a": ({2: lambda moment: _half(moment).lower()}, 'must be "aa"'),
    "m": (_number(lambda moment: moment.time[1]), 'minute must either be "m" or "mm"'),
    "s": (_number(lambda moment: moment.time[2]), 'second must either be "s" or "ss"'),
    "Z": (
        {
            1: lambda moment: moment.offset_text(":") if moment.offset else "Z",
            3: lambda moment: moment.offset_text("") if moment.offset else "UTC",
            4: lambda moment: moment.offset_text(""),
            5: lambda moment: moment.offset_text(":"),
        },
        "timezone must be Z, ZZZZ, or ZZZZZ",
    ),
}


def _timeadd(text: str, duration: str) -> str:
    return str(parse_timestamp(text).plus(parse_duration(duration)))


def _timecmp(one: str, other: str) -> int:
    first, second = _at_argument(0, one), _at_argument(1, other)
    left, right = (first.seconds, first.nanoseconds), (second.seconds, second.nanoseconds)
    return (left > right) - (left < right)


def _at_argument(position: int, text: str) -> Timestamp:
    try:
        return parse_timestamp(text)
    except FunctionError as problem:
        raise FunctionError(problem.message, position, "not a valid RFC3339 timestamp") from None


def _moment(name: str) -> Parameter:
    return Parameter(name, STRING, description="A time in RFC 3339 form, such as 2026-01-02T03:04:05Z.")


FUNCTIONS: Final[tuple[Function, ...]] = (
    Function(
        "formatdate",
        (
            Parameter("format", STRING, description="Letters such as YYYY-MM-DD hh:mm:ss, other text between quotes."),
            _moment("time"),
        ),
        _formatdate,
        result=STRING,
        description="A time written by a pattern of letters.",
    ),
    Function(
        "timeadd",
        (_moment("timestamp"), Parameter("duration", STRING, description="Such as 1h30m or -10s.")),
        _timeadd,
        result=STRING,
        description="A time moved by a duration.",
        nullable=True,
    ),
    Function(
        "timecmp",
        (_moment("timestamp_a"), _moment("timestamp_b")),
        _timecmp,
        result=NUMBER,
        description="-1, 0 or 1: whether one time is before another, the same, or after it.",
    ),
)
