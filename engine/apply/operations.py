"""A plan to a graph of operations: what has to be done, and what has to be done before it.

Blocks of the configuration are operations too: evaluating a local, or putting together what references to a
resource give once all its instances are written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.address import static_address
from engine.plan.changes import Action, Change, Plan

if TYPE_CHECKING:
    import networkx

    from engine.graph.build import Graph

Kind = Literal["evaluate", "write", "delete"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One step. `name` is a block for `evaluate`, else a resource instance."""

    kind: Kind
    name: str
    change: Change | None = None

    def __hash__(self) -> int:
        return hash((self.kind, self.name))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Operation) and (self.kind, self.name) == (other.kind, other.name)


def build_operations(graph: "Graph", plan: Plan) -> "networkx.DiGraph[Operation]":
    """Return the operations of `plan`. An edge a -> b says that b comes after a."""
    import networkx

    operations: networkx.DiGraph[Operation] = networkx.DiGraph()
    blocks = {node: Operation("evaluate", node) for node in graph}
    operations.add_nodes_from(blocks.values())
    operations.add_edges_from((blocks[needed], blocks[node]) for needed, node in graph.edges)
    writes: dict[str, list[Operation]] = {}
    deletes: dict[str, list[Operation]] = {}
    for change in plan.changes:
        name, block = change.name, static_address(str(change.address.resource))
        write = _writes(change)
        if write:
            operation = Operation("write", name, change)
            writes.setdefault(block, []).append(operation)
            operations.add_edges_from((blocks[needed], operation) for needed in graph.predecessors(block))
            operations.add_edge(operation, blocks[block])
        if change.action is Action.DELETE or change.action.replaces:
            operation = Operation("delete", name, change)
            deletes.setdefault(block, []).append(operation)
            provider = f"provider.{change.provider}"
            operations.add_edge(blocks.get(provider, Operation("evaluate", provider)), operation)
            if change.action is Action.DELETE_THEN_CREATE:
                operations.add_edge(operation, Operation("write", name, change))
            elif change.action is Action.CREATE_THEN_DELETE:
                operations.add_edge(Operation("write", name, change), operation)
    _order_deletes(operations, plan.changes, writes, deletes)
    return operations


def _writes(change: Change) -> bool:
    return change.action in (Action.CREATE, Action.UPDATE) or change.action.replaces


def _order_deletes(
    operations: "networkx.DiGraph[Operation]",
    changes: Iterable[Change],
    writes: dict[str, list[Operation]],
    deletes: dict[str, list[Operation]],
) -> None:
    """Delete an object only after whatever depends on it has gone, or has been written to do without it."""
    for change in changes:
        name = change.name
        for needed in change.dependencies:
            for gone in deletes.get(needed, ()):
                if change.action is Action.DELETE or change.action.replaces:
                    operations.add_edge(Operation("delete", name, change), gone)
                made_again = gone.change is not None and gone.change.action is Action.DELETE_THEN_CREATE
                if _writes(change) and not made_again:
                    operations.add_edge(Operation("write", name, change), gone)
