"""The emulator on a port, and a hand on its answers."""

import asyncio
import subprocess
import threading
from typing import Any

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def listing(base_url: str) -> Any:
    """Return what the emulator at `base_url` has made so far."""
    with httpx.Client(trust_env=False) as client:
        return client.get(f"{base_url.removesuffix('/v1')}/_emulator/objects").json()


class Gate:
    """Counts answers, and keeps those after the first `free` ones back until it is opened.

    The objects that such answers tell of exist already. `wait(n, process)` returns when `n` answers are kept back.
    """

    def __init__(self, free: int = 0) -> None:
        self._free = free
        self._held = 0
        self._changed = threading.Condition()
        self._open = threading.Event()

    def wait(self, held: int, process: "subprocess.Popen[str]") -> None:
        """Wait until so many answers to `process` are kept back; fails when that can no longer happen."""
        with self._changed:
            for _ in range(300):  # a minute: nothing waits that long, unless it waits for ever
                if self._changed.wait_for(lambda: self._held >= held, timeout=0.2):
                    return
                if process.poll() is not None:
                    break
            said = process.stderr.read() if process.stderr and process.returncode is not None else ""
            raise AssertionError(f"{self._held} of {held} answers were kept back: {said}")

    def open(self) -> None:
        """Let all answers go."""
        self._open.set()

    def enter(self) -> bool:
        """Count one answer and return whether it is free to go."""
        with self._changed:
            if self._open.is_set() or self._free > 0:
                self._free -= 1
                return True
            self._held += 1
            self._changed.notify_all()
            return False

    async def passing(self) -> None:
        """Return when the gate is open."""
        await asyncio.to_thread(self._open.wait, 30.0)


class HeldAnswers:
    """Stands before the emulator: requests are handled at once, and their answers go through a gate."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return

        async def held(message: Message) -> None:
            if message["type"] == "http.response.start" and not self._gate.enter():
                await self._gate.passing()
            await send(message)

        await self._app(scope, receive, held)
