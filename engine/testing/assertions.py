"""The assertions of a run: conditions about what a plan or an apply has come to."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.config.model import Module, Rule
from engine.diagnostics import Diagnostic, DiagnosticError, Diagnostics, Severity, did_you_mean, error
from engine.graph.resolve import resolve
from engine.lang.convert import ConversionError, convert
from engine.lang.types import BOOL
from engine.lang.values import NULL, SENSITIVE_MARKS, UNKNOWN, Unknown, Value, is_null, mark, unmark_deep
from engine.plan.modules import ModuleInstance
from engine.plan.rules import message_of
from engine.syntax.described import values_at
from engine.syntax.evaluate import evaluate
from engine.syntax.references import Reference, references
from engine.syntax.scope import Scope
from engine.testing.results import Status


def outputs_of(module: Module, root: ModuleInstance | None) -> dict[str, Value]:
    """Return the outputs of a module after a plan or an apply; null where there is none."""
    values = root.outputs if root is not None else {}
    outputs = {}
    for name, output in module.outputs.items():
        value = values.get(name, NULL)
        outputs[name] = mark(value, SENSITIVE_MARKS) if output.sensitive else value
    return outputs


def assertion_scope(
    module: Module,
    root: ModuleInstance,
    variables: Mapping[str, Value],
    outputs: Mapping[str, Value],
    runs: Mapping[str, Mapping[str, Value] | None],
) -> Scope:
    """Return what assertions see: all that the module's own expressions do, its outputs, and earlier runs.

    Blocks that were not come to, because something failed before, are unknown.
    """
    roots = dict(root.scope.roots)
    for block in module.resources.values():
        kinds = roots if block.is_managed else _inner(roots, block.address.mode)
        _inner(kinds, block.address.type).setdefault(block.address.name, UNKNOWN)
    roots["local"] = {**dict.fromkeys(module.locals, UNKNOWN), **roots.get("local", {})}
    roots["module"] = {**dict.fromkeys(module.calls, UNKNOWN), **roots.get("module", {})}
    roots["var"] = {**roots.get("var", {}), **variables}
    roots["output"] = dict(outputs)
    roots["run"] = {name: dict(values) for name, values in runs.items() if values is not None}
    return Scope(roots, root.scope.functions)


def _inner(values: dict[str, Value], name: str) -> dict[str, Value]:
    """Return a copy of the object called `name`, made when it is missing, that stands in its place."""
    values[name] = dict(values.get(name, {}))
    inner: dict[str, Value] = values[name]
    return inner


@dataclass(frozen=True, slots=True)
class Names:
    """What the assertions of a run may refer to, besides what the module's own expressions may."""

    module: Module
    variables: frozenset[str]
    runs: Mapping[str, Mapping[str, Value] | None]

    def check(self, reference: Reference) -> None:
        """Raise DiagnosticError for a reference to what is not there."""
        root, *rest = reference.names
        if root in ("run", "output") and not rest:
            detail = f'The "{root}" object cannot be accessed directly. Instead, access one of its attributes.'
            raise error("Invalid reference", detail, reference.range)
        if root == "run":
            self._check_run(reference, rest[0])
        elif root == "output":
            self._check_output(reference, rest[0])
        elif root == "check":
            detail = 'The "check" object can only be referenced from an "expect_failures" attribute of a run.'
            raise error('Reference to "check" in invalid context', detail, reference.range)
        elif root == "ephemeral":
            detail = "Ephemeral resources are closed when the run is over, so nothing can be said about them."
            raise error("Ephemeral resources cannot be asserted", detail, reference.range)
        elif root != "var" or not self.variables.intersection(rest[:1]):
            resolve(reference, self.module)

    def _check_output(self, reference: Reference, name: str) -> None:
        if name not in self.module.outputs:
            hint = did_you_mean(name, self.module.outputs)
            detail = f'An output value with the name "{name}" has not been declared.{hint}'
            raise error("Reference to undeclared output value", detail, reference.range)

    def _check_run(self, reference: Reference, name: str) -> None:
        if name not in self.runs:
            detail = f'There is no run "{name}" declared in this test suite.{did_you_mean(name, self.runs)}'
            raise error("Reference to undeclared run block", detail, reference.range)
        if self.runs[name] is None:
            detail = f'The run "{name}" block has not yet been evaluated, so its results are not available here.'
            raise error("Reference to unevaluated run block", detail, reference.range)


def assess(rule: Rule, names: Names, scope: Scope, found: Diagnostics) -> tuple[Status, str | None]:
    """Return what one assertion comes to, and its message when it does not hold; problems are added to `found`."""
    wrong = Diagnostics(secrets=found.secrets)
    for part in (rule.condition, rule.error_message):
        for reference in references(part):
            with wrong.collecting():
                names.check(reference)
    if wrong.has_errors:
        found.extend(wrong)
        return Status.ERROR, None
    message, others = message_of(rule, scope)
    problems = Diagnostics(secrets=found.secrets)
    problems.extend(others)
    holds = True
    with problems.collecting():
        holds = _holds(rule, scope)
    found.extend(problems)
    if problems.has_errors:
        return Status.ERROR, None
    if holds:
        return Status.PASS, None
    where = rule.condition.range
    values = values_at(rule.condition, where, scope)
    found.add(Diagnostic(Severity.ERROR, "Test assertion failed", message or "", where, where, values))
    return Status.FAIL, message or ""


def _holds(rule: Rule, scope: Scope) -> bool:
    """Return whether a condition holds. Raises DiagnosticError."""
    value, _ = unmark_deep(evaluate(rule.condition, scope))
    where = rule.condition.range
    values = values_at(rule.condition, where, scope)

    def wrong(summary: str, detail: str) -> DiagnosticError:
        return DiagnosticError(Diagnostic(Severity.ERROR, summary, detail, where, where, values))

    if is_null(value):
        raise wrong("Invalid condition run", "Condition expression must return either true or false, not null.")
    if value.__class__ is not Unknown:
        try:
            value = convert(value, BOOL)
        except ConversionError as problem:
            raise wrong("Invalid condition run", f"Invalid condition run value: {problem}.") from None
    if value.__class__ is Unknown:
        detail = (
            "Condition expression could not be evaluated at this time. This means you have executed a `run` block with "
            "`command = plan` and one of the values your condition depended on is not known until after the plan has "
            "been applied. Either remove this value from your condition, or execute an `apply` command from this `run` "
            "block. Alternatively, if there is an override for this value, you can make it available during the plan "
            "phase by setting `override_during = plan` in the `override_` block."
        )
        raise error("Unknown condition value", detail, where)
    return bool(value)
