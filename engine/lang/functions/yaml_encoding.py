"""`yamlencode`: a value as a YAML document, written by libyaml. All texts stand in quotes or in blocks.

So nobody has to know which words YAML takes for numbers, bools or dates.
"""

from typing import Any, Final

from engine.lang import numbers
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.types import STRING
from engine.lang.values import ListValue, MapValue, Null, SetValue, Value

_LINE_WIDTH: Final = 80
_MAX_DEPTH: Final = 200  # libyaml's writer calls itself once for each level
_TAG: Final = "tag:yaml.org,2002:"
_END: Final = "...\n"


def _yamlencode(value: Value) -> str:
    import yaml

    class Writer(yaml.CSafeDumper):
        """A writer that never uses aliases: a value that comes twice is written twice."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    root = _node(value, 0)
    try:
        text = str(yaml.serialize(root, Dumper=Writer, width=_LINE_WIDTH, allow_unicode=True))
    except yaml.YAMLError as problem:
        raise FunctionError(f"cannot write YAML: {problem}") from None
    # Versions of libyaml differ in when they mark the end. Terraform's does so after a word without quotes only.
    plain = isinstance(root, yaml.ScalarNode) and root.style is None
    return text.removesuffix(_END) + (_END if plain else "")


def _node(value: Value, depth: int) -> Any:
    """Return a value as what PyYAML writes."""
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    if depth > _MAX_DEPTH:
        raise FunctionError(f"the value is nested more than {_MAX_DEPTH} levels deep")
    if value.__class__ in (MapValue, ListValue, SetValue):
        value = value.items
    match value:
        case str():
            return ScalarNode(_TAG + "str", value, style="|" if "\n" in value else '"')
        case bool():
            return ScalarNode(_TAG + "bool", "true" if value else "false")
        case Null():
            return ScalarNode(_TAG + "null", "null")
        case dict():
            pairs = [(_node(key, depth + 1), _node(value[key], depth + 1)) for key in sorted(value)]
            return MappingNode(_TAG + "map", pairs, flow_style=False)
        case tuple():
            return SequenceNode(_TAG + "seq", [_node(item, depth + 1) for item in value], flow_style=False)
    if numbers.is_infinite(value):
        return ScalarNode(_TAG + "float", "-.inf" if value < 0 else ".inf")
    digits = numbers.text(value)
    return ScalarNode(_TAG + ("float" if "." in digits else "int"), digits)


FUNCTIONS: Final[tuple[Function, ...]] = (
    Function(
        "yamlencode",
        (Parameter("value", allow_null=True),),
        _yamlencode,
        result=STRING,
        description="A value as a YAML document.",
        nullable=True,
    ),
)
