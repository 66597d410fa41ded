"""Lay the blocks of override files over those of the primary files: blocks in, blocks out.

What a block may hold is not checked here: a block that was overridden is decoded like any other, and each of its
arguments knows the file it comes from. Override files apply in the order of their names; the last one wins.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from engine.config.body import Block, blocks_of
from engine.config.load import ParsedFile, is_override
from engine.config.model import Argument
from engine.diagnostics import DiagnosticError, Diagnostics, SourceRange, error
from engine.syntax import tree

# How many labels name a block that can be overridden. `locals` and `terraform` have rules of their own.
_LABELS: Final = {
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
}
_MISSING: Final = {
    "variable": "Missing base variable declaration to override",
    "output": "Missing base output definition to override",
    "module": "Missing module call to override",
    "provider": "Missing base provider configuration for override",
    "resource": "Missing resource to override",
    "data": "Missing data resource to override",
    "ephemeral": "Missing ephemeral resource to override",
}
_REFUSED: Final = {
    "moved": "Cannot override 'moved' blocks",
    "removed": "Cannot override 'removed' blocks",
    "import": "Cannot override 'import' blocks",
    "check": "Can't override check blocks",
}
_CHECKS: Final = frozenset({"validation", "precondition", "postcondition"})
_STORAGE: Final = frozenset({"backend", "cloud"})  # each of them replaces the other
_PRIMARY: Final = "An override file can only change what a primary configuration file declares."

_Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OverriddenBlock(Block):
    """A block of a primary file, which keeps its place, with what override files put into it."""

    own_arguments: Mapping[str, Argument]
    own_blocks: tuple[Block, ...]

    def blocks(self) -> Iterable[Block]:
        """Yield the nested blocks that hold."""
        return self.own_blocks

    def arguments(self) -> dict[str, Argument]:
        """Return the arguments that hold, each with its own file."""
        return dict(self.own_arguments)


def merged_blocks(files: Sequence[ParsedFile], found: Diagnostics) -> list[Block]:
    """Return the blocks of all files, those of override files laid over the others.

    A single file is a module of its own, whatever its name. What cannot be laid over anything is added to `found`.
    """
    primary: list[Block] = []
    overriding: list[Block] = []
    for source, body in files:
        laid_over = len(files) > 1 and is_override(source.name)
        (overriding if laid_over else primary).extend(blocks_of(body, source))
    if not overriding:
        return primary
    merge = _Merge(primary, found)
    for block in overriding:
        with found.collecting():
            merge.lay(block)
    return merge.blocks


class _Merge:
    def __init__(self, blocks: list[Block], found: Diagnostics) -> None:
        self.blocks = blocks
        self._found = found
        self._places: dict[_Key, int] = {}  # where in `blocks` a name is declared; the first one counts
        for place, block in enumerate(blocks):
            for key in _keys(block):
                self._places.setdefault(key, place)

    def lay(self, block: Block) -> None:
        """Lay one block of an override file over what has its name. Raises DiagnosticError."""
        if block.type in _REFUSED:
            detail = f'Blocks of type "{block.type}" can appear only in normal files, not in override files.'
            raise error(_REFUSED[block.type], detail, block.header)
        if block.type == "locals":
            for argument in block.arguments().values():
                with self._found.collecting():
                    self._lay_local(argument)
        elif block.type == "terraform":
            self._lay_settings(block)
        elif _LABELS.get(block.type) == len(block.labels):
            self._lay_named(block)
        else:
            self.blocks.append(block)  # to be told what is wrong with it when it is decoded

    def _lay_named(self, block: Block) -> None:
        (key,) = _keys(block)
        place = self._places.get(key)
        if place is None and block.type == "provider" and len(key) == 2:
            # A provider without a block of its own has an empty configuration, and that can be overridden.
            self._places[key] = len(self.blocks)
            self.blocks.append(block)
        elif place is None:
            raise _missing(block, key)
        else:
            self.blocks[place] = _merged(self.blocks[place], _allowed(block, self._found))

    def _lay_local(self, argument: Argument) -> None:
        place = self._places.get(("locals", argument.name))
        if place is None:
            where = SourceRange(argument.name_range.file, argument.name_range.start, argument.expression.range.end)
            detail = f'There is no local value named "{argument.name}". {_PRIMARY}'
            raise error("Missing base local value definition to override", detail, where)
        base = self.blocks[place]
        self.blocks[place] = _with(base, {**base.arguments(), argument.name: argument}, base.blocks())

    def _lay_settings(self, block: Block) -> None:
        """Take out of the `terraform` blocks what this one sets anew, and add this one to them.

        Requirements of providers are merged by name; their blocks become one, because a module has only one.
        """
        arguments = block.arguments()
        requirements = [inner for inner in block.blocks() if inner.type == "required_providers"]
        others = [inner for inner in block.blocks() if inner.type != "required_providers"]
        replaced = _STORAGE if any(inner.type in _STORAGE for inner in others) else frozenset()
        for place, base in enumerate(self.blocks):
            if base.type != "terraform":
                continue
            kept: list[Block] = []
            for inner in base.blocks():
                if inner.type == "required_providers":
                    while requirements:
                        inner = _merged(inner, requirements.pop(0))
                if inner.type not in replaced:
                    kept.append(inner)
            left = {name: argument for name, argument in base.arguments().items() if name not in arguments}
            self.blocks[place] = _with(base, left, kept)
        self.blocks.append(_with(block, arguments, [*others, *requirements]))


def _keys(block: Block) -> Iterator[_Key]:
    """Yield the names that a block declares, as far as they can be overridden."""
    if block.type == "locals":
        for name in block.arguments():
            yield ("locals", name)
    elif _LABELS.get(block.type) == len(block.labels):
        yield (block.type, *block.labels, *_alias(block))


def _alias(block: Block) -> tuple[str, ...]:
    alias = block.arguments().get("alias") if block.type == "provider" else None
    if alias is None or alias.expression.tree[0] != tree.STRING:
        return ()
    return (alias.expression.tree[3],)


def _missing(block: Block, key: _Key) -> DiagnosticError:
    name = f'"{key[-1]}"'
    what = {
        "resource": f"{key[1]} resource named {name}",
        "data": f"{key[1]} data resource named {name}",
        "ephemeral": f"{key[1]} ephemeral resource named {name}",
        "provider": f"{key[1]} provider configuration with the alias {name}",
        "module": f"module call named {name}",
    }.get(block.type, f"{block.type} named {name}")
    return error(_MISSING[block.type], f"There is no {what}. {_PRIMARY}", block.header)


def _allowed(block: Block, found: Diagnostics) -> Block:
    """Return a block without what no override may change: conditions and dependencies. Each of them is reported."""
    arguments = block.arguments()
    depends_on = arguments.pop("depends_on", None)
    if depends_on is not None:
        items = depends_on.expression.tree[3] if depends_on.expression.tree[0] == tree.TUPLE else ()
        for item in items[:1]:
            where = SourceRange(depends_on.expression.source, item[1], item[2])
            detail = "What a block depends on cannot be changed by an override file; change the block itself."
            found.extend(error("Unsupported override", detail, where).diagnostics)
    nested: list[Block] = []
    for inner in block.blocks():
        if inner.type in _CHECKS:
            detail = f'Override files cannot override "{inner.type}" blocks.'
            found.extend(error(f"Can't override {inner.type} blocks", detail, inner.header).diagnostics)
        else:
            nested.append(_allowed(inner, found) if inner.type == "lifecycle" else inner)
    return _with(block, arguments, nested)


def _merged(base: Block, block: Block) -> Block:
    """Return `base` with the arguments of `block`, and with its nested blocks in place of those of their type."""
    arguments, changes = base.arguments(), block.arguments()
    for name, other in (("count", "for_each"), ("for_each", "count")):
        if name in changes and other not in changes:
            arguments.pop(other, None)  # an override says anew how many instances there are
    nested = list(base.blocks())
    replaced = {_nested_type(inner) for inner in block.blocks() if inner.type != "lifecycle"}
    nested = [inner for inner in nested if _nested_type(inner) not in replaced]
    for inner in block.blocks():
        place = next((at for at, other in enumerate(nested) if inner.type == other.type == "lifecycle"), None)
        if place is None:
            nested.append(inner)
        else:
            nested[place] = _merged(nested[place], inner)
    return _with(base, {**arguments, **changes}, nested)


def _nested_type(block: Block) -> str:
    """Return the type of a nested block; a `dynamic` block stands for those it makes."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def _with(block: Block, arguments: Mapping[str, Argument], blocks: Iterable[Block]) -> Block:
    return OverriddenBlock(block.type, block.labels, block.source, block.node, arguments, tuple(blocks))
