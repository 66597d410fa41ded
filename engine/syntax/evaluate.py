"""Evaluate trees: an expression and a scope in, a value out.

The tree is interpreted as it is. What operators, functions and traversals mean is told in `engine.lang`; here the
parts of a tree are put together, names are looked up, and errors get the place in the text.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.diagnostics import Diagnostic, DiagnosticError, Severity, SourceRange, did_you_mean
from engine.lang import access, operators
from engine.lang.convert import ConversionError, convert, normalize
from engine.lang.errors import LanguageError
from engine.lang.function import ArgumentCountError, Function, FunctionError, invoke
from engine.lang.numbers import parse as parse_number
from engine.lang.types import BOOL, DYNAMIC, STRING, friendly_name
from engine.lang.values import (
    NO_MARKS,
    NULL,
    ListValue,
    Marks,
    Null,
    SetValue,
    Unknown,
    Value,
    is_null,
    is_unknown,
    mark,
    type_of,
    unmark,
    unmark_deep,
    wholly_known,
)
from engine.syntax import tree
from engine.syntax.expression import Expression
from engine.syntax.references import text_of_traversal
from engine.syntax.tree import Node


class Scope:
    """What names stand for: `roots` by first name of a traversal, `functions` by name."""

    __slots__ = ("functions", "roots")

    def __init__(self, roots: dict[str, Value], functions: Mapping[str, Function]) -> None:
        self.roots = roots
        self.functions = functions

    def with_roots(self, **roots: Value) -> "Scope":
        """Return a scope in which more names, or other values for some, are known."""
        return Scope({**self.roots, **roots}, self.functions)


class EvaluationError(Exception):
    """Raised inside an evaluation; offsets are those of the expression's file."""

    def __init__(self, summary: str, detail: str, start: int, end: int) -> None:
        super().__init__(f"{summary}: {detail}")
        self.summary = summary
        self.detail = detail
        self.start = start
        self.end = end


def evaluate(expression: Expression, scope: Scope) -> Value:
    """Return the value of an expression. Raises DiagnosticError that points into its file."""
    try:
        return evaluate_tree(expression.tree, scope)
    except EvaluationError as problem:
        subject = SourceRange(expression.source, problem.start, problem.end)
        raise DiagnosticError(
            Diagnostic(Severity.ERROR, problem.summary, problem.detail, subject, expression.range)
        ) from None
    except RecursionError:
        raise DiagnosticError(
            Diagnostic(Severity.ERROR, "Expression too deep", "This expression is nested too deeply.", expression.range)
        ) from None


def evaluate_tree(node: Node, scope: Scope) -> Value:
    """Return the value of a tree. Raises EvaluationError."""
    return _RULES[node[0]](node, scope)


def _literal(node: Node, scope: Scope) -> Value:
    return NULL if node[3] is None else node[3]


def _number(node: Node, scope: Scope) -> Value:
    return parse_number(node[3])


def _string(node: Node, scope: Scope) -> Value:
    return normalize(node[3])


def _parentheses(node: Node, scope: Scope) -> Value:
    return evaluate_tree(node[3], scope)


def _variable(node: Node, scope: Scope) -> Value:
    name = node[3]
    if name in scope.roots:
        return scope.roots[name]
    hint = did_you_mean(name, scope.roots)
    raise EvaluationError("Unknown variable", f'There is no variable named "{name}".{hint}', node[1], node[2])


def _traversal(node: Node, scope: Scope) -> Value:
    names = node[3]
    try:
        value = scope.roots[names[0]]
        for name in names[1:]:
            if value.__class__ is dict and name in value:
                value = value[name]
            else:
                value = access.get_attribute(value, name)
        return value
    except KeyError:
        hint = did_you_mean(names[0], scope.roots)
        end = node[1] + len(names[0])
        raise EvaluationError(
            "Unknown variable", f'There is no variable named "{names[0]}".{hint}', node[1], end
        ) from None
    except LanguageError as problem:
        raise _placed(problem, node) from None


