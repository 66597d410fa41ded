import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any, TypeVar

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.graph.walk import order, walk

Result = TypeVar("Result")


def in_time(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work`, and fail instead of waiting for ever when it does not end."""

    async def run() -> Result:
        return await asyncio.wait_for(work, 30)

    return asyncio.run(run())


@st.composite
def graphs(draw: st.DrawFn) -> "networkx.DiGraph[int]":
    count = draw(st.integers(0, 12))
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(count))
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    graph.add_edges_from(draw(st.lists(st.sampled_from(pairs), max_size=30)) if pairs else [])
    return graph


@settings(max_examples=60, deadline=None)
@given(graphs(), st.integers(1, 4), st.sets(st.integers(0, 11)))
def test_every_node_is_visited_once_after_those_it_needs_unless_one_of_them_failed(
    graph: "networkx.DiGraph[int]", parallelism: int, failing: set[int]
) -> None:
    done: list[int] = []
    at_work: Counter[str] = Counter()

    async def visit(node: int) -> bool:
        assert set(graph.predecessors(node)) <= set(done) - failing
        at_work["now"] += 1
        assert at_work["now"] <= parallelism
        await asyncio.sleep(0)
        at_work["now"] -= 1
        done.append(node)
        return node not in failing

    skipped = in_time(walk(graph, visit, parallelism))
    dead = {node for failed in failing & set(graph) for node in networkx.descendants(graph, failed)}
    assert skipped == dead
    assert sorted(done) == sorted(set(graph) - dead)


def test_an_exception_ends_the_walk_and_cancels_what_is_being_visited() -> None:
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(["slow", "broken"])
    ended: list[str] = []

    async def visit(node: str) -> bool:
        if node == "broken":
            raise LookupError(node)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(node)
        return True

    with pytest.raises(ExceptionGroup) as caught:
        in_time(walk(graph, visit, 2))
    assert [type(problem) for problem in caught.value.exceptions] == [LookupError]
    assert ended == ["slow"]


def test_a_long_chain_that_fails_at_once_is_skipped_without_recursion() -> None:
    graph = networkx.path_graph(20_000, create_using=networkx.DiGraph)

    async def visit(node: int) -> bool:
        return False

    assert len(in_time(walk(graph, visit, 3))) == 19_999


def test_order_follows_the_edges() -> None:
    assert order(networkx.DiGraph([("b", "a"), ("c", "b")])) == ["c", "b", "a"]
