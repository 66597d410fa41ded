"""The interrupts of work that consists of several applies and has to clean up behind itself, such as tests."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from rtf.applying import Notify

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Interruptions:
    """The interrupts of one piece of work. The first lets what is under way end and cleans up; the second does not.

    `hear` is told the number of each. It may be called in the middle of anything, so it must not write.
    """

    def __init__(self, hear: Callable[[int], None] = lambda number: None) -> None:
        self._hear = hear
        self._count = 0
        self._stop: asyncio.Event | None = None  # of the apply under way

    @property
    def stopping(self) -> bool:
        """Whether nothing further should begin."""
        return self._count > 0

    @property
    def abandoning(self) -> bool:
        """Whether what was made should be left as it is."""
        return self._count > 1

    def come(self) -> None:
        """Take note of one. Raises KeyboardInterrupt from the third on: somebody is in a hurry."""
        self._count += 1
        if self._count > 2:
            raise KeyboardInterrupt
        self._hear(self._count)
        if self.abandoning and self._stop is not None:
            self._stop.set()

    @contextmanager
    def watching(self, stop: asyncio.Event, notify: Notify) -> Iterator[Sequence[int]]:
        """Watch for interrupts of an apply while the block runs; the second sets `stop`. Telling is not its affair.

        While an event loop waits, only the loop itself hears of every signal.
        """
        handlers = {}
        if threading.current_thread() is threading.main_thread():
            handlers = {number: signal.getsignal(number) for number in SIGNALS}
        loop = asyncio.get_running_loop()
        self._stop = stop
        for number in handlers:
            loop.add_signal_handler(number, self.come)
        try:
            yield ()
        finally:
            self._stop = None
            for number, handler in handlers.items():
                loop.remove_signal_handler(number)
                signal.signal(number, handler)
