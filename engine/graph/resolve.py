"""What a reference stands for: the block it needs, or the problem that there is none.

Blocks are named as in references: `var.x`, `local.x`, `type.name`; outputs are `output.x`, providers `provider.x`, and
a called module with everything in it `module.x (close)`.
"""

from collections.abc import Collection

from engine.config.model import Module, ResourceBlock
from engine.diagnostics import DiagnosticError, did_you_mean, error
from engine.syntax.references import Reference


def resolve(reference: Reference, module: Module, allowed: Collection[str] = (), check: str = "") -> list[str]:
    """Return the names of the blocks of `module` that `reference` needs.

    `allowed` holds `each`, `count` and `self` where the surrounding block has them; `check` names the check block that
    the reference stands in. Raises DiagnosticError.
    """
    root, *rest = reference.names
    if root in ("each", "count"):
        _check_member(reference, module, ("key", "value") if root == "each" else ("index",))
        if root not in allowed:
            raise _no_repetition(root, reference)
        return []
    if root == "path":
        _check_member(reference, module, ("cwd", "module", "root"))
        return []
    if root == "terraform":
        _check_member(reference, module, ("applying", "workspace"))
        return []
    if root == "self" and "self" in allowed:
        return []
    if root == "self":
        detail = 'The "self" object is not available in this context. It stands for the resource in its own checks.'
        raise error('Invalid "self" reference', detail, reference.range)
    if not rest or (root in ("data", "ephemeral") and len(rest) < 2):
        raise _incomplete(root, reference, module)
    if root == "module":
        return _module_output(reference, rest, module)
    if root == "var":
        return [_declared(reference, rest[0], module.variables, "var", "input variable", _VARIABLE_HINT)]
    if root == "local":
        return [_declared(reference, rest[0], module.locals, "local", "local value", "")]
    if root in ("data", "ephemeral"):
        return [_resource(reference, rest, module, check, root)]
    return [_resource(reference, [root, *rest], module, check)]


def _module_output(reference: Reference, names: list[str], module: Module) -> list[str]:
    """Return what a reference to a called module needs: one output, or all of the module if it does not say which."""
    name, *rest = names
    if name not in module.calls:
        hint = did_you_mean(name, module.calls)
        detail = f'No module call named "{name}" is declared in this module.{hint}'
        raise error("Reference to undeclared module", detail, reference.range)
    call = f"module.{name}"
    outputs = module.children[name].outputs
    if module.calls[name].count is not None or module.calls[name].for_each is not None:
        rest = list(reference.members)
    if not rest:
        return [closing(call)]
    if rest[0] not in outputs:
        detail = f'This object does not have an attribute named "{rest[0]}".{did_you_mean(rest[0], outputs)}'
        raise error("Unsupported attribute", detail, reference.range)
    return [f"{call}.output.{rest[0]}"]


def closing(module: str) -> str:
    """Return the name of the node that stands for a called module as a whole, with everything in it."""
    return f"{module} (close)"


_VARIABLE_HINT = ' This variable can be declared with a variable "{name}" {{}} block.'


def _declared(
    reference: Reference, name: str, declared: Collection[str], prefix: str, kind: str, otherwise: str
) -> str:
    if name in declared:
        return f"{prefix}.{name}"
    hint = did_you_mean(name, declared) or otherwise.format(name=name)
    article = "An" if kind[0] in "aeiou" else "A"
    detail = f'{article} {kind} with the name "{name}" has not been declared.{hint}'
    raise error(f"Reference to undeclared {kind}", detail, reference.range)


def _resource(reference: Reference, names: list[str], module: Module, check: str, mode: str = "managed") -> str:
    plain = ".".join(names[:2])
    address = plain if mode == "managed" else f"{mode}.{plain}"
    type, name = names[:2]
    if address not in module.resources:
        hint = did_you_mean(address, module.resources)
        detail = f'A {mode} resource "{type}" "{name}" has not been declared in {_written(module)}.{hint}'
        raise error("Reference to undeclared resource", detail, reference.range)
    block = module.resources[address]
    if block.check and block.check != check:
        detail = (
            f'The referenced data resource "{type}" "{name}" is not available from this context: it stands in '
            f'check "{block.check}", and only that may use it.'
        )
        raise error("Reference to scoped resource", detail, reference.range)
    _check_instance_key(reference, block, len(names) - 2)
    return address


def _written(module: Module) -> str:
    return "the root module" if module.directory == "." else f'the module in "{module.directory}"'


def _check_instance_key(reference: Reference, block: ResourceBlock, further: int) -> None:
    """Check that a reference names one instance exactly where the block has several, as far as it is written out.

    `further` is how many names follow the block's.
    """
    repeated = "count" if block.count is not None else "for_each" if block.for_each is not None else None
    if repeated is None and not further and reference.key_range is not None:
        detail = (
            f'Because {block.address} does not have "count" or "for_each" set, references to it must not include an '
            "index key. Remove the bracketed index to refer to the single instance of this resource."
        )
        raise error("Unexpected resource instance key", detail, reference.range)
    if repeated is not None and further:
        key = "count.index" if repeated == "count" else "each.key"
        detail = (
            f'Because {block.address} has "{repeated}" set, its attributes must be accessed on specific instances. For '
            f"example, to correlate with indices of a referring resource, use {block.address}[{key}]."
        )
        raise error("Missing resource instance key", detail, reference.range)


def _check_member(reference: Reference, module: Module, names: tuple[str, ...]) -> None:
    """Check that a reference into one of the language's own objects names a member of it."""
    root = reference.names[0]
    if len(reference.names) < 2:
        raise _incomplete(root, reference, module)
    wrong = reference.names[1]
    if wrong not in names:
        listed = ", ".join(f"{root}.{name}" for name in names)
        detail = (
            f'The "{root}" object has no attribute named "{wrong}"; it offers {listed}.{did_you_mean(wrong, names)}'
        )
        raise error(f'Invalid "{root}" attribute', detail, reference.range)


def _no_repetition(root: str, reference: Reference) -> DiagnosticError:
    if root == "each":
        summary = 'Reference to "each" in context without for_each'
        detail = (
            'The "each" object can be used only in "resource" blocks, and only when the "for_each" argument is set.'
        )
    else:
        summary = 'Reference to "count" in non-counted context'
        detail = 'The "count" object can be used only in "resource" blocks, and only when the "count" argument is set.'
    return error(summary, detail, reference.range)


def _incomplete(root: str, reference: Reference, module: Module) -> DiagnosticError:
    if root in ("var", "local", "module", "path", "terraform", "each", "count"):
        detail = f'The "{root}" object cannot be accessed directly. Instead, access one of its attributes.'
    elif root in ("data", "ephemeral"):
        detail = f'The "{root}" object must be followed by two attribute names: the type and the name of a resource.'
    elif any(block.address.type == root for block in module.resources.values()):
        detail = (
            "A reference to a resource type must be followed by at least one attribute access, specifying the "
            "resource name."
        )
    else:
        hint = did_you_mean(root, ["var", "local", "each", "count", "path", "terraform"])
        detail = (
            f'There is nothing called "{root}". Text needs quotes; an input variable is written var.{root}, a local '
            f"value local.{root}.{hint}"
        )
    return error("Invalid reference", detail, reference.key_range or reference.range)
