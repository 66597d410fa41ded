"""`terraform` blocks: which version the configuration is for, and which providers it requires."""

import re
from typing import Final

from engine.config.body import Block, check_arguments, check_blocks, check_labels
from engine.config.model import Argument, Module, RequiredProvider, RequiredVersion
from engine.config.storage import place_of_backend
from engine.config.values import constant
from engine.config.versions import Constraint, parse_constraints
from engine.diagnostics import DiagnosticError, Diagnostics, SourceRange, error, warning
from engine.lang.convert import ConversionError, convert
from engine.lang.types import STRING
from engine.lang.values import Value, is_null
from engine.syntax import tree
from engine.syntax.expression import Expression

_EDITION: Final = "TF2021"
_HOST: Final = "registry.terraform.io"
_PART: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_HOSTNAME: Final = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*\.?(?::\d+)?")


def decode_terraform(block: Block, module: Module, found: Diagnostics) -> None:
    """Add what a `terraform` block says to `module`; what is wrong with it is added to `found`."""
    if not check_labels(block, (), found):
        return
    check_arguments(block, ("required_version", "experiments", "language"), found)
    _check_language(block, found)
    arguments = block.arguments()
    if "required_version" in arguments:
        with found.collecting():
            module.required_versions += _required_version(arguments["required_version"])
    for inner in block.blocks():
        if inner.type == "required_providers" and check_labels(inner, (), found):
            with found.collecting():
                _required_providers(inner, module, found)
        elif inner.type == "backend":
            module.backend = place_of_backend(inner, module.backend, found)
        elif inner.type == "cloud":
            detail = 'rtf keeps states in local files; remove the "cloud" block.'
            found.extend(error("Unsupported backend", detail, inner.header).diagnostics)
    check_blocks(block, ("required_providers", "backend", "cloud", "provider_meta"), found)
    _check_provider_meta(block, found)


def _check_language(block: Block, found: Diagnostics) -> None:
    arguments = block.arguments()
    if "experiments" in arguments:
        detail = "Experimental features are for gathering early feedback; rtf has none. Remove this argument."
        found.extend(
            error("Module uses experimental features", detail, arguments["experiments"].name_range).diagnostics
        )
    edition = arguments.get("language")
    if edition is not None and edition.expression.tree[:1] + edition.expression.tree[3:] != (tree.VARIABLE, _EDITION):
        detail = f"Only the language edition {_EDITION} is understood. Remove this argument."
        found.extend(error("Unsupported language edition", detail, edition.expression.range).diagnostics)


def _check_provider_meta(block: Block, found: Diagnostics) -> None:
    seen: dict[str, Block] = {}
    for inner in block.blocks():
        if inner.type != "provider_meta" or not check_labels(inner, ("name",), found):
            continue
        name = inner.labels[0]
        if name in seen:
            detail = (
                f'A provider_meta block for provider "{name}" was already declared at {seen[name].header}. '
                "Providers may only have one provider_meta block per module."
            )
            found.extend(error("Duplicate provider_meta block", detail, inner.header).diagnostics)
        seen.setdefault(name, inner)


def _required_version(argument: Argument) -> list[RequiredVersion]:
    """Return the versions that the module asks for; null asks for none. Raises DiagnosticError."""
    where = argument.expression.range
    value = constant(argument)
    if is_null(value):
        return []
    try:
        text = convert(value, STRING)
    except ConversionError:
        raise error("Invalid version constraint", "A string value is required for required_version.", where) from None
    return [RequiredVersion(_constraints(text, where), str(text), argument.range)]


def _constraints(text: Value, where: SourceRange) -> tuple[Constraint, ...]:
    try:
        return parse_constraints(str(text))
    except ValueError as problem:
        detail = f"This string does not use correct version constraint syntax: {problem}."
        raise error("Invalid version constraint", detail, where) from None


def _required_providers(block: Block, module: Module, found: Diagnostics) -> None:
    if module.required_providers_range is not None:
        detail = (
            "A module may have only one required providers configuration. The required providers were previously "
            f"configured at {module.required_providers_range}."
        )
        raise error("Duplicate required providers configuration", detail, block.header)
    module.required_providers_range = block.header
    for inner in block.blocks():
        detail = 'Blocks are not allowed here: a requirement is written name = { source = "..." }.'
        found.extend(error(f'Unexpected "{inner.type}" block', detail, inner.type_range).diagnostics)
    sources: dict[str, str] = {}
    for name, argument in block.arguments().items():
        with found.collecting():
            required = _requirement(name, argument, found)
            module.required_providers[name] = required
            if required.source is not None:
                first = sources.setdefault(required.source, name)
                if first != name:
                    detail = (
                        f'Provider {required.source} with the local name "{name}" was previously required as '
                        f'"{first}". A provider can only be required once within required_providers.'
                    )
                    found.add(warning("Duplicate required provider", detail, argument.expression.range))


