"""A block's arguments evaluated, converted to its schema and checked by its provider, problems placed in the text."""

from collections.abc import Mapping, Sequence

from engine.config.model import Argument
from engine.diagnostics import Diagnostic, Diagnostics, Severity, SourceRange
from engine.lang.values import EPHEMERAL, Value, has_mark, secret_texts
from engine.plan.attributes import Attributes, conform, to_plain
from engine.syntax import tree
from engine.syntax.evaluate import evaluate_all
from engine.syntax.scope import Scope
from engine.syntax.tree import Node
from providers.errors import Problem
from providers.resource import Block
from providers.schema import Schema


def configure(
    arguments: Mapping[str, Argument],
    header: SourceRange | None,
    model: type[Block],
    schema: Schema,
    scope: Scope,
    found: Diagnostics,
    address: str | None = None,
    *,
    recorded: bool = True,
) -> Attributes:
    """Return the configured attributes of one object; everything wrong with them is added to `found`.

    `recorded` says that the object goes into the state. What has no value is unknown in the result, so that the others
    can still be checked.
    """
    values: dict[str, Value] = {}
    for name, argument in arguments.items():
        values[name] = evaluate_all(argument.expression, scope, found)
    problems: list[Problem] = []
    attributes = conform(values, schema, problems)
    for value in attributes.values():
        found.secrets.update(secret_texts(value))
    told = {problem.path for problem in problems}
    plain = {name: to_plain(value) for name, value in attributes.items()}
    problems.extend(problem for problem in model.check(plain) if problem.path not in told)
    problems.extend(_computed_only(attributes, schema))
    if recorded:
        problems.extend(_ephemeral(attributes, schema))
    found.extend(placed(problems, arguments, header, address))
    return attributes


def _ephemeral(attributes: Attributes, schema: Schema) -> list[Problem]:
    """Return a problem for each ephemeral value, which an object of the state cannot hold."""
    return [
        Problem(
            "Invalid use of ephemeral value",
            f'Ephemeral values are not valid for "{name}", because it is not a write-only attribute and must be '
            "persisted to state.",
            (name,),
        )
        for name, value in attributes.items()
        if has_mark(value, EPHEMERAL) and not (name in schema.attributes and schema.attributes[name].write_only)
    ]


def _computed_only(attributes: Attributes, schema: Schema) -> list[Problem]:
    """Return a problem for each attribute that is set although only the provider may set it."""
    return [
        Problem(
            "Value for unconfigurable attribute",
            f'Can\'t configure a value for "{name}": its value will be decided automatically based on the result of '
            "applying this configuration.",
            (name,),
        )
        for name in attributes
        if name in schema.attributes and schema.attributes[name].computed and not schema.attributes[name].optional
    ]


def placed(
    problems: Sequence[Problem],
    arguments: Mapping[str, Argument],
    header: SourceRange | None,
    address: str | None = None,
) -> list[Diagnostic]:
    """Return a provider's problems as diagnostics that point at the text each is about."""
    return [
        Diagnostic(
            Severity(problem.severity),
            _summary(problem, arguments),
            problem.detail,
            _place(problem, arguments, header),
            None,
            (),
            None if problem.summary in _OF_THE_TEXT else address,
        )
        for problem in problems
    ]


def _place(problem: Problem, arguments: Mapping[str, Argument], header: SourceRange | None) -> SourceRange | None:
    """Return the text that a problem is about: as much of its path as is written out."""
    name, *rest = problem.path or ("",)
    if name not in arguments:
        return _after(header) if problem.summary == "Missing required argument" else header
    argument = arguments[str(name)]
    names_only = problem.summary in _ABOUT_NAMES
    if not rest:
        return argument.name_range if names_only else argument.expression.range
    node = argument.expression.tree
    for position, step in enumerate(rest):
        member = _member(node, step)
        if member is None:
            break
        key, value = member
        node = key if names_only and key is not None and position == len(rest) - 1 else value
    return SourceRange(argument.expression.source, node[1], node[2])


def _summary(problem: Problem, arguments: Mapping[str, Argument]) -> str:
    """Return a problem's summary in the words of the syntax that the text is written in."""
    argument = arguments.get(str(problem.path[0])) if len(problem.path) == 1 else None
    if problem.summary != "Unsupported argument" or argument is None:
        return problem.summary
    return "Extraneous JSON object property" if argument.name_range.file.name.endswith(".json") else problem.summary


def _after(header: SourceRange | None) -> SourceRange | None:
    """Return the opening brace after the header of a block, the place of what the block lacks."""
    if header is None or header.file.name.endswith(".json"):
        return header
    brace = header.file.text.find("{", header.end)
    return SourceRange(header.file, brace, brace + 1) if brace >= 0 else header


# Whatever instance they are found for, these are mistakes of the text that makes them all.
_OF_THE_TEXT = frozenset({"Unsupported argument", "Missing required argument", "Incorrect attribute value type"})
_ABOUT_NAMES = frozenset({"Unsupported argument", "Value for unconfigurable attribute"})


def _member(node: Node, step: str | int) -> tuple[Node | None, Node] | None:
    """Return key and value of one member of an object or tuple that is written out, None when it is not."""
    while node[0] in (tree.PARENTHESES, tree.TEMPLATE_WRAP):
        node = node[3]
    if node[0] == tree.TUPLE and isinstance(step, int) and step < len(node[3]):
        return None, node[3][step]
    if node[0] == tree.OBJECT:
        for key, value in node[3]:
            if key[0] in (tree.VARIABLE, tree.STRING) and key[3] == step:
                return key, value
    return None
