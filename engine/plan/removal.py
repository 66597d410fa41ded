"""Recorded objects that nothing asks for any more: deleted, or only forgotten, with the reason why."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.address import InstanceKey, key_order, static_address
from engine.config.model import ResourceBlock
from engine.diagnostics import Diagnostics, error, warning
from engine.graph.build import block_of
from engine.plan.changes import Action, Change, Reason
from engine.plan.instances import protected
from engine.plan.objects import Recorded
from engine.plan.removed import removed_block
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
                changes.append(_change(recorded, Action.FORGET, Reason.NO_BLOCK))
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
    return _dependents_first(changes)


def _dependents_first(changes: list[Change]) -> list[Change]:
    """Return deletions in an order in which they can be done: what needs another one before that."""
    import networkx

    graph: networkx.DiGraph[str] = networkx.DiGraph()
    blocks: dict[str, list[Change]] = {}
    for change in changes:
        blocks.setdefault(static_address(str(change.address.resource)), []).append(change)
    graph.add_nodes_from(blocks)
    for block, members in blocks.items():
        graph.add_edges_from((block, needed) for needed in members[0].dependencies if needed in blocks)
    if not networkx.is_directed_acyclic_graph(graph):
        return changes
    return [change for block in networkx.lexicographical_topological_sort(graph) for change in blocks[block]]


def _tell_forgotten(names: Iterable[str], found: Diagnostics) -> None:
    listed = "".join(f"\n - {name}" for name in sorted(names))
    detail = (
        "If you apply this plan, rtf will discard its tracking information for the following objects, but it will not "
        f"delete them:{listed}\n\nAfter applying this plan, rtf will no longer manage these objects. You will need to "
        "import them to manage them again."
    )
    found.add(warning("Some objects will no longer be managed by Terraform", detail))


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


def deposed_objects(walk: Walk) -> list[Change]:
    """Return a deletion for every old object that its replacement outlived."""
    changes = []
    for recorded in walk.deposed:
        if static_address(str(recorded.address.resource)) in walk.failed:
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
