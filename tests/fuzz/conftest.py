"""The safety net of the tests with hostile sizes: what does not come to an end is ended, and fails."""

import signal
from collections.abc import Iterator
from types import FrameType

import pytest

GENEROUS = 60.0  # seconds; each of these tests takes a small part of that on a slow machine


class NoEnd(BaseException):
    """Raised in what takes too long. No Exception, so that nothing takes it for one of its own."""


@pytest.fixture
def bounded() -> Iterator[None]:
    """End a test that does not come to an end."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise NoEnd

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, GENEROUS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
