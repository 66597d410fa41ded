"""Read request bodies within bounds: bytes, JSON, and the two parts of a call's form.

Parts are kept as bytes: an offer must arrive exactly as it was sent.
"""

import json
import logging
import math
from collections.abc import Mapping
from typing import Any

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from providers.openai.emulator.problems import CLIP, Refused
from providers.openai.emulator.shapes import unknown_parameter

MAX_BODY = 1024 * 1024
MAX_DEPTH = 64  # of nested lists and objects


async def read_body(request: Request) -> bytes:
    """Return the body; raises Refused as soon as it is known to be too large."""
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > MAX_BODY:
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise _too_large()
    return bytes(body)


def media_type(content_type: str | None) -> str:
    """Return the bare media type of a Content-Type header, "" when there is none."""
    return (content_type or "").partition(";")[0].strip().lower()


def require_media_type(request: Request, *accepted: str) -> str:
    """Return the media type of the body; raises Refused when it is none of `accepted`."""
    found = media_type(request.headers.get("content-type"))
    if found not in accepted:
        message = f"Unsupported content type: '{found[:CLIP]}'. This API method accepts {' and '.join(accepted)}."
        raise Refused(400, message, code="unsupported_content_type")
    return found


def parse_json(body: bytes) -> Any:
    """Return what `body` says; raises Refused when it is not JSON that an answer could repeat."""
    try:
        value = json.loads(body.decode(), parse_constant=_not_a_number, parse_float=_finite)
        if b"\\ud" in body.lower():
            json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        message = "We could not parse the JSON body of your request. The API expects a JSON payload in UTF-8."
        raise Refused(400, message) from None
    if _deeper_than(value, MAX_DEPTH):
        raise Refused(400, f"The JSON body of your request is nested more than {MAX_DEPTH} levels deep.")
    return value


def parse_form(body: bytes, content_type: str, parts: Mapping[str, str]) -> dict[str, bytes]:
    """Return the parts of a multipart form. `parts` names those that may be there, with their media types.

    A part without a media type is accepted, as forms made by hand have none; a wrong one is refused.
    """
    _, options = parse_options_header(content_type)
    form = _Form()
    try:
        parser = MultipartParser(options[b"boundary"], form.callbacks())  # type: ignore[arg-type]
        parser.logger = logging.Logger("form", logging.CRITICAL + 1)  # it would quote the body
        parser.write(body)
        parser.finalize()
    except (KeyError, ValueError, MultipartParseError):
        form.complete = False
    if not form.complete:
        raise Refused(400, "We could not parse the multipart form of your request.")
    found: dict[str, bytes] = {}
    for headers, content in form.parts:
        _, disposition = parse_options_header(headers.get("content-disposition", ""))
        name = disposition.get(b"name", b"").decode(errors="replace")
        if name not in parts:
            raise unknown_parameter(name[:CLIP])
        if name in found:
            raise Refused(400, f"Duplicate parameter: '{name}'.", param=name, code="duplicate_parameter")
        sent = media_type(headers.get("content-type"))
        if sent not in ("", parts[name]):
            message = f"Unsupported content type of '{name}': expected {parts[name]}, but got {sent[:CLIP]} instead."
            raise Refused(400, message, param=name, code="unsupported_content_type")
        found[name] = bytes(content)
    return found


class _Form:
    """Collects what the multipart parser calls out: headers, with names in lower case, and content."""

    def __init__(self) -> None:
        self.parts: list[tuple[dict[str, str], bytearray]] = []
        self.complete = False
        self._name = self._value = b""

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": lambda: self.parts.append(({}, bytearray())),
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_part_data": lambda data, start, end: self.parts[-1][1].extend(data[start:end]),
            "on_end": self._on_end,
        }

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self.parts[-1][0][self._name.decode("latin-1").lower()] = self._value.decode("latin-1")
        self._name = self._value = b""

    def _on_end(self) -> None:
        self.complete = True


def _too_large() -> Refused:
    return Refused(413, f"The request body is larger than {MAX_BODY} bytes.")


def _not_a_number(text: str) -> float:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number


def _deeper_than(value: object, limit: int) -> bool:
    """Say whether lists and objects in `value` are nested more than `limit` deep; stops looking there."""
    level = [value]
    for _ in range(limit + 1):
        level = [
            child
            for item in level
            if isinstance(item, list | dict)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True
