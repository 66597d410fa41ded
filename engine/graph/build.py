"""Configuration to a graph of its blocks. An edge a -> b says that b needs a."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.config.model import Module, ModuleCall, Place, ResourceBlock
from engine.diagnostics import Diagnostics, SourceRange, error
from engine.graph.resolve import closing, resolve
from engine.syntax.expression import Expression
from engine.syntax.references import references

if TYPE_CHECKING:
    import networkx

    Graph = networkx.DiGraph[str]


_MANY = 20  # blocks of a cycle that a message names; nobody reads on, and there may be thousands


def build_graph(root: Module, found: Diagnostics) -> "Graph":
    """Return who needs whom among the blocks of all modules; wrong references are added to `found`.

    A node is called as `Place.node` says and carries, as `block`, the `Node` behind its name. Each edge keeps, as
    `range`, the text of the first reference that makes it.
    """
    import networkx

    graph: Graph = networkx.DiGraph()
    for place in root.places():
        if place.caller is not None:
            graph.add_node(closing(place.path), block=Node(place, "close", place.path))
        if place.caller is not None and place.caller.path:
            _connect(graph, closing(place.path), closing(place.caller.path), None)
        for block, scope, expressions, repetition in _blocks(place):
            node = place.node(block)
            graph.add_node(node, block=_node(place, block))
            for expression in expressions:
                for reference in references(expression):
                    with found.collecting():
                        for needed in resolve(reference, scope.module, repetition):
                            if needed != block or not block.startswith("var."):  # a variable's rules speak of it
                                _connect(graph, scope.node(needed), node, reference.range)
            around = scope.path if not block else place.path
            if around:
                _connect(graph, around, node, None)
            if place.path:
                _connect(graph, node, closing(place.path), None)
        for address, resource in place.module.resources.items():
            provider = f"provider.{place.provider_of(resource.provider)}"
            _connect(graph, provider, place.node(address), resource.range)
            name = provider.partition(".")[2]
            graph.nodes[provider].setdefault("block", Node(Place("", root, None, None), "provider", name))
    return graph


@dataclass(frozen=True, slots=True)
class Node:
    """The block behind a node. `kind` is var, local, output, provider, resource, module or, when all is done, close."""

    place: Place
    kind: str
    name: str


def _node(place: Place, block: str) -> Node:
    if not block:
        return Node(place, "module", place.path)
    if block in place.module.resources:
        return Node(place, "resource", block)
    kind, _, name = block.partition(".")
    return Node(place, kind, name)


def _connect(graph: "Graph", needed: str, node: str, where: SourceRange | None) -> None:
    if not graph.has_edge(needed, node):
        graph.add_edge(needed, node, range=where)


_Block = tuple[str, Place, list[Expression], tuple[str, ...]]


def _blocks(place: Place) -> Iterator[_Block]:
    """Yield each block of a module: name, the place its references start from, expressions, own repetition.

    The variables of a called module, and the module itself, are written in the caller.
    """
    module, caller, call = place.module, place.caller, place.call
    if caller is not None and call is not None:
        outside = [expression for expression in (call.count, call.for_each) if expression is not None]
        yield "", caller, [*outside, *call.depends_on], ()
        repetition = _repetition(call)
        for name in module.variables:
            given = call.arguments.get(name)
            yield f"var.{name}", caller, [given.expression] if given else [], repetition
    else:
        for name in module.variables:
            yield f"var.{name}", place, [], ()
    for name, variable in module.variables.items():
        rules = variable.validations
        yield f"var.{name}", place, [part for rule in rules for part in (rule.condition, rule.error_message)], ()
    for name, local in module.locals.items():
        yield f"local.{name}", place, [local.expression], ()
    for name, provider in module.providers.items():
        yield f"provider.{name}", place, [argument.expression for argument in provider.arguments.values()], ()
    for address, block in module.resources.items():
        yield address, place, [argument.expression for argument in block.arguments.values()], _repetition(block)
        outside = [expression for expression in (block.count, block.for_each) if expression is not None]
        yield address, place, [*outside, *block.depends_on], ()
    for name, output in module.outputs.items():
        yield f"output.{name}", place, [output.expression, *output.depends_on], ()


def _repetition(block: ResourceBlock | ModuleCall) -> tuple[str, ...]:
    return ("count",) if block.count is not None else ("each",) if block.for_each is not None else ()


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
        shown_names = [shown_name(graph, node) for node in sorted(component)[:_MANY]]
        names = ", ".join(shown_names) + (", ..." if len(component) > _MANY else "")
        found.extend(error(f"Cycle: {names}", detail, _range(graph, *way[0])).diagnostics)


def shown_name(graph: "Graph", node: str) -> str:
    """Return the name of a node as Terraform's messages and drawings have it."""
    block = block_of(graph, node)
    if block.kind in ("local", "output", "module") or (block.kind == "var" and block.place.path):
        return f"{node} (expand)"
    return node


def has_cycles(graph: "Graph") -> bool:
    """Return whether there is no order in which every block comes after those it needs."""
    import networkx

    return not networkx.is_directed_acyclic_graph(graph)


def _range(graph: "Graph", needed: str, dependent: str) -> SourceRange | None:
    found: SourceRange | None = graph.edges[needed, dependent]["range"]
    return found


def needed_by_providers(graph: "Graph") -> set[str]:
    """Return the provider configurations and everything that one of them needs."""
    import networkx

    providers = {node for node in graph if node.startswith("provider.")}  # only the root module has them
    return providers.union(*(networkx.ancestors(graph, node) for node in providers))


def resource_dependencies(graph: "Graph", node: str) -> list[str]:
    """Return the resource blocks that `node` needs, directly or through other blocks, sorted."""
    needed: set[str] = set()
    seen = {node}
    todo = [node]
    while todo:
        for before in graph.predecessors(todo.pop()):
            if before in seen:
                continue
            seen.add(before)
            kind = block_of(graph, before).kind
            if kind == "resource":
                needed.add(before)
            elif kind != "provider":
                todo.append(before)
    return sorted(needed)


def block_of(graph: "Graph", node: str) -> Node:
    """Return the block behind a node."""
    found: Node = graph.nodes[node]["block"]
    return found