def _requirement(name: str, argument: Argument, found: Diagnostics) -> RequiredProvider:
    expression = argument.expression
    check_local_name(name, argument.expression.range)
    if expression.tree[0] == tree.OBJECT:
        return _written_requirement(name, argument, found)
    value = constant(argument)
    try:
        text = convert(value, STRING)
    except ConversionError:
        text = value
    if text.__class__ is not str:
        detail = "required_providers entries must be strings or objects: name = { source = ..., version = ... }."
        raise error("Invalid required_providers object", detail, expression.range)
    return RequiredProvider(name, None, text, _constraints(text, expression.range), (), argument.name_range)


def check_local_name(name: str, where: SourceRange) -> None:
    """Check what a module calls a provider. Raises DiagnosticError."""
    if _PART.fullmatch(name) is None:
        detail = (
            f"{name} is an invalid provider local name: must contain only letters, digits, and dashes, and may not use "
            "leading or trailing dashes, or several in a row."
        )
        raise error("Invalid provider local name", detail, where)
    if name != name.lower():
        detail = f'Provider names must be normalized. Replace "{name}" with "{name.lower()}" to fix this error.'
        raise error("Invalid provider local name", detail, where)


def _written_requirement(name: str, argument: Argument, found: Diagnostics) -> RequiredProvider:
    source: str | None = None
    text: str | None = None
    constraints: tuple[Constraint, ...] = ()
    aliases: tuple[str, ...] = ()
    for key, value in argument.expression.tree[3]:
        member = Expression(value, argument.expression.source)
        match _key(Expression(key, argument.expression.source)):
            case "source":
                source = parse_source(
                    _text(member, "Invalid source", "Source must be specified as a string."), member.range
                )
            case "version":
                text = _text(member, "Invalid version constraint", "Version must be specified as a string.")
                constraints = _constraints(text, member.range)
            case "configuration_aliases":
                aliases = tuple(_aliases(name, member, found))
            case _:
                detail = (
                    'required_providers objects can only contain "version", "source" and "configuration_aliases" '
                    'attributes. To configure a provider, use a "provider" block.'
                )
                where = SourceRange(argument.expression.source, key[1], key[2])
                raise error("Invalid required_providers object", detail, where)
    return RequiredProvider(name, source, text, constraints, aliases, argument.name_range)


def _key(key: Expression) -> str:
    return (
        str(key.tree[3]) if key.tree[0] in (tree.VARIABLE, tree.STRING) else str(constant(Argument("", key.range, key)))
    )


def _text(expression: Expression, summary: str, detail: str) -> str:
    try:
        value = constant(Argument("", expression.range, expression))
    except DiagnosticError:
        value = None
    if not isinstance(value, str):
        raise error(summary, detail, expression.range)
    return value


def _aliases(name: str, expression: Expression, found: Diagnostics) -> list[str]:
    """Return the names of the configurations that callers have to pass: `name.alias`."""
    if expression.tree[0] != tree.TUPLE:
        raise error("Invalid expression", "A static list expression is required.", expression.range)
    aliases = []
    for item in expression.tree[3]:
        where = SourceRange(expression.source, item[1], item[2])
        names = item[3] if item[0] == tree.TRAVERSAL else (item[3],) if item[0] == tree.VARIABLE else ()
        if not names or len(names) > 2:
            detail = (
                "Configuration aliases can only contain references to local provider configuration names in the format "
                "of provider.alias."
            )
            found.extend(error("Invalid configuration_aliases value", detail, where).diagnostics)
        elif names[0] != name:
            detail = (
                f'Configuration aliases must be prefixed with the provider name. Expected "{name}", but found '
                f'"{names[0]}".'
            )
            found.extend(error("Invalid configuration_aliases value", detail, where).diagnostics)
        else:
            aliases.append(".".join(names))
    return aliases


def parse_source(text: str, where: SourceRange) -> str:
    """Return the full address of a provider, such as `registry.terraform.io/openai/openai`. Raises DiagnosticError."""
    parts = text.split("/")
    if not all(parts) or len(parts) > 3:
        detail = 'The "source" attribute must be in the format "[hostname/][namespace/]name".'
        raise error("Invalid provider source string", detail, where)
    host, namespace, name = [_HOST, "hashicorp"][: 3 - len(parts)] + parts
    for part, kind in ((name, "type"), (namespace, "namespace")):
        if _PART.fullmatch(part) is None and (part, kind) != ("-", "namespace"):
            detail = (
                f'"{part}" in the source "{text}" must contain only letters, digits, and dashes, and may not use '
                "leading or trailing dashes, or several in a row."
            )
            raise error(f"Invalid provider {kind}", detail, where)
    if _HOSTNAME.fullmatch(host) is None:
        detail = f'"{host}" in the source "{text}" is not the name of a host.'
        raise error("Invalid provider source hostname", detail, where)
    if name.lower().startswith("terraform-"):
        detail = f'Provider names have no prefix: write "{name[10:].removeprefix("provider-")}" instead of "{name}".'
        raise error("Invalid provider type", detail, where)
    return "/".join((host, namespace, name)).lower()