def _get_attribute(node: Node, scope: Scope) -> Value:
    value = evaluate_tree(node[3], scope)
    try:
        return access.get_attribute(value, node[4])
    except LanguageError as problem:
        raise _placed(problem, node) from None


def _index(node: Node, scope: Scope) -> Value:
    collection, key = evaluate_tree(node[3], scope), evaluate_tree(node[4], scope)
    try:
        return access.index(collection, key)
    except LanguageError as problem:
        raise _placed(problem, node) from None


def _splat(node: Node, scope: Scope) -> Value:
    source = evaluate_tree(node[3], scope)
    try:
        return access.splat(source, lambda element: _follow(element, node[4], scope))
    except LanguageError as problem:
        raise _placed(problem, node) from None


def _follow(value: Value, steps: tuple[Node, ...], scope: Scope) -> Value:
    """Return what the steps of a splat lead to from one element."""
    for kind, detail, *_ in steps:
        if kind == "attr":
            value = access.get_attribute(value, detail)
        elif kind == "index":
            value = access.index(value, evaluate_tree(detail, scope))
        else:
            inner = detail
            value = access.splat(value, lambda element, inner=inner: _follow(element, inner, scope))  # type: ignore[misc]
    return value


def _placed(problem: LanguageError, node: Node) -> EvaluationError:
    return EvaluationError(problem.summary, problem.detail, node[1], node[2])


def _tuple(node: Node, scope: Scope) -> Value:
    return tuple([evaluate_tree(item, scope) for item in node[3]])


def _object(node: Node, scope: Scope) -> Value:
    members: dict[str, Value] = {}
    marks: Marks = NO_MARKS
    known = True
    for key_node, value_node in node[3]:
        value = evaluate_tree(value_node, scope)
        if key_node[0] == tree.VARIABLE:
            members[key_node[3]] = value
            continue
        if key_node[0] == tree.TRAVERSAL:
            raise EvaluationError(
                "Ambiguous attribute key",
                "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as "
                "a literal name containing periods, wrap it in quotes to create a string literal.",
                key_node[1],
                key_node[2],
            )
        key, key_marks = _key(key_node, scope, "Null value as key", "Can't use a null value as a key.")
        marks |= key_marks
        if key is None:
            known = False
        else:
            members[key] = value
    return mark(members if known else Unknown(DYNAMIC, not_null=True), marks)


def _key(node: Node, scope: Scope, null_summary: str, null_detail: str) -> tuple[str | None, Marks]:
    """Return an object key and its marks; None when it is unknown."""
    key, marks = unmark(evaluate_tree(node, scope))
    if key.__class__ is Null:
        raise EvaluationError(null_summary, null_detail, node[1], node[2])
    try:
        text = convert(key, STRING)
    except ConversionError as problem:
        detail = f"Can't use this value as a key: {problem}."
        raise EvaluationError("Incorrect key type", detail, node[1], node[2]) from None
    return (None if text.__class__ is Unknown else text), marks


def _unary(node: Node, scope: Scope) -> Value:
    operand = evaluate_tree(node[4], scope)
    try:
        return operators.unary(node[3], operand)
    except LanguageError as problem:
        raise _placed(problem, node) from None


def _binary(node: Node, scope: Scope) -> Value:
    left, right = evaluate_tree(node[4], scope), evaluate_tree(node[5], scope)
    try:
        return operators.binary(node[3], left, right)
    except LanguageError as problem:
        at = node[4] if "left operand" in problem.detail else node[5] if "right operand" in problem.detail else node
        raise _placed(problem, at) from None


def _condition(node: Node, scope: Scope) -> Value:
    """Return the condition of a conditional as a bool, unknown or not."""
    value = evaluate_tree(node, scope)
    if is_null(value):
        detail = "The condition value is null. Conditions must either be true or false."
        raise EvaluationError("Null condition", detail, node[1], node[2])
    try:
        return convert(value, BOOL)
    except ConversionError:
        detail = "The condition expression must be of type bool."
        raise EvaluationError("Incorrect condition type", detail, node[1], node[2]) from None


