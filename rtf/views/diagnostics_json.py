"""Problems for machines: what `validate -json` prints, format 1.0."""

import json
from typing import Any

from engine.diagnostics import Diagnostic, Diagnostics, Position, Severity, SourceRange
from providers.redaction import Redactor
from rtf.views.source_guard import guarded


def validation_json(found: Diagnostics) -> str:
    """Return the result of a validation as JSON text."""
    errors = sum(item.severity is Severity.ERROR for item in found)
    data = {
        "format_version": "1.0",
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": len(found.items) - errors,
        "diagnostics": [diagnostic_json(item, found.secrets) for item in found],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def diagnostic_json(diagnostic: Diagnostic, secrets: Redactor) -> dict[str, Any]:
    """Return one problem as JSON data; positions count from 1, bytes from 0, ends are exclusive."""
    data: dict[str, Any] = {
        "severity": diagnostic.severity.value,
        "summary": secrets.hide(diagnostic.summary),
        "detail": secrets.hide(diagnostic.detail),
    }
    if diagnostic.address is not None:
        data["address"] = diagnostic.address
    if diagnostic.subject is not None:
        data["range"] = _range(diagnostic.subject)
        data["snippet"] = _snippet(diagnostic.subject, secrets)
    return data


def _range(place: SourceRange) -> dict[str, Any]:
    start, end = place.file.position(place.start), place.file.position(place.end)
    return {"filename": place.file.name, "start": _position(start), "end": _position(end)}


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column, "byte": position.byte}


def _snippet(place: SourceRange, secrets: Redactor) -> dict[str, Any]:
    """Return the first line of the place; offsets are given only where nothing in it had to be hidden."""
    first = place.file.position(place.start).line
    line = place.file.line(first)
    begin = place.file.line_starts[first - 1]
    shown = secrets.hide(guarded(place.file.text, begin, begin + len(line)))
    start = place.start - begin
    end = min(place.end - begin, len(line))
    hidden = shown != line
    return {
        "context": None,
        "code": shown,
        "start_line": first,
        "highlight_start_offset": 0 if hidden else start,
        "highlight_end_offset": len(shown) if hidden else end,
        "values": [],
    }
