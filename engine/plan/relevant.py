"""Which attributes of resources the planned changes may come from: all that the changed blocks refer to, however far.

References are followed by their text through local values, variables, outputs and other resources, and none is
evaluated. What changed outside is worth telling where it is among these.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.address import InstanceKey, ModuleAddress, ResourceAddress, parse_module
from engine.config.model import Module, ResourceBlock
from engine.lang.values import Path
from engine.plan.changes import Action, Change, OutputChange, RelevantAttribute
from engine.syntax.expression import Expression
from engine.syntax.references import Key, traversals

Steps = tuple[str | Key, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Some instance of a module, or all when a key is missing: where the names of a reference are looked up."""

    address: ModuleAddress
    modules: tuple[Module, ...]  # the way there, the root module first

    @property
    def module(self) -> Module:
        return self.modules[-1]

    def inside(self, name: str, key: InstanceKey) -> "_Place | None":
        """Return a module called from here, None when there is no such call."""
        if name not in self.module.children:
            return None
        return _Place(ModuleAddress((*self.address.steps, (name, key))), (*self.modules, self.module.children[name]))


def relevant_attributes(
    root: Module, changes: Iterable[Change], outputs: Iterable[OutputChange]
) -> tuple[RelevantAttribute, ...]:
    """Return the attributes that the blocks of what changes refer to, directly or not, each once and in order."""
    found: set[tuple[str, Path]] = set()
    seen: set[tuple[ModuleAddress, Steps]] = set()
    changes = list(changes)
    todo = [*_from_changes(root, changes), *_from_outputs(root, outputs), *_from_modules(root, changes)]
    while todo:
        place, steps = todo.pop()
        if (place.address, steps) in seen:
            continue
        seen.add((place.address, steps))
        resource = _resource(place, steps)
        if resource is not None:
            block, key, rest = resource
            address = ResourceAddress(block.address.type, block.address.name, block.address.mode, str(place.address))
            found.add((str(address.instance(key)), tuple(_plain(step) for step in rest)))
            todo.extend(_references(place, _expressions(block, rest)))
        else:
            todo.extend(_behind(place, steps))
    return tuple(RelevantAttribute(*item) for item in sorted(found, key=str))


def _plain(step: str | Key) -> str | int:
    value = step.value if isinstance(step, Key) else step
    return value if isinstance(value, str | int) else int(value)


def _from_changes(root: Module, changes: Iterable[Change]) -> Iterator[tuple[_Place, Steps]]:
    for change in changes:
        place = _place(root, change.address.resource.module)
        resource = change.address.resource
        name = ResourceAddress(resource.type, resource.name, resource.mode)
        if change.action is not Action.NO_OP and place is not None and str(name) in place.module.resources:
            yield from _references(place, _expressions(place.module.resources[str(name)], ()))


def _from_outputs(root: Module, outputs: Iterable[OutputChange]) -> Iterator[tuple[_Place, Steps]]:
    place = _Place(ModuleAddress(), (root,))
    for output in outputs:
        if output.action is not Action.NO_OP and output.name in root.outputs:
            yield from _references(place, [root.outputs[output.name].expression])


def _from_modules(root: Module, changes: Iterable[Change]) -> Iterator[tuple[_Place, Steps]]:
    """Yield the references of the outputs of called modules, which count as changed: none is recorded."""
    kept = {change.address.resource.module for change in changes if change.after is not None}
    for address in sorted(kept - {""}):
        place = _place(root, address)
        if place is not None:
            yield from _references(place, [output.expression for output in place.module.outputs.values()])


def _place(root: Module, address: str) -> _Place | None:
    place: _Place | None = _Place(ModuleAddress(), (root,))
    for name, key in parse_module(address).steps:
        place = None if place is None else place.inside(name, key)
    return place


def _references(place: _Place, expressions: Iterable[Expression]) -> Iterator[tuple[_Place, Steps]]:
    for expression in expressions:
        for traversal in traversals(expression):
            yield place, traversal.steps


def _resource(place: _Place, steps: Steps) -> tuple[ResourceBlock, InstanceKey, Steps] | None:
    """Return the resource that a reference names, the key of the instance, and the steps from there."""
    length = 3 if steps[0] in ("data", "ephemeral") else 2
    block = place.module.resources.get(".".join(step for step in steps[:length] if isinstance(step, str)))
    if block is None:
        return None
    rest = steps[length:]
    if rest and isinstance(rest[0], Key) and (block.count is not None or block.for_each is not None):
        return block, _plain(rest[0]), rest[1:]
    return block, None, rest


def _expressions(block: ResourceBlock, steps: Steps) -> Iterator[Expression]:
    """Yield the expressions that an attribute of a resource comes from, or all of it without steps."""
    arguments = [argument.expression for name, argument in block.arguments.items() if not steps or steps[0] == name]
    yield from arguments
    roots = {traversal.steps[0] for expression in arguments for traversal in traversals(expression)}
    for root, repetition in (("count", block.count), ("each", block.for_each)):
        if root in roots and repetition is not None:
            yield repetition


def _behind(place: _Place, steps: Steps) -> Iterator[tuple[_Place, Steps]]:
    """Yield the references behind a name that is no resource's: what a local, a variable or an output comes from."""
    module, name = place.module, steps[1] if len(steps) > 1 else None
    if steps[0] == "local" and name in module.locals:
        yield from _references(place, [module.locals[str(name)].expression])
    elif steps[0] == "var" and place.address.steps:
        caller = _Place(ModuleAddress(place.address.steps[:-1]), place.modules[:-1])
        call = caller.module.calls[place.address.steps[-1][0]]
        if name in call.arguments:
            yield from _references(caller, [call.arguments[str(name)].expression])
    elif steps[0] == "module" and isinstance(name, str):
        keyed = len(steps) > 2 and isinstance(steps[2], Key)
        called = place.inside(name, _plain(steps[2]) if keyed else None)
        rest = steps[3 if keyed else 2 :]
        if called is None:
            return
        outputs = called.module.outputs
        wanted = [outputs[str(rest[0])]] if rest and rest[0] in outputs else outputs.values()
        yield from _references(called, [output.expression for output in wanted])
