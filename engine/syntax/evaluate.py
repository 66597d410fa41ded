"""Evaluate trees: an expression and a scope in, a value out.

The tree is interpreted as it is. What operators, functions and traversals mean is told in `engine.lang`; here the
parts of a tree are put together, names are looked up, and errors get the place in the text.
"""

from collections.abc import Callable
from typing import Any

from engine.diagnostics import Diagnostic, DiagnosticError, Diagnostics, Severity, SourceRange, did_you_mean
from engine.lang import access, operators
from engine.lang.convert import ConversionError, convert, normalize
from engine.lang.errors import LanguageError
from engine.lang.numbers import parse as parse_number
from engine.lang.ranges import unknown_text
from engine.lang.types import BOOL, DYNAMIC, STRING
from engine.lang.values import NO_MARKS, NULL, Marks, Unknown, Value, is_null, is_unknown, mark, unmark
from engine.syntax import tree
from engine.syntax.calls import call
from engine.syntax.described import part_at, values_at
from engine.syntax.expression import Expression
from engine.syntax.repetition import for_items, for_object, for_tuple, object_key
from engine.syntax.scope import EvaluationError, Scope, placed
from engine.syntax.tree import Node


def evaluate(expression: Expression, scope: Scope) -> Value:
    """Return the value of an expression. Raises DiagnosticError that points into its file."""
    try:
        return evaluate_tree(expression.tree, scope)
    except EvaluationError as problem:
        raise DiagnosticError(*(_diagnostic(item, expression, scope) for item in problem.all())) from None
    except RecursionError:
        detail = "This expression is nested too deeply."
        raise DiagnosticError(Diagnostic(Severity.ERROR, "Expression too deep", detail, expression.range)) from None


def evaluate_all(expression: Expression, scope: Scope, found: Diagnostics) -> Value:
    """Return the value of an expression, in which elements without a value are unknown; their errors go to `found`.

    An error at a place of which something was told already is left out: it would only follow from the first.
    """
    problems: list[EvaluationError] = []
    value: Value = Unknown(DYNAMIC)
    told = found.places()
    try:
        value = evaluate_tree(expression.tree, scope.collecting(problems))
    except EvaluationError as problem:
        problems.append(problem)
    except RecursionError:
        problems.append(
            EvaluationError("Expression too deep", "This expression is nested too deeply.", *expression.tree[1:3])
        )
    found.extend(
        _diagnostic(item, expression, scope)
        for problem in problems
        for item in problem.all()
        if not {(expression.source, _origin(item, expression)), (expression.source, item.start)} & told
    )
    return value


def _origin(problem: EvaluationError, expression: Expression) -> int:
    """Return where the reference begins whose step is at fault, or what else is at fault."""
    part = part_at(expression.tree, problem.start, problem.end)
    while part[0] in (tree.GET_ATTR, tree.INDEX):
        part = part[3]
    return int(part[1]) if part[0] in (tree.TRAVERSAL, tree.VARIABLE) else problem.start


def _diagnostic(problem: EvaluationError, expression: Expression, scope: Scope) -> Diagnostic:
    subject = SourceRange(expression.source, problem.start, problem.end)
    values = values_at(expression, subject, scope)
    return Diagnostic(Severity.ERROR, problem.summary, problem.detail, subject, expression.range, values)


def evaluate_tree(node: Node, scope: Scope) -> Value:
    """Return the value of a tree. Raises EvaluationError."""
    return _RULES[node[0]](node, scope)


def _literal(node: Node, scope: Scope) -> Value:
    return NULL if node[3] is None else node[3]


def _number(node: Node, scope: Scope) -> Value:
    number = parse_number(node[3])
    if number is None:
        detail = "This number is out of range: its exponent has too many digits."
        raise EvaluationError("Invalid number literal", detail, node[1], node[2])
    return number


def _string(node: Node, scope: Scope) -> Value:
    return normalize(node[3])


def _parentheses(node: Node, scope: Scope) -> Value:
    return evaluate_tree(node[3], scope)


def _variable(node: Node, scope: Scope) -> Value:
    name = node[3]
    if name in scope.roots:
        return scope.roots[name]
    raise _no_root(name, node, scope)


def _no_root(name: str, node: Node, scope: Scope) -> EvaluationError:
    """Return the error of a reference whose first name stands for nothing."""
    start, end = node[1], node[1] + len(name)
    if not scope.roots and not scope.functions:
        detail = f'Variables may not be used here, so "{name}" stands for nothing. A text needs quotes.'
        return EvaluationError("Variables not allowed", detail, start, end)
    hint = did_you_mean(name, scope.roots)
    return EvaluationError("Unknown variable", f'There is no variable named "{name}".{hint}', start, end)


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
        raise _no_root(names[0], node, scope) from None
    except LanguageError as problem:
        raise _at_step(problem, node, scope.roots[names[0]]) from None


