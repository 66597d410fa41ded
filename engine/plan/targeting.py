"""Which blocks and instances a plan with `-target` or `-exclude` is about: those, and what they cannot do without."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from engine.address import InstanceAddress, ModuleAddress, ResourceAddress, Target, contains, static_address
from engine.diagnostics import Diagnostics, warning
from engine.graph.build import block_of
from engine.plan.options import PlanOptions

if TYPE_CHECKING:
    from engine.graph.build import Graph


def wanted_instances(options: PlanOptions) -> Callable[[InstanceAddress], bool]:
    """Return what tells whether a plan is about an instance, whatever needs it.

    Used for the instances of blocks that targets name; what those need is wanted in all its instances.
    """
    targets, excluded = options.targets, options.excluded

    def wanted(address: InstanceAddress) -> bool:
        named = not targets or any(contains(target, address) for target in targets)
        return named and not any(contains(target, address) for target in excluded)

    return wanted if options.is_partial else lambda address: True


def wanted_nodes(
    graph: "Graph", options: PlanOptions, dependencies: Mapping[str, Iterable[str]] | None = None
) -> set[str] | None:
    """Return the blocks that a plan is about, None when it is about all.

    To destroy, what depends on a target goes with it; else a target needs what it depends on. `dependencies` are those
    of recorded objects whose blocks are gone.
    """
    if not options.is_partial:
        return None
    import networkx

    nodes = set(graph)
    if options.targets:
        named = {node for node in graph if any(_names(target, graph, node) for target in options.targets)}
        if options.mode == "destroy":
            below = named.union(*(networkx.descendants(graph, node) for node in named))
            nodes = below.union(*(networkx.ancestors(graph, node) for node in below))
        else:
            nodes = named.union(*(networkx.ancestors(graph, node) for node in named))
            nodes |= _satisfied_outputs(graph, nodes)
    if options.mode != "destroy":  # else values are still needed, such as those of provider blocks
        nodes -= left_out(graph, options)
    return nodes


def left_out(graph: "Graph", options: PlanOptions) -> set[str]:
    """Return the blocks that stay as they are because of `-exclude`.

    Those that are named as a whole, with what needs them; to destroy, what is needed by any that is named.
    """
    if not options.excluded:
        return set()
    import networkx

    named = {node for node in graph if any(_names(target, graph, node) for target in options.excluded)}
    if options.mode == "destroy":
        return set().union(*(networkx.ancestors(graph, node) for node in named))
    whole = {node for node in named if _is_whole(graph, node, options.excluded)}
    return whole.union(*(networkx.descendants(graph, node) for node in whole))


def named_nodes(graph: "Graph", options: PlanOptions) -> set[str]:
    """Return the resource blocks that targets name themselves, wholly or in some instances."""
    return {node for node in graph if any(_names(target, graph, node) for target in options.targets)}


def _names(target: Target, graph: "Graph", node: str) -> bool:
    """Return whether a target names a resource block or some of its instances."""
    block = block_of(graph, node)
    if block.kind != "resource":
        return False
    match target:
        case ModuleAddress():
            path = static_address(str(target))
            return node.startswith(f"{path}.")
        case ResourceAddress() | InstanceAddress():
            return static_address(str(target)) == node
    return False


def _is_whole(graph: "Graph", node: str, targets: Iterable[Target]) -> bool:
    """Return whether one of the targets names all instances of a block."""
    return any(_names(target, graph, node) and str(target) == static_address(str(target)) for target in targets)


def _satisfied_outputs(graph: "Graph", nodes: set[str]) -> set[str]:
    """Return the outputs of the root module all of whose resources are among `nodes`, with all that they need."""
    import networkx

    found: set[str] = set()
    for node in graph:
        block = block_of(graph, node)
        if block.kind != "output" or block.place.path:
            continue
        needed = networkx.ancestors(graph, node)
        resources = {name for name in needed if block_of(graph, name).kind == "resource"}
        if resources and resources <= nodes:
            found |= needed | {node}
    return found


def tell_of_targets(options: PlanOptions, found: Diagnostics) -> None:
    """Warn that a plan leaves things out."""
    if not options.is_partial:
        return
    name = "-target" if options.targets else "-exclude"
    detail = (
        f"You are creating a plan with the {name} option, which means that the result of this plan may not represent "
        f"all of the changes requested by the current configuration.\n\nThe {name} option is not for routine use, and "
        "is provided only for exceptional situations such as recovering from errors or mistakes."
    )
    found.add(warning("Resource targeting is in effect", detail))


def tell_of_incompleteness(options: PlanOptions, found: Diagnostics) -> None:
    """Warn that an apply leaves out what its plan left out."""
    if options.is_partial:
        detail = (
            "The plan was created with targets in effect, so some changes requested in the configuration may have been "
            "ignored and the output values may not be fully updated. Run rtf plan to see whether other changes are "
            "pending."
        )
        found.add(warning("Applied changes may be incomplete", detail))
