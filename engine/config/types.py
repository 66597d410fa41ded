"""Type constraints as `type =` writes them: `string`, `list(number)`, `object({ a = optional(string, "x") })`."""

from dataclasses import dataclass, field
from typing import Final, NoReturn

from engine.diagnostics import DiagnosticError, SourceFile, SourceRange, did_you_mean, error
from engine.lang.convert import ConversionError, convert
from engine.lang.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
)
from engine.lang.values import ListValue, MapValue, Null, SetValue, Value, mark, rebuild, unmark
from engine.syntax import tree
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.scope import Scope
from engine.syntax.tree import Node

_PRIMITIVES: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": DYNAMIC}
_CONSTRUCTORS = ("list", "set", "map", "object", "tuple")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands in for optional attributes that a value leaves out, along the shape of its type."""

    attributes: dict[str, Value] = field(default_factory=dict)
    inside: "dict[str, Defaults]" = field(default_factory=dict)  # by attribute name; elements under ""


NO_DEFAULTS = Defaults()


# As old versions of the language had them.
_SHORT: Final[dict[str, Type]] = {"list": ListOf(DYNAMIC), "map": MapOf(DYNAMIC)}


def read_type(expression: Expression) -> tuple[Type, Defaults]:
    """Return the type that `expression` writes, and the defaults in it. Raises DiagnosticError."""
    if expression.tree[0] == tree.STRING and not expression.source.name.endswith(".json"):
        raise _quoted(expression)
    if expression.tree[0] == tree.VARIABLE and expression.tree[3] in _SHORT:
        return _SHORT[expression.tree[3]], NO_DEFAULTS
    return _type(expression.tree, expression.source)


def _quoted(expression: Expression) -> DiagnosticError:
    """Return the error for a type in quotes, as old versions of the language wanted it."""
    if expression.tree[3] in ("string", "list", "map"):
        name = {"string": "string", "list": "list(string)", "map": "map(string)"}[expression.tree[3]]
        return error("Invalid quoted type constraints", f"A type is written without quotes: {name}.", expression.range)
    detail = "A type is written without quotes, such as string or list(string)."
    return error("Invalid legacy variable type hint", detail, expression.range)


def _fail(detail: str, node: Node, source: SourceFile) -> NoReturn:
    raise error("Invalid type specification", detail, SourceRange(source, node[1], node[2]))


def _type(node: Node, source: SourceFile) -> tuple[Type, Defaults]:
    kind = node[0]
    if kind == tree.VARIABLE:
        name = node[3]
        if name in _PRIMITIVES:
            return _PRIMITIVES[name], NO_DEFAULTS
        if name in _CONSTRUCTORS:
            what = "one argument specifying the element type" if name in ("list", "set", "map") else "one argument"
            _fail(f'The type constructor "{name}" requires {what}.', node, source)
        hint = did_you_mean(name, [*_PRIMITIVES, *_CONSTRUCTORS])
        _fail(f'The keyword "{name}" is not a valid type specification.{hint}', node, source)
    if kind == tree.CALL:
        return _constructed(node, source)
    if kind in (tree.STRING, tree.TEMPLATE):
        _fail("A type is written without quotes, such as string or list(string).", node, source)
    _fail("A type specification is either a primitive type keyword (bool, number, string) or a complex type "
          "constructor call, like list(string).", node, source)  # fmt: skip


def _constructed(node: Node, source: SourceFile) -> tuple[Type, Defaults]:
    name, arguments = node[3], node[6]
    if name == "optional":
        _fail("The optional() modifier is only for attributes of object types.", (0, node[4], node[5]), source)
    if name in _PRIMITIVES:
        _fail(f'Primitive type keyword "{name}" does not expect arguments.', (0, node[5], node[2]), source)
    if name not in _CONSTRUCTORS:
        hint = did_you_mean(name, _CONSTRUCTORS)
        _fail(f'The keyword "{name}" is not a valid type constructor.{hint}', node, source)
    if len(arguments) != 1:
        extra = (0, arguments[1][1], arguments[-1][2]) if len(arguments) > 1 else (0, node[5], node[2])
        _fail(f'The type constructor "{name}" requires exactly one argument.', extra, source)
    argument = arguments[0]
    if name == "object":
        return _object(argument, source)
    if name == "tuple":
        if argument[0] != tree.TUPLE:
            _fail("Tuple type constructor requires a list of element types.", argument, source)
        members = [_type(item, source) for item in argument[3]]
        inside = {str(position): defaults for position, (_, defaults) in enumerate(members)}
        return TupleOf(tuple(member for member, _ in members)), Defaults({}, inside)
    element, defaults = _type(argument, source)
    made: Type = ListOf(element) if name == "list" else SetOf(element) if name == "set" else MapOf(element)
    return made, Defaults({}, {"": defaults})


def _object(node: Node, source: SourceFile) -> tuple[Type, Defaults]:
    if node[0] != tree.OBJECT:
        _fail("Object type constructor requires a map whose keys are attribute names.", node, source)
    members: dict[str, Type] = {}
    optional: set[str] = set()
    values: dict[str, Value] = {}
    inside: dict[str, Defaults] = {}
    for key, value in node[3]:
        if key[0] != tree.VARIABLE and not (key[0] == tree.STRING and source.name.endswith(".json")):
            _fail("Object constructor map keys must be attribute names, without quotes.", key, source)
        name = key[3]
        if name in members:
            _fail(f'Object constructor map keys must be unique: "{name}" is there twice.', key, source)
        default = None
        if value[0] == tree.CALL and value[3] == "optional":
            optional.add(name)
            if not 1 <= len(value[6]) <= 2:
                inside_parentheses = (0, value[5], value[2])
                _fail("optional() takes the attribute's type and, if wanted, its default.", inside_parentheses, source)
            value, default = value[6][0], value[6][1] if len(value[6]) == 2 else None
        members[name], inside[name] = _type(value, source)
        if default is not None:
            values[name] = _default(default, members[name], source)
    return ObjectOf(members, frozenset(optional)), Defaults(values, inside)


def _default(node: Node, wanted: Type, source: SourceFile) -> Value:
    value = evaluate(Expression(node, source), Scope({}, {}))
    try:
        return convert(value, wanted)
    except ConversionError as problem:
        where = SourceRange(source, node[1], node[2])
        detail = f"This default value is not compatible with the attribute's type constraint: {problem}."
        raise error("Invalid default value for optional attribute", detail, where) from None


def apply_defaults(value: Value, defaults: Defaults) -> Value:
    """Return `value` with the defaults put in where an optional attribute is missing or null."""
    if not defaults.attributes and not defaults.inside:
        return value
    plain, marks = unmark(value)
    kind = plain.__class__
    if kind in (tuple, ListValue, SetValue):
        element = defaults.inside.get("", NO_DEFAULTS)
        return mark(
            rebuild(plain, lambda key, item: apply_defaults(item, defaults.inside.get(str(key), element))), marks
        )
    if kind not in (dict, MapValue):
        return value
    if "" in defaults.inside:
        return mark(rebuild(plain, lambda _, item: apply_defaults(item, defaults.inside[""])), marks)
    members = dict(plain if kind is dict else plain.items)
    for name, default in defaults.attributes.items():
        if name not in members or unmark(members[name])[0].__class__ is Null:
            members[name] = default
    changed = {
        name: apply_defaults(item, defaults.inside[name]) if name in defaults.inside else item
        for name, item in members.items()
    }
    return mark(changed, marks)
