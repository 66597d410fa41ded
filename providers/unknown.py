"""The stand-in for a value that is known only after apply, as providers see it during a plan."""

from typing import Final, final


@final
class UnknownValue:
    """The type of `UNKNOWN`; there is one instance."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = UnknownValue()


def has_unknown(data: object) -> bool:
    """Return whether `UNKNOWN` stands anywhere inside `data`."""
    if data is UNKNOWN:
        return True
    if isinstance(data, dict):
        return any(has_unknown(item) for item in data.values())
    if isinstance(data, list | tuple):
        return any(has_unknown(item) for item in data)
    return False
