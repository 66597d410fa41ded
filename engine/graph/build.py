"""Configuration to a graph of its blocks. An edge a -> b says that b needs a."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.config.model import Import, Module, ModuleCall, Place, ResourceBlock, Rule
from engine.config.traversals import names_of
from engine.diagnostics import Diagnostics, SourceRange, error
from engine.graph.resolve import closing, resolve
from engine.syntax.expression import Expression
from engine.syntax.references import Reference, Traversal, references, traversals

if TYPE_CHECKING:
    import networkx

    Graph = networkx.DiGraph[str]


_MANY = 20  # blocks of a cycle that a message names; nobody reads on, and there may be thousands


def build_graph(root: Module, found: Diagnostics) -> "Graph":
    """Return who needs whom among the blocks of all modules; wrong references are added to `found`.

    A node is called as `Place.node` says and carries, as `block`, the `Node` behind its name. Each edge keeps, as
    `range`, the text of the first reference that makes it, and `explicit` when that stands in `depends_on`.
    """
    import networkx

    graph: Graph = networkx.DiGraph()
    for place in root.places():
        if place.caller is not None:
            graph.add_node(closing(place.path), block=Node(place, "close", place.path))
        if place.caller is not None and place.caller.path:
            _connect(graph, closing(place.path), closing(place.caller.path), None)
        for uses in _uses(place):
            block, scope = uses.block, uses.scope
            node = place.node(block)
            graph.add_node(node, block=_node(place, block))
            for expression in uses.expressions:
                for reference in references(expression):
                    with found.collecting():
                        for needed in resolve(reference, scope.module, uses.allowed, uses.check):
                            if needed != block or not uses.of_itself:
                                _connect(graph, scope.node(needed), node, reference.range, explicit=uses.explicit)
                        if uses.explicit:
                            _check_whole(reference)
                            for needed in _inside(reference, scope):
                                _connect(graph, needed, node, reference.range, explicit=True)
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
    for imported in root.imports:
        _connect_import(graph, root, imported, found)
    return graph


def all_references(root: Module) -> Iterator[tuple[Place, Expression, Traversal]]:
    """Yield each reference in all modules, with the expression it stands in and the module it is looked up in."""
    for place in root.places():
        for uses in _uses(place):
            for expression in uses.expressions:
                for traversal in traversals(expression):
                    yield uses.scope, expression, traversal


def _inside(reference: Reference, scope: Place) -> Iterator[str]:
    """Yield the resources in a module that `depends_on` names: what depends on a module does so on all in it."""
    names = reference.names
    if names[0] == "module" and len(names) > 1 and names[1] in scope.module.children:
        todo = [(scope.node(f"module.{names[1]}"), scope.module.children[names[1]])]
        while todo:
            path, module = todo.pop()
            yield from (f"{path}.{address}" for address in module.resources)
            todo.extend((f"{path}.module.{name}", child) for name, child in module.children.items())


def _check_whole(reference: Reference) -> None:
    """Report an entry of `depends_on` that names less than a whole block."""
    names = reference.names
    whole = 3 if names[0] in ("data", "ephemeral") else 2
    if len(names) > whole and names[0] not in ("each", "count", "self", "path", "terraform", "module"):
        detail = "References in depends_on must be to a whole object (resource, etc), not to an attribute of an object."
        start = reference.range.start + len(".".join(names[:whole]))
        where = SourceRange(reference.range.file, start, start + 1 + len(names[whole]))
        raise error("Invalid depends_on reference", detail, where)


def _connect_import(graph: "Graph", root: Module, imported: Import, found: Diagnostics) -> None:
    """Let the resource that an import is for need what the import refers to."""
    target = ".".join(names_of(imported.target))
    if target not in graph:
        return  # which the plan reports
    repetition = ("each",) if imported.for_each is not None else ()
    for expression in (imported.id, imported.for_each):
        for reference in references(expression) if expression is not None else ():
            with found.collecting():
                for needed in resolve(reference, root, repetition):
                    if needed != target:
                        _connect(graph, needed, target, reference.range)


@dataclass(frozen=True, slots=True)
class Node:
    """The block behind a node.

    `kind` is var, local, output, provider, resource, check, module or, when all in a module is done, close.
    """

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


def _connect(graph: "Graph", needed: str, node: str, where: SourceRange | None, *, explicit: bool = False) -> None:
    if not graph.has_edge(needed, node):
        graph.add_edge(needed, node, range=where, explicit=explicit)
    elif explicit:
        graph.edges[needed, node]["explicit"] = True


@dataclass(frozen=True, slots=True)
class _Uses:
    """Expressions of one block, and what they may refer to.

    `scope` is the module that their names are looked up in. `of_itself` says that the block may refer to itself.
    """

    block: str
    scope: Place
    expressions: Sequence[Expression]
    allowed: tuple[str, ...] = ()
    check: str = ""
    of_itself: bool = False
    explicit: bool = False


def _uses(place: Place) -> Iterator[_Uses]:
    """Yield the expressions of each block of a module; a called module and its variables are written in the caller."""
    module, caller, call = place.module, place.caller, place.call
    if caller is not None and call is not None:
        outside = [expression for expression in (call.count, call.for_each) if expression is not None]
        yield _Uses("", caller, outside)
        yield _Uses("", caller, call.depends_on, explicit=True)
        repetition = _repetition(call)
        for name in module.variables:
            given = call.arguments.get(name)
            yield _Uses(f"var.{name}", caller, [given.expression] if given else [], repetition)
    else:
        for name in module.variables:
            yield _Uses(f"var.{name}", place, [])
    for name, variable in module.variables.items():
        if variable.validations:
            yield _Uses(f"var.{name}", place, _parts(variable.validations), of_itself=True)
    for name, local in module.locals.items():
        yield _Uses(f"local.{name}", place, [local.expression])
    for name, provider in module.providers.items():
        yield _Uses(f"provider.{name}", place, [argument.expression for argument in provider.arguments.values()])
    for address, block in module.resources.items():
        yield from _uses_of_resource(address, block, place)
    for name, check in module.checks.items():
        yield _Uses(f"check.{name}", place, _parts(check.assertions), check=name)
    for name, output in module.outputs.items():
        yield _Uses(f"output.{name}", place, [output.expression])
        if output.preconditions:
            yield _Uses(f"output.{name}", place, _parts(output.preconditions))
        if output.depends_on:
            yield _Uses(f"output.{name}", place, output.depends_on, explicit=True)


def _uses_of_resource(address: str, block: ResourceBlock, place: Place) -> Iterator[_Uses]:
    repetition, check, lifecycle = _repetition(block), block.check, block.lifecycle
    yield _Uses(address, place, [argument.expression for argument in block.arguments.values()], repetition, check)
    outside = [expression for expression in (block.count, block.for_each) if expression is not None]
    if outside:
        yield _Uses(address, place, outside, (), check)
    if block.depends_on:
        yield _Uses(address, place, block.depends_on, (), check, explicit=True)
    if lifecycle.replace_triggered_by:
        yield _Uses(address, place, lifecycle.replace_triggered_by, repetition)
    if lifecycle.preconditions:
        yield _Uses(address, place, _parts(lifecycle.preconditions), repetition, check)
    if lifecycle.postconditions:
        yield _Uses(address, place, _parts(lifecycle.postconditions), (*repetition, "self"), check, of_itself=True)
    for provisioner in block.provisioners:
        inside = [argument.expression for argument in provisioner.arguments.values()]
        yield _Uses(address, place, inside, (*repetition, "self"), of_itself=True)


def _parts(rules: Sequence[Rule]) -> list[Expression]:
    return [part for rule in rules for part in (rule.condition, rule.error_message)]


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
                is_local = block_of(graph, node).kind == "local"
                summary = "Self-referencing local value" if is_local else "Self-referential block"
                detail = f"Configuration for {node} may not refer to itself."
                found.extend(error(summary, detail, where).diagnostics)
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
        shown_names = [_name_in_cycle(graph, node) for node in sorted(component)[:_MANY]]
        names = ", ".join(shown_names) + (", ..." if len(component) > _MANY else "")
        found.extend(error(f"Cycle: {names}", detail).diagnostics)


def _name_in_cycle(graph: "Graph", node: str) -> str:
    """Return the name of a step of a cycle. The root module's variables need something only for their rules."""
    block = block_of(graph, node)
    return f"{node} (validation)" if block.kind == "var" and not block.place.path else shown_name(graph, node)


