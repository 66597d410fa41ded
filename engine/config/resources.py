"""`resource`, `data` and `ephemeral` blocks: labels, meta-arguments, lifecycle and provisioners."""

from collections.abc import Iterator
from dataclasses import replace

from engine.address import ResourceAddress
from engine.config.body import Block, check_arguments, check_blocks, check_labels
from engine.config.model import Argument, AttributePath, Lifecycle, Module, Provisioner, ResourceBlock
from engine.config.traversals import path_of
from engine.config.values import (
    NOT_A_NAME,
    flag_of,
    is_identifier,
    items_of,
    references_of,
    rules_of,
    unquoted,
)
from engine.diagnostics import Diagnostics, error, warning
from engine.syntax import tree
from engine.syntax.expression import Expression
from engine.syntax.references import references

_META = ("count", "for_each", "provider", "depends_on")
_MODES = {"resource": "managed", "data": "data", "ephemeral": "ephemeral"}
_KINDS = {"resource": "resource", "data": "data resource", "ephemeral": "ephemeral resource"}


def decode_resource(block: Block, module: Module, found: Diagnostics) -> None:
    """Add a `resource`, `data` or `ephemeral` block to `module`. Raises DiagnosticError."""
    if not check_labels(block, ("type", "name"), found):
        return
    resource = read_resource(block, found)
    name = str(resource.address)
    if (earlier := module.resources.get(name)) is not None:
        type, label = block.labels
        detail = (
            f'A {type} {_KINDS[block.type]} named "{label}" was already declared at {earlier.range}. '
            "Resource names must be unique per type in each module."
        )
        what = "resource" if block.type == "resource" else block.type
        raise error(f'Duplicate {what} "{type}" configuration', detail, block.header)
    module.resources[name] = resource


def read_resource(block: Block, found: Diagnostics, check: str = "") -> ResourceBlock:
    """Return a block as a resource; `check` names the check block that it stands in. Raises DiagnosticError."""
    type, name = block.labels
    for position, label in enumerate(block.labels):
        if not is_identifier(label):
            what = "data source" if block.type == "data" and position == 0 else _KINDS[block.type]
            summary = f"Invalid {what} {('type', 'name')[position]}" if what != "data source" else "Invalid data source"
            raise error(summary, f'"{label}" {NOT_A_NAME}', block.label_range(position))
    arguments = {**block.arguments(), **_escaped(block)}
    check_repetition(block.arguments(), found)
    allowed = ("lifecycle", "provisioner", "connection") if block.type == "resource" else ("lifecycle",)
    _check_nested(block, allowed, found)
    return ResourceBlock(
        address=ResourceAddress(type, name, _MODES[block.type]),
        range=block.header,
        arguments={key: argument for key, argument in arguments.items() if key not in _META},
        type_range=block.label_range(0),
        count=arguments["count"].expression if "count" in arguments else None,
        for_each=arguments["for_each"].expression if "for_each" in arguments else None,
        provider=provider_name(_unquoted_argument(arguments.get("provider"), found), type),
        depends_on=references_of(arguments.get("depends_on"), found),
        lifecycle=_lifecycle(block, found),
        provisioners=tuple(provisioners_of(block, found)) if block.type == "resource" else (),
        check=check,
    )


def _escaped(block: Block) -> dict[str, Argument]:
    """Return the arguments in a block named `_`, which are the type's own whatever they are called."""
    return {name: one for inner in block.blocks() if inner.type == "_" for name, one in inner.arguments().items()}


def _unquoted_argument(argument: Argument | None, found: Diagnostics) -> Argument | None:
    return None if argument is None else replace(argument, expression=unquoted(argument.expression, found))


def check_repetition(arguments: dict[str, Argument], found: Diagnostics) -> None:
    """Report a block that has both `count` and `for_each`."""
    if "count" in arguments and "for_each" in arguments:
        detail = 'The "count" and "for_each" meta-arguments are mutually-exclusive. Only one may be used.'
        where = arguments["for_each"].name_range
        found.extend(error('Invalid combination of "count" and "for_each"', detail, where).diagnostics)


def _check_nested(block: Block, allowed: tuple[str, ...], found: Diagnostics) -> None:
    """Report nested blocks that are not allowed; a `dynamic` block stands for those it makes, and types have none."""
    for inner in block.blocks():
        if inner.type == "dynamic" and inner.labels:
            detail = f'Blocks of type "{inner.labels[0]}" are not expected here.'
            found.extend(error("Unsupported block type", detail, inner.label_range(0)).diagnostics)
    check_blocks(block, (*allowed, "dynamic", "_"), found)


def provider_name(argument: Argument | None, type: str) -> str:
    """Return the local name of a provider configuration: as given, or that of the resource type."""
    if argument is None:
        return type.partition("_")[0]
    node = argument.expression.tree
    if node[0] == tree.VARIABLE:
        return str(node[3])
    if node[0] == tree.TRAVERSAL and len(node[3]) == 2:
        return ".".join(node[3])
    detail = "The provider argument requires a provider type name, optionally followed by a period and then an alias."
    raise error("Invalid provider configuration reference", detail, argument.expression.range)


_OF_MANAGED = ("create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by")


