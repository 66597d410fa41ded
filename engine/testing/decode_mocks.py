"""`mock_provider` and `override_...` blocks: values that stand in for what providers and modules would give."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from engine.address import (
    AddressError,
    InstanceAddress,
    ModuleAddress,
    ResourceAddress,
    Target,
    parse_target,
    written_key,
)
from engine.config.body import Block, blocks_of, check_arguments, check_blocks, check_labels
from engine.config.calls import alias_of
from engine.config.load import ParsedFile
from engine.config.model import Argument
from engine.config.settings import check_local_name
from engine.config.traversals import steps_of
from engine.config.values import constant, text_of, unquoted
from engine.diagnostics import Diagnostics, SourceRange, did_you_mean, error
from engine.lang.values import Value
from engine.plan.stand_ins import Given
from engine.syntax import tree
from engine.syntax.expression import Expression
from engine.testing.files import mock_files
from engine.testing.model import MockData, MockProvider, MockResource, Override

OVERRIDES = ("override_resource", "override_data", "override_module")
_MOCKS = ("mock_resource", "mock_data", "override_resource", "override_data")
_DURING = "override_during"


def decode_mock_provider(block: Block, root: Path, found: Diagnostics) -> MockProvider | None:
    """Return a `mock_provider` block with what its folder of mocks has besides, None when it has no name.

    `root` is the root module's folder, where the way to that of the mocks begins. Raises DiagnosticError.
    """
    if not check_labels(block, ("name",), found):
        return None
    check_local_name(block.labels[0], block.header)
    check_arguments(block, ("alias", "source", _DURING), found)
    check_blocks(block, _MOCKS, found)
    arguments = block.arguments()
    alias = alias_of(arguments, found)
    data = MockData()
    during_plan = _during_plan(arguments, found) is True
    _decode_mocks(block.blocks(), data, during_plan, found)
    source = text_of(arguments, "source")
    if source:
        _add_files(data, root, source, during_plan, block.header, found)
    name = f"{block.labels[0]}.{alias}" if alias else block.labels[0]
    return MockProvider(name, block.header, data)


def _add_files(
    data: MockData, root: Path, folder: str, during_plan: bool, header: SourceRange, found: Diagnostics
) -> None:
    """Add what the files in a folder say, as far as `data` does not say it already."""
    files = mock_files(root, folder, found)
    if files is None:
        detail = f"Mock data directory {folder} does not exist or cannot be read."
        raise error("Failed to read mock data directory", detail, header)
    whole = MockData()
    for parsed in files.values():
        _merge(whole, _decode_file(parsed, during_plan, found), found)
    for kind, resource in whole.resources.items():
        data.resources.setdefault(kind, resource)
    for target, override in whole.overrides.items():
        data.overrides.setdefault(target, override)


def _decode_file(parsed: ParsedFile, during_plan: bool, found: Diagnostics) -> MockData:
    source, body = parsed
    data = MockData()
    blocks = list(blocks_of(body, source))
    for block in blocks:
        if block.type not in _MOCKS:
            detail = f'Blocks of type "{block.type}" are not expected here.{did_you_mean(block.type, _MOCKS)}'
            found.extend(error("Unsupported block type", detail, block.type_range).diagnostics)
    _decode_mocks(blocks, data, during_plan, found)
    return data


def _merge(data: MockData, other: MockData, found: Diagnostics) -> None:
    for kind, resource in other.resources.items():
        earlier = data.resources.setdefault(kind, resource)
        if earlier is not resource:
            block = "mock_data" if kind.startswith("data.") else "mock_resource"
            detail = f'A {block} "{kind.removeprefix("data.")}" block already exists at {earlier.range}.'
            found.extend(error("Duplicate mock resource block", detail, resource.type_range).diagnostics)
    for target, override in other.overrides.items():
        known = data.overrides.setdefault(target, override)
        if known is not override:
            detail = f"An override block for {target} already exists at {known.range}."
            found.extend(error("Duplicate override block", detail, override.range).diagnostics)


def _decode_mocks(blocks: Iterable[Block], data: MockData, during_plan: bool, found: Diagnostics) -> None:
    for block in blocks:
        with found.collecting():
            if block.type in ("mock_resource", "mock_data"):
                _mock_resource(block, data, during_plan, found)
            elif block.type in OVERRIDES[:2]:
                add_override(block, data.overrides, found, during_plan=during_plan)


def _mock_resource(block: Block, data: MockData, during_plan: bool, found: Diagnostics) -> None:
    if not check_labels(block, ("type",), found):
        return
    check_arguments(block, ("defaults", _DURING), found)
    check_blocks(block, (), found)
    type = block.labels[0]
    kind = f"data.{type}" if block.type == "mock_data" else type
    given = _given(block, "defaults", during_plan, found)
    if (earlier := data.resources.get(kind)) is not None:
        detail = f"A {block.type} block for {type} has already been defined at {earlier.range}."
        raise error(f"Duplicate {block.type} block", detail, block.header)
    data.resources[kind] = MockResource(kind, given, block.header, block.label_range(0))


def add_override(
    block: Block, overrides: dict[Target, Override], found: Diagnostics, *, during_plan: bool = False
) -> None:
    """Add an override block to those of the same scope. Raises DiagnosticError.

    `during_plan` says whether its values are known in a plan, unless the block says it itself.
    """
    values = "outputs" if block.type == "override_module" else "values"
    check_labels(block, (), found)
    check_arguments(block, ("target", _DURING, values), found)
    check_blocks(block, (), found)
    arguments = block.arguments()
    given = _given(block, values, during_plan, found)
    if "target" not in arguments:
        detail = f"{block.type} blocks must specify a target address."
        raise error("Missing target attribute", detail, block.header)
    where = arguments["target"].range
    target = address_of(unquoted(arguments["target"].expression, found), parse_target)
    kinds, is_fitting = _TARGETS[block.type]
    if not is_fitting(target):
        detail = f"You can only target {kinds} from {block.type} blocks, not {target}."
        raise error("Invalid override target", detail, where)
    if (earlier := overrides.get(target)) is not None:
        article = "An" if block.type[0] in "aeiou" else "A"
        detail = f"{article} {block.type} block targeting {target} has already been defined at {earlier.range}."
        raise error(f"Duplicate {block.type} block", detail, block.header)
    overrides[target] = Override(target, given, block.header, where)


def _mode(target: Target) -> str:
    match target:
        case InstanceAddress(resource=resource) | (ResourceAddress() as resource):
            return resource.mode
    return ""


_TARGETS: dict[str, tuple[str, Callable[[Target], bool]]] = {
    "override_resource": ("resources", lambda target: _mode(target) == "managed"),
    "override_data": ("data sources", lambda target: _mode(target) == "data"),
    "override_module": ("modules", lambda target: isinstance(target, ModuleAddress)),
}

Address = TypeVar("Address")


def address_of(expression: Expression, parse: Callable[[str], Address]) -> Address:
    """Return the address that a reference is, as `parse` reads it. Raises DiagnosticError."""
    text = ".".join(f"{name}{written_key(key)}" for name, key in steps_of(expression))
    try:
        return parse(text)
    except AddressError as problem:
        raise error(problem.summary, problem.detail, expression.range) from None


def _given(block: Block, name: str, during_plan: bool, found: Diagnostics) -> Given:
    """Return the values of a block; what is wrong with them is reported."""
    arguments = block.arguments()
    own = _during_plan(arguments, found)
    during_plan = during_plan if own is None else own
    argument = arguments.get(name)
    if argument is None:
        return Given({}, block.header, during_plan)
    value: Value = None
    with found.collecting():
        value = constant(argument)
    if value.__class__ is not dict:
        article = "an" if name[0] in "aeiou" else "a"
        detail = f"{block.type} blocks must specify {article} {name} attribute that is an object."
        if value is not None or name != "defaults":
            found.extend(error(f"Invalid {name} attribute", detail, argument.range).diagnostics)
        value = {}
    return Given(value, block.header if name != "defaults" else argument.range, during_plan)


def _during_plan(arguments: dict[str, Argument], found: Diagnostics) -> bool | None:
    """Return whether values are known in a plan already, None when it is not said."""
    argument = arguments.get(_DURING)
    if argument is None:
        return None
    node = argument.expression.tree
    if node[0] == tree.VARIABLE and node[3] in ("plan", "apply"):
        return bool(node[3] == "plan")
    detail = "The override_during attribute must be a value of plan or apply, written without quotes."
    found.extend(error("Invalid override_during value", detail, argument.range).diagnostics)
    return None
