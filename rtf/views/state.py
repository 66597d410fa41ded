"""A state as people read it: every object as a block of the language, and the outputs."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.address import InstanceAddress, key_order, parse_module, written_key
from engine.lang.values import SENSITIVE_MARKS, mark, type_of
from engine.plan.attributes import Attributes
from engine.plan.objects import Recorded
from providers.schema import Schema
from rtf.views.differences import compare_objects, compare_values
from rtf.views.notation import state_style, write, write_line
from rtf.views.outputs import ShownOutput
from rtf.views.terminal import Paint, harmless


def render_state(
    objects: Iterable[Recorded],
    outputs: Mapping[str, ShownOutput],
    schemas: Mapping[str, Schema],
    *,
    color: bool,
) -> str:
    """Return a whole state, ending with a newline. Sensitive values are not in it."""
    text = _objects(sorted(objects, key=_order), schemas, color=color)
    if not text and not outputs:
        return "The state file is empty. No resources are represented.\n"
    if outputs:
        text += f"\n\n{Paint(color)('Outputs:', 'bold', 'green')}\n\n"
        text += "".join(_output(name, outputs[name], Paint(color)) for name in sorted(outputs))
    return text


def _output(name: str, output: ShownOutput, paint: Paint) -> str:
    value = mark(output.value, SENSITIVE_MARKS) if output.sensitive else output.value
    return write_line(f"{name} = ", compare_values(value, value, type_of(value)), 0, state_style(paint))


def _objects(ordered: list[Recorded], schemas: Mapping[str, Schema], *, color: bool) -> str:
    """Return the objects as blocks, with Terraform's blank lines between them.

    There are two before a module's first block, but none before that of a module all of whose callers have no blocks.
    """
    modules = {_steps(item) for item in ordered}
    text = ""
    last: tuple[str, ...] | None = None
    for item in ordered:
        steps = _steps(item)
        if steps == last:
            text += "\n"
        elif any(steps[:depth] in modules for depth in range(len(steps))):
            text += "\n\n"
        text += render_object(item, schemas.get(item.address.resource.kind, Schema()), color=color)
        last = steps
    return text


def _steps(item: Recorded) -> tuple[str, ...]:
    return tuple(f"{name}{written_key(key)}" for name, key in parse_module(item.address.resource.module).steps)


def _order(item: Recorded) -> tuple[object, ...]:
    resource = item.address.resource
    key = key_order(item.address.key)
    return _steps(item), resource.mode, resource.type, resource.name, key, item.deposed or ""


def render_object(item: Recorded, schema: Schema, *, color: bool) -> str:
    """Return one recorded object, ending with a newline. Sensitive values are not in it."""
    note = f" (deposed object {item.deposed})" if item.deposed else " (tainted)" if item.tainted else ""
    return render_attributes(item.address, item.attributes, schema, note=note, color=color)


def render_attributes(
    address: InstanceAddress, attributes: Attributes, schema: Schema, *, note: str = "", color: bool
) -> str:
    """Return an object as a block, under a comment with its address and `note`."""
    paint = Paint(color)
    tree = replace(compare_objects(attributes, attributes, schema), forces=False)
    resource = address.resource
    keyword = "data" if resource.mode == "data" else "resource"
    head = f"# {harmless(str(address))}:{note}"
    return f'{head}\n{keyword} "{resource.type}" "{resource.name}" {write(tree, 0, state_style(paint))}\n'


def state_list(addresses: Iterable[InstanceAddress]) -> str:
    """Return addresses, one to a line."""
    return "".join(f"{harmless(str(address))}\n" for address in addresses)
