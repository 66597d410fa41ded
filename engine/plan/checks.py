"""The results of checks as data: what plans and states record, and what views tell about them."""

from dataclasses import dataclass

from engine.address import InstanceKey


@dataclass(frozen=True, slots=True)
class CheckInstance:
    """What one instance of a checked object came to."""

    address: str  # as shown
    module: str  # the address of the module's instance; empty for the root module
    key: InstanceKey
    status: str  # pass, fail, error or unknown
    problems: tuple[str, ...] = ()  # the messages of the conditions that failed


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What all conditions of one checked object came to, over its instances."""

    kind: str  # resource, output_value, check or var
    address: str  # without instance keys, as shown
    module: str  # the address of the module without instance keys; empty for the root module
    mode: str  # managed or data; empty for what is not a resource
    type: str  # empty for what is not a resource
    name: str
    status: str  # pass, fail, error or unknown
    instances: tuple[CheckInstance, ...] = ()
