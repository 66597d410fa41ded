"""One form for two parsers: our tree and python-hcl2's, brought to tuples that can be compared.

Both lose what the other does not tell: offsets, grouping of steps after a splat (compared as a flat chain), and the
inside of heredocs, which python-hcl2 keeps as one text.
"""

from typing import Any

from engine.syntax import tree
from engine.syntax.tree import Node

Neutral = Any

_COMPARISONS = {"DOUBLE_EQ": "==", "NEQ": "!=", "LT": "<", "GT": ">", "LEQ": "<=", "GEQ": ">="}
_ARITHMETIC = {"PLUS": "+", "MINUS": "-", "ASTERISK": "*", "SLASH": "/", "PERCENT": "%"}
_OPERATORS = {**_COMPARISONS, **_ARITHMETIC, "DOUBLE_AMP": "&&", "DOUBLE_PIPE": "||"}
_ESCAPES = {r"\n": "\n", r"\t": "\t", r"\r": "\r", r"\"": '"', r"\\": "\\"}


def neutral(node: Node, text: str) -> Neutral:
    """Return the neutral form of one of our nodes."""
    kind, start, end, *fields = node
    match kind:
        case tree.BODY:
            return ("body", *[neutral(item, text) for item in fields[0]])
        case tree.ATTRIBUTE:
            return ("attribute", fields[0], neutral(fields[3], text))
        case tree.BLOCK:
            return ("block", fields[0], tuple(label[0] for label in fields[3]), neutral(fields[4], text))
        case tree.NUMBER:
            return ("number", fields[0])
        case tree.LITERAL:
            return ("literal", fields[0])
        case tree.STRING:
            return ("template", ("text", fields[0])) if fields[0] else ("template",)
        case tree.TEMPLATE:
            return ("template", *_parts(fields[0], text))
        case tree.TEMPLATE_WRAP:
            return ("template", neutral(fields[0], text))
        case tree.HEREDOC:
            return ("heredoc", text[start:end].rstrip())
        case tree.VARIABLE:
            return ("name", fields[0])
        case tree.TRAVERSAL:
            return _chain(("name", fields[0][0]), [("attr", name) for name in fields[0][1:]])
        case tree.GET_ATTR:
            return _chain(neutral(fields[0], text), [("attr", fields[1])])
        case tree.INDEX:
            return _chain(neutral(fields[0], text), [("index", neutral(fields[1], text))])
        case tree.ATTR_SPLAT:
            return _chain(neutral(fields[0], text), [(".*",), *_steps(fields[1], text)])
        case tree.FULL_SPLAT:
            return _chain(neutral(fields[0], text), [("[*]",), *_steps(fields[1], text)])
        case tree.TUPLE:
            return ("tuple", *[neutral(item, text) for item in fields[0]])
        case tree.OBJECT:
            return ("object", *[(neutral(key, text), neutral(value, text)) for key, value in fields[0]])
        case tree.CALL:
            return ("call", fields[0], tuple(neutral(argument, text) for argument in fields[3]), fields[4])
        case tree.UNARY:
            return ("unary", fields[0], neutral(fields[1], text))
        case tree.BINARY:
            return ("binary", fields[0], neutral(fields[1], text), neutral(fields[2], text))
        case tree.CONDITIONAL | tree.PARENTHESES:
            return ("conditional" if len(fields) == 3 else "parentheses", *[neutral(field, text) for field in fields])
        case tree.FOR_TUPLE:
            key_name, value_name, collection, value, condition = fields
            parts = [neutral(part, text) for part in (collection, value, condition) if part]
            return ("for tuple", key_name, value_name, *parts)
        case tree.FOR_OBJECT:
            key_name, value_name, *nodes, grouped = fields
            return ("for object", key_name, value_name, *[neutral(part, text) for part in nodes if part], grouped)
    raise AssertionError(tree.KIND_NAMES[kind])


