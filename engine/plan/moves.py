"""`moved` blocks: recorded objects get the names that the configuration has for them now.

Moves come before everything else of a plan. What is recorded under an old name is filed under the new one; chains of
moves are followed in order. When a block begins or ceases to use `count`, its first instance moves without being told.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from engine.address import (
    InstanceAddress,
    InstanceKey,
    ModuleAddress,
    ResourceAddress,
    parse_module,
    static_address,
)
from engine.config.model import Endpoint, Module, Moved, Place, ResourceBlock
from engine.diagnostics import Diagnostics, error, warning
from state.snapshot import Resource as RecordedResource
from state.snapshot import Snapshot

_Steps = tuple[tuple[str, InstanceKey], ...]


@dataclass(frozen=True, slots=True)
class _Statement:
    """A `moved` block in its module. `names` are the calls that lead to that module."""

    block: Moved
    names: tuple[str, ...]

    @property
    def source(self) -> str:
        """Where the objects were, without keys."""
        return self._static(self.block.source)

    @property
    def target(self) -> str:
        """Where they go, without keys."""
        return self._static(self.block.target)

    def _static(self, end: Endpoint) -> str:
        modules = [*self.names, *(name for name, _ in end.modules)]
        parts = [*(f"module.{name}" for name in modules), *([end.name] if end.name else [])]
        return ".".join(parts)

    def new_address(self, address: InstanceAddress) -> InstanceAddress | None:
        """Return where an object goes, or None when this statement is not about it."""
        steps = parse_module(address.resource.module).steps
        depth = len(self.names)
        if tuple(name for name, _ in steps[:depth]) != self.names:
            return None
        before, inside = steps[:depth], steps[depth:]
        source, target = self.block.source, self.block.target
        if not source.name:
            return _moved_module(address, before, inside, source.modules, target.modules)
        if inside != source.modules or _plain(address.resource) != source.name:
            return None
        key = address.key
        if source.key is not None or target.key is not None:
            if key != source.key:
                return None
            key = target.key
        type, name = target.name.rsplit(".", 2)[-2:]
        module = str(ModuleAddress((*before, *target.modules)))
        return ResourceAddress(type, name, address.resource.mode, module).instance(key)


def _plain(resource: ResourceAddress) -> str:
    return str(replace(resource, module=""))


def _moved_module(
    address: InstanceAddress, before: _Steps, inside: _Steps, source: _Steps, target: _Steps
) -> InstanceAddress | None:
    depth = len(source)
    if len(inside) < depth or inside[: depth - 1] != source[:-1] or inside[depth - 1][0] != source[-1][0]:
        return None
    key = inside[depth - 1][1]
    if source[-1][1] is not None or target[-1][1] is not None:
        if key != source[-1][1]:
            return None
        key = target[-1][1]
    moved = (*before, *target[:-1], (target[-1][0], key), *inside[depth:])
    return replace(address.resource, module=str(ModuleAddress(moved))).instance(address.key)


@dataclass(slots=True)
class Moves:
    """A snapshot after all moves, and where each object that moved was before."""

    snapshot: Snapshot
    previous: dict[InstanceAddress, InstanceAddress] = field(default_factory=dict)


def apply_moves(root: Module, snapshot: Snapshot, found: Diagnostics) -> Moves:
    """Return `snapshot` with its objects under their new names; what is wrong with the statements goes to `found`."""
    statements = [_Statement(moved, _names(place)) for place in root.places() for moved in place.module.moved]
    ordered = _ordered(statements, found)
    _check(statements, root, found)
    moves = Moves(snapshot)
    if found.has_errors:
        return moves
    blocked: list[tuple[InstanceAddress, InstanceAddress]] = []
    for statement in ordered:
        for address in list(_addresses(moves.snapshot, statement)):
            target = statement.new_address(address)
            if target is not None and target != address:
                _move(moves, address, target, blocked)
    for address, target in _implied(root, moves.snapshot, {statement.source for statement in statements}):
        _move(moves, address, target, [])
    if blocked:
        listed = "".join(f"\n  - {address} could not move to {target}" for address, target in blocked)
        detail = (
            "There are moved blocks for these objects, but other objects have the new addresses already:"
            f"{listed}\n\nThey are planned as if they had not moved. Take away one of the two, or use rtf state mv."
        )
        found.add(warning("Unresolved resource instance address changes", detail))
    return moves


def _names(place: Place) -> tuple[str, ...]:
    return tuple(name for name, _ in parse_module(place.path).steps)


def _addresses(snapshot: Snapshot, statement: _Statement) -> Iterator[InstanceAddress]:
    """Yield the current objects that a statement may be about."""
    source = statement.source
    for resource in snapshot.resources.values():
        name = static_address(resource.address)
        if resource.mode != "managed":
            continue
        if name == source if statement.block.source.name else name.startswith(f"{source}."):
            yield from _instances(resource)


def _instances(resource: RecordedResource) -> Iterator[InstanceAddress]:
    address = ResourceAddress(resource.type, resource.name, resource.mode, resource.module)
    for key in dict.fromkeys(instance.index_key for instance in resource.instances.values()):
        yield address.instance(key)


def _move(
    moves: Moves,
    address: InstanceAddress,
    target: InstanceAddress,
    blocked: list[tuple[InstanceAddress, InstanceAddress]],
) -> None:
    """File all objects of an instance, deposed ones too, under another address, unless that is taken."""
    if not moves.previous:
        moves.snapshot = moves.snapshot.copy()
    snapshot = moves.snapshot
    there = snapshot.resources.get(str(target.resource))
    if there is not None and any(instance.index_key == target.key for instance in there.instances.values()):
        blocked.append((address, target))
        return
    resource = snapshot.resources[str(address.resource)]
    new = target.resource
    header = replace(resource.header, type=new.type, name=new.name, module=new.module)
    for instance in [item for item in resource.instances.values() if item.index_key == address.key]:
        snapshot.drop(str(address.resource), instance.index_key, instance.deposed)
        snapshot.put(header, replace(instance, index_key=target.key))
    moves.previous[target] = moves.previous.pop(address, address)


def _implied(root: Module, snapshot: Snapshot, named: set[str]) -> list[tuple[InstanceAddress, InstanceAddress]]:
    """Return the moves that follow from a block's beginning or ceasing to use `count`."""
    blocks = {place.node(name): block for place in root.places() for name, block in place.module.resources.items()}
    moves = []
    for resource in snapshot.resources.values():
        address = ResourceAddress(resource.type, resource.name, resource.mode, resource.module)
        node = static_address(str(address))
        block = blocks.get(node)
        if block is None or resource.mode != "managed" or node in named:
            continue
        keys = {instance.index_key for instance in resource.instances.values()}
        pair = _implied_keys(block)
        if pair is not None and pair[0] in keys and pair[1] not in keys:
            moves.append((address.instance(pair[0]), address.instance(pair[1])))
    return moves


