"""Productions of the grammar -> nodes of the tree.

For each production that does more than pass its only value on there is a function of the values of its symbols. Signs
come as offsets, names as VARIABLE nodes. What the grammar lets through and HCL does not is refused here.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from engine.syntax.mistakes import Mistake, mistake
from engine.syntax.templates import template
from engine.syntax.tree import (
    ATTR_SPLAT,
    ATTRIBUTE,
    BINARY,
    BLOCK,
    BODY,
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
    STRING,
    TUPLE,
    UNARY,
    VARIABLE,
    Node,
)

Values: TypeAlias = list[Any]
Action: TypeAlias = Callable[[Values], Any]

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
_LITERAL_NAMES: Final = {True: "true", False: "false", None: "null"}
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


def name_of(node: Node) -> str:
    """Return the name that a word in the place of a name stands for, whatever it means elsewhere."""
    return _LITERAL_NAMES[node[3]] if node[0] == LITERAL else node[3]


def file_body(length: int, value: Any) -> Node:
    """Return the BODY of a whole file from what the body's production gave."""
    _, items, _ = value
    return _body(0, length, items)


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


# ---------------------------------------------------------------- structure


def _make_body(expansion: tuple[str, ...]) -> Action:
    """The value of a body: does it begin on a line of its own, its items, and where its last newline is, or None."""
    has_items = bool(expansion) and expansion[0].startswith("__body_star")
    ends_line = bool(expansion) and expansion[-1] == _NEWLINE

    def body(values: Values) -> Any:
        newline = values[-1] if ends_line else None
        if has_items:
            return (*values[0], newline)
        return (ends_line, [], newline)

    return body


def _body(start: int, end: int, items: list[Node]) -> Node:
    first: dict[str, Node] = {}
    repeated: list[tuple[Node, Node]] = []
    for item in items:
        if item[0] == ATTRIBUTE:
            before = first.setdefault(item[3], item)
            if before is not item:
                repeated.append((before, item))
    if repeated:
        raise Repeated(repeated)
    return (BODY, start, end, tuple(items))


class Repeated(Mistake):
    """Arguments that were set before. The wording needs the line of the first one, which only the file knows."""

    def __init__(self, pairs: list[tuple[Node, Node]]) -> None:
        super().__init__(*[("Attribute redefined", item[3], item[4], item[5]) for _, item in pairs])
        self.pairs = pairs


def _attribute(values: Values) -> Node:
    name, _, expression = values
    return (ATTRIBUTE, name[1], expression[2], name_of(name), name[1], name[2], expression)


def _make_block(expansion: tuple[str, ...]) -> Action:
    has_labels = expansion[1] != "LBRACE"

    def block(values: Values) -> Node:
        name = values[0]
        labels = tuple([_label(label) for label in values[1]]) if has_labels else ()
        opening, (on_own_line, items, newline), closing = values[-3:]
        if items:
            _check_lines(on_own_line, items, newline, closing)
        body = _body(opening + 1, closing, items)
        header_end = labels[-1][2] if labels else name[2]
        return (BLOCK, name[1], closing + 1, name_of(name), name[1], name[2], labels, body, header_end)

    return block


def _label(node: Node) -> tuple[str, int, int]:
    if node[0] == VARIABLE or node[0] == LITERAL:
        return (name_of(node), node[1], node[2])
    if node[0] == STRING:
        return (node[3], node[1], node[2])
    raise mistake(
        "Invalid string literal",
        'Template sequences are not allowed in this string. To include a literal "$", double it (as "$$") to escape '
        "it.",
        node[1],
        node[2],
    )


_NO_NEWLINE: Final = {
    ATTRIBUTE: ("Missing newline after argument", "An argument definition must end with a newline."),
    BLOCK: ("Missing newline after block definition", "A block definition must end with a newline."),
}


def _check_lines(on_own_line: bool, items: list[Node], newline: int | None, closing: int) -> None:
    """Refuse a block that is neither on one line with a single argument, nor has its items on lines of their own."""
    if on_own_line:
        if newline is not None:
            return
        summary, detail = _NO_NEWLINE[items[-1][0]]
        raise mistake(summary, detail, closing, closing + 1)
    if items[0][0] == BLOCK:
        name = items[0][3]
        raise mistake(
            "Argument definition required",
            "A single-line block definition can contain only a single argument. If you meant to define argument "
            f'"{name}", use an equals sign to assign it a value. To define a nested block, place it on a line of its '
            "own within its parent block.",
            items[0][4],
            items[0][5],
        )
    if newline is not None or len(items) > 1:
        end = items[0][2]
        raise mistake(
            "Invalid single-argument block definition",
            "An argument definition on the same line as its containing block creates a single-line block definition, "
            "which must also be closed on the same line. Place the block's closing brace immediately after the "
            "argument definition.",
            end,
            end + 1,
        )


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
    "body": _make_body,
    "attribute": _always(_attribute),
    "block": _make_block,
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