def _chain(source: Neutral, steps: list[Any]) -> Neutral:
    if source[0] == "chain":
        return (*source, *steps)
    return ("chain", source, *steps)


def _steps(steps: tuple[Any, ...], text: str) -> list[Any]:
    flat: list[Any] = []
    for kind, detail, _, _ in steps:
        if kind in ("attr_splat", "full_splat"):
            flat += [(".*" if kind == "attr_splat" else "[*]",), *_steps(detail, text)]
        else:
            flat.append((kind, detail if kind == "attr" else neutral(detail, text)))
    return flat


def _parts(parts: tuple[Node, ...], text: str) -> list[Any]:
    flat: list[Any] = []
    for part in parts:
        match part[0]:
            case tree.STRING:
                flat.append(("text", part[3]))
            case tree.INTERPOLATION:
                flat.append(neutral(part[3], text))
            case tree.IF_DIRECTIVE:
                flat += [("if", neutral(part[3], text)), *_parts(part[4], text)]
                flat += [("else",), *_parts(part[5], text)] if part[5] else []
                flat.append(("endif",))
            case tree.FOR_DIRECTIVE:
                flat += [("for", part[3], part[4], neutral(part[5], text)), *_parts(part[6], text), ("endfor",)]
    return flat


# ---------------------------------------------------------------- python-hcl2's trees


def neutral_of_hcl2(node: Any) -> Neutral:
    """Return the neutral form of a tree of `hcl2.parses_to_tree`."""
    children = [child for child in node.children if child is not None and _name(child) != "new_line_or_comment"]
    match _name(node):
        case "start":
            return neutral_of_hcl2(children[0])
        case "body":
            return ("body", *[neutral_of_hcl2(child) for child in children])
        case "attribute":
            return ("attribute", _text(children[0]), neutral_of_hcl2(children[-1]))
        case "block":
            body = next(child for child in children if _name(child) == "body")
            header = [child for child in children if not _is_token(child) and child is not body]
            return ("block", _text(header[0]), tuple(_label(label) for label in header[1:]), neutral_of_hcl2(body))
        case "expr_term" if len(children) == 3:
            return ("parentheses", neutral_of_hcl2(children[1]))
        case "expr_term" | "string_part" | "heredoc_term":
            return neutral_of_hcl2(children[0])
        case "identifier" | "keyword":
            return ("name", _text(node))
        case "literal_value":
            return ("literal", {"true": True, "false": False, "null": None}[_text(node)])
        case "int_lit" | "float_lit":
            digits = _text(node)
            return ("unary", "-", ("number", digits[1:])) if digits[0] == "-" else ("number", digits)
        case "string":
            return ("template", *_joined([_part(child) for child in children[1:-1]]))
        case "heredoc_template" | "heredoc_template_trim":
            return ("heredoc", _text(node).rstrip())
        case "binary_op":
            operator, right = (child for child in children[1].children if _name(child) != "new_line_or_comment")
            return (
                "binary",
                _OPERATORS[operator.children[0].type],
                neutral_of_hcl2(children[0]),
                neutral_of_hcl2(right),
            )
        case "unary_op":
            return ("unary", str(children[0]), neutral_of_hcl2(children[1]))
        case "conditional":
            return ("conditional", *[neutral_of_hcl2(child) for child in children if not _is_token(child)])
        case "tuple":
            return ("tuple", *[neutral_of_hcl2(child) for child in children if not _is_token(child)])
        case "object":
            return ("object", *[_item(child) for child in children if not _is_token(child)])
        case "function_call":
            return _call(children)
        case "index_expr_term" | "get_attr_expr_term":
            return _chain(neutral_of_hcl2(children[0]), [_step(children[1])])
        case "attr_splat_expr_term" | "full_splat_expr_term":
            sign, *steps = children[1].children
            return _chain(neutral_of_hcl2(children[0]), [(str(sign),), *[_step(step) for step in steps]])
        case "for_tuple_expr":
            return ("for tuple", *_for(children))
        case "for_object_expr":
            return ("for object", *_for(children), any(str(child) == "..." for child in children if _is_token(child)))
    raise AssertionError(_name(node))


