"""Problems for machines: what `validate -json` prints, format 1.0."""

import json
from dataclasses import replace
from typing import Any

from engine.diagnostics import Diagnostic, Diagnostics, Position, Severity, SourceRange
from providers.redaction import Redactor
from rtf.views.snippet import block_header
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
        values = [
            {"traversal": secrets.hide(name), "statement": secrets.hide(statement)}
            for name, statement in diagnostic.values
        ]
        data["snippet"] = {**_snippet(diagnostic.subject, secrets), "values": values}
    return data


def _range(place: SourceRange) -> dict[str, Any]:
    start, end = place.file.position(place.start), place.file.position(place.end)
    if place.start == place.end:  # nothing to point at would be invisible in an editor
        end = replace(start, column=start.column + 1, byte=start.byte + 1)
    return {"filename": place.file.name, "start": _position(start), "end": _position(end)}


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column, "byte": position.byte}


def _snippet(place: SourceRange, secrets: Redactor) -> dict[str, Any]:
    """Return the lines of the place; offsets are given only where nothing in them had to be hidden."""
    first, last = place.file.position(place.start).line, place.file.position(place.end).line
    begin = place.file.line_starts[first - 1]
    line = place.file.text[begin : place.file.line_starts[last - 1] + len(place.file.line(last))]
    shown = secrets.hide(guarded(place.file.text, begin, begin + len(line)))
    start = place.start - begin
    end = min(max(place.end - begin, start + 1), len(line))
    hidden = shown != line
    header = block_header(place)
    if header is not None and start == 0 and " ".join(line.split()).startswith(header):
        header = None  # the place is the block's own beginning, not inside of it
    return {
        "context": None if header is None else secrets.hide(header),
        "code": shown,
        "start_line": first,
        "highlight_start_offset": 0 if hidden else start,
        "highlight_end_offset": len(shown) if hidden else end,
    }
