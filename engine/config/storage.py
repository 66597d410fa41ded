"""The `backend` block: where the configuration wants its states. What is there is not looked at.

A backend is needed long before the rest of a configuration, by commands that need nothing else of it: they read this
block alone.
"""

from collections.abc import Mapping, Sequence

from engine.config.body import Block, check_arguments, check_blocks, check_labels
from engine.config.load import parse_files
from engine.config.model import Argument
from engine.config.overrides import merged_blocks
from engine.config.values import constant
from engine.diagnostics import Diagnostics, SourceFile, SourceRange, did_you_mean, error
from engine.lang.convert import ConversionError, convert
from engine.lang.types import STRING
from engine.lang.values import is_null, unmark_deep
from engine.syntax import tree
from engine.syntax.expression import Expression
from engine.syntax.parser import parse

# Terraform's other backends. Their states lie on machines that rtf does not talk to.
_ELSEWHERE = frozenset({"azurerm", "consul", "cos", "gcs", "http", "kubernetes", "oci", "oss", "pg", "remote", "s3"})
ARGUMENTS = {"path": "local state file", "workspace_dir": "local workspace directory"}


def place_of_backend(block: Block, earlier: SourceRange | None, found: Diagnostics) -> SourceRange | None:
    """Return where a backend is asked for. A block without a type, or after an `earlier` one, is reported."""
    if not check_labels(block, ("type",), found):
        return earlier
    if earlier is not None:
        detail = f"A module may have only one backend configuration. The backend was set at {earlier} already."
        found.extend(error("Duplicate backend configuration", detail, block.header).diagnostics)
        return earlier
    return block.header


def read_backend(sources: Sequence[SourceFile], found: Diagnostics) -> Block | None:
    """Return the `backend` block in a root module's files. What is wrong with them is added to `found`.

    Files without the word are not parsed: most configurations have no backend, and a broken one should not keep people
    from their state.
    """
    if not any("backend" in source.text for source in sources):
        return None
    backend: Block | None = None
    place: SourceRange | None = None
    for block in merged_blocks(parse_files(list(sources), found), found):
        if block.type != "terraform":
            continue
        for inner in block.blocks():
            if inner.type == "backend":
                earlier, place = place, place_of_backend(inner, place, found)
                backend = inner if earlier is None and place is not None else backend
    return backend


def backend_arguments(
    backend: Block, found: Diagnostics, unknown_type: str = "Invalid backend type"
) -> dict[str, str | None]:
    """Return the arguments of a local backend, None where one is not set. Raises DiagnosticError for other backends.

    What is wrong with the arguments is added to `found`. `unknown_type` is what to say of a type that does not exist.
    """
    type = backend.labels[0]
    if type in _ELSEWHERE:
        detail = f'rtf keeps states in local files, and has no "{type}" backend: write "local", or remove the block.'
        raise error("Unsupported backend", detail, backend.header)
    if type != "local":
        detail = f'There is no backend type named "{type}".{did_you_mean(type, ["local", *_ELSEWHERE])}'
        raise error(unknown_type, detail, backend.header)
    check_arguments(backend, tuple(ARGUMENTS), found)
    check_blocks(backend, (), found)
    return read_arguments(backend.arguments(), found)


def file_arguments(source: SourceFile, found: Diagnostics) -> dict[str, str | None]:
    """Return the arguments of a local backend that a file given with `-backend-config` sets."""
    body = parse(source)
    arguments: dict[str, Argument] = {}
    for item in body[3]:
        where = SourceRange(source, item[4], item[5])
        if item[0] == tree.BLOCK:
            detail = f'Blocks of type "{item[3]}" are not expected here.'
            found.extend(error("Unsupported block type", detail, where).diagnostics)
        elif item[3] not in ARGUMENTS:
            detail = f'An argument named "{item[3]}" is not expected here.{did_you_mean(item[3], ARGUMENTS)}'
            found.extend(error("Unsupported argument", detail, where).diagnostics)
        else:
            arguments[item[3]] = Argument(item[3], where, Expression(item[6], source))
    return {name: value for name, value in read_arguments(arguments, found).items() if name in arguments}


def read_arguments(arguments: Mapping[str, Argument], found: Diagnostics) -> dict[str, str | None]:
    """Return the values of a local backend's arguments, None where one is not set."""
    values: dict[str, str | None] = dict.fromkeys(ARGUMENTS)
    for name, argument in arguments.items():
        if name in ARGUMENTS:
            with found.collecting():
                values[name] = _text(name, argument)
    return values


def _text(name: str, argument: Argument) -> str | None:
    where = argument.expression.range
    try:
        value, _ = unmark_deep(convert(constant(argument), STRING))
    except ConversionError as problem:
        detail = f'Inappropriate value for attribute "{name}": {problem}.'
        raise error("Incorrect attribute value type", detail, where) from None
    if is_null(value):
        return None
    return checked_text(name, str(value), where)


def checked_text(name: str, text: str, where: SourceRange | None = None) -> str:
    """Return the path that an argument is. Raises DiagnosticError when it can be none."""
    if not text or "\0" in text:
        detail = f'The "{name}" attribute value must not be empty, nor hold what no path can hold.'
        raise error(f"Invalid {ARGUMENTS[name]} path", detail, where)
    return text