def _lifecycle(block: Block, found: Diagnostics) -> Lifecycle:
    written = [nested for nested in block.blocks() if nested.type == "lifecycle"]
    for again in written[1:]:
        detail = f"This resource already has a lifecycle block at {written[0].header}."
        found.extend(error("Duplicate lifecycle block", detail, again.header).diagnostics)
    if not written or not check_labels(written[0], (), found):
        return Lifecycle()
    inner = written[0]
    check_arguments(inner, _OF_MANAGED, found)
    check_blocks(inner, ("precondition", "postcondition"), found)
    arguments = inner.arguments()
    rules = {kind: tuple(rules_of(inner, kind, found)) for kind in ("precondition", "postcondition")}
    if block.type != "resource":
        kind = _KINDS[block.type]
        for name in _OF_MANAGED:
            if name in arguments:
                detail = f'The lifecycle argument "{name}" is defined only for managed resources.'
                where = arguments[name].name_range
                found.extend(error(f"Invalid {kind} lifecycle argument", detail, where).diagnostics)
        return Lifecycle(preconditions=rules["precondition"], postconditions=rules["postcondition"])
    ignore = arguments.get("ignore_changes")
    everything = ignore is not None and _is_all(ignore)
    order = flag_of(arguments, "create_before_destroy", False) if "create_before_destroy" in arguments else None
    triggers = tuple(_triggers(arguments.get("replace_triggered_by"), found))
    return Lifecycle(
        create_before_destroy=order,
        prevent_destroy=flag_of(arguments, "prevent_destroy", False),
        ignore_all=everything,
        ignore_changes=() if everything else tuple(_ignored(ignore, found)),
        replace_triggered_by=triggers,
        preconditions=rules["precondition"],
        postconditions=rules["postcondition"],
    )


def _triggers(argument: Argument | None, found: Diagnostics) -> Iterator[Expression]:
    """Yield the references in `replace_triggered_by`; the first entry that is none is reported, and ends them."""
    for written in items_of(argument):
        item = unquoted(written, found)
        roots = [reference.names[0] for reference in references(item)]
        resources = [root for root in roots if root not in _NO_RESOURCES and root not in ("count", "each")]
        if any(root in _NO_RESOURCES for root in roots):
            detail = "Only resources, count.index, and each.key may be used in replace_triggered_by."
            where = item.range
            found.extend(error("Invalid reference in replace_triggered_by expression", detail, where).diagnostics)
        if len(resources) != 1:
            detail = "One resource, or an attribute of one, has to be named here, such as terraform_data.a.id."
            found.extend(error("Invalid replace_triggered_by expression", detail, item.range).diagnostics)
            return
        yield item


_NO_RESOURCES = ("var", "local", "module", "path", "terraform", "self", "ephemeral")


def _is_all(ignore: Argument) -> bool:
    node = ignore.expression.tree
    if node[0] == tree.TUPLE and len(node[3]) == 1 and node[3][0][0] == tree.STRING and node[3][0][3] == "*":
        detail = 'Write ignore_changes = all, without brackets and quotes, instead of ["*"].'
        raise error("Invalid ignore_changes wildcard", detail, ignore.expression.range)
    return bool(node[0] == tree.VARIABLE and node[3] == "all")


def _ignored(ignore: Argument | None, found: Diagnostics) -> Iterator[AttributePath]:
    for item in items_of(ignore):
        with found.collecting():
            yield AttributePath(path_of(unquoted(item, found)), item.range)


def provisioners_of(block: Block, found: Diagnostics) -> Iterator[Provisioner]:
    """Yield the provisioners in a block, in order; what is wrong with them is reported."""
    for inner in block.blocks():
        if inner.type == "provisioner" and check_labels(inner, ("type",), found):
            with found.collecting():
                yield _provisioner(inner, found)


def _provisioner(block: Block, found: Diagnostics) -> Provisioner:
    check_blocks(block, ("connection",), found)
    arguments = block.arguments()
    when = _keyword(arguments.pop("when", None), "when", ("create", "destroy"), found)
    on_failure = _keyword(arguments.pop("on_failure", None), "on_failure", ("fail", "continue"), found)
    if when == "destroy":
        _check_destroy_references(arguments, found)
    return Provisioner(
        block.labels[0],
        block.header,
        block.label_range(0),
        arguments,
        block.missing_range,
        at_destroy=when == "destroy",
        may_fail=on_failure == "continue",
    )


def _keyword(argument: Argument | None, name: str, allowed: tuple[str, str], found: Diagnostics) -> str | None:
    """Return which of two words an argument is, None when it is not given. Raises DiagnosticError."""
    if argument is None:
        return None
    node = argument.expression.tree
    if node[0] == tree.STRING and not argument.expression.source.name.endswith(".json"):
        detail = "In this context, keywords are expected literally rather than in quotes. Remove the quotes."
        found.add(warning("Quoted keywords are deprecated", detail, argument.expression.range))
    if node[0] in (tree.VARIABLE, tree.STRING) and node[3] in allowed:
        return str(node[3])
    detail = f'The "{name}" argument requires one of the following keywords: {allowed[0]} or {allowed[1]}.'
    raise error(f'Invalid "{name}" keyword', detail, argument.expression.range)


def _check_destroy_references(arguments: dict[str, Argument], found: Diagnostics) -> None:
    """Report whatever a command refers to that may be gone when the object itself goes."""
    for argument in arguments.values():
        for reference in references(Expression(argument.expression.tree, argument.expression.source)):
            if reference.names[0] in ("self", "path", "terraform") or reference.names[:2] in _KNOWN_AT_END:
                continue
            detail = (
                'Destroy-time provisioners may only refer to attributes of their resource, by "self", "count.index" or '
                '"each.key": whatever else they need may be gone by then. Put the value into the resource, for example '
                "into triggers_replace, and refer to it there."
            )
            found.extend(error("Invalid reference from destroy provisioner", detail, reference.range).diagnostics)


_KNOWN_AT_END = (("count", "index"), ("each", "key"))
