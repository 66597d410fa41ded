"""When to try again, and how long to wait before: the rules of the official SDKs, as pure functions.

Source: openai-python 3.54.0. Nothing here sends, sleeps or looks at a clock.
"""

import math
from collections.abc import Mapping
from email.utils import mktime_tz, parsedate_tz

LONGEST_WAIT = 120.0
_FIRST_DELAY = 0.5
_LONGEST_DELAY = 8.0
_INFINITY = ("inf", "+inf", "infinity", "+infinity")


def should_retry(status: int, headers: Mapping[str, str], code: str | None, *, repeatable: bool, now: float) -> bool:
    """Return whether a request that was answered with `status` is worth sending again.

    `headers` has lower-case names. A server that asks for more than 120 seconds of patience gets none. Then
    `x-should-retry` decides, then the status. A request that is not `repeatable` is sent again only when the
    server surely did not act on it. An exhausted quota does not come back by waiting.
    """
    wait = server_delay(headers, now)
    if wait is not None and math.isfinite(wait) and wait > LONGEST_WAIT:
        return False
    advice = headers.get("x-should-retry")
    if advice == "false":
        return False
    if not repeatable:
        return (status == 429 and code != "insufficient_quota") or (status == 503 and advice == "true")
    if advice == "true":
        return True
    if status == 429:
        return code != "insufficient_quota"
    return status in (408, 409) or status >= 500


def retry_delay(retries: int, headers: Mapping[str, str], *, now: float, jitter: float) -> float:
    """Return how many seconds to wait before trying again.

    `retries` counts the retries made so far, from 0. The server's wish wins when it is positive and at most 120.
    Else the delay doubles from 0.5 up to 8.0, less up to a quarter by `jitter` (0.0 to 1.0).
    """
    wait = server_delay(headers, now)
    if wait is not None and 0 < wait <= LONGEST_WAIT:
        return wait
    return min(_FIRST_DELAY * 2.0 ** min(retries, 10), _LONGEST_DELAY) * (1 - 0.25 * jitter)


def server_delay(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that `retry-after-ms` or `retry-after` (seconds or a date) ask for, or None."""
    for name, per_second in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        seconds = _number(headers.get(name))
        if seconds is not None:
            return seconds / per_second
    return _until(headers.get("retry-after"), now)


def _number(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    if number == math.inf and text.strip().lower() not in _INFINITY:
        return 1e9  # too large for a float, hence too long to wait; not the word "inf", which says nothing
    return number


def _until(date: str | None, now: float) -> float | None:
    try:
        parsed = parsedate_tz(date) if date else None
        return mktime_tz(parsed) - now if parsed else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None
