"""A saved plan as a graph: what is done to each object and in which order, among the blocks of the configuration.

The order is the one that `operations` gives to an apply; the names of nodes are Terraform's.
"""

from typing import TYPE_CHECKING

from engine.address import static_address
from engine.apply.operations import Operation, build_operations
from engine.config.model import Module
from engine.graph.drawing import (
    ProviderName,
    add_forgotten,
    add_object,
    configuration_drawing,
    needed_for_providers,
)
from engine.plan.changes import Change, Plan
from state.snapshot import Snapshot

if TYPE_CHECKING:
    from engine.graph.build import Graph
    from engine.graph.drawing import Drawing


def plan_drawing(
    root: Module, graph: "Graph", plan: Plan, snapshot: Snapshot, provider_name: ProviderName
) -> "Drawing":
    """Return what applying `plan`, made for `snapshot`, goes through."""
    operations = build_operations(graph, plan)
    if plan.destroy:
        used = {provider_name(change.provider) for change in plan.changes}
        drawing = needed_for_providers(graph, provider_name, used)
        drawing.add_nodes_from(f"output.{name} (expand)" for name in root.outputs)
    else:
        drawing = configuration_drawing(graph, provider_name)
        add_forgotten(drawing, root, snapshot)
    names: dict[Operation, str] = {}
    for operation in operations:
        change = operation.change
        if change is not None:
            block = static_address(str(change.address.resource))
            names[operation] = _name(operation.kind, change)
            add_object(drawing, names[operation], block, provider_name(change.provider))
            if operation.kind == "write":
                _add_before_users(drawing, names[operation], f"{block} (expand)")
    drawing.add_edges_from(
        (names[after], names[before]) for before, after in operations.edges if before in names and after in names
    )
    return drawing


def _name(kind: str, change: Change) -> str:
    if kind == "write":
        return str(change.address)
    return f"{change.address} (destroy deposed {change.deposed})" if change.deposed else f"{change.address} (destroy)"


def _add_before_users(drawing: "Drawing", name: str, block: str) -> None:
    """Put an object after its block and before whatever comes after the block, other objects of the block left out."""
    label = drawing.nodes[name]["label"]
    users = [user for user in drawing.predecessors(block) if drawing.nodes[user].get("label") != label]
    drawing.add_edges_from((user, name) for user in users)
    drawing.add_edge(name, block)
