"""JSON text as Terraform writes it: numbers in full, and `<`, `>` and `&` escaped so that it is safe inside HTML."""

import json
import re
from typing import Final

from engine.lang.json_values import JSON, write_json
from state.jsontext import render

_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_SPECIAL = re.compile("[<>&\u2028\u2029]")


def compact(data: JSON) -> str:
    """Return JSON text without any white space."""
    return write_json(data, _encoded)


def _encoded(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], json.encoder.encode_basestring(text))


def indented(data: JSON) -> str:
    """Return JSON text with every member on a line of its own, indented by two spaces."""
    return render(data).decode()
