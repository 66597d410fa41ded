"""Output values of the root module: the block below an apply, and what `rtf output` prints.

Only `output_raw` and `output_json` show sensitive values: asking for one by these is how a program reads a secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.lang import numbers
from engine.lang.json_values import JSON
from engine.lang.types import friendly_name, to_notation
from engine.lang.values import Null, Unknown, Value, is_number, type_of, unmark_deep
from rtf.views.json_text import compact, indented, value_json
from rtf.views.terminal import Paint
from rtf.views.values import format_value

SENSITIVE = "<sensitive>"


@dataclass(frozen=True, slots=True)
class ShownOutput:
    """An output's value, and whether people get to see it."""

    value: Value
    sensitive: bool = False


def outputs_text(outputs: Mapping[str, ShownOutput]) -> str:
    """Return `name = value` for every output, each ending with a newline; sensitive ones as `<sensitive>`."""
    return "".join(f"{name} = {_shown(outputs[name])}\n" for name in sorted(outputs))


def outputs_block(outputs: Mapping[str, ShownOutput], *, color: bool) -> str:
    """Return the block that follows an apply, or nothing when there are no outputs."""
    if not outputs:
        return ""
    return f"\n{Paint(color)('Outputs:', 'bold', 'green')}\n\n{outputs_text(outputs)}"


def output_text(output: ShownOutput) -> str:
    """Return one value, asked for by its name, ending with a newline. Sensitive parts stay hidden."""
    return f"{_shown(output)}\n"


def _shown(output: ShownOutput) -> str:
    return SENSITIVE if output.sensitive else format_value(output.value)


def output_raw(name: str, output: ShownOutput) -> str:
    """Return a string, number or bool bare, without a newline. Raises ValueError that says why it cannot."""
    value, _ = unmark_deep(output.value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value.__class__ is Null or value.__class__ is Unknown:
        what = "null" if value.__class__ is Null else "not yet known"
        raise ValueError(
            f'The value for output value "{name}" is {what}, so -raw mode cannot print it. Use -json for a result '
            "that can stand for every value."
        )
    if is_number(value):
        return numbers.text(value)
    raise ValueError(
        f"The -raw option only supports strings, numbers, and boolean values, but output value "
        f'"{name}" is {friendly_name(type_of(value))}.\n\nUse the -json option for machine-readable representations of '
        "output values that have complex types."
    )


def output_json(outputs: Mapping[str, ShownOutput]) -> str:
    """Return all outputs as indented JSON, values in clear."""
    return indented({name: _tree(outputs[name]) for name in sorted(outputs)}) + "\n"


def output_value_json(output: ShownOutput) -> str:
    """Return the value of one output as compact JSON, in clear, ending with a newline."""
    return compact(value_json(output.value)) + "\n"


def _tree(output: ShownOutput) -> JSON:
    return {
        "sensitive": output.sensitive,
        "type": to_notation(type_of(output.value)),
        "value": value_json(output.value),
    }
