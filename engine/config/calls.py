"""`module` and `provider` blocks: which other modules are used, and how providers are set up."""

from engine.config.body import Block, check_blocks, check_labels
from engine.config.model import Argument, Module, ModuleCall, PassedProvider, ProviderBlock
from engine.config.resources import check_repetition, provider_name
from engine.config.settings import check_local_name
from engine.config.sources import read_origin
from engine.config.values import NOT_A_NAME, is_identifier, references_of, required, text_of, unquoted
from engine.config.versions import parse_constraints
from engine.diagnostics import DiagnosticError, Diagnostics, SourceRange, error, warning
from engine.syntax import tree
from engine.syntax.expression import Expression

_META = ("source", "version", "count", "for_each", "depends_on", "providers")
_PLAIN_ONLY = ("count", "for_each", "depends_on")  # not for modules that have provider configurations of their own
_RESERVED_BLOCKS = ("lifecycle", "locals")
_RESERVED_ARGUMENTS = ("count", "depends_on", "for_each", "source")
_NOT_OF_PROVIDER = ("alias", "version", *_RESERVED_ARGUMENTS)


def decode_call(block: Block, module: Module, found: Diagnostics) -> None:
    """Add a `module` block to `module`. Raises DiagnosticError."""
    if not check_labels(block, ("name",), found):
        return
    name, arguments = block.labels[0], block.arguments()
    if not is_identifier(name):
        raise error("Invalid module instance name", f'"{name}" {NOT_A_NAME}', block.label_range(0))
    if name in module.calls:
        detail = f'A module call named "{name}" was already defined at {module.calls[name].range}.'
        raise error("Duplicate module call", detail, block.header)
    for inner in block.blocks():
        if inner.type in _RESERVED_BLOCKS:
            detail = f'The block type name "{inner.type}" is reserved in module blocks.'
            found.extend(error("Reserved block type name in module block", detail, inner.type_range).diagnostics)
    check_blocks(block, _RESERVED_BLOCKS, found)
    check_repetition(arguments, found)
    for problem in required(block, arguments, "source"):
        raise problem
    with found.collecting():
        _check_version(arguments)
    where = arguments["source"].expression.range
    source = text_of(arguments, "source")
    passed = passed_providers(arguments.get("providers"), found)
    module.calls[name] = ModuleCall(
        name=name,
        range=block.header,
        missing_range=block.missing_range,
        source=source,
        origin=read_origin(source, where, versioned="version" in arguments),
        source_range=where,
        arguments={key: argument for key, argument in arguments.items() if key not in _META},
        count=arguments["count"].expression if "count" in arguments else None,
        for_each=arguments["for_each"].expression if "for_each" in arguments else None,
        depends_on=references_of(arguments.get("depends_on"), found),
        providers={one.inside: one.outside for one in passed},
        passed=passed,
        version=text_of(arguments, "version"),
        meta_range=next((arguments[key].name_range for key in _PLAIN_ONLY if key in arguments), None),
    )


def _check_version(arguments: dict[str, Argument]) -> None:
    text = text_of(arguments, "version") if "version" in arguments else "1"
    try:
        parse_constraints(text)
    except ValueError as problem:
        detail = f"This string does not use correct version constraint syntax: {problem}."
        raise error("Invalid version constraint", detail, arguments["version"].expression.range) from None


def passed_providers(argument: Argument | None, found: Diagnostics) -> tuple[PassedProvider, ...]:
    """Return which configurations a module gets under which names."""
    if argument is None:
        return ()
    source = argument.expression.source
    if argument.expression.tree[0] != tree.OBJECT:
        raise error("Invalid expression", "A static map expression is required.", argument.expression.range)
    passed: dict[str, PassedProvider] = {}
    for parts in argument.expression.tree[3]:
        with found.collecting():
            inside, outside = (unquoted(Expression(part, source), found) for part in parts)
            name, given = (_configuration_name(expression) for expression in (inside, outside))
            if name in passed:
                detail = f"A provider configuration was already passed to {name} at {passed[name].inside_range}."
                raise error("Duplicate provider address", f"{detail} Each can be passed once.", outside.range)
            passed[name] = PassedProvider(name, given, inside.range, outside.range)
    return tuple(passed.values())


def _configuration_name(expression: Expression) -> str:
    try:
        return provider_name(Argument("", expression.range, expression), "")
    except DiagnosticError:
        detail = "The providers argument requires a provider type name, optionally followed by a period and an alias."
        raise error("Invalid provider configuration reference", detail, expression.range) from None


def decode_provider(block: Block, module: Module, found: Diagnostics) -> None:
    """Add a `provider` block to `module`. Raises DiagnosticError."""
    provider = read_provider(block, found)
    if provider is None:
        return
    if (earlier := module.providers.get(provider.name)) is not None:
        raise _duplicate(provider.type, provider.name.partition(".")[2], earlier, block.header)
    module.providers[provider.name] = provider


def read_provider(block: Block, found: Diagnostics) -> ProviderBlock | None:
    """Return what a `provider` block sets up, None when that cannot be told. Raises DiagnosticError."""
    if not check_labels(block, ("name",), found):
        return None
    provider, arguments = block.labels[0], block.arguments()
    check_local_name(provider, block.header)
    for name in _RESERVED_ARGUMENTS:
        if name in arguments:
            detail = f'The provider argument name "{name}" is reserved.'
            where = arguments[name].name_range
            found.extend(error("Reserved argument name in provider block", detail, where).diagnostics)
    for inner in block.blocks():
        if inner.type in _RESERVED_BLOCKS:
            detail = f'The block type name "{inner.type}" is reserved in provider blocks.'
            found.extend(error("Reserved block type name in provider block", detail, inner.type_range).diagnostics)
    check_blocks(block, _RESERVED_BLOCKS, found)
    if "version" in arguments:
        with found.collecting():
            _check_provider_version(arguments, found)
    alias = alias_of(arguments, found)
    if alias is None:
        return None
    own = {key: argument for key, argument in arguments.items() if key not in _NOT_OF_PROVIDER}
    return ProviderBlock(f"{provider}.{alias}" if alias else provider, provider, block.header, own)


def alias_of(arguments: dict[str, Argument], found: Diagnostics) -> str | None:
    """Return the alias of a configuration, empty without one, None when what is given is none."""
    if "alias" not in arguments:
        return ""
    with found.collecting():
        alias = text_of(arguments, "alias")
        if is_identifier(alias):
            return alias
        detail = "An alias is a name: it starts with a letter or underscore, and may go on with digits and dashes."
        raise error("Invalid provider configuration alias", detail, arguments["alias"].expression.range)
    return None


def _check_provider_version(arguments: dict[str, Argument], found: Diagnostics) -> None:
    where = arguments["version"].expression.range
    detail = "Put the version into the required_providers block of the terraform block."
    summary = "Version constraints inside provider configuration blocks are deprecated"
    found.add(warning(summary, detail, where))
    _check_version(arguments)


def _duplicate(provider: str, alias: str, earlier: ProviderBlock, where: SourceRange) -> DiagnosticError:
    if alias:
        detail = (
            f'A provider configuration for "{provider}" with alias "{alias}" was already given at {earlier.range}. '
            "Each configuration for the same provider must have a distinct alias."
        )
    else:
        detail = (
            f'A default (non-aliased) provider configuration for "{provider}" was already given at {earlier.range}. If '
            'multiple configurations are required, set the "alias" argument for alternative configurations.'
        )
    return error("Duplicate provider configuration", detail, where)
