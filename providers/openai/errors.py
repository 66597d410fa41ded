"""Turn what the API, or the way to it, answered into problems that say what to do.

The texts handed in are clean of secrets already; `ApiError.cleaned` and a `clean` function see to that.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import get_args, get_origin

from pydantic import BaseModel

from providers.checks import models_in
from providers.errors import Path, Problem

_TEXTS = (
    ("message", re.compile(r".*", re.DOTALL)),
    ("code", re.compile(r"[\w.-]{1,64}")),  # anything else is no code but something that was echoed
    ("param", re.compile(r"[\w.\[\]-]{1,256}")),
)
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class ApiError:
    """The body of an error answer; members that are missing are None."""

    message: str | None = None
    code: str | None = None
    param: str | None = None

    def cleaned(self, clean: Callable[[str], str]) -> "ApiError":
        """Return the same with each text passed through `clean`."""
        return ApiError(*(clean(text) if text else None for text in (self.message, self.code, self.param)))


def read_error(body: bytes) -> ApiError:
    """Return what an error answer says. It may be empty, not JSON, or a bare object without `error`."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return ApiError()
    if isinstance(data, dict):
        data = data.get("error", data)
    if isinstance(data, str):
        return ApiError(message=data)
    if not isinstance(data, dict):
        return ApiError()
    return ApiError(*(_text(data.get(name), pattern) for name, pattern in _TEXTS))


def _text(value: object, pattern: re.Pattern[str]) -> str | None:
    return value if isinstance(value, str) and value.strip() and pattern.fullmatch(value) else None


def status_problem(status: int, error: ApiError, request: str, request_id: str | None, path: Path) -> Problem:
    """Return the problem that an answer with an error status stands for.

    `request` is the method and path of the request, `path` the attribute the API complains about, if any.
    """
    summary, advice = _explain(status, error)
    message = f": {error.message.strip()}" if error.message else " without saying why."
    message += "" if message.endswith((".", "!", "?")) else "."
    notes = [f"code {error.code}"] if error.code else []
    notes += [f"parameter {error.param}"] if error.param and not path else []
    notes += [f"request id {request_id}"] if request_id else []
    aside = f" ({', '.join(notes)})" if notes else ""
    return Problem(summary, f"The OpenAI API answered {status} to {request}{message}{aside} {advice}".rstrip(), path)


def _explain(status: int, error: ApiError) -> tuple[str, str]:
    """Return what happened in a few words, and what to do about it."""
    code, message = error.code, error.message or ""
    if code == "beta_api_shape_disabled" or (status == 404 and message.startswith("Invalid URL")):
        return _WRONG_ADDRESS
    if code in _BY_CODE:
        return _BY_CODE[code]
    if status >= 500:
        return "The OpenAI API failed", "The fault is on the server's side: try again later."
    return _BY_STATUS.get(status, ("Request refused by the OpenAI API", ""))


_WRONG_ADDRESS = (
    "Unknown endpoint",
    'The server does not know this address. Check "base_url": it ends in /v1 for the OpenAI API.',
)
_BY_CODE = {
    "insufficient_quota": (
        "Quota used up",
        "Waiting does not help: look at the plan, the budget and the billing details of the account.",
    ),
    "model_not_found": (
        "Model not found",
        "Check the name of the model, and that the project of the API key has access to it.",
    ),
}
_BY_STATUS = {
    400: ("Invalid request", "Change the configuration accordingly."),
    401: (
        "Invalid API key",
        'Check the argument "api_key" of the provider "openai" or the environment variable OPENAI_API_KEY; '
        "an admin key does not work here.",
    ),
    403: (
        "Permission denied",
        "The API key lacks a permission, or the API is not offered in this country or region. "
        "Check the permissions of the key and of its project.",
    ),
    404: (
        "Not found",
        "It does not exist, or not in this project or region: "
        'check "project", "organization", "base_url" and "data_residency".',
    ),
    408: ("Request timed out", "Try again later."),
    409: ("Conflict", "Something else is changing the same object: try again later."),
    413: ("Request too large", "Make the request smaller."),
    422: ("Invalid request", "Change the configuration accordingly."),
    429: ("Too many requests", "Try again later, or send fewer requests at once with -parallelism=N."),
}


def connection_problem(error: BaseException, origin: str, timeout: float, clean: Callable[[str], str]) -> Problem:
    """Return the problem that `error` of the HTTP library stands for, when no answer came from `origin`."""
    import socket
    import ssl

    summary, what, advice = "Connection failed", clean(str(error)) or type(error).__name__, "Check the network."
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            summary, what = "No secure connection", f"TLS failed: {clean(str(cause))}"
            advice = "Check the clock and the certificates of this machine, and any proxy in between."
        elif isinstance(cause, socket.gaierror):
            summary, what = "Unknown host", "its name could not be resolved"
            advice = 'Check "base_url", the network and its name server.'
        elif isinstance(cause, ConnectionRefusedError):
            summary, what = "Connection refused", "nothing listens there"
            advice = 'Check "base_url", and that the server is running.'
        else:
            continue
        break
    else:
        if "Timeout" in type(error).__name__:
            summary, what = "No answer in time", f"it took longer than {timeout:g} seconds"
    return Problem(summary, f"No answer from {origin}: {what.rstrip('.')}. {advice}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and everything that led to it, groups of errors taken apart."""
    seen: set[int] = set()
    todo: list[BaseException | None] = [error]
    while todo:
        current = todo.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        todo += [current.__cause__, current.__context__]
        todo += current.exceptions if isinstance(current, BaseExceptionGroup) else ()


def attribute_path(model: type[BaseModel], param: str | None) -> Path:
    """Return the attribute of `model` that the API's `param` means, or () when there is none.

    `session.tools[0].name` becomes `("session", "tools", 0, "name")`. The API writes the attributes of flat
    requests with and without `session.` before them.
    """
    steps = _steps(param or "")
    if steps and steps[0] == "session" and "session" not in model.model_fields:
        steps = steps[1:]
    return steps if _exists(model, steps) else ()


def _steps(param: str) -> Path:
    return tuple(int(number) if number else name for name, number in _STEP.findall(param))


def _exists(model: type[BaseModel], steps: Path) -> bool:
    models, in_map = [model], False
    for step in steps:
        if isinstance(step, int):
            continue
        owners = [current for current in models if step in current.model_fields]
        if owners:
            in_map = any(_is_map(current.model_fields[step].annotation) for current in owners)
            models = [found for current in owners for found in models_in(current, step)]
        elif in_map:
            in_map = not models  # what is inside an object of the user's own, anybody's guess
        else:
            return False
    return any(isinstance(step, str) for step in steps)


def _is_map(annotation: object) -> bool:
    return get_origin(annotation) is dict or any(_is_map(inner) for inner in get_args(annotation))
