"""Conditions that a configuration states about its values, and what became of each while the configuration is walked.

`validation` blocks of variables, `precondition` and `postcondition` blocks of resources and outputs, and the assertions
of `check` blocks. A condition that cannot be decided yet is unknown, and looked at again during apply.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from engine.address import InstanceKey
from engine.config.model import Place, Rule, Variable
from engine.diagnostics import Diagnostic, DiagnosticError, Diagnostics, Severity, SourceRange, error
from engine.lang.convert import ConversionError, convert
from engine.lang.types import BOOL, STRING
from engine.lang.values import EPHEMERAL, SENSITIVE, Unknown, Value, is_null, unmark_deep
from engine.plan.checks import CheckInstance, CheckResult
from engine.syntax.described import values_at
from engine.syntax.evaluate import evaluate
from engine.syntax.scope import Scope


class Kind(Enum):
    """What a condition belongs to. The values say in words what failed."""

    VARIABLE = "Invalid value for variable"
    PRECONDITION = "Resource precondition failed"
    POSTCONDITION = "Resource postcondition failed"
    OUTPUT = "Module output value precondition failed"
    ASSERTION = "Check block assertion failed"


PENDING: Final = "Check block assertion known after apply"

ASSERTIONS: Final = frozenset({Kind.ASSERTION.value, PENDING})
"""The summaries of warnings about check blocks, which an apply that follows tells anew."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one condition came to: pass, fail, error or unknown, and its message when it failed."""

    status: str
    message: str = ""


def judge(
    rule: Rule,
    kind: Kind,
    scope: Scope,
    found: Diagnostics,
    where: SourceRange | None = None,
    address: str | None = None,
    *,
    severity: Severity = Severity.ERROR,
) -> Verdict:
    """Return what a condition comes to, and add to `found` what there is to say of it.

    `where` is the place at fault, the condition itself unless given; `address` the instance it is asked of.
    """
    try:
        holds = _holds(rule, kind, scope)
    except DiagnosticError as problem:
        found.extend(problem.diagnostics)
        return Verdict("error")
    message, problems = message_of(rule, scope)
    if kind is not Kind.VARIABLE or any(problem.severity is Severity.ERROR for problem in problems):
        found.extend(problems)
    if holds is None:
        return Verdict("unknown")
    if any(problem.severity is Severity.ERROR for problem in problems) and holds:
        return Verdict("error")
    if holds:
        return Verdict("pass")
    shown = message or "What this check has to say cannot be shown: its message is not valid, or not for everybody."
    detail = shown if where is None else f"{shown}\n\nThis was checked by the validation rule at {rule.range}."
    subject = rule.condition.range if where is None else where
    values = values_at(rule.condition, rule.condition.range, scope)
    found.add(Diagnostic(severity, kind.value, detail, subject, rule.condition.range, values, address))
    return Verdict("fail", message or "")


def check_rule(rule: Rule, scope: Scope, found: Diagnostics) -> None:
    """Add to `found` what is wrong with a condition or its message whatever their values will be."""
    with found.collecting():
        _holds(rule, Kind.PRECONDITION, scope)
    found.extend(message_of(rule, scope)[1])


def _holds(rule: Rule, kind: Kind, scope: Scope) -> bool | None:
    """Return whether a condition holds, None while that is unknown. Raises DiagnosticError."""
    value, _ = unmark_deep(evaluate(rule.condition, scope))
    is_variable = kind is Kind.VARIABLE
    summary = "Invalid variable validation result" if is_variable else "Invalid condition result"
    what = "Validation condition" if is_variable else "Condition"
    if is_null(value):
        detail = f"{what} expression must return either true or false, not null."
        raise error(summary, detail, rule.condition.range)
    if value.__class__ is Unknown:
        return None
    try:
        holds = convert(value, BOOL)
    except ConversionError as problem:
        detail = f"Invalid {what.lower()} result value: {problem}."
        raise error(summary, detail, rule.condition.range) from None
    return None if holds.__class__ is Unknown else bool(holds)


_HIDDEN = {
    SENSITIVE: (
        "Error message refers to sensitive values",
        "The expression of this message refers to sensitive values, so it is not shown. Take the references to "
        "sensitive values away, or use nonsensitive() where the result reveals nothing.",
    ),
    EPHEMERAL: (
        "Error message refers to ephemeral values",
        "The expression of this message refers to ephemeral values, so it is not shown. Take the references to "
        "ephemeral values away, or use ephemeralasnull().",
    ),
}


