"""What an apply tells while it runs, for views to show."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.address import InstanceAddress

Verb = Literal["create", "update", "delete"]


@dataclass(frozen=True, slots=True)
class OperationStarted:
    """An object is being worked on. `identity` is what is known of its name at the API: attribute and value."""

    address: InstanceAddress
    verb: Verb
    identity: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class OperationProgress:
    """An object is still being worked on."""

    address: InstanceAddress
    verb: Verb
    elapsed: float  # seconds
    identity: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class OperationFinished:
    """An object is done and recorded."""

    address: InstanceAddress
    verb: Verb
    elapsed: float  # seconds
    identity: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class OperationFailed:
    """An object could not be worked on; the diagnostics say why."""

    address: InstanceAddress
    verb: Verb
    elapsed: float  # seconds


Event = OperationStarted | OperationProgress | OperationFinished | OperationFailed
Listener = Callable[[Event], None]
