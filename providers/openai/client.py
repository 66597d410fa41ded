"""Send requests to the API and bring answers back: keys, retries, redirects, bounds, errors.

One client serves a whole run, from many tasks at once. It knows endpoints only by their paths; what goes into a
request and what an answer means is the affair of the resource types. No secret it sent comes back out of it
in an error.
"""

import asyncio
import json
import logging
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from providers.errors import OutcomeUnknown, Problem, ProviderError, failure
from providers.openai.configuration import Settings, origin_of
from providers.openai.errors import ApiError, attribute_path, connection_problem, read_error, status_problem
from providers.openai.retries import retry_delay, should_retry
from providers.openai.transport import CONNECT_TIMEOUT, address_of, open_http
from providers.redaction import redact

if TYPE_CHECKING:
    import httpx

LARGEST_ANSWER = 32 * 1024 * 1024
DEEPEST_ANSWER = 100
MOST_REDIRECTS = 10

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """A POST to the API. Its `repr` shows the path only."""

    path: str  # below the base URL, starting with a slash
    accept: str = "application/json"
    content_type: str | None = None  # None when `body` brings its own
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)  # `json`, `content` or `files`, as httpx names it
    secrets: tuple[str, ...] = field(default=(), repr=False)  # texts in it that no error may show
    model: type[BaseModel] | None = field(default=None, repr=False)  # whose attributes the API's errors speak of
    repeatable: bool = True  # False: a second one would make a second object that nobody knows


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer, read whole."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes = field(repr=False)

    @property
    def note(self) -> str:
        """What support needs to find the request: ` (request id req_...)`, or nothing."""
        return f" (request id {self.request_id})" if self.request_id else ""

    @property
    def request_id(self) -> str:
        """The API's name for the request, or an empty text when it gave none that looks like one."""
        request_id = self.headers.get("x-request-id", "")
        return redact(request_id, ()) if _REQUEST_ID.fullmatch(request_id) else ""


class ApiFailure(ProviderError):
    """Raised when the API answered with an error status."""

    def __init__(self, problem: Problem, status: int, error: ApiError) -> None:
        super().__init__(problem)
        self.status = status
        self.error = error


class _Lost(Exception):
    """No usable answer came; `sent` says whether the server may have acted."""

    def __init__(self, problem: Problem, *, sent: bool, worth_retrying: bool = True) -> None:
        super().__init__(problem.summary)
        self.problem = problem
        self.sent = sent
        self.worth_retrying = worth_retrying


