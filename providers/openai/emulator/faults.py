"""Go wrong on request: error answers, delays and lost connections, for whoever tests a client.

A fault happens before the request is handled, or after: then the object was made and its answer is lost.
"""

import json
import random
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from providers.openai.emulator.problems import Refused, error_answer, error_body

HEADER = "x-emulator-fault"
ABORT = "emulator.abort"  # where a server puts the function that closes the connection, in the scope's state

Body = Literal["json", "html", "empty", "truncated"]
When = Literal["before", "after"]

_TYPES = {429: "rate_limit_exceeded", **dict.fromkeys((500, 502, 503, 504), "server_error")}


class ConnectionDropped(ConnectionResetError):
    """Stands for a connection that broke, where there is no connection: an application called in process."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, and for which requests. Without `status` and `drop` it is a delay only."""

    status: int | None = None
    drop: bool = False
    when: When = "before"
    delay: float = 0.0  # seconds
    body: Body = "json"
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None
    message: str = "This failure was asked for."
    param: str | None = None
    method: str = ""  # only requests with this method
    path: str = ""  # only paths that match this regular expression from their start
    skip: int = 0  # so many matching requests are left alone first
    times: int | None = None  # then at most so many are looked at
    share: float = 1.0  # of those, this part goes wrong, chosen by `seed`
    seed: int = 0


def parse_fault(text: str) -> Fault:
    """Return the fault that a line such as `429; retry-after=1; times=2` or `drop; when=after` describes.

    The first word is a status, `drop` or nothing; then come fields of Fault as `name=value`, and response headers
    in the same way. Raises ValueError when it means nothing.
    """
    first, *rest = [item.strip() for item in text.split(";")]
    if "=" in first:
        first, rest = "", [first, *rest]
    fault = Fault(status=_status(first) if first not in ("", "drop") else None, drop=first == "drop")
    for item in filter(None, rest):
        name, equals, value = item.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z0-9-]+", name):
            raise ValueError(f"{item!r} is no name=value")
        fault = _with(fault, name.lower(), value.strip())
    return fault


def _status(text: str) -> int:
    if not re.fullmatch("[2-5][0-9][0-9]", text):
        raise ValueError(f"{text!r} is no status")
    return int(text)


def _with(fault: Fault, name: str, value: str) -> Fault:
    choices = {"body": get_args(Body), "when": get_args(When)}
    if name in choices and value not in choices[name]:
        raise ValueError(f"{name} is one of {', '.join(choices[name])}, not {value!r}")
    readers: dict[str, Callable[[str], object]] = {
        **dict.fromkeys(("body", "when", "code", "message", "param", "method", "path"), str),
        **dict.fromkeys(("skip", "times", "seed"), int),
        **dict.fromkeys(("delay", "share"), float),
    }
    if name in readers:
        return replace(fault, **{name: readers[name](value)})  # type: ignore[arg-type]
    if name in {each.name for each in fields(Fault)}:
        raise ValueError(f"{name} cannot be set by name")
    return replace(fault, headers={**fault.headers, name: value})


class _Rule:
    """One fault and how many requests it has looked at."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self._seen = 0
        self._random = random.Random(fault.seed)  # noqa: S311 (a repeatable choice, not a secret)

    def applies(self, method: str, path: str) -> bool:
        fault = self.fault
        if fault.method not in ("", method) or not re.match(fault.path, path):
            return False
        self._seen += 1
        turn = self._seen - fault.skip
        if turn < 1 or (fault.times is not None and turn > fault.times):
            return False
        return fault.share >= 1.0 or self._random.random() < fault.share


class FaultInjection:
    """Stands before an application and lets requests to the API go wrong; the first rule that applies wins."""

    def __init__(
        self,
        app: ASGIApp,
        faults: Iterable[Fault],
        by_header: bool,
        latency: float,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._app = app
        self._rules = [_Rule(fault) for fault in faults]
        self._by_header = by_header
        self._latency = latency
        self._sleep = sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        if self._latency:
            await self._sleep(self._latency)
        try:
            fault = self._fault_for(Request(scope))
        except ValueError as error:
            problem = Refused(400, f"The header {HEADER} makes no sense: {error}.", param=HEADER)
            await error_answer(problem)(scope, receive, send)
            return
        await self._handle(fault, scope, receive, send)

    def _fault_for(self, request: Request) -> Fault:
        if self._by_header and HEADER in request.headers:
            return parse_fault(request.headers[HEADER])
        matching = (rule.fault for rule in self._rules if rule.applies(request.method, request.url.path))
        return next(matching, Fault())

    async def _handle(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.delay:
            await self._sleep(fault.delay)
        breaks = fault.drop or fault.status is not None
        if not breaks or fault.when == "after":
            await self._app(scope, receive, _unheard if breaks else send)
        if fault.drop:
            await _drop(scope, receive)
        elif fault.status is not None:
            await _answer(fault, fault.status)(scope, receive, send)


def _answer(fault: Fault, status: int) -> Response:
    kind = _TYPES.get(status, "invalid_request_error")
    body = json.dumps(error_body(fault.message, kind, fault.param, fault.code))
    if fault.body == "html":
        page = f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
        return Response(page, status, dict(fault.headers), "text/html")
    content = {"json": body, "truncated": body[: len(body) // 2], "empty": ""}[fault.body]
    return Response(content, status, dict(fault.headers), "application/json" if content else None)


async def _unheard(message: Message) -> None:
    """Take the answer of the application and tell nobody."""


async def _drop(scope: Scope, receive: Receive) -> None:
    """Close the connection without an answer."""
    abort = scope.get("state", {}).get(ABORT)
    if abort is None:
        raise ConnectionDropped("The emulator dropped the connection, as it was asked to.")
    abort()
    while (await receive())["type"] != "http.disconnect":
        pass
