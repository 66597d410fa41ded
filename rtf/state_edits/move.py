"""`rtf state mv`: give recorded objects other addresses, in the same state or in another."""

from collections.abc import Iterator
from dataclasses import replace

from engine.address import (
    AddressError,
    InstanceAddress,
    InstanceKey,
    ModuleAddress,
    ResourceAddress,
    Target,
    contains,
    parse_module,
    parse_target,
    static_address,
)
from engine.diagnostics import DiagnosticError, Diagnostics, error
from rtf.state_edits.instances import modules_of
from state.snapshot import Resource, Snapshot

_SOURCE = "Invalid source address"
_DESTINATION = "Invalid target address"
_REQUEST = "Invalid state move request"
_LOOK = "See rtf state list for what there is."


class ModuleTaken(Exception):
    """Raised when a module should move to where one is already."""


def move(origin: Snapshot, target: Snapshot, source: Target, destination: Target) -> list[tuple[Target, Target]]:
    """Move what `source` names in `origin` to `destination` in `target`; return each address with its new one.

    Both snapshots are changed; they may be the same one. Raises DiagnosticError or ModuleTaken when something stands
    in the way: then both are good for nothing any more.
    """
    sources = list(_expanded(origin, source))
    if not sources:
        raise error(_SOURCE, f"Cannot move {source}: does not match anything in the current state. {_LOOK}")
    done: list[tuple[Target, Target]] = []
    for one in sources:
        if isinstance(one, ModuleAddress):
            inner = one.steps[len(source.steps) :] if isinstance(source, ModuleAddress) else ()
            done.append((one, _move_module(origin, target, one, inner, destination)))
        elif isinstance(one, ResourceAddress):
            done.append((one, _move_resource(origin, target, one, destination)))
        else:
            done.append((one, _move_instance(origin, target, one, destination)))
        _forget_dependencies(target, one)
    return done


def _expanded(snapshot: Snapshot, source: Target) -> Iterator[Target]:
    """Yield what moves: a module with those in it; of a resource without instance keys, its one instance."""
    if isinstance(source, ModuleAddress):
        depth = len(source.steps)
        yield from (module for module in modules_of(snapshot) if module.steps[:depth] == source.steps)
    elif isinstance(source, ResourceAddress):
        resource = snapshot.resources.get(str(source))
        if resource is not None:
            yield source.instance() if any(key is None for key, _ in resource.instances) else source
    else:
        yield source


def _move_module(
    origin: Snapshot,
    target: Snapshot,
    source: ModuleAddress,
    inner: tuple[tuple[str, InstanceKey], ...],
    destination: Target,
) -> ModuleAddress:
    if not isinstance(destination, ModuleAddress):
        raise error(_DESTINATION, f"Cannot move {source} to {destination}: the target must also be a module.")
    to = ModuleAddress(destination.steps + inner)
    if any(parse_module(resource.module) == to for resource in target.resources.values()):
        raise ModuleTaken
    for address, resource in list(origin.resources.items()):
        if parse_module(resource.module) == source:
            del origin.resources[address]
            _put(target, replace(resource, module=str(to)))
    return to


def _move_resource(origin: Snapshot, target: Snapshot, source: ResourceAddress, destination: Target) -> ResourceAddress:
    if not isinstance(destination, ResourceAddress):
        detail = (
            f"Cannot move {source} to {destination}: the source is a whole resource (not a resource instance) so the "
            "target must also be a whole resource."
        )
        raise error(_DESTINATION, detail)
    found = _unlike(source, destination)
    if str(destination) in target.resources:
        detail = f"Cannot move to {destination}: there is already a resource at that address in the current state."
        found.extend(error(_DESTINATION, detail).diagnostics)
    found.raise_errors()
    moved = origin.resources.pop(str(source))
    _put(target, replace(moved, name=destination.name, module=destination.module))
    return destination


def _move_instance(origin: Snapshot, target: Snapshot, source: InstanceAddress, destination: Target) -> InstanceAddress:
    if isinstance(destination, ModuleAddress):
        detail = f"Cannot move {source} to {destination}: the target must also be a resource instance."
        raise error(_DESTINATION, detail)
    to = destination.instance() if isinstance(destination, ResourceAddress) else destination
    found = _unlike(source.resource, to.resource)
    there = target.resources.get(str(to.resource))
    if there is not None and any(key == to.key for key, _ in there.instances):
        detail = f"Cannot move to {to}: there is already a resource instance at that address in the current state."
        found.extend(error(_DESTINATION, detail).diagnostics)
    here = origin.resources.get(str(source.resource))
    objects = [] if here is None else [one for one in here.instances.values() if one.index_key == source.key]
    if here is None or not objects:
        found.extend(error(_SOURCE, f"The current state does not contain {source}. {_LOOK}").diagnostics)
        raise DiagnosticError(*found)
    found.raise_errors()
    header = there or replace(here, name=to.resource.name, module=to.resource.module)
    for one in objects:
        origin.drop(str(source.resource), *one.key)
        target.put(header.header, replace(one, index_key=to.key))
    return to


def _put(snapshot: Snapshot, resource: Resource) -> None:
    snapshot.resources[resource.address] = resource


def _unlike(source: ResourceAddress, destination: ResourceAddress) -> Diagnostics:
    """Return the errors for a resource that should become something else."""
    found = Diagnostics()
    if source.mode != destination.mode:
        kind = "managed" if source.mode == "managed" else "data"
        detail = (
            f"Cannot move {source} to {destination}: a {kind} resource can be moved only to another {kind} resource "
            "address."
        )
        found.extend(error(_REQUEST, detail).diagnostics)
    if source.type != destination.type:
        detail = f"Cannot move {source} to {destination}: resource types don't match."
        found.extend(error(_REQUEST, detail).diagnostics)
    return found


def _forget_dependencies(snapshot: Snapshot, moved: Target) -> None:
    """Forget what objects depend on where that was moved: the next apply records it anew."""
    for resource in snapshot.resources.values():
        for key, one in resource.instances.items():
            if one.deposed is None and any(_is_about(dependency, moved) for dependency in one.dependencies):
                resource.instances[key] = replace(one, dependencies=[])


def _is_about(dependency: str, moved: Target) -> bool:
    if isinstance(moved, InstanceAddress):
        return static_address(str(moved.resource)) == dependency
    if isinstance(moved, ResourceAddress):
        return static_address(str(moved)) == dependency
    try:
        return contains(moved, parse_target(dependency))
    except AddressError:
        return False