def _implied_keys(block: ResourceBlock) -> tuple[InstanceKey, InstanceKey] | None:
    if block.for_each is not None:
        return None
    return (None, 0) if block.count is not None else (0, None)


def _ordered(statements: Sequence[_Statement], found: Diagnostics) -> list[_Statement]:
    """Return the statements so that chains can be followed: what moves to a name comes before what moves from it."""
    import networkx

    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(len(statements)))
    by_target: dict[str, list[int]] = {}
    for number, statement in enumerate(statements):
        by_target.setdefault(statement.target, []).append(number)
    for number, statement in enumerate(statements):
        for earlier in _chained(statement, by_target):
            if earlier != number and _same_keys(statements[earlier].block.target, statement.block.source):
                graph.add_edge(earlier, number)
    if networkx.is_directed_acyclic_graph(graph):
        return [statements[number] for number in networkx.lexicographical_topological_sort(graph)]
    knots = [sorted(knot) for knot in networkx.strongly_connected_components(graph) if len(knot) > 1]
    for knot in knots:
        listed = "".join(
            f"\n  - {statements[number].block.range}: {statements[number].source} -> {statements[number].target}"
            for number in knot
        )
        detail = f"These moves go round in a circle, so none can be first:{listed}\n\nTake one of them away."
        found.extend(error("Cyclic dependency in move statements", detail).diagnostics)
    return list(statements)


