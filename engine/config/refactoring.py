"""`moved`, `removed`, `import` and `check` blocks: what is said of objects that exist, and of the whole."""

from engine.config.body import Block, check_arguments, check_blocks, check_labels
from engine.config.model import Check, Import, Module, Moved, Removed
from engine.config.resources import provider_name, provisioners_of, read_resource
from engine.config.traversals import endpoint_of, first_key
from engine.config.values import NOT_A_NAME, complete_arguments, flag_of, is_identifier, rules_of, unquoted
from engine.diagnostics import Diagnostics, error


def decode_moved(block: Block, module: Module, found: Diagnostics) -> None:
    """Add a `moved` block. Raises DiagnosticError."""
    arguments = complete_arguments(block, ("from", "to"), found)
    if arguments is None:
        return
    source = endpoint_of(arguments["from"].expression)
    target = endpoint_of(arguments["to"].expression)
    if bool(source.name) != bool(target.name):
        detail = 'The "from" and "to" addresses must either both refer to resources or both refer to modules.'
        raise error('Invalid "moved" addresses', detail, block.header)
    module.moved.append(Moved(block.header, source, target))


def decode_removed(block: Block, module: Module, found: Diagnostics) -> None:
    """Add a `removed` block. Raises DiagnosticError."""
    arguments = complete_arguments(block, ("from",), found, blocks=("lifecycle", "provisioner", "connection"))
    if arguments is None:
        return
    source = endpoint_of(arguments["from"].expression)
    if (where := first_key(arguments["from"].expression)) is not None:
        detail = "A removed block names a whole resource or module: take the key in brackets away."
        of_module = any(key is not None for _, key in source.modules)
        raise error(f"{'Module' if of_module else 'Resource'} instance keys not allowed", detail, where)
    if source.mode != "managed":
        raise error("Data source address not allowed", "Only managed resources can be removed.", source.range)
    destroy = True
    for inner in block.blocks():
        if inner.type == "lifecycle" and check_labels(inner, (), found):
            check_arguments(inner, ("destroy",), found)
            check_blocks(inner, (), found)
            destroy = flag_of(inner.arguments(), "destroy", True)
    provisioners = tuple(provisioners_of(block, found))
    for provisioner in provisioners:
        if not source.name:
            detail = "Provisioners can be given only for the removal of a resource, not for that of a module."
            found.extend(error("Invalid provisioner block", detail, provisioner.range).diagnostics)
        elif not provisioner.at_destroy:
            detail = "Only destroy-time provisioners make sense in a removed block. Write when = destroy."
            found.extend(error("Invalid provisioner block", detail, provisioner.range).diagnostics)
    module.removed.append(Removed(block.header, source, destroy, provisioners))


def decode_import(block: Block, module: Module, found: Diagnostics) -> None:
    """Add an `import` block. Raises DiagnosticError."""
    arguments = complete_arguments(block, ("id", "to"), found, others=("for_each", "provider"))
    if arguments is None:
        return
    module.imports.append(
        Import(
            block.header,
            unquoted(arguments["to"].expression, found),
            arguments["id"].expression,
            arguments["for_each"].expression if "for_each" in arguments else None,
            provider_name(arguments["provider"], "") if "provider" in arguments else "",
        )
    )


def decode_check(block: Block, module: Module, found: Diagnostics) -> None:
    """Add a `check` block, and the data source that may stand in it. Raises DiagnosticError."""
    if not check_labels(block, ("name",), found):
        return
    name = block.labels[0]
    is_new = name not in module.checks
    if not is_new:
        earlier = module.checks[name].range
        detail = (
            f'A check block named "{name}" was already declared at {earlier}. Names must be unique within a module.'
        )
        found.extend(error(f'Duplicate check "{name}" configuration', detail, block.header).diagnostics)
    elif not is_identifier(name):
        raise error("Invalid check block name", f'"{name}" {NOT_A_NAME}', block.label_range(0))
    check_arguments(block, (), found)
    check_blocks(block, ("assert", "data"), found)
    sources = [inner for inner in block.blocks() if inner.type == "data"]
    for again in sources[1:]:
        detail = f"This check block already has a data resource defined at {sources[0].header}."
        found.extend(error("Multiple data resource blocks", detail, again.header).diagnostics)
    if sources and check_labels(sources[0], ("type", "name"), found):
        with found.collecting():
            source = read_resource(sources[0], found, name)
            if str(source.address) in module.resources:
                detail = f"{source.address} was already declared at {module.resources[str(source.address)].range}."
                raise error(f'Duplicate data "{source.address.type}" configuration', detail, source.range)
            module.resources[str(source.address)] = source
    assertions = tuple(rules_of(block, "assert", found))
    if not assertions:
        detail = "Check blocks must have at least one assert block."
        found.extend(error("Zero assert blocks", detail, block.header).diagnostics)
    if is_new:
        module.checks[name] = Check(name, block.header, assertions)