def shown_name(graph: "Graph", node: str) -> str:
    """Return the name of a node as Terraform's messages and drawings have it."""
    block = block_of(graph, node)
    if block.kind in ("local", "output", "module", "check") or (block.kind == "var" and block.place.path):
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
                if _is_read_only(graph, before):
                    todo.append(before)
            elif kind != "provider":
                todo.append(before)
    return sorted(needed)


def _is_read_only(graph: "Graph", node: str) -> bool:
    block = block_of(graph, node)
    return not block.place.module.resources[block.name].is_managed


MOST_DEPENDENCIES = 512
"""How many resources a record names that its object needs indirectly; beyond, only those that it needs directly.

With all of them, the state of a long chain would grow with the square of its length.
"""


def recorded_dependencies(graph: "Graph") -> dict[str, tuple[str, ...]]:
    """Return for each resource block the resource blocks that it needs, directly or not, as the state records them."""
    import networkx

    below: dict[str, frozenset[str]] = {}  # what a node brings along to whoever needs it
    found: dict[str, tuple[str, ...]] = {}
    nothing: frozenset[str] = frozenset()
    for node in networkx.topological_sort(graph):
        kind = block_of(graph, node).kind
        parts = [below[before] for before in graph.predecessors(node)]
        parts = [part for part in parts if part]
        needed = parts[0] if len(parts) == 1 else nothing.union(*parts)
        if kind == "provider":
            needed = nothing
        below[node] = needed
        if kind == "resource":
            if len(needed) > MOST_DEPENDENCIES:
                needed = frozenset(resource_dependencies(graph, node))
            found[node] = tuple(sorted(needed))
            below[node] = needed | {node}
    return found


def explicit_dependencies(graph: "Graph", node: str) -> list[str]:
    """Return the resource blocks that `depends_on` makes `node` need, its own and those of the modules around it."""
    needed: set[str] = set()
    modules = [node]
    while modules:
        current = modules.pop()
        for before in graph.predecessors(current):
            kind = block_of(graph, before).kind
            if kind == "module":
                modules.append(before)
            elif graph.edges[before, current]["explicit"]:
                needed.update([before] if kind == "resource" else resource_dependencies(graph, before))
    return sorted(needed)


def block_of(graph: "Graph", node: str) -> Node:
    """Return the block behind a node."""
    found: Node = graph.nodes[node]["block"]
    return found
