"""Conditions that a configuration states about its values: the `validation` blocks of variables."""

from engine.config.model import Rule, Variable
from engine.diagnostics import Diagnostics, SourceRange, error
from engine.lang.convert import ConversionError, convert
from engine.lang.types import BOOL, STRING
from engine.lang.values import SENSITIVE, Unknown, Value, is_null, unmark_deep
from engine.syntax.evaluate import evaluate
from engine.syntax.scope import Scope


def check_variable(variable: Variable, where: SourceRange, scope: Scope, found: Diagnostics) -> None:
    """Add to `found` each rule of `variable` that its value breaks. `where` is what gave it the value.

    A rule that cannot be decided yet is passed over. Every rule is looked at, whatever came of the others.
    """
    for rule in variable.validations:
        with found.collecting():
            if _holds(rule, scope) is False:
                message = _message(rule, scope)
                detail = f"{message}\n\nThis was checked by the validation rule at {rule.range}."
                raise error("Invalid value for variable", detail, where)


def _holds(rule: Rule, scope: Scope) -> bool | None:
    """Return whether a condition holds, None while that is unknown."""
    value, _ = unmark_deep(evaluate(rule.condition, scope))
    summary = "Invalid variable validation result"
    if is_null(value):
        detail = "Validation condition expression must return either true or false, not null."
        raise error(summary, detail, rule.condition.range)
    try:
        holds = convert(value, BOOL)
    except ConversionError as problem:
        detail = f"Invalid validation condition result value: {problem}."
        raise error(summary, detail, rule.condition.range) from None
    return None if holds.__class__ is Unknown else bool(holds)


def _message(rule: Rule, scope: Scope) -> str:
    """Return what a broken rule says."""
    value: Value
    value, marks = unmark_deep(evaluate(rule.error_message, scope))
    if SENSITIVE in marks:
        return "The error message of this rule refers to sensitive values, so it is not shown."
    try:
        text = convert(value, STRING)
    except ConversionError as problem:
        detail = f"Unsuitable value for error message: {problem}."
        raise error("Invalid error message", detail, rule.error_message.range) from None
    if text.__class__ is not str:
        return "The error message of this rule is not known."
    return str(text).strip()
