"""Configuration to a graph of its blocks. An edge a -> b says that b needs a."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.config.model import Module
from engine.diagnostics import Diagnostics, SourceRange, error
from engine.graph.resolve import resolve
from engine.syntax.expression import Expression
from engine.syntax.references import references

if TYPE_CHECKING:
    import networkx

    Graph = networkx.DiGraph[str]


_MANY = 20  # blocks of a cycle that a message names; nobody reads on, and there may be thousands


def build_graph(module: Module, found: Diagnostics) -> "Graph":
    """Return who needs whom among the blocks of `module`; wrong references are added to `found`.

    Each edge keeps, as `range`, the text of the first reference that makes it.
    """
    import networkx

    graph: Graph = networkx.DiGraph()
    graph.add_nodes_from(f"var.{name}" for name in module.variables)
    for node, expressions, repetition in _expressions(module):
        graph.add_node(node)
        for expression in expressions:
            for reference in references(expression):
                with found.collecting():
                    needed = resolve(reference, module, repetition)
                    if needed is not None and not graph.has_edge(needed, node):
                        graph.add_edge(needed, node, range=reference.range)
    for address, block in module.resources.items():
        graph.add_edge(f"provider.{block.provider}", address, range=block.range)
    return graph


def _expressions(module: Module) -> Iterator[tuple[str, list[Expression], tuple[str, ...]]]:
    """Yield each block with its expressions and with what it may say of its own repetition."""
    for name, local in module.locals.items():
        yield f"local.{name}", [local.expression], ()
    for name, provider in module.providers.items():
        yield f"provider.{name}", [argument.expression for argument in provider.arguments.values()], ()
    for address, block in module.resources.items():
        inside = [argument.expression for argument in block.arguments.values()]
        repetition = ("count",) if block.count is not None else ("each",) if block.for_each is not None else ()
        yield address, inside, repetition
        outside = [expression for expression in (block.count, block.for_each) if expression is not None]
        yield address, [*outside, *block.depends_on], ()
    for name, output in module.outputs.items():
        yield f"output.{name}", [output.expression, *output.depends_on], ()


def check_cycles(graph: "Graph", found: Diagnostics) -> None:
    """Report each way round: blocks that need each other, with the place of every reference on the way."""
    import networkx

    for component in networkx.strongly_connected_components(graph):
        if len(component) == 1:
            (node,) = component
            if graph.has_edge(node, node):
                where = _range(graph, node, node)
                detail = f"Configuration for {node} may not refer to itself."
                found.extend(error("Self-referential block", detail, where).diagnostics)
            continue
        way = networkx.find_cycle(graph.subgraph(component))  # the whole graph would take far too long
        shown = list(reversed(way))[:_MANY]
        steps = [
            f"  {dependent} refers to {needed} at {_range(graph, needed, dependent)}" for needed, dependent in shown
        ]
        if len(way) > len(shown):
            steps.append(f"  and so on, through {len(way) - len(shown)} more")
        detail = (
            "These blocks need each other, so none can be made first:\n"
            + "\n".join(steps)
            + "\nTake away one of these references."
        )
        names = ", ".join(sorted(component)[:_MANY]) + (", ..." if len(component) > _MANY else "")
        found.extend(error(f"Cycle: {names}", detail, _range(graph, *way[0])).diagnostics)


def has_cycles(graph: "Graph") -> bool:
    """Return whether there is no order in which every block comes after those it needs."""
    import networkx

    return not networkx.is_directed_acyclic_graph(graph)


def _range(graph: "Graph", needed: str, dependent: str) -> SourceRange:
    found: SourceRange = graph.edges[needed, dependent]["range"]
    return found


def needed_by_providers(graph: "Graph") -> set[str]:
    """Return the provider configurations and everything that one of them needs."""
    import networkx

    providers = {node for node in graph if node.startswith("provider.")}
    return providers.union(*(networkx.ancestors(graph, node) for node in providers))


def resource_dependencies(graph: "Graph", node: str, module: Module) -> list[str]:
    """Return the resource blocks that `node` needs, directly or through locals, sorted."""
    needed: set[str] = set()
    seen = {node}
    todo = [node]
    while todo:
        for before in graph.predecessors(todo.pop()):
            if before in seen:
                continue
            seen.add(before)
            if before in module.resources:
                needed.add(before)
            elif not before.startswith("provider."):
                todo.append(before)
    return sorted(needed)
