"""Values for a root module's variables: where they come from, which one wins, and whether they fit.

From weakest to strongest: the default, `TF_VAR_name` in the environment, `terraform.tfvars`, `terraform.tfvars.json`,
`*.auto.tfvars` and `*.auto.tfvars.json` by name, then `-var` and `-var-file` in the order given.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from engine.config.body import blocks_of
from engine.config.load import read_source
from engine.config.model import Module, Variable
from engine.config.types import apply_defaults
from engine.diagnostics import DiagnosticError, Diagnostics, SourceFile, SourceRange, did_you_mean, error, warning
from engine.lang.convert import ConversionError, convert
from engine.lang.json_values import from_json, read_json
from engine.lang.types import DYNAMIC
from engine.lang.values import (
    EPHEMERAL,
    NULL,
    SENSITIVE,
    Marks,
    Unknown,
    Value,
    has_mark,
    is_null,
    mark,
    secret_texts,
)
from engine.syntax import tree
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.parser import parse, parse_expression
from engine.syntax.scope import Scope

PREFIX = "TF_VAR_"

Origin = Literal["environment", "file", "command line", "program"]


_PLACES: Final[Mapping[Origin, str]] = {
    "environment": "in the environment",
    "file": "in a file",
    "command line": "on the command line",
    "program": "by the program",
}


@dataclass(frozen=True, slots=True)
class Assignment:
    """One value given to a variable from outside."""

    name: str
    origin: Origin
    value: Value | None = None  # None while it is still text
    text: str | None = None
    range: SourceRange | None = None

    @property
    def place(self) -> str:
        """Where the value was given, as messages name it."""
        if self.range is not None:
            return f"in {self.range}"
        return {"environment": "in the environment", "program": "by the program"}.get(
            self.origin, "on the command line"
        )


def environment_assignments(environment: Mapping[str, str]) -> list[Assignment]:
    """Return the values that `TF_VAR_...` entries give."""
    return [
        Assignment(key.removeprefix(PREFIX), "environment", text=value)
        for key, value in environment.items()
        if key.startswith(PREFIX) and key != PREFIX
    ]


def automatic_files(directory: Path) -> list[Path]:
    """Return the variable files that are read without being asked for, weakest first."""
    fixed = [directory / name for name in ("terraform.tfvars", "terraform.tfvars.json")]
    others = [path for path in directory.iterdir() if path.name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    return [path for path in fixed if path.exists()] + sorted(others)


def file_assignments(path: Path, name: str, found: Diagnostics) -> list[Assignment]:
    """Return the values that a variable file gives; what is wrong with it is added to `found`."""
    with found.collecting():
        if not path.exists():
            near = (
                did_you_mean(path.name, [other.name for other in path.parent.iterdir()]) if path.parent.is_dir() else ""
            )
            raise error("Failed to read variables file", f'Given variables file "{name}" does not exist.{near}')
        source = read_source(path, name)
        return _json_file(source) if path.name.endswith(".json") else _hcl_file(source, found)
    return []


def _hcl_file(source: SourceFile, found: Diagnostics) -> list[Assignment]:
    body = parse(source)
    for block in blocks_of(body, source):
        detail = (
            f'Variable files hold only arguments. To declare a variable, put "{block.type}" into a configuration file.'
        )
        found.extend(error("Unexpected block", detail, block.header).diagnostics)
    assignments = []
    for item in body[3]:
        if item[0] == tree.ATTRIBUTE:
            with found.collecting():
                value = evaluate(Expression(item[6], source), Scope({}, {}))
                assignments.append(Assignment(item[3], "file", value, range=SourceRange(source, item[4], item[5])))
    return assignments


def _json_file(source: SourceFile) -> list[Assignment]:
    try:
        data = read_json(source.text)
    except ValueError as problem:
        at = getattr(problem, "pos", 0)
        raise error("Invalid JSON", f"This file is not valid JSON: {problem}.", SourceRange(source, at, at)) from None
    if not isinstance(data, dict):
        detail = "A JSON object is required, with a member for each variable."
        raise error("Invalid JSON", detail, SourceRange(source, 0, len(source.text)))
    try:
        values = from_json(data)
    except ConversionError as problem:
        raise error("Invalid JSON", f"This file cannot be used: {problem}.", SourceRange(source, 0, 0)) from None
    return [Assignment(name, "file", value, range=SourceRange(source, 0, 0)) for name, value in values.items()]


def command_line_assignment(argument: str) -> Assignment:
    """Return the value that `-var name=value` gives. Raises DiagnosticError."""
    name, equals, text = argument.partition("=")
    if not equals:
        detail = (
            f'The given -var option "{name}" is not correctly specified. It must be a variable name and value '
            'separated by an equals sign, like -var="key=value".'
        )
        raise error("Invalid -var option", detail)
    if name.endswith(" "):
        detail = f'Variable name "{name}" is invalid due to trailing space. Did you mean -var="{name.strip()}={text}"?'
        raise error("Invalid -var option", detail)
    return Assignment(name, "command line", text=text)


def assign(
    module: Module,
    assignments: Iterable[Assignment],
    found: Diagnostics,
    ask: Callable[[Variable], str] | None = None,
) -> dict[str, Value]:
    """Return the value of each variable of `module`; later assignments win. Problems are added to `found`.

    `ask` is called for a variable that has no value; without it such a variable is an error. A variable in error is
    unknown in the result, so that the rest can still be checked.
    """
    chosen: dict[str, Assignment] = {}
    for assignment in assignments:
        chosen[assignment.name] = assignment
    _report_undeclared([one for name, one in chosen.items() if name not in module.variables], module, found)
    values: dict[str, Value] = {}
    for name, variable in module.variables.items():
        values[name] = Unknown(variable.type)
        given = chosen.get(name)
        if variable.sensitive and given is not None:  # messages about a value that does not fit may quote it
            found.secrets.update(secret_texts(given.value if given.text is None else given.text, secret=True))
        with found.collecting():
            values[name] = _value_of(variable, given, ask)
            found.secrets.update(secret_texts(values[name]))
    return values


def given_values(module: Module, assignments: Iterable[Assignment]) -> dict[str, Value]:
    """Return the values of variables as they were given, before they become what their types say, or the defaults.

    Ephemeral ones are there only as far as the configuration gives them itself.
    """
    chosen = {one.name: one for one in assignments if one.name in module.variables}
    values: dict[str, Value] = {}
    for name, variable in module.variables.items():
        try:
            if name not in chosen:
                if variable.default is not None:
                    values[name] = _value_of(variable, None, None)
            elif not variable.ephemeral:
                given = chosen[name]
                value = given.value if given.text is None else _parsed(variable, given.text)
                values[name] = mark(NULL if value is None else value, marks_of(variable))
        except DiagnosticError:
            continue  # told when the variable got its value
    return values


def check_defaults(module: Module, found: Diagnostics) -> None:
    """Report the variables whose default does not fit their type."""
    for variable in module.variables.values():
        if variable.default is not None:
            with found.collecting():
                found.secrets.update(secret_texts(_value_of(variable, None, None)))


def _report_undeclared(undeclared: Iterable[Assignment], module: Module, found: Diagnostics) -> None:
    """Report values for variables that there are none of; of those in files only some, since files are shared."""
    in_files = 0
    for assignment in undeclared:
        hint = did_you_mean(assignment.name, module.variables)
        detail = (
            f'A variable named "{assignment.name}" was assigned {assignment.place}, but the root module does not '
            f'declare a variable of that name. To use this value, add a "variable" block to the configuration.{hint}'
        )
        if assignment.origin in ("command line", "program"):
            found.extend(error(_UNDECLARED, detail).diagnostics)
        elif assignment.origin == "file":
            in_files += 1
            if in_files <= _MOST_UNDECLARED:
                found.add(warning(_UNDECLARED, detail))
    if in_files > _MOST_UNDECLARED:
        others = in_files - _MOST_UNDECLARED
        detail = (
            f"Variable files assign {others} other {'variable' if others == 1 else 'variables'} that the root module "
            "does not declare. Values that several configurations share can be given by TF_VAR_... variables of the "
            "environment, which are not checked for this."
        )
        found.add(warning("Values for undeclared variables", detail))


_UNDECLARED: Final = "Value for undeclared variable"
_MOST_UNDECLARED: Final = 2


def _value_of(variable: Variable, given: Assignment | None, ask: Callable[[Variable], str] | None) -> Value:
    default = evaluate(variable.default, Scope({}, {})) if variable.default is not None else None
    if given is None and default is None:
        if ask is None:
            raise no_value(variable)
        given = Assignment(variable.name, "command line", text=ask(variable))
    value = default
    where = variable.default.range if variable.default is not None else variable.range
    summary = "Invalid default value for variable"
    suitable = "This default value is not compatible with the variable's type constraint"
    if given is not None:
        try:
            value = given.value if given.text is None else _parsed(variable, given.text)
        except DiagnosticError as problem:
            rest = () if default is not None else no_value(variable).diagnostics
            raise DiagnosticError(*problem.diagnostics, *rest) from None
        where = given.range or variable.range
        summary = "Invalid value for input variable"
        suitable = (
            f"The value given {given.place} is not suitable for var.{variable.name}, declared at {variable.range}"
        )
    if is_null(value) and not variable.nullable:
        if default is None or is_null(default):
            detail = f"The value of var.{variable.name} must not be null: it is declared with nullable = false."
            raise error(summary if given is None else "Required variable not set", detail, where)
        value = default
    try:
        value = convert(apply_defaults(value, variable.defaults), variable.type)
    except ConversionError as problem:
        raise error(summary, f"{suitable}: {problem}.", where) from None
    return mark(value, marks_of(variable))


def marks_of(variable: Variable) -> Marks:
    """Return the marks that every value of a variable carries."""
    names = {SENSITIVE: variable.sensitive, EPHEMERAL: variable.ephemeral}
    return frozenset(name for name, wanted in names.items() if wanted)


def no_value(variable: Variable) -> DiagnosticError:
    """Return the error for a variable that has neither a value nor a default."""
    detail = (
        f'The root module input variable "{variable.name}" is not set, and has no default value. Use a -var or '
        "-var-file command line argument to provide a value for this variable."
    )
    return error("No value for required variable", detail, variable.range)


def module_argument(variable: Variable, given: Value | None, where: SourceRange) -> Value:
    """Return the value of a called module's variable: what the caller gives, or its default. Raises DiagnosticError."""
    value = given
    if value is not None and not variable.ephemeral and has_mark(value, EPHEMERAL):
        detail = (
            "This input variable is not declared as accepting ephemeral values, so it cannot be set to a result "
            "derived from an ephemeral value."
        )
        raise error("Ephemeral value not allowed", detail, where)
    if value is None or (is_null(value) and not variable.nullable):
        value = evaluate(variable.default, Scope({}, {})) if variable.default is not None else NULL
    if is_null(value) and not variable.nullable:
        detail = (
            f'The given value is not suitable for child module variable "{variable.name}" defined at {variable.range}: '
            "required variable may not be set to null."
        )
        raise error("Invalid value for variable", detail, where)
    try:
        value = convert(apply_defaults(value, variable.defaults), variable.type)
    except ConversionError as problem:
        detail = (
            f'The given value is not suitable for child module variable "{variable.name}" defined at {variable.range}: '
            f"{problem}."
        )
        raise error("Invalid value for module argument", detail, where) from None
    return mark(value, marks_of(variable))


def _parsed(variable: Variable, text: str) -> Value:
    """Return the value that `text` stands for: itself for variables of primitive type, else an expression."""
    if variable.literal:
        return text
    source = SourceFile(f"<value for var.{variable.name}>", text)
    if text.strip() == "":
        return NULL if variable.type == DYNAMIC else ""
    return evaluate(Expression(parse_expression(source), source), Scope({}, {}))
