"""Which instances a state records, and which of them an address names."""

from collections.abc import Iterator

from engine.address import (
    InstanceAddress,
    ModuleAddress,
    ResourceAddress,
    Target,
    address_order,
    contains,
    parse_module,
)
from engine.diagnostics import DiagnosticError, error
from state.snapshot import Instance, Resource, ResourceHeader, Snapshot


def address_of(resource: ResourceHeader) -> ResourceAddress:
    """Return the address of a recorded resource."""
    return ResourceAddress(resource.type, resource.name, resource.mode, resource.module)


def instances_of(resource: Resource) -> list[InstanceAddress]:
    """Return the instances of one resource in order, those of which only an old object is left as well."""
    address = address_of(resource)
    return sorted((address.instance(key) for key in {key for key, _ in resource.instances}), key=address_order)


def all_instances(snapshot: Snapshot) -> list[InstanceAddress]:
    """Return the instances that a state records, in order."""
    found = [address for resource in snapshot.resources.values() for address in instances_of(resource)]
    return sorted(found, key=address_order)


def instances_named(snapshot: Snapshot, target: Target) -> list[InstanceAddress]:
    """Return the recorded instances that an address names, in order. Raises DiagnosticError when it names nothing."""
    found = [address for address in all_instances(snapshot) if contains(target, address)]
    if not found and not any(contains(target, address_of(resource)) for resource in snapshot.resources.values()):
        raise _unknown(target)
    return found


def _unknown(target: Target) -> DiagnosticError:
    applied = "If it has just been added to the configuration, run rtf apply first: that records it."
    if isinstance(target, ModuleAddress):
        return error("Unknown module", f"The current state contains no module at {target}. {applied}")
    if isinstance(target, ResourceAddress):
        return error("Unknown resource", f"The current state contains no resource {target}. {applied}")
    return error(
        "Unknown resource instance",
        f"The current state contains no resource instance {target}. {applied} See rtf state list for those there are.",
    )


def modules_of(snapshot: Snapshot) -> Iterator[ModuleAddress]:
    """Yield the module instances that have resources of their own, outer ones first."""
    texts = {resource.module for resource in snapshot.resources.values()}
    yield from sorted((parse_module(text) for text in texts), key=lambda module: (len(module.steps), str(module)))


def current_object(snapshot: Snapshot, address: InstanceAddress) -> Instance | None:
    """Return the current object of an instance, or None when there is none."""
    return snapshot.find(str(address.resource), address.key)
