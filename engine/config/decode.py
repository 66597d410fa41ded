"""Parsed files to a `Module`: every block checked for its labels, arguments and nested blocks.

Only shapes are checked here. What names refer to is the graph's affair, and what values are the plan's.
"""

from collections.abc import Callable, Iterable, Iterator

from engine.address import ResourceAddress
from engine.config.body import NOT_YET, Block, check_arguments, check_blocks, check_labels
from engine.config.load import ParsedFile
from engine.config.model import (
    Argument,
    AttributePath,
    Lifecycle,
    Local,
    Module,
    ModuleCall,
    Output,
    ProviderBlock,
    RequiredProvider,
    ResourceBlock,
    Rule,
    Variable,
)
from engine.config.overrides import merged_blocks
from engine.config.types import NO_DEFAULTS, read_type
from engine.diagnostics import DiagnosticError, Diagnostics, SourceFile, SourceRange, did_you_mean, error
from engine.lang.convert import ConversionError, convert
from engine.lang.types import BOOL, DYNAMIC, STRING, Primitive, Type
from engine.lang.values import Value, is_null
from engine.syntax import tree
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.references import references
from engine.syntax.scope import Scope
from engine.syntax.tree import Node

_META = ("count", "for_each", "provider", "depends_on")
_LATER = ("data", "ephemeral", "moved", "removed", "import", "check")
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
        detail = f'No argument or block type is named "{name}".{did_you_mean(name, [*_DECODERS, *_LATER])}'
        return error("Extraneous JSON object property", detail, where)
    return error("Unsupported argument", f'An argument named "{name}" is not expected here.', where)


def _decode_block(block: Block, module: Module, found: Diagnostics) -> None:
    decode = _DECODERS.get(block.type)
    if decode is not None:
        with found.collecting():
            decode(block, module, found)
        return
    if block.type in _LATER:
        detail = f'Blocks of type "{block.type}" are {NOT_YET}.'
    else:
        detail = (
            f'Blocks of type "{block.type}" are not expected here.{did_you_mean(block.type, [*_DECODERS, *_LATER])}'
        )
    found.extend(error("Unsupported block type", detail, block.type_range).diagnostics)


def _declare(
    kind: str, name: str, where: SourceRange, whole: SourceRange, taken: dict[str, object], found: Diagnostics
) -> bool:
    """Report a name that is no name (`where` it stands) or is taken (for the `whole`); return whether it is free."""
    if not _is_identifier(name):
        detail = f'"{name}" is not a name: it starts with a letter or underscore, and may go on with digits and dashes.'
        found.extend(error(f"Invalid {kind} name", detail, where).diagnostics)
        return False
    if name in taken:
        earlier = getattr(taken[name], "range", where)
        done, deed = ("declared", "declaration") if kind == "variable" else ("defined", "definition")
        named = f'{"An" if kind == "output" else "A"} {kind} named "{name}"'
        detail = f"{named} was already {done} at {earlier}. Names must be unique within a module."
        found.extend(error(f"Duplicate {kind} {deed}", detail, whole).diagnostics)
        return False
    return True


def _is_identifier(name: str) -> bool:
    return name.replace("-", "_").isidentifier() and not name.startswith("-")


def constant(argument: Argument) -> Value:
    """Return the value of an argument that may refer to nothing. Raises DiagnosticError."""
    return evaluate(argument.expression, Scope({}, {}))


def _text(arguments: dict[str, Argument], name: str) -> str:
    if name not in arguments:
        return ""
    return str(_constant_of(arguments[name], STRING))


def _flag(arguments: dict[str, Argument], name: str, default: bool) -> bool:
    if name not in arguments:
        return default
    return bool(_constant_of(arguments[name], BOOL))


def _constant_of(argument: Argument, wanted: Type) -> Value:
    """Return the value of an argument that may refer to nothing and has to be a string or a bool."""
    try:
        value = convert(constant(argument), wanted)
    except ConversionError as problem:
        raise error("Unsuitable value type", f"Unsuitable value: {problem}.", argument.expression.range) from None
    if is_null(value):
        raise error("Unsuitable value type", "Unsuitable value: it must not be null.", argument.expression.range)
    return value


