"""Productions of the grammar -> nodes of the tree.

For each production that does more than pass its only value on there is a function of the values of its symbols. Signs
come as offsets, names as VARIABLE nodes. What the grammar lets through and HCL does not is refused here.
"""

from collections.abc import Callable
from typing import Any, Final

from engine.syntax.bodies import Action, Values, attribute, make_block, make_body, name_of
from engine.syntax.mistakes import mistake
from engine.syntax.templates import template
from engine.syntax.tree import (
    ATTR_SPLAT,
    BINARY,
    CALL,
    CONDITIONAL,
    FOR_OBJECT,
    FOR_TUPLE,
    FULL_SPLAT,
    GET_ATTR,
    INDEX,
    INTERPOLATION,
    LITERAL,
    OBJECT,
    PARENTHESES,
    TUPLE,
    UNARY,
    VARIABLE,
    Node,
)

_OPERATORS: Final = {
    "DOUBLE_EQ": "==",
    "NEQ": "!=",
    "LT": "<",
    "GT": ">",
    "LEQ": "<=",
    "GEQ": ">=",
    "PLUS": "+",
    "MINUS": "-",
    "ASTERISK": "*",
    "SLASH": "/",
    "PERCENT": "%",
    "DOUBLE_AMP": "&&",
    "DOUBLE_PIPE": "||",
    "NOT": "!",
}
_FINISHED: Final = ("get_attr", "short_index")  # the lexer hands them over ready made: never reduced
_NEWLINE: Final = "new_line_or_comment"


def action_for(origin: str, name: str, expansion: tuple[str, ...]) -> Action | None:
    """Return what to do for a production, or None when it passes its only value on.

    `name` is the origin or its alias. Raises KeyError for a production that nobody here knows.
    """
    if name.startswith("__"):
        return _list_action(origin, expansion)
    if name == "expr_term" and len(expansion) == 3:
        return _parentheses
    if name in _MAKERS:
        return _MAKERS[name](expansion)
    if len(expansion) != 1 and name not in _FINISHED:
        raise KeyError(name)
    return None


# ---------------------------------------------------------------- lists


def _list_action(origin: str, expansion: tuple[str, ...]) -> Action | None:
    """Return the action of a production that Lark made for a repetition, `(...)*` or `(...)+`."""
    if origin.startswith("__new_line"):
        return None
    if origin.startswith("__body_star"):
        return _first_item_of(expansion) if expansion[0] != origin else _next_item
    kept = [index for index, symbol in enumerate(expansion) if symbol != "COMMA" and symbol != origin]
    (position,) = kept
    if expansion[0] != origin:
        return lambda values: [values[position]]

    def extend(values: Values) -> Any:
        values[0].append(values[position])
        return values[0]

    return extend


def _first_item_of(expansion: tuple[str, ...]) -> Action:
    on_own_line = expansion[0] == _NEWLINE
    return lambda values: (on_own_line, [values[-1]])


def _next_item(values: Values) -> Any:
    values[0][1].append(values[-1])
    return values[0]


# ---------------------------------------------------------------- templates


def _make_string(expansion: tuple[str, ...]) -> Action:
    has_parts = len(expansion) == 3

    def string(values: Values) -> Node:
        style, start, _ = values[0]
        return template(style, start, values[-1] + 1, values[1] if has_parts else [])

    return string


def _interpolation(values: Values) -> Node:
    start, expression, closing = values
    return (INTERPOLATION, start, closing + 1, expression)


def _make_directive(expansion: tuple[str, ...]) -> Action:
    keyword = expansion[1].lower()
    names = [index for index, symbol in enumerate(expansion) if symbol == "identifier"]

    def directive(values: Values) -> Any:
        start, end = values[0], values[-1] + 1
        if keyword == "if":
            return (keyword, start, end, values[2])
        if keyword == "for":
            return (keyword, start, end, *_for_names(values, names), values[-2])
        return (keyword, start, end)

    return directive


# ---------------------------------------------------------------- operators


