"""Values for the variables of one run: what its expressions can refer to, and which of several values wins.

From weakest to strongest: the default, what the command is given (`engine.config.variables`), then the `variables` of
the file, then those of the run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.config.model import Argument, Module, Variable
from engine.config.variables import Assignment, assign, given_values
from engine.diagnostics import Diagnostics, SourceRange, error, warning
from engine.lang.function import Function
from engine.lang.values import UNKNOWN, Value, secret_texts, unmark_deep, wholly_known
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.references import Reference, references
from engine.syntax.scope import Scope
from engine.testing.model import RunBlock, SuiteFile


@dataclass(frozen=True, slots=True)
class Known:
    """What the expressions of a file of tests see: values from outside, those of the file, and runs that are over.

    `runs` has an entry for each run of the file, None for those that have no outputs yet. `planned` are the runs that
    only planned.
    """

    file: SuiteFile
    module: Module
    assignments: Sequence[Assignment]
    functions: Mapping[str, Function]
    runs: Mapping[str, Mapping[str, Value] | None]
    planned: frozenset[str] = frozenset()
    file_values: dict[str, Value] = field(default_factory=dict)  # of those that were asked for

    def value_of(self, expression: Expression, found: Diagnostics) -> Value:
        """Return the value of an expression in a run's variables or in a provider; problems go to `found`."""
        problems = Diagnostics(secrets=found.secrets)
        values: dict[str, Value] = {}
        for reference in references(expression):
            with problems.collecting():
                if reference.names[0] == "run":
                    self._check_run(reference)
                else:
                    name = _variable(reference, _ONLY_EARLIER)
                    values[name] = self.variable(name, reference.range, found)
        found.extend(problems)
        if problems.has_errors:
            return UNKNOWN
        runs = {name: dict(outputs) for name, outputs in self.runs.items() if outputs is not None}
        with found.collecting():
            value = evaluate(expression, Scope({"var": values, "run": runs}, self.functions))
            self._check_known(expression, value)
            return value
        return UNKNOWN

    def variable(self, name: str, where: SourceRange, found: Diagnostics) -> Value:
        """Return the value of a variable as the file or the command gives it. Raises DiagnosticError."""
        if name in self.file.variables:
            return self.of_file(name, found)
        given = self.given(name, where)
        if name not in given:
            detail = (
                f'The input variable "{name}" is not available to the current run block. You can only reference '
                "variables defined at the file or global levels."
            )
            raise error("Reference to unavailable variable", detail, where)
        return given[name]

    def of_file(self, name: str, found: Diagnostics) -> Value:
        """Return the value of a variable of the file, evaluated once. Raises DiagnosticError."""
        if name not in self.file_values:
            expression = self.file.variables[name].expression
            values = {}
            for reference in references(expression):
                if reference.names[0] == "run":
                    detail = "You can not reference run blocks from within the file variables block."
                    raise error("Invalid reference", detail, reference.range)
                other = _variable(reference, _ONLY_GLOBAL)
                given = self.given(other, reference.range)
                if other not in given:
                    detail = (
                        f'The input variable "{other}" is not available to the current context. You can only '
                        "reference global variables: those that the command, the environment or a file of variables "
                        "gives."
                    )
                    raise error("Reference to unavailable variable", detail, reference.range)
                values[other] = given[other]
            value = evaluate(expression, Scope({"var": values}, self.functions))
            found.secrets.update(secret_texts(value))
            self.file_values[name] = value
        return self.file_values[name]

    def given(self, name: str, where: SourceRange) -> dict[str, Value]:
        """Return the value that the command gives to a variable, under its name, or nothing."""
        declared = self.module.variables.get(name)
        variable = Variable(name, where, literal=False) if declared is None else replace(declared, default=None)
        return given_values(Module(variables={name: variable}), self.assignments)

    def _check_run(self, reference: Reference) -> None:
        names = reference.names
        if len(names) < 2:
            detail = 'The "run" object cannot be accessed directly. Instead, access one of its attributes.'
            raise error("Invalid reference", detail, reference.range)
        where = "You can only reference run blocks that are in the same test file and will execute before this one."
        if names[1] not in self.runs:
            detail = f'The run block "{names[1]}" does not exist within this test file. {where}'
            raise error("Reference to unknown run block", detail, reference.range)
        if self.runs[names[1]] is None:
            detail = f'The run block "{names[1]}" has not executed yet. {where}'
            raise error("Reference to unavailable run block", detail, reference.range)

    def _check_known(self, expression: Expression, value: Value) -> None:
        """Raise DiagnosticError for a value that nobody knows yet: a run cannot begin with such a one."""
        if wholly_known(value):
            return
        for reference in references(expression):
            if reference.names[0] == "run" and reference.names[1] in self.planned:
                detail = (
                    f'The value for {reference} is unknown. Run block "{reference.names[1]}" is executing a "plan" '
                    "operation, and the specified output value is only known after apply."
                )
                raise error("Reference to unknown value", detail, reference.range)
        raise error("Reference to unknown value", "The value is only known after apply.", expression.range)