def _conditional(node: Node, scope: Scope) -> Value:
    condition = _condition(node[3], scope)
    if is_unknown(condition):
        arms: list[Value | None] = [evaluate_tree(node[4], scope), evaluate_tree(node[5], scope)]
    else:
        chosen = 0 if unmark(condition)[0] else 1
        arms = [None, None]
        arms[chosen] = evaluate_tree(node[4 + chosen], scope)
        try:  # the other arm only lends its type
            arms[1 - chosen] = evaluate_tree(node[5 - chosen], scope)
        except EvaluationError:
            arms[1 - chosen] = None
    try:
        return operators.choose(condition, arms[0], arms[1])
    except LanguageError as problem:
        raise _placed(problem, node) from None


def _for_items(
    node: Node, names: tuple[str | None, str], collection: Node, condition: Node | None, scope: Scope
) -> tuple[list[Scope] | None, Marks]:
    """Return a scope for each element that a `for` takes, None while that is unknown, and the marks to add."""
    source, marks = unmark(evaluate_tree(collection, scope))
    if source.__class__ is Null:
        raise EvaluationError(
            "Iteration over null value",
            "A null value cannot be used as the collection in a 'for' expression.",
            collection[1],
            collection[2],
        )
    if source.__class__ is Unknown:
        return None, marks
    items = access.iterate(source)
    if items is None:
        kind = type_of(source)
        raise EvaluationError(
            "Iteration over non-iterable value",
            f"A value of type {friendly_name(kind)} cannot be used as the collection in a 'for' expression.",
            collection[1],
            collection[2],
        )
    key_name, value_name = names
    scopes: list[Scope] = []
    for key, value in items:
        inner = scope.with_roots(**{value_name: value} if key_name is None else {key_name: key, value_name: value})
        if condition is not None:
            chosen, found = unmark(_for_condition(condition, inner))
            marks |= found
            if chosen.__class__ is Unknown:
                return None, marks
            if not chosen:
                continue
        scopes.append(inner)
    return scopes, marks


def _for_condition(condition: Node, scope: Scope) -> Value:
    value = evaluate_tree(condition, scope)
    if is_null(value):
        detail = "The value of the 'if' clause must not be null."
        raise EvaluationError("Condition is null", detail, condition[1], condition[2])
    try:
        return convert(value, BOOL)
    except ConversionError as problem:
        detail = f"The 'if' clause value is invalid: {problem}."
        raise EvaluationError("Invalid 'for' condition", detail, condition[1], condition[2]) from None


def _for_tuple(node: Node, scope: Scope) -> Value:
    _, _, _, key_name, value_name, collection, result, condition = node
    scopes, marks = _for_items(node, (key_name, value_name), collection, condition, scope)
    if scopes is None:
        return mark(Unknown(DYNAMIC), marks)
    return mark(tuple([evaluate_tree(result, inner) for inner in scopes]), marks)


def _for_object(node: Node, scope: Scope) -> Value:
    _, _, _, key_name, value_name, collection, key_node, result, condition, grouped = node
    scopes, marks = _for_items(node, (key_name, value_name), collection, condition, scope)
    if scopes is None:
        return mark(Unknown(DYNAMIC), marks)
    members: dict[str, Value] = {}
    groups: dict[str, list[Value]] = {}
    known = True
    null_key = "Key expression in 'for' expression must not produce a null value."
    for inner in scopes:
        key, key_marks = _key(key_node, inner, "Invalid object key", null_key)
        marks |= key_marks
        if key is None:
            known = False
        elif grouped:
            groups.setdefault(key, []).append(evaluate_tree(result, inner))
        elif key in members:
            raise EvaluationError(
                "Duplicate object key",
                f"Two different items produced the key \"{key}\" in this 'for' expression. If duplicates are expected, "
                "use the ellipsis (...) after the value expression to enable grouping by key.",
                key_node[1],
                key_node[2],
            )
        else:
            members[key] = evaluate_tree(result, inner)
    if not known:
        return mark(Unknown(DYNAMIC), marks)
    return mark({key: tuple(items) for key, items in groups.items()} if grouped else members, marks)


