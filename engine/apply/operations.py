"""A plan to a graph of operations: what has to be done, and what has to be done before it.

The order of deletions comes from what the state recorded, perhaps long ago, and from what the configuration says now.
Where the two contradict each other, that order gives way: a graph with a cycle could never be finished.

Blocks of the configuration are operations too: evaluating a local, or putting together what references to a
resource give once all its instances are written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.address import static_address
from engine.graph.build import needed_by_providers
from engine.plan.changes import Action, Change, Plan

if TYPE_CHECKING:
    import networkx

    from engine.graph.build import Graph

Kind = Literal["evaluate", "write", "delete", "forget"]


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


def build_operations(graph: "Graph", plan: Plan, nodes: set[str] | None = None) -> "networkx.DiGraph[Operation]":
    """Return the operations of `plan`. An edge a -> b says that b comes after a.

    `nodes` are the blocks that the plan is about, None when it is about all.
    """
    import networkx

    operations: networkx.DiGraph[Operation] = networkx.DiGraph()
    wanted = needed_by_providers(graph) if plan.destroy else graph.nodes if nodes is None else nodes
    blocks = {node: Operation("evaluate", node) for node in graph if node in wanted}
    operations.add_nodes_from(blocks.values())
    operations.add_edges_from(
        (blocks[needed], blocks[node]) for needed, node in graph.edges if needed in blocks and node in blocks
    )
    deletes: dict[str, list[Operation]] = {}
    for change in plan.changes:
        name, block = change.name, static_address(str(change.address.resource))
        write = _writes(change)
        if write:
            operation = Operation("write", name, change)
            operations.add_edges_from((blocks[needed], operation) for needed in graph.predecessors(block))
            operations.add_edge(operation, blocks[block])
        if change.action is Action.FORGET:
            operations.add_node(Operation("forget", name, change))
        if change.action is Action.DELETE or change.action.replaces:
            operation = Operation("delete", name, change)
            deletes.setdefault(block, []).append(operation)
            provider = f"provider.{change.provider}"
            operations.add_edge(blocks.get(provider, Operation("evaluate", provider)), operation)
            if change.action is Action.DELETE_THEN_CREATE:
                operations.add_edge(operation, Operation("write", name, change))
            elif change.action is Action.CREATE_THEN_DELETE:
                operations.add_edge(Operation("write", name, change), operation)
    _add_where_possible(operations, list(_wishes(plan.changes, deletes)))
    return operations


def _writes(change: Change) -> bool:
    return change.action in (Action.CREATE, Action.UPDATE, Action.READ) or change.action.replaces


Wish = tuple[Operation, Operation]
"""What should come before what, as far as that is possible."""


def _wishes(changes: Iterable[Change], deletes: dict[str, list[Operation]]) -> Iterator[tuple[int, Wish]]:
    """Yield the order of deletions, each part with its weight: an object goes only after whatever depends on it has
    gone, or has been written to do without it.
    """
    for change in changes:
        name = change.name
        for needed in change.dependencies:
            for gone in deletes.get(needed, ()):
                if change.action is Action.DELETE or change.action.replaces:
                    yield 2, (Operation("delete", name, change), gone)
                made_again = gone.change is not None and gone.change.action is Action.DELETE_THEN_CREATE
                if _writes(change) and not made_again:
                    replaced = gone.change is not None and gone.change.action is Action.CREATE_THEN_DELETE
                    yield 1 if replaced else 0, (Operation("write", name, change), gone)


def _add_where_possible(operations: "networkx.DiGraph[Operation]", wishes: list[tuple[int, Wish]]) -> None:
    """Add the edges of `wishes`; of those that would have operations wait for each other, leave out the lightest."""
    import networkx

    wishes = [
        (weight, edge) for weight, edge in wishes if edge[0] != edge[1] and not operations.has_edge(*edge)
    ]  # an edge that is there already is no wish
    operations.add_edges_from(edge for _, edge in wishes)
    for light in (0, 1, 2):
        knots = [knot for knot in networkx.strongly_connected_components(operations) if len(knot) > 1]
        for knot in knots:
            operations.remove_edges_from(
                (before, after)
                for weight, (before, after) in wishes
                if weight == light and before in knot and after in knot
            )
        if not knots:
            return