def message_of(rule: Rule, scope: Scope) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Return what a broken rule says, None when it cannot be said, and what is wrong with the message."""
    try:
        value: Value
        value, marks = unmark_deep(evaluate(rule.error_message, scope))
        for hidden, (summary, detail) in _HIDDEN.items():
            if hidden in marks:
                return None, (Diagnostic(Severity.WARNING, summary, detail, rule.error_message.range),)
        if is_null(value):
            detail = "Unsuitable value for error message: must not be null."
            raise error("Invalid error message", detail, rule.error_message.range)
        text = convert(value, STRING)
    except ConversionError as problem:
        detail = f"Unsuitable value for error message: {problem}."
        return None, error("Invalid error message", detail, rule.error_message.range).diagnostics
    except DiagnosticError as problem:
        return None, problem.diagnostics
    return (str(text).strip() if text.__class__ is str else None), ()


_ORDER = ("error", "fail", "unknown", "pass")


def worst(statuses: Iterable[str]) -> str:
    """Return what several results come to together."""
    found = set(statuses)
    return next((status for status in _ORDER if status in found), "pass")


class CheckBook:
    """The results of all conditions of a run, by checked object and instance."""

    def __init__(self) -> None:
        self._objects: dict[str, CheckResult] = {}
        self._verdicts: dict[str, dict[str, tuple[InstanceKey, str, list[Verdict]]]] = {}

    def expect(self, kind: str, place: Place, name: str, mode: str = "", type: str = "") -> None:
        """Note that something is to be checked; until its instances are known, its result is unknown."""
        address = place.node(_shown(kind, mode, type, name))
        self._objects.setdefault(address, CheckResult(kind, address, place.path, mode, type, name, "unknown"))

    def instances(self, address: str, instances: Iterable[tuple[str, str, InstanceKey]]) -> None:
        """Note which instances of an object there are: address, module, and key. Their results so far are kept."""
        noted = self._verdicts.setdefault(address, {})
        for name, module, key in instances:
            noted.setdefault(name, (key, module, []))

    def note(self, address: str, instance: str, module: str, key: InstanceKey, verdicts: Sequence[Verdict]) -> None:
        """Add results of an instance."""
        noted = self._verdicts.setdefault(address, {})
        noted.setdefault(instance, (key, module, []))[2].extend(verdicts)

    def results(self) -> tuple[CheckResult, ...]:
        """Return all results, by address."""
        return tuple(self._result(self._objects[address]) for address in sorted(self._objects))

    def _result(self, checked: CheckResult) -> CheckResult:
        noted = self._verdicts.get(checked.address)
        if noted is None:
            return checked
        instances = tuple(
            CheckInstance(
                name,
                module,
                key,
                worst(verdict.status for verdict in verdicts) if verdicts else "unknown",
                tuple(verdict.message for verdict in verdicts if verdict.status == "fail"),
            )
            for name, (key, module, verdicts) in sorted(noted.items())
        )
        return replace(checked, status=worst(item.status for item in instances), instances=instances)


def _shown(kind: str, mode: str, type: str, name: str) -> str:
    if kind == "resource":
        return f"{type}.{name}" if mode == "managed" else f"{mode}.{type}.{name}"
    return f"{_PREFIXES[kind]}.{name}"


_PREFIXES = {"output_value": "output", "check": "check", "var": "var"}


def check_variable(variable: Variable, where: SourceRange, scope: Scope, found: Diagnostics) -> list[Verdict]:
    """Return what each rule of `variable` comes to, and add to `found` those broken. `where` gave it the value."""
    return [judge(rule, Kind.VARIABLE, scope, found, where) for rule in variable.validations]


def expected_checks(places: Iterable[Place]) -> CheckBook:
    """Return a book with an entry for all that a configuration checks."""
    book = CheckBook()
    for place in places:
        module = place.module
        for name, variable in module.variables.items():
            if variable.validations:
                book.expect("var", place, name)
        for block in module.resources.values():
            if block.lifecycle.preconditions or block.lifecycle.postconditions:
                book.expect("resource", place, block.address.name, block.address.mode, block.address.type)
        for name, output in module.outputs.items():
            if output.preconditions:
                book.expect("output_value", place, name)
        for name in module.checks:
            book.expect("check", place, name)
    return book