def _variable(block: Block, module: Module, found: Diagnostics) -> None:
    if not check_labels(block, ("name",), found):
        return
    check_arguments(block, ("type", "default", "description", "sensitive", "nullable", "ephemeral"), found)
    check_blocks(block, ("validation",), found)
    name, arguments = block.labels[0], block.arguments()
    if not _declare("variable", name, block.label_range(0), block.header, dict(module.variables), found):
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
        description=_text(arguments, "description"),
        sensitive=_flag(arguments, "sensitive", False),
        nullable=_flag(arguments, "nullable", True),
        ephemeral=_flag(arguments, "ephemeral", False),
        validations=tuple(rule for rule in _rules(block, "validation", found) if _is_about(rule, name, found)),
    )


def _rules(block: Block, kind: str, found: Diagnostics) -> Iterator[Rule]:
    """Yield the conditions that the nested blocks of one kind state."""
    for inner in block.blocks():
        if inner.type != kind:
            continue
        check_arguments(inner, ("condition", "error_message"), found)
        check_blocks(inner, (), found)
        arguments = inner.arguments()
        missing = [name for name in ("condition", "error_message") if name not in arguments]
        for name in missing:
            detail = f'The argument "{name}" is required, but no definition was found.'
            found.extend(error("Missing required argument", detail, inner.missing_range).diagnostics)
        if not missing:
            yield Rule(inner.header, arguments["condition"].expression, arguments["error_message"].expression)


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
        if _declare("local value", name, argument.name_range, argument.range, dict(module.locals), found):
            module.locals[name] = Local(name, argument.name_range, argument.expression)


def _output(block: Block, module: Module, found: Diagnostics) -> None:
    if not check_labels(block, ("name",), found):
        return
    check_arguments(block, ("value", "description", "sensitive", "ephemeral", "depends_on"), found)
    check_blocks(block, (), found, later=("precondition",))
    name, arguments = block.labels[0], block.arguments()
    if not _declare("output", name, block.label_range(0), block.header, dict(module.outputs), found):
        return
    if "value" not in arguments:
        detail = 'The argument "value" is required, but no definition was found.'
        raise error("Missing required argument", detail, block.missing_range)
    module.outputs[name] = Output(
        name=name,
        range=block.header,
        expression=arguments["value"].expression,
        description=_text(arguments, "description"),
        sensitive=_flag(arguments, "sensitive", False),
        ephemeral=_flag(arguments, "ephemeral", False),
        depends_on=_depends_on(arguments, found),
    )


def _depends_on(arguments: dict[str, Argument], found: Diagnostics) -> tuple[Expression, ...]:
    """Return the references in `depends_on`; items that are none are reported."""
    items = _items(arguments.get("depends_on"))
    for item in items:
        if item.tree[0] not in (tree.VARIABLE, tree.TRAVERSAL, tree.INDEX, tree.GET_ATTR):
            detail = "Write the block that this one needs as a reference, without quotes, such as terraform_data.a."
            found.extend(error("Invalid expression", detail, item.range).diagnostics)
    return items


def _items(argument: Argument | None) -> tuple[Expression, ...]:
    """Return the expressions in a list as written."""
    if argument is None:
        return ()
    if argument.expression.tree[0] != tree.TUPLE:
        raise error("Invalid expression", "A list in square brackets is required here.", argument.expression.range)
    return tuple(Expression(item, argument.expression.source) for item in argument.expression.tree[3])


