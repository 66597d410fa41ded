"""Plain data with its type, for values that a provider hands on from elsewhere and whose type the data cannot tell."""

from typing import Any

from providers.schema import TypeNotation


class Typed:
    """JSON data of the type that is given beside it: `Typed(["a"], ["set", "string"])`.

    No dataclass: pydantic would take those apart.
    """

    __slots__ = ("data", "type")

    def __init__(self, data: Any, type: TypeNotation) -> None:
        self.data = data
        self.type = type
