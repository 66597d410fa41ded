"""The ways a request can fail, in the API's words: status, message, type, param and code.

Raised anywhere below the application, turned into an answer in one place. No message repeats a secret.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

CLIP = 200  # a message repeats at most so many characters of what it complains about


class Refused(Exception):
    """A request is refused. `param` is the JSON path of what is wrong, where there is one."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        type: str = "invalid_request_error",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.type = type
        self.headers = dict(headers or {})


def error_body(message: str, type: str, param: str | None, code: str | None) -> dict[str, Any]:
    """Return the body of every error answer; all four members are always there."""
    return {"error": {"message": message, "type": type, "param": param, "code": code}}


def error_answer(problem: Refused) -> Response:
    """Return `problem` as the API puts it."""
    body = error_body(problem.message, problem.type, problem.param, problem.code)
    return JSONResponse(body, status_code=problem.status, headers=problem.headers)


def unknown_address(method: str, path: str) -> Refused:
    """Return the problem of an address that does not exist, or does not any more."""
    return Refused(404, f"Invalid URL ({method} {path[:CLIP]})")


def wrong_method(request: Request, allowed: str) -> Refused:
    """Return the problem of a request with a method that its address does not take."""
    message = f"Not allowed to {request.method} on {request.url.path[:CLIP]}. Use {allowed} instead."
    return Refused(405, message, code="method_not_supported", headers={"Allow": allowed})


def server_failure() -> Refused:
    """Return the problem of a fault of the server's own."""
    message = "The server had an error while processing your request. Sorry about that!"
    return Refused(500, message, type="server_error")
