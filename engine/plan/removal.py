"""Recorded objects that nothing asks for any more: deleted, or only forgotten, with the reason why."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.address import InstanceKey, key_order, static_address
from engine.config.model import Module, Removed, ResourceBlock
from engine.diagnostics import Diagnostics, error, warning
from engine.graph.build import block_of
from engine.plan.changes import Action, Change, Reason
from engine.plan.instances import protected
from engine.plan.objects import Recorded
from engine.plan.walk import Walk

if TYPE_CHECKING:
    from engine.graph.build import Graph


def removed_objects(walk: Walk) -> list[Change]:
    """Return a change for every recorded object that nothing asks for any more, or for all when all is to go."""
    everything = walk.options.mode == "destroy"
    changes = []
    forgotten: list[str] = []
    for name, instances in walk.recorded.items():
        node = static_address(name)
        if node in walk.failed:
            continue
        block = _resource_block(walk.graph, node)
        for key, recorded in sorted(instances.items(), key=lambda item: key_order(item[0])):
            wanted = walk.seen[name].instances if name in walk.seen else {}
            if recorded.address.resource.mode != "managed" or (not everything and key in wanted):
                continue
            if not walk.wanted(recorded.address):
                continue
            removed = None if block is not None else removed_block(walk.module, node)
            if removed is not None and not removed.destroy:
                forgotten.append(str(recorded.address))
                changes.append(_change(recorded, Action.FORGET))
                continue
            _check_provider(walk, recorded, block)
            if block is not None and block.lifecycle.prevent_destroy:
                walk.found.extend(protected(recorded.address, block).diagnostics)
            reason = None
            if not everything:
                called = name in walk.seen or block is None
                reason = _reason(recorded, block, key, called=called)
            changes.append(_change(recorded, Action.DELETE, reason))
    if forgotten:
        _tell_forgotten(forgotten, walk.found)
    return changes


def _tell_forgotten(names: Iterable[str], found: Diagnostics) -> None:
    listed = "".join(f"\n - {name}" for name in sorted(names))
    detail = (
        "If you apply this plan, rtf will discard its tracking information for the following objects, but it will not "
        f"delete them:{listed}\n\nAfter applying this plan, rtf will no longer manage these objects. You will need to "
        "import them to manage them again."
    )
    found.add(warning("Some objects will no longer be managed by rtf", detail))


def _change(recorded: Recorded, action: Action, reason: Reason | None = None) -> Change:
    return Change(
        recorded.address,
        action,
        recorded.provider,
        recorded.attributes,
        None,
        reason,
        dependencies=recorded.dependencies,
        deposed=recorded.deposed,
        previous_address=recorded.previous,
    )


def _resource_block(graph: "Graph", node: str) -> ResourceBlock | None:
    if node not in graph:
        return None
    block = block_of(graph, node)
    return block.place.module.resources.get(block.name)


def removed_block(module: Module, node: str) -> Removed | None:
    """Return the `removed` block that speaks of a resource which is no longer configured, or None."""
    for place in module.places():
        for removed in place.module.removed:
            source = removed.source
            path = place.node(".".join(f"module.{name}" for name, _ in source.modules))
            if source.name and node == ".".join(part for part in (path, source.name) if part):
                return removed
            if not source.name and node.startswith(f"{path}."):
                return removed
    return None


def check_removed(module: Module, found: Diagnostics) -> None:
    """Report the `removed` blocks whose resource or module is still configured."""
    places = {place.path: place for place in module.places()}
    for place in list(places.values()):
        for removed in place.module.removed:
            source = removed.source
            path = place.node(".".join(f"module.{name}" for name, _ in source.modules))
            still = places.get(path)
            if not source.name and still is not None and still.call is not None:
                detail = (
                    f"The statement at {removed.range} declares that {path} was removed, but it is still called here. "
                    "Take away the call or the statement."
                )
                found.extend(error("Removed module still exists", detail, still.call.range).diagnostics)
            elif source.name and still is not None and source.name in still.module.resources:
                block = still.module.resources[source.name]
                detail = (
                    f"The statement at {removed.range} declares that {still.node(source.name)} was removed, but it is "
                    "still declared here. Take away the block or the statement."
                )
                found.extend(error("Removed resource still exists", detail, block.range).diagnostics)


def deposed_objects(walk: Walk, objects: Iterable[Recorded]) -> list[Change]:
    """Return a deletion for every old object that its replacement outlived."""
    changes = []
    for recorded in objects:
        if recorded.deposed is None or static_address(str(recorded.address.resource)) in walk.failed:
            continue
        if walk.wanted(recorded.address):
            _check_provider(walk, recorded, None)
            changes.append(_change(recorded, Action.DELETE))
    return changes


def _check_provider(walk: Walk, recorded: Recorded, block: ResourceBlock | None) -> None:
    """Report an object to delete whose provider configuration is gone: another one may lead to another account."""
    if block is None and "." in recorded.provider and recorded.provider not in walk.module.providers:
        name, _, alias = recorded.provider.partition(".")
        detail = (
            f"To delete {recorded.address}, the provider configuration {recorded.provider} that made it is required, "
            f'but it has been removed. Put back the provider "{name}" block with alias = "{alias}", apply, and take it '
            "away afterwards."
        )
        walk.found.extend(error("Provider configuration not present", detail).diagnostics)


def _reason(recorded: Recorded, block: ResourceBlock | None, key: InstanceKey, *, called: bool) -> Reason:
    """Return why an object goes; `called` is false when its module has no such instance any more."""
    if recorded.previous is not None and block is None:
        return Reason.NO_MOVE
    if block is None:
        return Reason.NO_BLOCK
    if not called:
        return Reason.NO_MODULE
    if block.count is not None:
        return Reason.COUNT_INDEX if isinstance(key, int) else Reason.WRONG_REPETITION
    if block.for_each is not None:
        return Reason.EACH_KEY if isinstance(key, str) else Reason.WRONG_REPETITION
    return Reason.WRONG_REPETITION