def _is_token(node: Any) -> bool:
    return isinstance(node, str)


def _name(node: Any) -> str:
    return "" if _is_token(node) else str(node.data)


def _text(node: Any) -> str:
    return str(node) if _is_token(node) else "".join(_text(child) for child in node.children)


def _label(node: Any) -> str:
    if _name(node) != "string":
        return _text(node)
    parts = neutral_of_hcl2(node)[1:]
    return str(parts[0][1]) if parts else ""


def _part(node: Any) -> Neutral:
    child = node.children[0]
    if _is_token(child):
        return ("text", _unescaped(str(child)))
    inside = [part for part in child.children if not _is_token(part)]
    match _name(child):
        case "interpolation":
            return neutral_of_hcl2(inside[0])
        case "template_if_start":
            return ("if", neutral_of_hcl2(inside[0]))
        case "template_for_start":
            *names, collection = inside
            key_name = _text(names[0]) if len(names) == 2 else None
            return ("for", key_name, _text(names[-1]), neutral_of_hcl2(collection))
    return (_name(child).removeprefix("template_"),)


def _unescaped(raw: str) -> str:
    result, index = "", 0
    while index < len(raw):
        if raw[index] == "\\":
            taken = 6 if raw[index + 1] == "u" else 2
            escape = raw[index : index + taken]
            result += chr(int(escape[2:], 16)) if taken == 6 else _ESCAPES[escape]
            index += taken
        elif raw.startswith(("$${", "%%{"), index):
            index += 1
            result += raw[index]
            index += 1
        else:
            result += raw[index]
            index += 1
    return result


def _joined(parts: list[Neutral]) -> list[Neutral]:
    result: list[Neutral] = []
    for part in parts:
        if part[0] == "text" and result and result[-1][0] == "text":
            result[-1] = ("text", result[-1][1] + part[1])
        else:
            result.append(part)
    return result


def _item(node: Any) -> Neutral:
    key, _, value = node.children
    name = neutral_of_hcl2(key.children[0])
    if name[0] == "literal":
        name = ("name", _text(key))  # true, false and null as keys are names
    return (name, neutral_of_hcl2(value))


def _call(children: list[Any]) -> Neutral:
    name = "".join(_text(child) for child in children[: [str(child) for child in children].index("(")])
    arguments: list[Any] = next((child.children for child in children if _name(child) == "arguments"), [])
    nodes = [child for child in arguments if child is not None and _name(child) not in ("", "new_line_or_comment")]
    expands = any(str(child) == "..." for child in arguments if child is not None and _is_token(child))
    return ("call", name, tuple(neutral_of_hcl2(child) for child in nodes), expands)


def _step(node: Any) -> Neutral:
    children = [child for child in node.children if child is not None and _name(child) != "new_line_or_comment"]
    if _name(node) == "get_attr":
        return ("attr", _text(children[1]))
    if _name(node) == "short_index":
        return ("index", ("number", str(children[1])))
    return ("index", neutral_of_hcl2(children[1]))


def _for(children: list[Any]) -> list[Neutral]:
    intro, *rest = [child for child in children if not _is_token(child)]
    *names, collection = [
        child
        for child in intro.children
        if child is not None and not _is_token(child) and _name(child) != "new_line_or_comment"
    ]
    parts = [_condition(part) if _name(part) == "for_cond" else neutral_of_hcl2(part) for part in rest]
    key_name = _text(names[0]) if len(names) == 2 else None
    return [key_name, _text(names[-1]), neutral_of_hcl2(collection), *parts]


def _condition(node: Any) -> Neutral:
    inside = [child for child in node.children if child is not None and not _is_token(child)]
    return neutral_of_hcl2(next(child for child in inside if _name(child) != "new_line_or_comment"))