def _conditional(values: Values) -> Node:
    condition, _, then, _, otherwise = values
    return (CONDITIONAL, condition[1], otherwise[2], condition, then, otherwise)


def _binary(values: Values) -> Node:
    left, (operator, right) = values
    return (BINARY, left[1], right[2], operator, left, right)


def _binary_term(values: Values) -> Any:
    return tuple(values)


def _make_operator(expansion: tuple[str, ...]) -> Action:
    operator = _OPERATORS[expansion[0]]
    return lambda values: operator


def _make_unary(expansion: tuple[str, ...]) -> Action:
    operator = _OPERATORS[expansion[0]]
    return lambda values: (UNARY, values[0], values[1][2], operator, values[1])


def _parentheses(values: Values) -> Node:
    opening, expression, closing = values
    return (PARENTHESES, opening, closing + 1, expression)


# ---------------------------------------------------------------- collections and calls


def _make_tuple(expansion: tuple[str, ...]) -> Action:
    has_list = expansion[1].startswith("__tuple_star")
    last = expansion.index("expression") if "expression" in expansion else None

    def tuple_(values: Values) -> Node:
        items = values[1] if has_list else []
        if last is not None:
            items.append(values[last])
        return (TUPLE, values[0], values[-1] + 1, tuple(items))

    return tuple_


def _make_object(expansion: tuple[str, ...]) -> Action:
    has_items = len(expansion) == 3
    return lambda values: (OBJECT, values[0], values[-1] + 1, tuple(values[1]) if has_items else ())


def _object_item(values: Values) -> Any:
    key, _, value = values
    if key[0] == LITERAL:
        key = (VARIABLE, key[1], key[2], name_of(key))
    return (key, value)


def _make_call(expansion: tuple[str, ...]) -> Action:
    has_arguments = "arguments" in expansion

    def call(values: Values) -> Node:
        name = values[0]
        arguments, expand_final = values[2] if has_arguments else ((), False)
        end = values[-1] + 1
        return (CALL, name[1], end, name_of(name), name[1], name[2], arguments, expand_final)

    return call


def _make_arguments(expansion: tuple[str, ...]) -> Action:
    expands = expansion[-1] == "ELLIPSIS"
    has_more = len(expansion) > 1 and expansion[1].startswith("__arguments_star")
    return lambda values: ((values[0], *values[1]) if has_more else (values[0],), expands)


# ---------------------------------------------------------------- for


def _for_names(values: Values, positions: list[int]) -> tuple[str | None, str]:
    names = [name_of(values[position]) for position in positions]
    return (names[0], names[1]) if len(names) == 2 else (None, names[0])


def _make_for_intro(expansion: tuple[str, ...]) -> Action:
    names = [index for index, symbol in enumerate(expansion) if symbol == "identifier"]
    return lambda values: (*_for_names(values, names), values[-2])


def _for_condition(values: Values) -> Node:
    condition: Node = values[1]
    return condition


def _make_for_tuple(expansion: tuple[str, ...]) -> Action:
    has_condition = "for_cond" in expansion

    def for_tuple(values: Values) -> Node:
        condition = values[3] if has_condition else None
        return (FOR_TUPLE, values[0], values[-1] + 1, *values[1], values[2], condition)

    return for_tuple


def _make_for_object(expansion: tuple[str, ...]) -> Action:
    has_condition = "for_cond" in expansion
    grouped = "ELLIPSIS" in expansion

    def for_object(values: Values) -> Node:
        condition = values[-2] if has_condition else None
        end = values[-1] + 1
        return (FOR_OBJECT, values[0], end, *values[1], values[2], values[4], condition, grouped)

    return for_object


# ---------------------------------------------------------------- steps: attributes, indexes, splats


def _bracket_index(values: Values) -> Any:
    opening, key, closing = values
    return ("index", key, opening, closing + 1)


def _get_attribute(values: Values) -> Node:
    source, step = values
    return _with_step(source, step)


def _with_step(source: Node, step: Any) -> Node:
    kind = GET_ATTR if step[0] == "attr" else INDEX
    return (kind, source[1], step[3], source, step[1])