class Client:
    """The `api` that resource types get. Close it when the run is over."""

    def __init__(
        self,
        settings: Settings,
        directory: Path,
        *,
        open_http: Callable[[Settings, Path], "httpx.AsyncClient"] = open_http,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.time,
        version: str = "dev",
    ) -> None:
        self.settings = settings
        self.now = clock
        self._directory = directory
        self._open_http = open_http
        self._sleep = sleep
        self._jitter = jitter
        self._version = version
        self._http: httpx.AsyncClient | None = None

    @property
    def address(self) -> str:
        """The address that paths are appended to."""
        return address_of(self.settings)

    async def close(self) -> None:
        """Close all connections. A client that never sent anything has none."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def send(self, request: Request) -> Answer:
        """Send `request`, again where that is safe and worth it, and return the answer if it is a success.

        Raises ProviderError, or OutcomeUnknown when a request was sent whose answer never came.
        """
        headers = self._headers(request)
        maybe_done = False
        for retries in range(self.settings.max_retries + 1):
            last = retries == self.settings.max_retries
            answer_headers: Mapping[str, str] = {}
            try:
                answer = await self._exchange(request, headers)
            except _Lost as lost:
                maybe_done = maybe_done or lost.sent
                if last or not lost.worth_retrying or (lost.sent and not request.repeatable):
                    raise self._lost(lost.problem, maybe_done) from None
            else:
                if answer.status < 300:
                    return answer
                error = read_error(answer.body)
                answer_headers = answer.headers
                if last or not should_retry(
                    answer.status, answer_headers, error.code, repeatable=request.repeatable, now=self.now()
                ):
                    raise self._refusal(request, answer, error)
            delay = retry_delay(retries, answer_headers, now=self.now(), jitter=self._jitter())
            _log.debug("POST %s: trying again in %.2f s", request.path, delay)
            await self._sleep(delay)
        raise AssertionError("the last attempt returns or raises")

    async def send_json(self, request: Request) -> dict[str, Any]:
        """Send `request` and return the JSON object that answers it.

        Raises what `send` raises, and OutcomeUnknown when the answer is a success that is no JSON object.
        """
        answer = await self.send(request)
        try:
            data = json.loads(answer.body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict) or _too_deep(data):
            detail = (
                f"The answer to POST {request.path} is a success ({answer.status}){answer.note}, but no JSON object. "
                'Something in between may have answered instead of the API: check "base_url" and any proxy. '
                "Whether an object was made is not known."
            )
            raise OutcomeUnknown(Problem("Invalid OpenAI API response", detail))
        return data

    def _headers(self, request: Request) -> dict[str, str]:
        key = self.settings.api_key
        if key is None:
            detail = (
                'No API key was found. Set the argument "api_key" of the provider "openai", or the environment '
                "variable OPENAI_API_KEY; a blank one counts as missing."
            )
            raise failure("Missing OpenAI API key", detail, "api_key")
        headers = {
            "authorization": f"Bearer {key}",
            "accept": request.accept,
            "user-agent": f"rtf-provider-openai/{self._version}",
            **{name.lower(): value for name, value in self.settings.headers.items()},
        }
        return headers | ({"content-type": request.content_type} if request.content_type else {})

    async def _exchange(self, request: Request, headers: Mapping[str, str]) -> Answer:
        """Send once, following redirects, and return whatever answer came. Raises _Lost when none did."""
        import httpx

        if self._http is None:
            self._http = self._open_http(self.settings, self._directory)
        try:
            current = self._http.build_request("POST", self.address + request.path, headers=headers, **request.body)
            for _ in range(MOST_REDIRECTS + 1):
                answer, following = await _send_once(self._http, current)
                if following is None:
                    return answer
                if origin_of(str(following.url)) != origin_of(self.address):
                    what = "redirected to another server, which would get the API key"
                    raise _redirect_failure(request, answer, what)
                current = following
            raise _redirect_failure(request, answer, f"redirected more than {MOST_REDIRECTS} times")
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise _Lost(self._connection_problem(request, error), sent=False) from None
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL) as error:
            raise _Lost(self._connection_problem(request, error), sent=False, worth_retrying=False) from None
        except httpx.RequestError as error:
            raise _Lost(self._connection_problem(request, error), sent=True) from None

    def _connection_problem(self, request: Request, error: Exception) -> Problem:
        scheme, host, port = origin_of(self.address)
        timeout = CONNECT_TIMEOUT if type(error).__name__ == "ConnectTimeout" else self.settings.timeout
        clean = self._cleaner(request)
        return connection_problem(error, f"{scheme}://{host}:{port}", timeout, clean)

    def _lost(self, problem: Problem, maybe_done: bool) -> ProviderError:
        if not maybe_done:
            return ProviderError(problem)
        detail = f"{problem.detail} The request had been sent: whether it took effect is not known."
        return OutcomeUnknown(Problem(problem.summary, detail, problem.path))

    def _refusal(self, request: Request, answer: Answer, error: ApiError) -> ProviderError:
        path = attribute_path(request.model, error.param) if request.model else ()
        clean = self._cleaner(request)
        shown = error.cleaned(clean)
        problem = status_problem(answer.status, shown, f"POST {request.path}", clean(answer.request_id), path)
        # A gateway that gave up waiting does not know what the server behind it did.
        if not request.repeatable and answer.status in (408, 502, 504):
            return self._lost(problem, maybe_done=True)
        return ApiFailure(problem, answer.status, shown)

    def _cleaner(self, request: Request) -> Callable[[str], str]:
        secrets = (*self.settings.secrets, *request.secrets)
        return lambda text: redact(text, secrets)


async def _send_once(http: "httpx.AsyncClient", request: "httpx.Request") -> "tuple[Answer, httpx.Request | None]":
    """Send one request, without its redirects; return the answer and the request it redirects to."""
    response = await http.send(request, stream=True)
    body = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > LARGEST_ANSWER:
                detail = f"The answer of {request.url.host} is larger than {LARGEST_ANSWER // 1024**2} MiB."
                problem = Problem("Answer too large", detail)
                raise _Lost(problem, sent=response.status_code < 400, worth_retrying=False)
    finally:
        await response.aclose()
    headers = {name.lower(): value for name, value in response.headers.items()}
    answer = Answer(response.status_code, headers, bytes(body))
    _log.debug("%s %s: %s%s", request.method, request.url.path, answer.status, answer.note)
    return answer, response.next_request


def _redirect_failure(request: Request, answer: Answer, what: str) -> ProviderError:
    detail = f'POST {request.path} was {what}{answer.note}. Set "base_url" to the address that is meant.'
    return failure("Redirect refused", detail)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _too_deep(data: Any) -> bool:
    level = [data]
    for _ in range(DEEPEST_ANSWER):
        level = [
            item
            for value in level
            if isinstance(value, dict | list)
            for item in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return False
    return True