def _chained(statement: _Statement, by_target: dict[str, list[int]]) -> Iterator[int]:
    """Yield the statements whose target is the source of this one, contains it, or lies in it."""
    source = statement.source
    parts = source.split(".")
    for length in range(1, len(parts) + 1):
        yield from by_target.get(".".join(parts[:length]), ())
    if not statement.block.source.name:
        for target, numbers in by_target.items():
            if target.startswith(f"{source}."):
                yield from numbers


def _same_keys(target: Endpoint, source: Endpoint) -> bool:
    """Return whether two ends of the same name may be the same object: not when their keys contradict each other."""
    if target.name and source.name and target.key is not None and source.key is not None:
        return target.key == source.key
    return all(
        one[1] == other[1] or one[1] is None or other[1] is None
        for one, other in zip(target.modules, source.modules, strict=False)
    )


def _check(statements: Iterable[_Statement], root: Module, found: Diagnostics) -> None:
    """Report statements that contradict the configuration or each other."""
    places = {place.path: place for place in root.places()}
    by_source: dict[object, _Statement] = {}
    by_target: dict[object, _Statement] = {}
    for statement in statements:
        block = statement.block
        with found.collecting():
            source, target = _identity(statement, block.source), _identity(statement, block.target)
            if source == target:
                detail = (
                    f"This statement declares a move from {statement.source} to the same address, which is the same as "
                    "not declaring this move at all."
                )
                raise error("Redundant move statement", detail, block.range)
            _check_gone(statement, places)
            if block.source.name and block.target.name:
                _check_types(statement)
            _check_unique(statement, by_source.setdefault(source, statement), "from")
            _check_unique(statement, by_target.setdefault(target, statement), "to")


def _identity(statement: _Statement, end: Endpoint) -> object:
    return (statement.names, end.modules, end.name, end.key)


def _check_unique(statement: _Statement, earlier: _Statement, which: str) -> None:
    if earlier is statement:
        return
    detail = (
        f"A statement at {earlier.block.range} declares another move {which} the same address: {earlier.source} -> "
        f"{earlier.target}. Each resource can move only once, and only one can move to each address."
    )
    raise error("Ambiguous move statements", detail, statement.block.range)


def _check_types(statement: _Statement) -> None:
    types = [end.name.rsplit(".", 2)[-2] for end in (statement.block.source, statement.block.target)]
    if types[0] != types[1]:
        detail = (
            f"This statement declares a move from {types[0]} to {types[1]}, but an object cannot become one of another "
            "type. Remove the old one with a removed block, and import the new one."
        )
        raise error("Resource type mismatch", detail, statement.block.range)


def _check_gone(statement: _Statement, places: dict[str, Place]) -> None:
    """Report a move away from an address that the configuration still has."""
    source = statement.block.source
    path = ".".join(f"module.{name}" for name in (*statement.names, *(name for name, _ in source.modules)))
    place = places.get(path)
    if place is None:
        return
    if not source.name:
        call = place.call
        repeated = call is not None and (call.count is not None or call.for_each is not None)
        still = call.range if call is not None and _has_key(repeated, source.modules[-1][1]) else None
    else:
        block = place.module.resources.get(source.name)
        repeated = block is not None and (block.count is not None or block.for_each is not None)
        still = block.range if block is not None and _has_key(repeated, source.key) else None
    if still is None:
        return
    detail = (
        f"This statement declares a move from {statement.source}, but that is still declared at {still}. Change it to "
        f"the new name {statement.target}, or take the statement away."
    )
    raise error("Moved object still exists", detail, statement.block.range)


def _has_key(repeated: bool, key: InstanceKey) -> bool:
    """Return whether a block has the instance named; which keys it has is not known from the text."""
    return key is None and not repeated
