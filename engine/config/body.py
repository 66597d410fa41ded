"""Read a block's body against what it may hold: its arguments, its nested blocks, and plain values of arguments."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.config.model import Argument
from engine.diagnostics import Diagnostics, SourceFile, SourceRange, did_you_mean, error
from engine.syntax import tree
from engine.syntax.expression import Expression
from engine.syntax.tree import Node

NOT_YET = "part of the language, but this version of rtf does not know them yet"


@dataclass(frozen=True, slots=True)
class Block:
    """A block as written: `type "label" { body }`."""

    type: str
    labels: tuple[str, ...]
    source: SourceFile
    node: Node

    @property
    def header(self) -> SourceRange:
        """The text up to the opening brace."""
        return SourceRange(self.source, self.node[1], self.node[8])

    @property
    def is_json(self) -> bool:
        """Whether the block is written in the JSON syntax."""
        return self.source.name.endswith(".json")

    @property
    def missing_range(self) -> SourceRange:
        """The place of what the block lacks: its opening brace; in JSON, its closing one."""
        if self.is_json:
            return SourceRange(self.source, self.node[2] - 1, self.node[2])
        return SourceRange(self.source, self.node[7][1] - 1, self.node[7][1])

    @property
    def type_range(self) -> SourceRange:
        """The text of the block's type."""
        return SourceRange(self.source, self.node[4], self.node[5])

    def label_range(self, position: int) -> SourceRange:
        """The text of one label."""
        label = self.node[6][position]
        return SourceRange(self.source, label[1], label[2])

    def blocks(self) -> Iterable["Block"]:
        """Yield the nested blocks in the order written."""
        return blocks_of(self.node[7], self.source)

    def arguments(self) -> dict[str, Argument]:
        """Return the arguments by name, in the order written."""
        return {
            item[3]: Argument(item[3], SourceRange(self.source, item[4], item[5]), Expression(item[6], self.source))
            for item in self.node[7][3]
            if item[0] == tree.ATTRIBUTE
        }


def blocks_of(body: Node, source: SourceFile) -> Iterable[Block]:
    """Yield the blocks of a body in the order written."""
    for item in body[3]:
        if item[0] == tree.BLOCK:
            yield Block(item[3], tuple(label[0] for label in item[6]), source, item)


def check_labels(block: Block, names: tuple[str, ...], found: Diagnostics) -> bool:
    """Report a block whose labels are not exactly those called `names`; return whether they are."""
    kind = block.type
    if len(block.labels) == len(names):
        return True
    if len(block.labels) > len(names):
        many = f"Only {len(names)} labels ({', '.join(names)}) are expected" if names else "No labels are expected"
        detail = f"{many} for {kind} blocks."
        found.extend(error(f"Extraneous label for {kind}", detail, block.label_range(len(names))).diagnostics)
    else:
        name = names[len(block.labels)]
        detail = f"All {kind} blocks must have {len(names)} labels ({', '.join(names)})."
        found.extend(error(f"Missing {name} for {kind}", detail, block.missing_range).diagnostics)
    return False


def check_arguments(block: Block, allowed: Collection[str], found: Diagnostics, *, later: Collection[str] = ()) -> None:
    """Report the arguments of `block` that are not among `allowed`; `later` are those rtf will know one day."""
    for name, argument in block.arguments().items():
        if name in allowed:
            continue
        detail = f'An argument named "{name}" is not expected here.{did_you_mean(name, allowed)}'
        if name in later:
            detail = f'Arguments named "{name}" are {NOT_YET}.'
        summary = "Extraneous JSON object property" if block.is_json else "Unsupported argument"
        found.extend(error(summary, detail, argument.name_range).diagnostics)


def check_blocks(block: Block, allowed: Collection[str], found: Diagnostics, *, later: Collection[str] = ()) -> None:
    """Report the nested blocks of `block` whose type is not among `allowed`; `later` as for arguments."""
    for inner in block.blocks():
        if inner.type in allowed:
            continue
        hint = did_you_mean(inner.type, allowed)
        if block.type == "resource":  # whose arguments are the provider's: any block may have been meant as one
            hint = f' Did you mean to define argument "{inner.type}"? If so, use the equals sign to assign it a value.'
        detail = f'Blocks of type "{inner.type}" are not expected here.{hint}'
        if inner.type in later:
            detail = f'Blocks of type "{inner.type}" are {NOT_YET}.'
        found.extend(error("Unsupported block type", detail, inner.type_range).diagnostics)
