"""Terraform's dependency lock file. rtf selects nothing, since its providers come with it; it only reads the file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from engine.config.body import Block, blocks_of, check_arguments, check_blocks, check_labels
from engine.config.load import read_source
from engine.config.settings import parse_source
from engine.config.values import constant, required
from engine.config.versions import parse_constraints
from engine.diagnostics import Diagnostics, SourceFile, SourceRange, error
from engine.lang.values import Value
from engine.syntax import tree
from engine.syntax.parser import parse

LOCK_FILE: Final = ".terraform.lock.hcl"
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?")
_BUILTIN: Final = "terraform.io/builtin/"


def read_lock_file(directory: Path, found: Diagnostics) -> set[str]:
    """Return the providers that the lock file in a root module's directory selects; none when there is no file.

    Whatever is wrong with the file is added to `found`.
    """
    path = directory / LOCK_FILE
    if not path.exists():
        return set()
    locked: dict[str, Block] = {}
    with found.collecting():
        source = read_source(path, LOCK_FILE)
        for block in _provider_blocks(source, found):
            with found.collecting():
                address = _read_lock(block, found)
                if address in locked:
                    detail = f"{address} is locked already at {locked[address].header}."
                    raise error("Duplicate provider lock", detail, block.header)
                locked[address] = block
    return set(locked)


def _provider_blocks(source: SourceFile, found: Diagnostics) -> Iterator[Block]:
    body = parse(source)
    for item in body[3]:
        if item[0] == tree.ATTRIBUTE:
            where = SourceRange(source, item[4], item[5])
            detail = f'An argument named "{item[3]}" is not expected here.'
            found.extend(error("Unsupported argument", detail, where).diagnostics)
    for block in blocks_of(body, source):
        if block.type != "provider":
            detail = f'Blocks of type "{block.type}" are not expected in a dependency lock file.'
            found.extend(error("Unsupported block type", detail, block.type_range).diagnostics)
        elif check_labels(block, ("source_addr",), found):
            yield block


def _read_lock(block: Block, found: Diagnostics) -> str:
    """Return the address of a locked provider. Raises DiagnosticError."""
    check_arguments(block, ("version", "constraints", "hashes"), found)
    check_blocks(block, (), found)
    where = block.label_range(0)
    address = parse_source(block.labels[0], where)
    if address != block.labels[0]:
        detail = f'The provider\'s address must be written as "{address}".'
        raise error("Non-normalized provider source address", detail, where)
    if address.startswith(_BUILTIN):
        detail = f"{address} is built in, so no version of it can be locked."
        raise error("Invalid provider source address", detail, where)
    arguments = block.arguments()
    for problem in required(block, arguments, "version"):
        raise problem
    values = {name: constant(argument) for name, argument in arguments.items()}
    checks = (
        ("version", _is_version, "Invalid provider version number", "A version such as 1.2.3 is required, in quotes."),
        (
            "constraints",
            _is_constraints,
            "Invalid provider version constraints",
            "Constraints such as ~> 1.2 are required.",
        ),
        ("hashes", _is_hashes, "Invalid provider hash set", "A list of texts such as h1:... is required."),
    )
    for name, fits, summary, detail in checks:
        if name in values and not fits(values[name]):
            found.extend(error(summary, detail, arguments[name].expression.range).diagnostics)
    return address


def _is_version(value: Value) -> bool:
    return isinstance(value, str) and _VERSION.fullmatch(value) is not None


def _is_constraints(value: Value) -> bool:
    try:
        return isinstance(value, str) and bool(parse_constraints(value))
    except ValueError:
        return False


def _is_hashes(value: Value) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, str) and ":" in item for item in value)
