"""Graphs as Terraform draws them: the resources and their order, or everything that a kind of run goes through.

An edge a -> b says that a comes after b, as in the DOT that Terraform writes. A node carries `label`, and `shape` when
it is drawn with one: box for resources, diamond for providers, note for variables. What a saved plan adds is the
affair of `apply.drawing`, and how drawings are written down that of the views.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from engine.address import static_address, written_key
from engine.config.model import Module
from engine.diagnostics import Diagnostics
from engine.graph.build import Node, block_of, shown_name
from engine.graph.resolve import closing, resolve
from engine.syntax.references import references
from state.snapshot import Snapshot

if TYPE_CHECKING:
    import networkx

    from engine.graph.build import Graph

    Drawing = networkx.DiGraph[str]

ProviderName = Callable[[str], str]
"""Return how a provider configuration is drawn: `provider["terraform.io/builtin/terraform"].eu`."""


def resource_drawing(graph: "Graph", snapshot: Snapshot) -> "Drawing":
    """Return the resources, configured or recorded, each with those that it needs directly."""
    import networkx

    drawing: Drawing = networkx.DiGraph()
    drawing.add_nodes_from(node for node in graph if block_of(graph, node).kind == "resource")
    drawing.add_nodes_from(static_address(address) for address in snapshot.resources)
    for node in list(drawing):
        drawing.add_edges_from((node, needed) for needed in _nearest_resources(graph, node))
    return without_detours(drawing)


def _nearest_resources(graph: "Graph", node: str) -> Iterator[str]:
    seen = {node}
    todo = [node] if node in graph else []
    while todo:
        for needed in graph.predecessors(todo.pop()):
            if needed in seen:
                continue
            seen.add(needed)
            if block_of(graph, needed).kind == "resource":
                yield needed
            else:
                todo.append(needed)


def configuration_drawing(graph: "Graph", provider_name: ProviderName) -> "Drawing":
    """Return every block that a plan or an apply goes through, as far as the configuration tells."""
    import networkx

    drawing: Drawing = networkx.DiGraph()
    names = _drawn_names(graph, provider_name)
    for node, name in names.items():
        block = block_of(graph, node)
        if block.kind == "resource":
            drawing.add_node(name, label=node, shape="box")
        elif block.kind == "provider":
            drawing.add_node(name, label=name, shape="diamond")
        elif block.kind == "var" and not block.place.path:
            drawing.add_node(name, label=name, shape="note")
        else:
            drawing.add_node(name)
    checked = {node: f"{node} (validation)" for node in names if _has_rules(block_of(graph, node))}
    for node, name in names.items():
        own = _needed_by_value(block_of(graph, node)) if node in checked else None
        for needed in graph.predecessors(node):
            if needed in names:
                begin = name if own is None or needed in own else checked[node]
                drawing.add_edge(begin, checked.get(needed, names[needed]))
        if node in checked:
            drawing.add_edge(checked[node], name)
        if block_of(graph, node).kind == "provider":
            users = [names[user] for user in graph.successors(node) if block_of(graph, user).kind == "resource"]
            drawing.add_edges_from((closed(name), user) for user in users)
    return drawing


def _drawn_names(graph: "Graph", provider_name: ProviderName) -> dict[str, str]:
    """Return the name in the drawing of every node that has one: provider configurations only when they are used."""
    names: dict[str, str] = {}
    for node in graph:
        block = block_of(graph, node)
        if block.kind == "resource":
            names[node] = f"{node} (expand)"
        elif block.kind != "provider":
            names[node] = shown_name(graph, node)
        elif any(block_of(graph, user).kind == "resource" for user in graph.successors(node)):
            names[node] = provider_name(block.name)
    return names


def _has_rules(block: Node) -> bool:
    return block.kind == "var" and bool(block.place.module.variables[block.name].validations)


def _needed_by_value(variable: Node) -> set[str]:
    """Return what the value of a variable needs, without what its rules need."""
    place = variable.place
    if place.caller is None or place.call is None:
        return set()
    needed = {place.path}
    argument = place.call.arguments.get(variable.name)
    for reference in references(argument.expression) if argument is not None else []:
        with Diagnostics().collecting():  # a wrong reference is no part of the graph
            needed.update(
                place.caller.node(name) for name in resolve(reference, place.caller.module, ("each", "count"))
            )
    return needed


def add_of_plan(drawing: "Drawing", graph: "Graph", snapshot: Snapshot) -> None:
    """Add what a plan has besides: recorded objects whose blocks are gone, deposed ones, and the reports of checks."""
    for node in graph:
        found = block_of(graph, node)
        if found.kind == "check":
            drawing.add_edge(f"{node} (expand)", f"{node} (report)")
        elif found.kind == "resource" and (check := found.place.module.resources[found.name].check):
            drawing.add_edge(f"{node} (expand)", f"{found.place.node(f'check.{check}')} (report)")
    for resource in snapshot.resources.values():
        block = static_address(resource.address)
        for key, deposed in resource.instances:
            name = f"{resource.address}{written_key(key)}"
            if deposed is not None:
                add_object(drawing, f"{name} (deposed {deposed})", block, resource.provider)
            elif block not in graph:
                add_object(drawing, f"{name} (orphan)", block, None if resource.mode == "data" else resource.provider)


def add_forgotten(drawing: "Drawing", root: Module, snapshot: Snapshot) -> None:
    """Add the recorded outputs, and the modules of recorded objects, that the configuration no longer has."""
    _add_forgotten_outputs(drawing, root, snapshot)
    modules = {static_address(resource.module) for resource in snapshot.resources.values() if resource.module}
    drawing.add_nodes_from(closing(module) for module in modules)


def _add_forgotten_outputs(drawing: "Drawing", root: Module, snapshot: Snapshot) -> None:
    for name in snapshot.outputs.keys() - root.outputs.keys():
        drawing.add_node(f"output.{name} (destroy)", label=f"output.{name} (destroy)", shape="note")


def destroy_drawing(root: Module, graph: "Graph", snapshot: Snapshot, provider_name: ProviderName) -> "Drawing":
    """Return what planning to destroy everything goes through: recorded objects, each before those that it needs."""
    drawing = needed_for_providers(
        graph, provider_name, {resource.provider for resource in snapshot.resources.values()}
    )
    drawing.add_nodes_from(f"output.{name} (expand)" for name in root.outputs)
    _add_forgotten_outputs(drawing, root, snapshot)
    for resource in snapshot.resources.values():
        block = static_address(resource.address)
        for (key, deposed), instance in resource.instances.items():
            name = f"{block} (destroy)"
            if deposed is not None:
                name = f"{resource.address}{written_key(key)} (deposed {deposed})"
            add_object(drawing, name, block, resource.provider)
            for needed in instance.dependencies if deposed is None else ():
                if needed != block and _is_recorded(needed, snapshot):
                    drawing.add_edge(f"{needed} (destroy)", name)
    return drawing


def _is_recorded(block: str, snapshot: Snapshot) -> bool:
    return any(static_address(address) == block for address in snapshot.resources)


def needed_for_providers(graph: "Graph", provider_name: ProviderName, used: set[str]) -> "Drawing":
    """Return the part of the configuration without which the providers in `used` could not be set up."""
    import networkx

    whole = configuration_drawing(graph, provider_name)
    wanted: set[str] = set()
    for provider in used.intersection(whole):
        wanted |= {provider, *networkx.descendants(whole, provider)}
    part: Drawing = whole.subgraph(wanted).copy()
    return part


def add_object(drawing: "Drawing", name: str, block: str, provider: str | None) -> None:
    """Add one object of a resource block, which its provider has to be there for."""
    drawing.add_node(name, label=block, shape="box")
    if provider is not None:
        drawing.add_node(provider, label=provider, shape="diamond")
        drawing.add_edge(name, provider)
        drawing.add_edge(closed(provider), name)


def closed(provider: str) -> str:
    """Return the name of the node at which a provider is no longer needed."""
    return f"{provider} (close)"


def finished(drawing: "Drawing") -> "Drawing":
    """Return a drawing with the node that comes after all others, without edges that follow from others."""
    drawing.add_edges_from([("root", node) for node in drawing if node != "root"])
    drawing.add_node("root")
    return without_detours(drawing)


def without_detours(drawing: "Drawing") -> "Drawing":
    """Return a drawing without the edges that follow from others; one with a cycle stays as it is."""
    import networkx

    if not networkx.is_directed_acyclic_graph(drawing):
        return drawing
    reduced: Drawing = networkx.transitive_reduction(drawing)
    reduced.add_nodes_from(drawing.nodes(data=True))
    return reduced


def cycles(drawing: "Drawing") -> list[set[str]]:
    """Return the groups of nodes that come after themselves."""
    import networkx

    groups = networkx.strongly_connected_components(drawing)
    return [group for group in groups if len(group) > 1 or any(drawing.has_edge(node, node) for node in group)]
