"""Calls of functions, and the two that are no functions: `try` and `can`, which look at errors."""

from engine.diagnostics import did_you_mean
from engine.lang.function import ArgumentCountError, Function, FunctionError, invoke
from engine.lang.types import BOOL, DYNAMIC, STRING
from engine.lang.values import (
    NO_MARKS,
    ListValue,
    Marks,
    Null,
    SetValue,
    Unknown,
    Value,
    mark,
    type_of,
    unmark,
    wholly_known,
)
from engine.syntax import tree
from engine.syntax.references import text_of_traversal
from engine.syntax.repetition import Evaluate
from engine.syntax.scope import EvaluationError, Scope
from engine.syntax.tree import Node


def call(node: Node, scope: Scope, evaluate: Evaluate) -> Value:
    """Return what a CALL gives."""
    _, _, end, name, name_start, name_end, arguments, expand_final = node
    plain = name.removeprefix("core::")
    if plain in ("try", "can") and not expand_final and scope.functions:
        strict = scope.collecting(None)
        return _try(node, strict, evaluate) if plain == "try" else _can(node, strict, evaluate)
    function = scope.functions.get(plain)
    if function is None and not scope.functions:
        raise EvaluationError(
            "Function calls not allowed", f'Functions may not be called here, so "{name}" cannot be used.', node[1], end
        )
    if function is None:
        at = tree.beginning(node) if plain in _REMOVED else (name_start, name_end)
        raise EvaluationError(*_unknown_function(name, scope), *at)
    if plain == "templatestring" and arguments:
        _check_template(arguments[0])
    values = [evaluate(argument, scope) for argument in arguments]
    if plain == "templatestring" and values and not expand_final:
        _check_template_text(values[0], arguments[0])
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
        at = (end - 1, end) if few else tree.beginning(extra) if extra else (name_start, name_end)
        raise EvaluationError(summary, problem.message, *at) from None
    except FunctionError as problem:
        raise _call_error(problem, function, node) from None


def _unknown_function(name: str, scope: Scope) -> tuple[str, str]:
    """Return summary and detail of the error that there is no such function."""
    if "::" not in name:
        if name in _REMOVED:
            return "Error in function call", f'Call to function "{name}" failed: {_REMOVED[name]}.'
        plain = (known for known in [*scope.functions, "try", "can"] if "::" not in known)
        return "Call to unknown function", f'There is no function named "{name}".{did_you_mean(name, plain)}'
    namespace, _, rest = name.partition("::")
    provider, _, function = rest.partition("::")
    if namespace != "provider":
        detail = (
            f'The function namespace "{namespace}" is not valid. Provider function calls must use the "provider::" '
            "namespace prefix."
        )
    elif not function:
        detail = 'The function call must include the provider name after the "provider::" prefix.'
    elif any(known.startswith(f"provider::{provider}::") for known in scope.functions):
        detail = f'The function "{function}" is not available from the provider "{provider}".'
    else:
        detail = (
            f'There is no function named "{name}". Ensure that provider name "{provider}" is declared in this '
            f'module\'s required_providers block, and that this provider offers a function named "{function}".'
        )
    return "Unknown provider function", detail


_GONE = "was deprecated in Terraform v0.12 and is no longer available; use"
_REMOVED = {
    "list": f'the "list" function {_GONE} tolist([ ... ]) syntax to write a literal list',
    "map": f'the "map" function {_GONE} tomap({{ ... }}) syntax to write a literal map',
}


def _check_template(node: Node) -> None:
    """Raise EvaluationError unless the template is a reference: a text written here would be a template by itself."""
    kind = node[0]
    if kind in (tree.TRAVERSAL, tree.VARIABLE):
        return
    if kind in (tree.GET_ATTR, tree.INDEX, tree.PARENTHESES):
        _check_template(node[3])
        return
    elsewhere = "templatestring is only for rendering templates retrieved dynamically from elsewhere"
    if kind in (tree.STRING, tree.TEMPLATE, tree.HEREDOC):
        problem = (
            f"{elsewhere}, and so does not support providing a literal template; consider using a template string "
            "expression instead"
        )
    elif kind == tree.TEMPLATE_WRAP:
        problem = (
            f"{elsewhere}; to treat the inner expression as template syntax, write the reference expression directly "
            "without any template interpolation syntax"
        )
    else:
        problem = (
            "must be a direct reference to a single string from elsewhere, containing valid Terraform template syntax"
        )
    raise _template_error(f"invalid template expression: {problem}", node)


def _check_template_text(value: Value, node: Node) -> None:
    plain = unmark(value)[0]
    if type_of(plain) not in (STRING, DYNAMIC) or plain.__class__ is Null:
        raise _template_error("invalid template value: a string is required", node)


def _template_error(problem: str, node: Node) -> EvaluationError:
    detail = f'Invalid value for "template" parameter: {problem}.'
    return EvaluationError("Invalid function argument", detail, *tree.beginning(node))


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
    name, arguments = node[3], node[6]
    if problem.argument is None:
        return EvaluationError(
            "Error in function call", f'Call to function "{name}" failed: {problem.message}.', *tree.beginning(node)
        )
    parameters = function.parameters
    parameter = parameters[problem.argument] if problem.argument < len(parameters) else function.variadic
    at = arguments[min(problem.argument, len(arguments) - 1)]
    title = parameter.name if parameter else "argument"
    return EvaluationError(
        "Invalid function argument",
        f'Invalid value for "{title}" parameter: {problem.message}.',
        *tree.beginning(at),
    )


def _try(node: Node, scope: Scope, evaluate: Evaluate) -> Value:
    """Return the first argument that has a value."""
    failures = []
    for argument in node[6]:
        try:
            value = evaluate(argument, scope)
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
    raise EvaluationError("Error in function call", detail, *tree.beginning(node))


def _can(node: Node, scope: Scope, evaluate: Evaluate) -> Value:
    """Return whether the argument has a value."""
    if len(node[6]) != 1:
        summary = "Too many function arguments" if node[6] else "Not enough function arguments"
        at = tree.beginning(node[6][1]) if node[6] else (node[2] - 1, node[2])
        raise EvaluationError(summary, 'Function "can" expects one argument.', *at)
    try:
        value = evaluate(node[6][0], scope)
    except EvaluationError:
        return False
    # That an expression has a value is no secret, even when the value is one; Terraform sees it so.
    return True if wholly_known(value) else Unknown(BOOL)