def _resource(block: Block, module: Module, found: Diagnostics) -> None:
    if not check_labels(block, ("type", "name"), found):
        return
    type, name = block.labels
    for position, label in enumerate(block.labels):
        if not _is_identifier(label):
            detail = (
                f'"{label}" is not a name: it starts with a letter or underscore, and may go on with digits and dashes.'
            )
            raise error(f"Invalid resource {('type', 'name')[position]}", detail, block.label_range(position))
    address = ResourceAddress(type, name)
    if (earlier := module.resources.get(str(address))) is not None:
        detail = (
            f'A {type} resource named "{name}" was already declared at {earlier.range}. '
            "Resource names must be unique per type in each module."
        )
        raise error(f'Duplicate resource "{type}" configuration', detail, block.header)
    arguments = block.arguments()
    if "count" in arguments and "for_each" in arguments:
        detail = 'The "count" and "for_each" meta-arguments are mutually-exclusive. Only one may be used.'
        found.extend(
            error('Invalid combination of "count" and "for_each"', detail, arguments["for_each"].name_range).diagnostics
        )
    own = {key: argument for key, argument in arguments.items() if key not in _META}
    check_blocks(block, ("lifecycle",), found, later=("connection", "dynamic", "provisioner"))
    module.resources[str(address)] = ResourceBlock(
        address=address,
        range=block.header,
        arguments=own,
        count=arguments["count"].expression if "count" in arguments else None,
        for_each=arguments["for_each"].expression if "for_each" in arguments else None,
        provider=_provider_name(arguments.get("provider"), type),
        depends_on=_depends_on(arguments, found),
        lifecycle=_lifecycle(block, found),
    )


def _provider_name(argument: Argument | None, type: str) -> str:
    if argument is None:
        return type.partition("_")[0]
    node = argument.expression.tree
    if node[0] == tree.VARIABLE:
        return str(node[3])
    if node[0] == tree.TRAVERSAL and len(node[3]) == 2:
        return ".".join(node[3])
    detail = "The provider argument requires a provider type name, optionally followed by a period and then an alias."
    raise error("Invalid provider configuration reference", detail, argument.expression.range)


def _lifecycle(block: Block, found: Diagnostics) -> Lifecycle:
    written = [nested for nested in block.blocks() if nested.type == "lifecycle"]
    for again in written[1:]:
        detail = f"This resource already has a lifecycle block at {written[0].header}."
        found.extend(error("Duplicate lifecycle block", detail, again.header).diagnostics)
    if not written or not check_labels(written[0], (), found):
        return Lifecycle()
    inner = written[0]
    known = ("create_before_destroy", "prevent_destroy", "ignore_changes")
    check_arguments(inner, known, found, later=("replace_triggered_by",))
    check_blocks(inner, (), found, later=("precondition", "postcondition"))
    arguments = inner.arguments()
    ignore = arguments.get("ignore_changes")
    everything = (
        ignore is not None and ignore.expression.tree[0] == tree.VARIABLE and ignore.expression.tree[3] == "all"
    )
    order = _flag(arguments, "create_before_destroy", False) if "create_before_destroy" in arguments else None
    return Lifecycle(
        create_before_destroy=order,
        prevent_destroy=_flag(arguments, "prevent_destroy", False),
        ignore_all=everything,
        ignore_changes=() if everything else tuple(_attribute_path(item) for item in _items(ignore)),
    )


def _attribute_path(expression: Expression) -> AttributePath:
    """Return the path that an entry of `ignore_changes` names."""
    steps: list[str | int] = []
    node = expression.tree
    while node[0] in (tree.GET_ATTR, tree.INDEX):
        key = node[4] if node[0] == tree.GET_ATTR else evaluate(Expression(node[4], expression.source), Scope({}, {}))
        if key.__class__ not in (str, int):
            raise error("Invalid expression", "An index here is a string or a whole number.", expression.range)
        steps.append(key)
        node = node[3]
    if node[0] not in (tree.VARIABLE, tree.TRAVERSAL):
        detail = "The path of an attribute is required here, without quotes."
        raise error("Invalid expression", detail, expression.range)
    first = (node[3],) if node[0] == tree.VARIABLE else node[3]
    return AttributePath((*first, *reversed(steps)), expression.range)


