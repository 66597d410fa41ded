"""Take apart what the API answers, and keep secrets out of what is recorded in the open."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from providers.errors import OutcomeUnknown, Problem
from providers.openai.models.session import Session
from providers.openai.models.tools import Tool

_SECRET_TOOL_MEMBERS = ("authorization", "headers")


def text_at(answer: dict[str, Any], *path: str) -> str:
    """Return a text that the answer must have. Raises OutcomeUnknown when it has not."""
    found = _at(answer, path)
    if not isinstance(found, str) or not found:
        raise _incomplete(path, "text")
    return found


def number_at(answer: dict[str, Any], *path: str) -> int:
    """Return a whole number that the answer must have. Raises OutcomeUnknown when it has not."""
    found = _at(answer, path)
    if isinstance(found, bool) or not isinstance(found, int | float) or found != int(found):
        raise _incomplete(path, "whole number")
    return int(found)


def object_at(answer: dict[str, Any], *path: str) -> dict[str, Any]:
    """Return an object that the answer must have. Raises OutcomeUnknown when it has not."""
    found = _at(answer, path)
    if not isinstance(found, dict):
        raise _incomplete(path, "object")
    return found


def effective(session: dict[str, Any]) -> dict[str, Any]:
    """Return the session that the API answered, without the credentials of its tools."""
    tools = session.get("tools")
    return {**session, "tools": [_open(tool) for tool in tools]} if isinstance(tools, list) else session


def tool_secrets(session: Session | None) -> Iterator[str]:
    """Yield the credentials of the tools of a configured session."""
    tools = session.tools if isinstance(session, Session) else None
    for tool in tools or []:
        if isinstance(tool, Tool):
            yield from (tool.headers or {}).values()
            if tool.authorization:
                yield tool.authorization


def _open(tool: Any) -> Any:
    if not isinstance(tool, dict):
        return tool
    return {name: value for name, value in tool.items() if name not in _SECRET_TOOL_MEMBERS}


def _at(answer: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def _incomplete(path: tuple[str, ...], kind: str) -> OutcomeUnknown:
    detail = (
        f'The answer lacks "{".".join(path)}", or it is no {kind}. The request was accepted: something was probably '
        "made that rtf cannot keep track of. It expires by itself."
    )
    return OutcomeUnknown(Problem("Invalid OpenAI API response", detail))


def still_valid(what: str, expires_at: object, now: float) -> Problem | None:
    """Return a warning that a forgotten key works on, or None when it does not."""
    if not isinstance(expires_at, int) or expires_at <= now:
        return None
    end = datetime.fromtimestamp(expires_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    detail = (
        f"The API cannot revoke {what}: it was forgotten, and whoever has it can start sessions with it until {end}."
    )
    return Problem("Key stays valid", detail, severity="warning")