def _splat_steps(values: Values) -> Any:
    """The value of a splat before its source is known: where its sign stands, and the steps."""
    sign = values[0]
    return (sign, values[1] if len(values) == 2 else [])


def _attribute_splat(values: Values) -> Node:
    """Only attributes and indexes of old apply to each element; the first bracket ends the splat."""
    source, (sign, steps) = values
    if source[0] == ATTR_SPLAT or (source[0] == FULL_SPLAT and _ends_in_attribute_splat(source[4])):
        raise mistake(
            "Nested splat expression not allowed",
            "A splat expression (*) cannot be used inside another attribute-only splat expression.",
            sign[2] - 1,
            sign[2],
        )
    count = next((index for index, step in enumerate(steps) if step[0] == "index"), len(steps))
    each, rest = _plain(steps[:count]), steps[count:]
    end = each[-1][3] if each else sign[2]
    if source[0] == FULL_SPLAT:
        return _inside(source, (("attr_splat", each, sign[1], end), *_plain(rest)))
    result: Node = (ATTR_SPLAT, source[1], end, source, each)
    for step in rest:
        result = _with_step(result, step)
    return result


def _full_splat(values: Values) -> Node:
    source, (sign, steps) = values
    each = _plain(steps)
    end = each[-1][3] if each else sign[2]
    if source[0] == FULL_SPLAT:
        return _inside(source, (("full_splat", each, sign[1], end),))
    return (FULL_SPLAT, source[1], end, source, each)


def _inside(splat: Node, added: tuple[Any, ...]) -> Node:
    """Return a full splat with steps added to its innermost full splat: all that follows one is applied by it."""
    _, start, _, source, steps = splat
    return (FULL_SPLAT, start, added[-1][3], source, _added(steps, added))


def _added(steps: tuple[Any, ...], added: tuple[Any, ...]) -> tuple[Any, ...]:
    if steps and steps[-1][0] == "full_splat":
        kind, inner, start, _ = steps[-1]
        return (*steps[:-1], (kind, _added(inner, added), start, added[-1][3]))
    return (*steps, *added)


def _ends_in_attribute_splat(steps: tuple[Any, ...]) -> bool:
    while steps and steps[-1][0] == "full_splat":
        steps = steps[-1][1]
    return bool(steps) and steps[-1][0] == "attr_splat"


def _plain(steps: list[Any]) -> tuple[Any, ...]:
    return tuple([("index", *step[1:]) if step[0] == "legacy" else step for step in steps])


def _always(action: Action) -> Callable[[tuple[str, ...]], Action]:
    return lambda expansion: action


_MAKERS: Final[dict[str, Callable[[tuple[str, ...]], Action]]] = {
    "body": make_body,
    "attribute": _always(attribute),
    "block": make_block,
    "string": _make_string,
    "interpolation": _always(_interpolation),
    "template_if_start": _make_directive,
    "template_else": _make_directive,
    "template_endif": _make_directive,
    "template_for_start": _make_directive,
    "template_endfor": _make_directive,
    "conditional": _always(_conditional),
    "binary_op": _always(_binary),
    "binary_term": _always(_binary_term),
    "binary_operator": _make_operator,
    "unary_op": _make_unary,
    "tuple": _make_tuple,
    "object": _make_object,
    "object_elem": _always(_object_item),
    "function_call": _make_call,
    "arguments": _make_arguments,
    "for_intro": _make_for_intro,
    "for_cond": _always(_for_condition),
    "for_tuple_expr": _make_for_tuple,
    "for_object_expr": _make_for_object,
    "braces_index": _always(_bracket_index),
    "index_expr_term": _always(_get_attribute),
    "get_attr_expr_term": _always(_get_attribute),
    "attr_splat": _always(_splat_steps),
    "full_splat": _always(_splat_steps),
    "attr_splat_expr_term": _always(_attribute_splat),
    "full_splat_expr_term": _always(_full_splat),
}