def _at_step(problem: LanguageError, node: Node, value: Value) -> EvaluationError:
    """Return the error of a TRAVERSAL from `value` at the step that fails: the dot and the name."""
    end = node[1] + len(node[3][0])
    for name in node[3][1:]:
        start, end = end, end + 1 + len(name)
        try:
            value = access.get_attribute(value, name)
        except LanguageError:
            return EvaluationError(problem.summary, problem.detail, start, end)
    return placed(problem, node)


def _get_attribute(node: Node, scope: Scope) -> Value:
    value = evaluate_tree(node[3], scope)
    try:
        return access.get_attribute(value, node[4])
    except LanguageError as problem:
        raise EvaluationError(problem.summary, problem.detail, node[3][2], node[2]) from None


def _index(node: Node, scope: Scope) -> Value:
    collection, key = evaluate_tree(node[3], scope), evaluate_tree(node[4], scope)
    try:
        return access.index(collection, key)
    except LanguageError as problem:
        raise EvaluationError(problem.summary, problem.detail, node[3][2], node[2]) from None


def _splat(node: Node, scope: Scope) -> Value:
    source = evaluate_tree(node[3], scope)
    try:
        return access.splat(source, lambda element: _follow(element, node[4], scope))
    except LanguageError as problem:
        raise placed(problem, node) from None


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


def _tuple(node: Node, scope: Scope) -> Value:
    return tuple([_element(item, scope) for item in node[3]])


def _element(node: Node, scope: Scope) -> Value:
    """Return the value of an element; where problems are collected, one that has none is unknown."""
    if scope.problems is None:
        return evaluate_tree(node, scope)
    try:
        return evaluate_tree(node, scope)
    except EvaluationError as problem:
        scope.problems.append(problem)
        return Unknown(DYNAMIC)


def _object(node: Node, scope: Scope) -> Value:
    members: dict[str, Value] = {}
    marks: Marks = NO_MARKS
    known = True
    for key_node, value_node in node[3]:
        value = _element(value_node, scope)
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
        key, key_marks = object_key(
            key_node, scope, evaluate_tree, "Null value as key", "Can't use a null value as a key."
        )
        marks |= key_marks
        if key is None:
            known = False
        else:
            members[key] = value
    return mark(members if known else Unknown(DYNAMIC, not_null=True), marks)


def _unary(node: Node, scope: Scope) -> Value:
    operand = evaluate_tree(node[4], scope)
    try:
        return operators.unary(node[3], operand)
    except LanguageError as problem:
        raise placed(problem, node) from None


def _binary(node: Node, scope: Scope) -> Value:
    left, right = evaluate_tree(node[4], scope), evaluate_tree(node[5], scope)
    try:
        return operators.binary(node[3], left, right)
    except LanguageError as problem:
        at = node[4] if "left operand" in problem.detail else node[5] if "right operand" in problem.detail else node
        raise placed(problem, at, *_other_operand(node, right, at)) from None


def _other_operand(node: Node, right: Value, told: Node) -> tuple[EvaluationError, ...]:
    """Return the error of the right operand where the left one, at fault as well, hides it."""
    if told is not node[4]:
        return ()
    try:
        operators.check_operand(node[3], right, "right")
    except LanguageError as problem:
        return (placed(problem, node[5]),)
    return ()


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
            arms[1 - chosen] = evaluate_tree(node[5 - chosen], scope.collecting(None))
        except EvaluationError:
            arms[1 - chosen] = None
    try:
        return operators.choose(condition, arms[0], arms[1])
    except LanguageError as problem:
        raise placed(problem, node) from None


def _template(node: Node, scope: Scope) -> Value:
    return _join(node[3], scope)


def _join(parts: tuple[Node, ...], scope: Scope) -> Value:
    """Return the text of a template's parts, unknown when any part is."""
    texts: list[str] = []
    marks: Marks = NO_MARKS
    known: int | None = None  # how many texts precede the first that is unknown
    for part in parts:
        if part[0] == tree.STRING:
            texts.append(part[3])
            continue
        value, found = unmark(_part(part, scope))
        marks |= found
        if value.__class__ is not Unknown:
            texts.append(value)
        elif known is None:
            known = len(texts)
    text = normalize("".join(texts[:known]))
    return mark(text if known is None else unknown_text(text), marks)


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
    scopes, marks = for_items((key_name, value_name), collection, None, scope, evaluate_tree)
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
    tree.CALL: lambda node, scope: call(node, scope, evaluate_tree),
    tree.UNARY: _unary,
    tree.BINARY: _binary,
    tree.CONDITIONAL: _conditional,
    tree.FOR_TUPLE: lambda node, scope: for_tuple(node, scope, evaluate_tree),
    tree.FOR_OBJECT: lambda node, scope: for_object(node, scope, evaluate_tree),
    tree.PARENTHESES: _parentheses,
}

# A list is looked up faster than a dict, and this is done for every node.
_RULES = [_BY_KIND.get(kind, _no_expression) for kind in range(max(_BY_KIND) + 1)]