_ONLY_EARLIER = (
    "You can only reference earlier run blocks, file level, and global variables while defining variables from inside "
    "a run block."
)
_ONLY_GLOBAL = "You can only reference global variables within the file variables block."


def _variable(reference: Reference, otherwise: str) -> str:
    """Return the name of the variable that is referred to. Raises DiagnosticError for any other reference."""
    if reference.names[0] != "var" or len(reference.names) < 2:
        raise error("Invalid reference", otherwise, reference.range)
    return reference.names[1]


@dataclass(frozen=True, slots=True)
class RunValues:
    """The values of the module's variables, and those that only the assertions of the run refer to.

    `places` says where those of the module are written that the file gives.
    """

    module: dict[str, Value]
    others: dict[str, Value]
    places: dict[str, SourceRange]


def run_values(run: RunBlock, known: Known, found: Diagnostics) -> RunValues:
    """Return the values of a run's variables; what is wrong with them is added to `found`."""
    problems = Diagnostics(secrets=found.secrets)
    declared = known.module.variables
    asked = {
        reference.names[1]
        for rule in run.assertions
        for part in (rule.condition, rule.error_message)
        for reference in references(part)
        if reference.names[0] == "var" and len(reference.names) > 1
    }
    assignments = [one for one in known.assignments if one.name in declared]
    outside = len(assignments)
    others: dict[str, Value] = {}
    for name in known.file.variables.keys() & (declared.keys() | asked):
        with problems.collecting():
            _take(name, known.of_file(name, problems), known.file.variables[name], declared, assignments, others)
    for name in asked - declared.keys() - others.keys() - run.variables.keys():
        others |= known.given(name, run.range)
    for name, argument in run.variables.items():
        value = known.value_of(argument.expression, problems)
        if name not in declared and name not in asked:
            detail = (
                f'The module under test does not declare a variable named "{name}", but it is declared in run block '
                f'"{run.name}".'
            )
            found.add(warning("Value for undeclared variable", detail, argument.expression.range))
        _take(name, value, argument, declared, assignments, others)
    values: dict[str, Value] = {}
    if not problems.has_errors:
        values = assign(known.module, assignments, problems)
    found.extend(problems)
    places = {one.name: one.range for one in assignments[outside:] if one.range is not None}
    return RunValues(values, others, places)


def _take(
    name: str,
    value: Value,
    argument: Argument,
    declared: Mapping[str, Variable],
    assignments: list[Assignment],
    others: dict[str, Value],
) -> None:
    if name in declared:
        # What was sensitive where it comes from is so here when the variable says so.
        assignments.append(Assignment(name, "file", unmark_deep(value)[0], range=argument.expression.range))
    else:
        others[name] = value