def _template(node: Node, scope: Scope) -> Value:
    return _join(node[3], scope)


def _join(parts: tuple[Node, ...], scope: Scope) -> Value:
    """Return the text of a template's parts, unknown when any part is."""
    texts: list[str] = []
    marks: Marks = NO_MARKS
    known = True
    for part in parts:
        if part[0] == tree.STRING:
            texts.append(part[3])
            continue
        value, found = unmark(_part(part, scope))
        marks |= found
        if value.__class__ is Unknown:
            known = False
        else:
            texts.append(value)
    return mark(normalize("".join(texts)) if known else Unknown(STRING, not_null=True), marks)


def _part(part: Node, scope: Scope) -> Value:
    """Return what one part of a template adds to its text."""
    if part[0] == tree.IF_DIRECTIVE:
        return _if_directive(part, scope)
    if part[0] == tree.FOR_DIRECTIVE:
        return _for_directive(part, scope)
    expression = part[3]
    value = evaluate_tree(expression, scope)
    summary = "Invalid template interpolation value"
    if is_null(value):
        detail = "The expression result is null. Cannot include a null value in a string template."
        raise EvaluationError(summary, detail, expression[1], expression[2])
    try:
        return convert(value, STRING)
    except ConversionError as problem:
        detail = f"Cannot include the given value in a string template: {problem}."
        raise EvaluationError(summary, detail, expression[1], expression[2]) from None


def _if_directive(part: Node, scope: Scope) -> Value:
    condition, marks = unmark(_condition(part[3], scope))
    if condition.__class__ is Unknown:
        return mark(Unknown(STRING, not_null=True), marks)
    return mark(_join(part[4] if condition else part[5], scope), marks)


def _for_directive(part: Node, scope: Scope) -> Value:
    _, _, _, key_name, value_name, collection, parts = part
    scopes, marks = _for_items(part, (key_name, value_name), collection, None, scope)
    if scopes is None:
        return mark(Unknown(STRING, not_null=True), marks)
    texts = []
    for inner in scopes:
        text, found = unmark(_join(parts, inner))
        marks |= found
        texts.append(text)
    if any(text.__class__ is Unknown for text in texts):
        return mark(Unknown(STRING, not_null=True), marks)
    return mark("".join(texts), marks)


def _call(node: Node, scope: Scope) -> Value:
    _, _, end, name, name_start, name_end, arguments, expand_final = node
    plain = name.removeprefix("core::")
    if plain in ("try", "can") and not expand_final:
        return _try(node, scope) if plain == "try" else _can(node, scope)
    function = scope.functions.get(plain)
    if function is None:
        hint = did_you_mean(plain, [*scope.functions, "try", "can"])
        detail = f'There is no function named "{name}".{hint}'
        raise EvaluationError("Call to unknown function", detail, name_start, name_end)
    values = [evaluate_tree(argument, scope) for argument in arguments]
    marks: Marks = NO_MARKS
    if expand_final:
        last, marks = unmark(values.pop())
        if last.__class__ is Unknown:
            return mark(Unknown(DYNAMIC), marks)
        values.extend(_expanded(last, arguments[-1]))
    try:
        return mark(invoke(function, values), marks)
    except ArgumentCountError as problem:
        few = len(values) < len(function.parameters)
        summary = "Not enough function arguments" if few else "Too many function arguments"
        extra = arguments[len(function.parameters)] if not few and len(arguments) > len(function.parameters) else None
        at = (end - 1, end) if few else (extra[1], arguments[-1][2]) if extra else (name_start, name_end)
        raise EvaluationError(summary, problem.message, *at) from None
    except FunctionError as problem:
        raise _call_error(problem, function, node) from None


