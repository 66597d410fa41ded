"""Go through a graph: in order, or concurrently with every node after those it needs."""

from collections.abc import Awaitable, Callable, Hashable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import networkx

Node = TypeVar("Node", bound=Hashable)


def order(graph: "networkx.DiGraph[Node]") -> list[Node]:
    """Return the nodes, each after those it needs. The graph has no cycles."""
    import networkx

    return list(networkx.topological_sort(graph))


async def walk(
    graph: "networkx.DiGraph[Node]", visit: Callable[[Node], Awaitable[bool]], parallelism: int
) -> set[Node]:
    """Visit every node after those it needs, `parallelism` at a time; return the nodes that were not visited.

    When `visit` returns False, nothing that needs the node is visited; everything else is. An exception ends the
    walk: what is being visited is cancelled.
    """
    import asyncio

    waiting = {node: graph.in_degree(node) for node in graph}
    ready: asyncio.Queue[Node | None] = asyncio.Queue()
    skipped: set[Node] = set()
    remaining = len(waiting)

    def settle(node: Node, *, done: bool) -> None:
        nonlocal remaining
        todo = [(node, done)]
        while todo:
            settled, successful = todo.pop()
            remaining -= 1
            for dependent in graph.successors(settled):
                if not successful:
                    skipped.add(dependent)
                waiting[dependent] -= 1
                if waiting[dependent] == 0:
                    if dependent in skipped:
                        todo.append((dependent, False))
                    else:
                        ready.put_nowait(dependent)
        if remaining == 0:
            for _ in range(parallelism):
                ready.put_nowait(None)

    async def work() -> None:
        while (node := await ready.get()) is not None:
            settle(node, done=await visit(node))

    if not remaining:
        return skipped
    for node, needs in waiting.items():
        if needs == 0:
            ready.put_nowait(node)
    async with asyncio.TaskGroup() as group:
        for _ in range(parallelism):
            group.create_task(work())
    return skipped
