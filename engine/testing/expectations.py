"""Failures that a run expects: checks of the module under test that shall not hold."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.address import parse_resource_instance, static_address
from engine.config.model import Module, Rule
from engine.config.traversals import names_of
from engine.diagnostics import Diagnostic, Diagnostics, Severity, SourceRange, error, warning
from engine.plan.rules import ASSERTIONS, Kind
from engine.syntax.expression import Expression
from engine.testing.decode_mocks import address_of
from engine.testing.model import RunBlock

_CHECKED = {"var": "variable", "output": "output", "check": "check"}
_FAILED = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class Failure:
    """Which checkable object a problem is about: its name without and with its instance key."""

    name: str
    instance: str
    in_root: bool
    of_check: bool = False

    def is_among(self, expected: Iterable[str]) -> list[str]:
        """Return which of the expected failures this is."""
        return [name for name in expected if self.in_root and name in (self.name, self.instance)]


def expected_failures(run: RunBlock, found: Diagnostics) -> dict[str, SourceRange]:
    """Return the names of the objects that a run expects to fail, with their places. Others are reported."""
    expected: dict[str, SourceRange] = {}
    for reference in run.expected_failures:
        with found.collecting():
            expected[_checkable(reference)] = reference.range
    return expected


def _checkable(reference: Expression) -> str:
    """Return the name of the checkable object that is referred to. Raises DiagnosticError."""
    names = names_of(reference)
    if names[0] in _CHECKED:
        if len(names) < 2:
            detail = f'The "{names[0]}" object cannot be accessed directly. Instead, access one of its attributes.'
            raise error("Invalid reference", detail, reference.range)
        return ".".join(names[:2])
    if names[0] in ("module", "local", "path", "run", "terraform", "each", "count", "self"):
        shown = ".".join(names[:2])
        detail = (
            f"You cannot expect failures from {shown}. You can only expect failures from checkable objects such as "
            "input variables, output values, check blocks, managed resources and data sources."
        )
        raise error("Invalid `expect_failures` reference", detail, reference.range)
    if len(names) < 2 or (names[0] == "data" and len(names) < 3):
        detail = (
            "A reference to a resource type must be followed by at least one attribute access, specifying the resource "
            "name."
        )
        raise error("Invalid reference", detail, reference.range)
    return str(address_of(reference, parse_resource_instance))


class Origins:
    """Finds out which checkable object a problem is about, from the text of the condition that did not hold."""

    def __init__(self, module: Module) -> None:
        self._rules: dict[SourceRange, tuple[str, bool]] = {}
        self._checks: dict[str, tuple[str, bool]] = {}  # of the data sources in checks
        for place in module.places():
            in_root = not place.path
            inner = place.module
            for name, variable in inner.variables.items():
                self._note(variable.validations, f"var.{name}", in_root)
            for name, output in inner.outputs.items():
                self._note(output.preconditions, f"output.{name}", in_root)
            for name, check in inner.checks.items():
                self._note(check.assertions, f"check.{name}", in_root)
            for address, block in inner.resources.items():
                self._note((*block.lifecycle.preconditions, *block.lifecycle.postconditions), address, in_root)
                if block.check:
                    self._checks[place.node(address)] = f"check.{block.check}", in_root

    def _note(self, rules: Iterable[Rule], name: str, in_root: bool) -> None:
        self._rules.update({rule.condition.range: (name, in_root) for rule in rules})

    def of(self, problem: Diagnostic) -> Failure | None:
        """Return what a problem is about, None when it is about no condition."""
        name, in_root = "", False
        if problem.summary in _FAILED and problem.context is not None:
            name, in_root = self._rules.get(problem.context, ("", False))
        elif problem.summary in ASSERTIONS and problem.subject is not None:
            name, in_root = self._rules.get(problem.subject, ("", False))
        elif problem.address is not None:
            name, in_root = self._checks.get(static_address(problem.address), ("", False))
        if not name:
            return None
        return Failure(name, problem.address or name, in_root, name.startswith("check."))


def explained(problems: Iterable[Diagnostic], expected: dict[str, SourceRange], origins: Origins) -> list[Diagnostic]:
    """Return what a plan has to say before an apply. Expected failures come too early then, which is told."""
    told: list[Diagnostic] = []
    for problem in problems:
        failure = origins.of(problem)
        if failure is not None and problem.severity is Severity.ERROR and failure.is_among(expected):
            detail = (
                f"A custom condition within {failure.instance} failed during the planning stage and prevented the "
                "requested apply operation. While this was an expected failure, the apply operation could not be "
                "executed and so the overall test case will be marked as a failure and the original diagnostic "
                "included in the test report."
            )
            told.append(warning("Expected failure while planning", detail, expected.get(failure.name)))
        told.append(problem)
    return told


def unexpected(problems: Iterable[Diagnostic], expected: dict[str, SourceRange], origins: Origins) -> list[Diagnostic]:
    """Return the problems less those that were expected, and with one for each that was and did not come.

    What the assertions of a `check` block have to say are errors here.
    """
    told: list[Diagnostic] = []
    met: set[str] = set()
    for problem in problems:
        failure = origins.of(problem)
        counts = failure is not None and (failure.of_check or problem.severity is Severity.ERROR)
        if failure is None or not counts:
            told.append(problem)
            continue
        fitting = failure.is_among(expected)
        met.update(fitting)
        if not fitting:
            told.append(replace(problem, severity=Severity.ERROR))
    for name, where in expected.items():
        if name not in met:
            detail = f"The checkable object, {name}, was expected to report an error but did not."
            told.append(Diagnostic(Severity.ERROR, "Missing expected failure", detail, where))
    return told