def _module(block: Block, module: Module, found: Diagnostics) -> None:
    if not check_labels(block, ("name",), found):
        return
    name, arguments = block.labels[0], block.arguments()
    if not _declare("module call", name, block.label_range(0), block.header, dict(module.calls), found):
        return
    check_blocks(block, (), found)
    if "count" in arguments and "for_each" in arguments:
        detail = 'The "count" and "for_each" meta-arguments are mutually-exclusive. Only one may be used.'
        found.extend(
            error('Invalid combination of "count" and "for_each"', detail, arguments["for_each"].name_range).diagnostics
        )
    if "source" not in arguments:
        detail = 'The argument "source" is required, but no definition was found.'
        raise error("Missing required argument", detail, block.missing_range)
    source = arguments["source"]
    if source.expression.tree[0] != tree.STRING:
        detail = "The source of a module is a text without references: it is needed before anything has a value."
        raise error("Variables not allowed", detail, source.expression.range)
    module.calls[name] = ModuleCall(
        name=name,
        range=block.header,
        source=_text(arguments, "source"),
        source_range=source.expression.range,
        arguments={key: argument for key, argument in arguments.items() if key not in _MODULE_META},
        count=arguments["count"].expression if "count" in arguments else None,
        for_each=arguments["for_each"].expression if "for_each" in arguments else None,
        depends_on=_items(arguments.get("depends_on")),
        providers=_passed_providers(arguments.get("providers")),
    )


_MODULE_META = ("source", "version", "count", "for_each", "depends_on", "providers")


def _passed_providers(argument: Argument | None) -> dict[str, str]:
    """Return which configuration a module gets under which name."""
    if argument is None:
        return {}
    node, source = argument.expression.tree, argument.expression.source
    if node[0] != tree.OBJECT:
        raise error(
            "Invalid expression", "A map of provider configurations is required here.", argument.expression.range
        )
    passed = {}
    for key, value in node[3]:
        names = [
            _provider_name(Argument("", argument.name_range, Expression(part, source)), "") for part in (key, value)
        ]
        passed[names[0]] = names[1]
    return passed


def _provider(block: Block, module: Module, found: Diagnostics) -> None:
    if not check_labels(block, ("name",), found):
        return
    check_blocks(block, (), found)
    arguments = block.arguments()
    alias = _text(arguments, "alias")
    if "alias" in arguments and not _is_identifier(alias):
        detail = "An alias is a name: it starts with a letter or underscore, and may go on with digits and dashes."
        raise error("Invalid provider configuration alias", detail, arguments["alias"].expression.range)
    name = f"{block.labels[0]}.{alias}" if alias else block.labels[0]
    if (earlier := module.providers.get(name)) is not None:
        detail = (
            f'A provider configuration for "{name}" was already given at {earlier.range}. If multiple configurations '
            'are required, set the "alias" argument for alternative configurations.'
        )
        raise error("Duplicate provider configuration", detail, block.header)
    own = {key: argument for key, argument in arguments.items() if key not in ("alias", "version")}
    module.providers[name] = ProviderBlock(name, block.labels[0], block.header, own)


def _terraform(block: Block, module: Module, found: Diagnostics) -> None:
    if not check_labels(block, (), found):
        return
    check_arguments(block, ("required_version",), found, later=("experiments",))
    for inner in block.blocks():
        if inner.type == "required_providers":
            _required_providers(inner, module)
        elif inner.type in ("backend", "cloud"):
            detail = f'This version of rtf keeps the state in a local file; remove the "{inner.type}" block.'
            found.extend(error("Unsupported backend", detail, inner.header).diagnostics)
    check_blocks(block, ("required_providers", "backend", "cloud"), found, later=("provider_meta",))


def _required_providers(block: Block, module: Module) -> None:
    for name, argument in block.arguments().items():
        value = constant(argument)
        if value.__class__ is str:
            value = {"version": value}
        if value.__class__ is not dict:
            detail = "A provider requirement is an object with source and version, or a version constraint."
            raise error("Invalid required_providers object", detail, argument.expression.range)
        source, version = value.get("source"), value.get("version")
        module.required_providers[name] = RequiredProvider(name, source, version, argument.name_range)


_DECODERS: dict[str, Callable[[Block, Module, Diagnostics], None]] = {
    "terraform": _terraform,
    "provider": _provider,
    "variable": _variable,
    "locals": _locals,
    "output": _output,
    "resource": _resource,
    "module": _module,
}