def _expanded(last: Value, node: Node) -> list[Value]:
    summary = "Invalid expanding argument value"
    if last.__class__ is Null:
        detail = "The expanding argument (indicated by ...) must not be null."
        raise EvaluationError(summary, detail, node[1], node[2])
    if last.__class__ is tuple:
        return list(last)
    if last.__class__ in (ListValue, SetValue):
        return list(last.items)
    detail = "The expanding argument (indicated by ...) must be of a tuple, list, or set type."
    raise EvaluationError(summary, detail, node[1], node[2])


def _call_error(problem: FunctionError, function: Function, node: Node) -> EvaluationError:
    _, start, end, name, _, _, arguments, _ = node
    if problem.argument is None:
        return EvaluationError(
            "Error in function call", f'Call to function "{name}" failed: {problem.message}.', start, end
        )
    parameters = function.parameters
    parameter = parameters[problem.argument] if problem.argument < len(parameters) else function.variadic
    at = arguments[min(problem.argument, len(arguments) - 1)]
    title = parameter.name if parameter else "argument"
    return EvaluationError(
        "Invalid function argument", f'Invalid value for "{title}" parameter: {problem.message}.', at[1], at[2]
    )


def _try(node: Node, scope: Scope) -> Value:
    """Return the first argument that has a value."""
    failures = []
    for argument in node[6]:
        try:
            value = evaluate_tree(argument, scope)
        except EvaluationError as problem:
            failures.append(f"- {text_of_traversal(argument)}: {problem.detail}")
            continue
        return value if wholly_known(value) else Unknown(DYNAMIC)
    if not node[6]:
        detail = 'Call to function "try" failed: at least one argument is required.'
    else:
        listed = "\n".join(failures)
        detail = (
            'Call to function "try" failed: no expression succeeded:\n'
            f"{listed}\n\nAt least one expression must produce a successful result."
        )
    raise EvaluationError("Error in function call", detail, node[1], node[2])


def _can(node: Node, scope: Scope) -> Value:
    """Return whether the argument has a value."""
    if len(node[6]) != 1:
        summary = "Too many function arguments" if node[6] else "Not enough function arguments"
        raise EvaluationError(summary, 'Function "can" expects one argument.', node[1], node[2])
    try:
        value, marks = unmark_deep(evaluate_tree(node[6][0], scope))
    except EvaluationError:
        return False
    return mark(True, marks) if wholly_known(value) else Unknown(BOOL)


def _no_expression(node: Node, scope: Scope) -> Value:
    raise EvaluationError("Invalid expression", "Expected an expression here.", node[1], node[2])


_BY_KIND: dict[int, Callable[[Node, Scope], Any]] = {
    tree.LITERAL: _literal,
    tree.NUMBER: _number,
    tree.STRING: _string,
    tree.TEMPLATE: _template,
    tree.HEREDOC: _template,
    tree.TEMPLATE_WRAP: _parentheses,
    tree.VARIABLE: _variable,
    tree.TRAVERSAL: _traversal,
    tree.GET_ATTR: _get_attribute,
    tree.INDEX: _index,
    tree.ATTR_SPLAT: _splat,
    tree.FULL_SPLAT: _splat,
    tree.TUPLE: _tuple,
    tree.OBJECT: _object,
    tree.CALL: _call,
    tree.UNARY: _unary,
    tree.BINARY: _binary,
    tree.CONDITIONAL: _conditional,
    tree.FOR_TUPLE: _for_tuple,
    tree.FOR_OBJECT: _for_object,
    tree.PARENTHESES: _parentheses,
}

# A list is looked up faster than a dict, and this is done for every node.
_RULES = [_BY_KIND.get(kind, _no_expression) for kind in range(max(_BY_KIND) + 1)]
