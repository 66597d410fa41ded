"""Graphs in the DOT language, as Terraform writes them, and as Mermaid flowcharts, which Markdown pages show."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from engine.address import parse_instance

if TYPE_CHECKING:
    from engine.graph.drawing import Drawing

_EMPTY = (
    "  /* This configuration does not contain any resources.   */\n"
    "  /* For a more detailed graph, try: rtf graph -type=plan */\n"
)
_MARKED = ' [color = "red", penwidth = "2.0"]'


def resources_dot(drawing: "Drawing") -> str:
    """Return resources and their order as DOT, with a frame around the resources of each module."""
    lines = ["digraph G {", '  rankdir = "RL";', '  node [shape = rect, fontname = "sans-serif"];']
    if not drawing:
        return "\n".join(lines) + f"\n{_EMPTY}}}\n"
    for module, nodes in _by_module(drawing):
        indent = "    " if module else "  "
        if module:
            lines += [f"  subgraph {_quoted(f'cluster_{module}')} {{", f"    label = {_quoted(module)}"]
            lines.append('    fontname = "sans-serif"')
        lines += [f"{indent}{_quoted(node)} [label={_quoted(_without(module, node))}];" for node in nodes]
        if module:
            lines.append("  }")
    order = {node: place for place, node in enumerate(node for _, nodes in _by_module(drawing) for node in nodes)}
    edges = sorted(drawing.edges, key=lambda edge: (order[edge[0]], order[edge[1]]))
    lines += [f"  {_quoted(begin)} -> {_quoted(end)};" for begin, end in edges]
    return "\n".join(lines) + "\n}\n"


def operations_dot(drawing: "Drawing", marked: Iterable[set[str]] = ()) -> str:
    """Return everything that a run goes through as DOT; edges inside of the `marked` groups of nodes are red."""
    lines = ["digraph {", '\tcompound = "true"', '\tnewrank = "true"', '\tsubgraph "root" {']
    for node in sorted(drawing):
        data = drawing.nodes[node]
        if "shape" in data:
            lines.append(
                f"\t\t{_quoted(f'[root] {node}')} [label = {_quoted(data['label'])}, shape = {_quoted(data['shape'])}]"
            )
    groups = list(marked)
    for begin, end in sorted(drawing.edges):
        mark = _MARKED if any(begin in group and end in group for group in groups) else ""
        lines.append(f"\t\t{_quoted(f'[root] {begin}')} -> {_quoted(f'[root] {end}')}{mark}")
    return "\n".join(lines) + "\n\t}\n}\n"


def mermaid(drawing: "Drawing", marked: Iterable[set[str]] = (), *, framed: bool = True) -> str:
    """Return a drawing as a Mermaid flowchart, `framed` by module; edges inside of `marked` groups are thick."""
    numbers = {node: f"n{number}" for number, node in enumerate(sorted(drawing))}
    lines = ["flowchart RL"]
    modules = _by_module(drawing) if framed else [("", sorted(drawing))]
    for number, (module, nodes) in enumerate(modules):
        indent = "    " if module else "  "
        if module:
            lines.append(f'  subgraph m{number}["{_entities(module)}"]')
        lines += [f'{indent}{numbers[node]}["{_entities(_without(module, node))}"]' for node in nodes]
        if module:
            lines.append("  end")
    groups = list(marked)
    for begin, end in sorted(drawing.edges):
        arrow = "==>" if any(begin in group and end in group for group in groups) else "-->"
        lines.append(f"  {numbers[begin]} {arrow} {numbers[end]}")
    return "\n".join(lines) + "\n"


def _by_module(drawing: "Drawing") -> Iterator[tuple[str, list[str]]]:
    """Yield each module's path with its nodes, the root module's first; nodes that are no resources count to it."""
    modules: dict[str, list[str]] = {"": []}
    for node in sorted(drawing):
        address = parse_instance(node)
        modules.setdefault(address.resource.module if address else "", []).append(node)
    yield from sorted(modules.items())


def _without(module: str, node: str) -> str:
    return node.removeprefix(f"{module}.") if module else node


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _entities(text: str) -> str:
    """Return a text with what Mermaid would take for its own signs written as entities."""
    return text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
