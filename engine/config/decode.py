"""Parsed files to a `Module`: every block checked for its labels, arguments and nested blocks.

Only shapes are checked here. What names refer to is the graph's affair, and what values are the plan's.
"""

from collections.abc import Callable, Iterable

from engine.config.body import Block, check_arguments, check_blocks, check_labels
from engine.config.calls import decode_call, decode_provider
from engine.config.load import ParsedFile
from engine.config.model import (
    Local,
    Module,
    Output,
    Rule,
    Variable,
)
from engine.config.overrides import merged_blocks
from engine.config.refactoring import decode_check, decode_import, decode_moved, decode_removed
from engine.config.resources import decode_resource
from engine.config.settings import decode_terraform
from engine.config.types import NO_DEFAULTS, read_type
from engine.config.values import (
    declare,
    flag_of,
    references_of,
    required,
    rules_of,
    text_of,
)
from engine.diagnostics import DiagnosticError, Diagnostics, SourceFile, SourceRange, did_you_mean, error
from engine.lang.types import DYNAMIC, Primitive
from engine.syntax import tree
from engine.syntax.references import references
from engine.syntax.tree import Node

_RESERVED_NAMES = frozenset(
    {"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"}
)


def decode_module(files: Iterable[ParsedFile], found: Diagnostics) -> Module:
    """Return the module that the files make together; what is wrong with them is added to `found`."""
    module = Module()
    files = list(files)
    for source, body in files:
        module.files[source.name] = source
        for item in body[3]:
            if item[0] == tree.ATTRIBUTE:
                found.extend(_stray(item, source).diagnostics)
    for block in merged_blocks(files, found):
        _decode_block(block, module, found)
    return module


def _stray(item: Node, source: SourceFile) -> DiagnosticError:
    """Return the error for an argument outside of all blocks."""
    name, where = item[3], SourceRange(source, item[4], item[5])
    if source.name.endswith(".json"):
        detail = f'No argument or block type is named "{name}".{did_you_mean(name, _DECODERS)}'
        return error("Extraneous JSON object property", detail, where)
    return error("Unsupported argument", f'An argument named "{name}" is not expected here.', where)


def _decode_block(block: Block, module: Module, found: Diagnostics) -> None:
    decode = _DECODERS.get(block.type)
    if decode is not None:
        with found.collecting():
            decode(block, module, found)
        return
    detail = f'Blocks of type "{block.type}" are not expected here.{did_you_mean(block.type, _DECODERS)}'
    found.extend(error("Unsupported block type", detail, block.type_range).diagnostics)


def _variable(block: Block, module: Module, found: Diagnostics) -> None:
    if not check_labels(block, ("name",), found):
        return
    check_arguments(block, ("type", "default", "description", "sensitive", "nullable", "ephemeral"), found)
    check_blocks(block, ("validation",), found)
    name, arguments = block.labels[0], block.arguments()
    if not declare("variable", name, block.label_range(0), block.header, dict(module.variables), found):
        return
    if name in _RESERVED_NAMES:
        detail = f'The variable name "{name}" is reserved due to its special meaning inside module blocks.'
        raise error("Invalid variable name", detail, block.label_range(0))
    type, defaults = read_type(arguments["type"].expression) if "type" in arguments else (DYNAMIC, NO_DEFAULTS)
    module.variables[name] = Variable(
        name=name,
        range=block.header,
        type=type,
        literal="type" not in arguments or (isinstance(type, Primitive) and type != DYNAMIC),
        defaults=defaults,
        default=arguments["default"].expression if "default" in arguments else None,
        description=text_of(arguments, "description"),
        sensitive=flag_of(arguments, "sensitive", False),
        nullable=flag_of(arguments, "nullable", True),
        ephemeral=flag_of(arguments, "ephemeral", False),
        validations=tuple(rule for rule in rules_of(block, "validation", found) if _is_about(rule, name, found)),
    )


def _is_about(rule: Rule, variable: str, found: Diagnostics) -> bool:
    """Report a rule of a variable that looks at something else only; return whether it looks at the variable."""
    if any(reference.names[:2] == ("var", variable) for reference in references(rule.condition)):
        return True
    detail = f'The condition for variable "{variable}" must refer to var.{variable} in order to test incoming values.'
    found.extend(error("Invalid variable validation condition", detail, rule.condition.range).diagnostics)
    return False


def _locals(block: Block, module: Module, found: Diagnostics) -> None:
    if not check_labels(block, (), found):
        return
    for inner in block.blocks():
        detail = "Blocks are not allowed here: a local value is written name = expression."
        found.extend(error(f'Unexpected "{inner.type}" block', detail, inner.type_range).diagnostics)
    for name, argument in block.arguments().items():
        if declare("local value", name, argument.name_range, argument.range, dict(module.locals), found):
            module.locals[name] = Local(name, argument.name_range, argument.expression)


def _output(block: Block, module: Module, found: Diagnostics) -> None:
    if not check_labels(block, ("name",), found):
        return
    check_arguments(block, ("value", "description", "sensitive", "ephemeral", "depends_on"), found)
    for inner in block.blocks():
        if inner.type == "postcondition":
            detail = "The value of an output is known only after its expression: write a precondition."
            found.extend(error("Postconditions are not allowed", detail, inner.header).diagnostics)
    check_blocks(block, ("precondition", "postcondition"), found)
    name, arguments = block.labels[0], block.arguments()
    if not declare("output", name, block.label_range(0), block.header, dict(module.outputs), found):
        return
    for problem in required(block, arguments, "value"):
        raise problem
    module.outputs[name] = Output(
        name=name,
        range=block.header,
        expression=arguments["value"].expression,
        description=text_of(arguments, "description"),
        sensitive=flag_of(arguments, "sensitive", False),
        ephemeral=flag_of(arguments, "ephemeral", False),
        depends_on=references_of(arguments.get("depends_on"), found),
        preconditions=tuple(rules_of(block, "precondition", found)),
    )


_DECODERS: dict[str, Callable[[Block, Module, Diagnostics], None]] = {
    "terraform": decode_terraform,
    "provider": decode_provider,
    "variable": _variable,
    "locals": _locals,
    "output": _output,
    "resource": decode_resource,
    "data": decode_resource,
    "ephemeral": decode_resource,
    "module": decode_call,
    "moved": decode_moved,
    "removed": decode_removed,
    "import": decode_import,
    "check": decode_check,
}
