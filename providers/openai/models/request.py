"""The base of all request shapes: configuration in, the JSON that goes to the API out.

Only what was given is sent; the server fills in its defaults. A null is sent where it has a meaning of its own
and dropped everywhere else.
"""

import json
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from providers.resource import Block, Members, Text, by_kind
from providers.schema import schema_of
from providers.unknown import UNKNOWN


class RequestBlock(Block):
    """An object that is part of a request."""

    free_form: ClassVar[frozenset[str]] = frozenset()
    """The attributes of type `JsonObject`."""

    def given(self, name: str) -> bool:
        """Return whether the attribute `name` would be sent. One whose value is unknown may still turn out null."""
        if name not in self.model_fields_set:
            return False
        value = getattr(self, name)
        if value is None:
            return schema_of(type(self)).attributes[name].explicit_null
        return value is not UNKNOWN

    def request(self) -> dict[str, Any]:
        """Return the JSON object to send."""
        attributes = schema_of(type(self)).attributes
        configurable = [name for name, attribute in attributes.items() if attribute.required or attribute.optional]
        return {name: self._sent(name) for name in configurable if self.given(name)}

    def _sent(self, name: str) -> Any:
        value = getattr(self, name)
        if name in self.free_form:
            return json.loads(value) if isinstance(value, str) else value
        return _as_json(value)


def _as_json(value: Any) -> Any:
    if isinstance(value, RequestBlock):
        return value.request()
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)  # configuration has one kind of number: it writes 1, not 1.0
    return value


def _json_object(text: str) -> str:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise PydanticCustomError("json_object", "write an object, or a string that holds a JSON object")
    return text


JsonObject = Annotated[
    Annotated[dict[str, Any], Members] | Annotated[str, AfterValidator(_json_object), Text],
    by_kind,
]
"""An object whose members are the user's own, such as a JSON Schema; also as text, as `jsonencode` gives it."""
