"""Parsed files of tests to `SuiteFile`s: every block checked for its labels, arguments and nested blocks."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from engine.config.body import Block, blocks_of, check_arguments, check_blocks, check_labels
from engine.config.calls import passed_providers, read_provider
from engine.config.load import ParsedFile
from engine.config.model import Argument, ModuleCall, ProviderBlock
from engine.config.sources import read_origin
from engine.config.values import NOT_A_NAME, flag_of, is_identifier, references_of, rules_of, text_of
from engine.diagnostics import Diagnostics, SourceRange, did_you_mean, error
from engine.syntax import tree
from engine.syntax.expression import Expression
from engine.testing.decode_mocks import OVERRIDES, add_override, decode_mock_provider
from engine.testing.files import suite_files
from engine.testing.model import (
    Command,
    MockProvider,
    Planning,
    RunBlock,
    SuiteFile,
)

Word = TypeVar("Word")
Read = TypeVar("Read")

_BLOCKS = ("run", "variables", "provider", "mock_provider", *OVERRIDES)


def read_suite(root: Path, directory: str, found: Diagnostics) -> list[SuiteFile]:
    """Return the files of tests in the folder `root` and in `directory` below it, by name.

    What is wrong with them is added to `found`. Raises DiagnosticError when `directory` lies elsewhere.
    """
    files = suite_files(root, directory, found)
    return [decode_suite_file(name, parsed, root, found) for name, parsed in files.items()]


def decode_suite_file(name: str, parsed: ParsedFile, root: Path, found: Diagnostics) -> SuiteFile:
    """Return one file; what is wrong with it is added to `found`. Mocks may lie in folders below `root`."""
    source, body = parsed
    file = SuiteFile(name)
    runs: dict[str, RunBlock] = {}
    taken: dict[str, SourceRange] = {}  # of the blocks that there can be once
    for item in body[3]:
        if item[0] == tree.ATTRIBUTE:
            detail = f'An argument named "{item[3]}" is not expected here.'
            summary = "Extraneous JSON object property" if name.endswith(".json") else "Unsupported argument"
            found.extend(error(summary, detail, SourceRange(source, item[4], item[5])).diagnostics)
    for block in blocks_of(body, source):
        with found.collecting():
            if block.type == "run":
                _run(block, runs, found)
            elif block.type == "variables":
                _once(block, taken, "test file")
                file.variables.update(_variables(block, found))
            elif block.type in ("provider", "mock_provider"):
                _provider(block, file, root, found)
            elif block.type in OVERRIDES:
                add_override(block, file.overrides, found)
            else:
                hint = did_you_mean(block.type, _BLOCKS)
                detail = f'Blocks of type "{block.type}" are not expected here.{hint}'
                raise error("Unsupported block type", detail, block.type_range)
    return SuiteFile(file.name, file.variables, file.providers, file.overrides, tuple(runs.values()))


def _once(block: Block, taken: dict[str, SourceRange], where: str) -> None:
    if block.type in taken:
        article = "an" if block.type[0] in "aeiou" else "a"
        detail = f"This {where} already has {article} {block.type} block defined at {taken[block.type]}."
        raise error(f'Multiple "{block.type}" blocks', detail, block.header)
    taken[block.type] = block.header


def _variables(block: Block, found: Diagnostics) -> dict[str, Argument]:
    check_labels(block, (), found)
    for inner in block.blocks():
        detail = "Blocks are not allowed here: a value for a variable is written name = expression."
        found.extend(error(f'Unexpected "{inner.type}" block', detail, inner.type_range).diagnostics)
    return block.arguments()


def _provider(block: Block, file: SuiteFile, root: Path, found: Diagnostics) -> None:
    provider: ProviderBlock | MockProvider | None
    if block.type == "mock_provider":
        provider = decode_mock_provider(block, root, found)
    else:
        provider = read_provider(block, found)
    if provider is None:
        return
    if (earlier := file.providers.get(provider.name)) is not None:
        detail = f"A provider for {provider.name} is already defined at {earlier.range}."
        raise error("Duplicate provider block", detail, block.header)
    file.providers[provider.name] = provider


_ARGUMENTS = ("command", "providers", "expect_failures", "state_key")


def _run(block: Block, runs: dict[str, RunBlock], found: Diagnostics) -> None:
    if not check_labels(block, ("name",), found):
        return
    name = block.labels[0]
    if not is_identifier(name):
        found.extend(error("Invalid run block name", f'"{name}" {NOT_A_NAME}', block.label_range(0)).diagnostics)
    if name in runs:
        detail = f"This test file already has a run named {name} block defined at {runs[name].range}."
        found.extend(error('Duplicate "run" block names', detail, block.header).diagnostics)
    check_arguments(block, _ARGUMENTS, found)
    check_blocks(block, ("assert", "plan_options", "variables", "module", *OVERRIDES), found)
    arguments, inner = block.arguments(), _inside(block, found)
    commands: dict[str, Command] = {"apply": "apply", "plan": "plan"}
    run = RunBlock(
        name,
        block.header,
        command=_keyword(arguments.get("command"), "command", commands, "apply", found),
        planning=_planning(inner["plan_options"], found) if "plan_options" in inner else Planning(),
        variables=_variables(inner["variables"], found) if "variables" in inner else {},
        providers=_collected(lambda: passed_providers(arguments.get("providers"), found), (), found),
        assertions=tuple(rules_of(block, "assert", found)),
        expected_failures=_references(arguments, "expect_failures", found),
        module=_module(inner["module"], found) if "module" in inner else None,
        state_key=_collected(lambda: text_of(arguments, "state_key"), "", found) if "state_key" in arguments else None,
    )
    for nested in block.blocks():
        if nested.type in OVERRIDES:
            with found.collecting():
                add_override(nested, run.overrides, found)
    runs.setdefault(name, run)


def _inside(block: Block, found: Diagnostics) -> dict[str, Block]:
    """Return the nested blocks of which there can be one each, by type."""
    taken: dict[str, SourceRange] = {}
    inner: dict[str, Block] = {}
    for nested in block.blocks():
        if nested.type in ("plan_options", "variables", "module"):
            with found.collecting():
                _once(nested, taken, "run block")
                inner[nested.type] = nested
    return inner


def _planning(block: Block, found: Diagnostics) -> Planning:
    check_arguments(block, ("mode", "refresh", "target", "replace"), found)
    check_blocks(block, (), found)
    arguments = block.arguments()
    refresh_only = _keyword(arguments.get("mode"), "mode", {"normal": False, "refresh-only": True}, False, found)
    refresh = _collected(lambda: flag_of(arguments, "refresh", True), True, found)
    if refresh_only and not refresh:
        detail = 'The "refresh" option cannot be set to false when running a test in "refresh-only" mode.'
        found.extend(error("Incompatible plan options", detail, arguments["refresh"].range).diagnostics)
    targets, replaced = (_references(arguments, name, found) for name in ("target", "replace"))
    return Planning(refresh_only, refresh, targets, replaced)


def _collected(read: Callable[[], Read], otherwise: Read, found: Diagnostics) -> Read:
    """Return what `read` returns; when it raises, report that and return something else."""
    with found.collecting():
        return read()
    return otherwise


def _keyword(
    argument: Argument | None, name: str, meanings: Mapping[str, Word], otherwise: Word, found: Diagnostics
) -> Word:
    """Return what a word written without quotes means, and something else when it is not given or is none."""
    if argument is None:
        return otherwise
    node = argument.expression.tree
    if node[0] == tree.VARIABLE and node[3] in meanings:
        return meanings[node[3]]
    words = " or ".join(meanings)
    detail = f'The "{name}" argument requires one of the following keywords without quotes: {words}.'
    found.extend(error(f'Invalid "{name}" keyword', detail, argument.expression.range).diagnostics)
    return otherwise


def _references(arguments: Mapping[str, Argument], name: str, found: Diagnostics) -> tuple[Expression, ...]:
    return _collected(lambda: references_of(arguments.get(name), found), (), found)


def _module(block: Block, found: Diagnostics) -> ModuleCall | None:
    check_arguments(block, ("source", "version"), found)
    check_blocks(block, (), found)
    arguments = block.arguments()
    if "source" not in arguments:
        detail = "You must specify a source attribute when executing alternate modules during test executions."
        found.extend(error('Missing "source" attribute for module block', detail, block.header).diagnostics)
        return None
    source, version = (_collected(partial(text_of, arguments, name), "", found) for name in ("source", "version"))
    where = arguments["source"].expression.range
    with found.collecting():
        origin = read_origin(source, where, versioned="version" in arguments)
        if origin.kind not in ("beside", "registry"):
            detail = "Only local or registry module sources are currently supported from within test run blocks."
            raise error("Invalid module source address", detail, where)
        return ModuleCall(block.header.file.name, block.header, source, origin, where, {}, version=version)
    return None
