"""What many blocks have in common: names, plain values of arguments, conditions, lists of references."""

from collections.abc import Iterator
from dataclasses import replace

from engine.config.body import Block, check_arguments, check_blocks, check_labels
from engine.config.model import Argument, Rule
from engine.diagnostics import DiagnosticError, Diagnostics, SourceFile, SourceRange, error, warning
from engine.lang.convert import ConversionError, convert
from engine.lang.types import BOOL, STRING, Type
from engine.lang.values import Value, is_null
from engine.syntax import tree
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.parser import parse_expression
from engine.syntax.references import references
from engine.syntax.scope import Scope

NOT_A_NAME = "is not a name: it starts with a letter or underscore, and may go on with digits and dashes."


def is_identifier(name: str) -> bool:
    """Return whether a text may be the name of something."""
    return name.replace("-", "_").isidentifier() and not name.startswith("-")


def declare(
    kind: str, name: str, where: SourceRange, whole: SourceRange, taken: dict[str, object], found: Diagnostics
) -> bool:
    """Report a name that is no name (`where` it stands) or is taken (for the `whole`); return whether it is free."""
    if not is_identifier(name):
        found.extend(error(f"Invalid {kind} name", f'"{name}" {NOT_A_NAME}', where).diagnostics)
        return False
    if name in taken:
        earlier = getattr(taken[name], "range", where)
        done, deed = ("declared", "declaration") if kind == "variable" else ("defined", "definition")
        named = f'{"An" if kind == "output" else "A"} {kind} named "{name}"'
        detail = f"{named} was already {done} at {earlier}. Names must be unique within a module."
        found.extend(error(f"Duplicate {kind} {deed}", detail, whole).diagnostics)
        return False
    return True


def constant(argument: Argument) -> Value:
    """Return the value of an argument that may refer to nothing. Raises DiagnosticError."""
    return evaluate(argument.expression, Scope({}, {}))


def text_of(arguments: dict[str, Argument], name: str) -> str:
    """Return the text that an argument is, empty when it is not given. Raises DiagnosticError."""
    return str(_constant_of(arguments[name], STRING)) if name in arguments else ""


def flag_of(arguments: dict[str, Argument], name: str, default: bool) -> bool:
    """Return the bool that an argument is. Raises DiagnosticError."""
    return bool(_constant_of(arguments[name], BOOL)) if name in arguments else default


def _constant_of(argument: Argument, wanted: Type) -> Value:
    where = argument.expression.range
    try:
        value = convert(constant(argument), wanted)
    except DiagnosticError as problem:
        detail = "Unsuitable value: value must be known."
        raise DiagnosticError(
            *problem.diagnostics, *error("Unsuitable value type", detail, where).diagnostics
        ) from None
    except ConversionError as problem:
        raise error("Unsuitable value type", f"Unsuitable value: {problem}.", argument.expression.beginning) from None
    if is_null(value):
        raise error("Unsuitable value type", "Unsuitable value: it must not be null.", argument.expression.range)
    return value


def required(block: Block, arguments: dict[str, Argument], *names: str) -> Iterator[DiagnosticError]:
    """Yield an error for each of the named arguments that is not given."""
    for name in names:
        if name not in arguments:
            detail = f'The argument "{name}" is required, but no definition was found.'
            yield error("Missing required argument", detail, block.missing_range)


def complete_arguments(
    block: Block,
    needed: tuple[str, ...],
    found: Diagnostics,
    *,
    others: tuple[str, ...] = (),
    blocks: tuple[str, ...] = (),
) -> dict[str, Argument] | None:
    """Return the arguments of a block without labels, None when one that is `needed` is missing.

    What may not stand in it, besides these, `others` and nested `blocks`, is reported.
    """
    if not check_labels(block, (), found):
        return None
    check_arguments(block, (*needed, *others), found)
    check_blocks(block, blocks, found)
    arguments = block.arguments()
    missing = list(required(block, arguments, *needed))
    for problem in missing:
        found.extend(problem.diagnostics)
    return None if missing else arguments


def rules_of(block: Block, kind: str, found: Diagnostics) -> Iterator[Rule]:
    """Yield the conditions that the nested blocks of one kind state; those that are none are reported."""
    for inner in block.blocks():
        if inner.type != kind or not check_labels(inner, (), found):
            continue
        arguments = complete_arguments(inner, ("condition", "error_message"), found)
        if arguments is None:
            continue
        rule = Rule(inner.header, arguments["condition"].expression, arguments["error_message"].expression)
        if references(rule.condition) or kind == "validation":  # of which more will be told
            yield rule
        if references(rule.condition):
            continue
        detail = (
            "The condition expression must refer to at least one object from elsewhere in the configuration, or else "
            "its result would not be checking anything."
        )
        found.extend(error(f"Invalid {kind} expression", detail, rule.condition.range).diagnostics)


def items_of(argument: Argument | None) -> tuple[Expression, ...]:
    """Return the expressions in a list as written. Raises DiagnosticError when it is no list."""
    if argument is None:
        return ()
    if argument.expression.tree[0] != tree.TUPLE:
        detail = "A static list expression is required: items in square brackets."
        raise error("Invalid expression", detail, argument.expression.range)
    return tuple(Expression(item, argument.expression.source) for item in argument.expression.tree[3])


def references_of(argument: Argument | None, found: Diagnostics) -> tuple[Expression, ...]:
    """Return the references in a list such as `depends_on`; items that are none are reported."""
    items = []
    for written in items_of(argument):
        with found.collecting():
            item = unquoted(written, found)
            if item.tree[0] not in (tree.VARIABLE, tree.TRAVERSAL, tree.INDEX, tree.GET_ATTR):
                detail = "Write the block that this one needs as a reference, without quotes, such as terraform_data.a."
                raise error("Invalid expression", detail, item.range)
            items.append(item)
    return tuple(items)


def unquoted(item: Expression, found: Diagnostics) -> Expression:
    """Return what a text in quotes says, as in old configurations, with a warning; anything else as it is."""
    if item.tree[0] != tree.STRING or item.source.name.endswith(".json"):
        return item
    detail = "In this context, references are expected literally rather than in quotes. Remove the quotes."
    found.add(warning("Quoted references are deprecated", detail, item.range))
    return Expression(_parsed_in_place(item.tree[3], item.tree[1] + 1, item.source), item.source)


def _parsed_in_place(text: str, start: int, source: SourceFile) -> tree.Node:
    """Return the expression that a text is, with its offsets in the file where it stands."""
    before = "".join(character if character == "\n" else " " for character in source.text[:start])
    try:
        return parse_expression(SourceFile(source.name, before + text))
    except DiagnosticError as problem:
        moved = [
            replace(item, subject=SourceRange(source, item.subject.start, item.subject.end))
            for item in problem.diagnostics
            if item.subject is not None
        ]
        raise DiagnosticError(*moved) from None
