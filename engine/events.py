"""What a plan and an apply tell while they run, for views to show."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.address import InstanceAddress

Verb = Literal["create", "update", "delete", "read"]


@dataclass(frozen=True, slots=True)
class OperationStarted:
    """An object is being worked on. `identity` is what is known of its name at the API: attribute and value."""

    address: InstanceAddress
    verb: Verb
    identity: tuple[str, str] | None = None
    deposed: str | None = None  # the key of an old object that its replacement outlived


@dataclass(frozen=True, slots=True)
class OperationProgress:
    """An object is still being worked on."""

    address: InstanceAddress
    verb: Verb
    elapsed: float  # seconds
    identity: tuple[str, str] | None = None
    deposed: str | None = None


@dataclass(frozen=True, slots=True)
class OperationFinished:
    """An object is done and recorded."""

    address: InstanceAddress
    verb: Verb
    elapsed: float  # seconds
    identity: tuple[str, str] | None = None
    deposed: str | None = None


@dataclass(frozen=True, slots=True)
class OperationFailed:
    """An object could not be worked on; the diagnostics say why."""

    address: InstanceAddress
    verb: Verb
    elapsed: float  # seconds
    identity: tuple[str, str] | None = None
    deposed: str | None = None


@dataclass(frozen=True, slots=True)
class RefreshStarted:
    """A recorded object is compared with what its API holds. `asks` says that the API is really asked."""

    address: InstanceAddress
    identity: tuple[str, str] | None = None
    asks: bool = True


@dataclass(frozen=True, slots=True)
class RefreshFinished:
    """A recorded object has been compared."""

    address: InstanceAddress
    identity: tuple[str, str] | None = None
    asks: bool = True


@dataclass(frozen=True, slots=True)
class ProvisionStarted:
    """A provisioner of an object begins."""

    address: InstanceAddress
    type: str


@dataclass(frozen=True, slots=True)
class ProvisionOutput:
    """A provisioner wrote a line."""

    address: InstanceAddress
    type: str
    line: str


@dataclass(frozen=True, slots=True)
class ProvisionFinished:
    """A provisioner of an object ended. One that `failed` says more in the diagnostics."""

    address: InstanceAddress
    type: str
    failed: bool = False


Event = (
    OperationStarted
    | OperationProgress
    | OperationFinished
    | OperationFailed
    | RefreshStarted
    | RefreshFinished
    | ProvisionStarted
    | ProvisionOutput
    | ProvisionFinished
)
Listener = Callable[[Event], None]
