"""The syntax tree: what the text says, before anybody asks what it means.

Text -> tokens -> **tree**. A node is a plain tuple `(KIND, start, end, ...)`: tuples are quick to build, to walk and
to write to the tree cache. `start` and `end` are character offsets into the file, `end` exclusive. Nothing here holds
a value of the language: numbers are the digits as written, and a name is a name.

Expressions. `node` stands for any expression, `parts` for a tuple of STRING, INTERPOLATION, IF_DIRECTIVE and
FOR_DIRECTIVE nodes.

    NUMBER        text                             digits as written, never signed
    LITERAL       value                            True, False or None
    STRING        text                             unescaped and in NFC
    TEMPLATE      parts                            a quoted text with interpolations or directives: always a string
    TEMPLATE_WRAP node                             "${x}" and nothing else: keeps the type of x
    HEREDOC       parts                            <<EOT and <<-EOT: always a string; indentation is removed already
    INTERPOLATION node                             ${x}, only inside of parts
    IF_DIRECTIVE  condition, then_parts, else_parts
    FOR_DIRECTIVE key name or None, value name, collection, parts
    VARIABLE      name                             a root name alone
    TRAVERSAL     names                            a.b.c without blanks; each step starts after the one before and a dot
    GET_ATTR      object, name                     the name are the last len(name) characters of the node
    INDEX         collection, key                  x[key]; also x.0, whose key is a NUMBER
    ATTR_SPLAT    source, steps                    x.*.a.b
    FULL_SPLAT    source, steps                    x[*].a[0]
    TUPLE         items
    OBJECT        ((key, value), ...)              a VARIABLE as key is the name itself, never a reference
    CALL          name, name_start, name_end, arguments, expand_final
    UNARY         operator, operand                "-" or "!"
    BINARY        operator, left, right
    CONDITIONAL   condition, then, otherwise
    FOR_TUPLE     key name or None, value name, collection, value, condition or None
    FOR_OBJECT    key name or None, value name, collection, key, value, condition or None, grouped
    PARENTHESES   node

The steps of a splat apply, one after the other, to each element of its source. `start` is the dot or the bracket:

    ("attr", name, start, end)         element.name
    ("index", node, start, end)        element[node]; an attribute splat has only those written .0
    ("attr_splat", steps, start, end)  element.*...; only inside of a full splat
    ("full_splat", steps, start, end)  element[*]...; only inside of a full splat, and its last step

Templates come out finished: strip markers (`~`) have taken their blanks, escapes are resolved, neighbouring texts are
one. The evaluator joins the parts.

Structure:

    BODY          items                            ATTRIBUTE and BLOCK nodes in the order of the file
    ATTRIBUTE     name, name_start, name_end, node
    BLOCK         type, type_start, type_end, labels, body, header_end

A label is `(text, start, end)`, quotes inside of the range. `header_end` is where type and labels end; the BODY of a
block starts after its opening brace and ends before the closing one.
"""

from typing import Any, Final, TypeAlias

# Nodes are heterogeneous; a precise type would be a union of thirty tuples that no checker narrows by its first item.
Node: TypeAlias = tuple[Any, ...]

NUMBER: Final = 1
LITERAL: Final = 2
STRING: Final = 3
TEMPLATE: Final = 4
TEMPLATE_WRAP: Final = 5
HEREDOC: Final = 6
INTERPOLATION: Final = 7
IF_DIRECTIVE: Final = 8
FOR_DIRECTIVE: Final = 9
VARIABLE: Final = 10
TRAVERSAL: Final = 11
GET_ATTR: Final = 12
INDEX: Final = 13
ATTR_SPLAT: Final = 14
FULL_SPLAT: Final = 15
TUPLE: Final = 16
OBJECT: Final = 17
CALL: Final = 18
UNARY: Final = 19
BINARY: Final = 20
CONDITIONAL: Final = 21
FOR_TUPLE: Final = 22
FOR_OBJECT: Final = 23
PARENTHESES: Final = 24
BODY: Final = 30
ATTRIBUTE: Final = 31
BLOCK: Final = 32

KIND_NAMES: Final[dict[int, str]] = {
    value: name for name, value in list(globals().items()) if name.isupper() and isinstance(value, int)
}

TREE_VERSION: Final = 1  # part of the key of cached trees: add one when a node changes


def beginning(node: Node) -> tuple[int, int]:
    """Return the part of an expression that stands for it in messages about its value: where it begins to be itself."""
    kind = node[0]
    if kind in (TUPLE, OBJECT, FOR_TUPLE, FOR_OBJECT, UNARY):
        return node[1], node[1] + 1
    if kind == CALL:
        return node[4], node[5] + 1
    if kind == CONDITIONAL:
        return beginning(node[3])
    if kind == BINARY:
        return beginning(node[4])
    if kind == STRING and node[2] - node[1] > 2:
        return node[1] + 1, node[2] - 1
    if kind == TEMPLATE and node[3]:
        first = node[3][0]
        return beginning(first[3]) if first[0] == INTERPOLATION else (first[1], first[2])
    return node[1], node[2]
