"""Texts that functions are given and that hold syntax: templates, and the variables of a .tfvars file.

What is wrong with such a text is told in one line, as the error of a function call.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.diagnostics import Diagnostic, DiagnosticError, SourceFile, SourceRange
from engine.lang.function import Function, FunctionError
from engine.lang.functions.templates import TEMPLATESTRING_NAME, functions_in_templates
from engine.lang.values import Value
from engine.syntax import tree
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.parser import parse, parse_template
from engine.syntax.references import references
from engine.syntax.scope import Scope
from engine.syntax.tree import Node

_DECODE_NAME: Final = "<decode_tfvars argument>"


def render_template(source: SourceFile, names: Mapping[str, Value], functions: Mapping[str, Function]) -> Value:
    """Return what a template gives that may use `names` and call `functions`. Raises FunctionError."""
    try:
        template = Expression(parse_template(source), source)
    except DiagnosticError as problem:
        told = _told(problem.diagnostics)
        if source.name == TEMPLATESTRING_NAME:
            raise FunctionError(f"invalid template: {told}", 0) from None
        raise FunctionError(told) from None
    for reference in references(template):
        name = reference.names[0]
        if name not in names:
            start = reference.range.start
            place = _place(SourceRange(source, start, start + len(name)))
            raise FunctionError(f'vars map does not contain key "{name}", referenced at {place}', 1)
    try:
        return evaluate(template, Scope(dict(names), functions_in_templates(functions)))
    except DiagnosticError as problem:
        recursion = problem.diagnostics[0].detail.partition(" failed: ")[2]
        if recursion.startswith("cannot recursively call"):
            raise FunctionError(recursion.removesuffix(".")) from None
        raise FunctionError(_told(problem.diagnostics)) from None


def decode_variables(text: str) -> Mapping[str, Value]:
    """Return the variables that the text of a .tfvars file sets. Raises FunctionError.

    Their expressions refer to nothing and call nothing.
    """
    source = SourceFile(_DECODE_NAME, text)
    try:
        body = parse(source)
    except DiagnosticError as problem:
        raise FunctionError(f"invalid tfvars syntax: {_told(problem.diagnostics)}") from None
    found: dict[str, Value] = {}
    for item in body[3]:
        if item[0] == tree.BLOCK:
            place = _place(SourceRange(source, item[4], item[5]))
            what = f'Unexpected "{item[3]}" block; Blocks are not allowed here.'
            raise FunctionError(f"invalid tfvars content: {place}: {what}")
        found[item[3]] = _constant(item[3], Expression(item[6], source))
    return found


def _constant(name: str, expression: Expression) -> Value:
    invalid = f'invalid expression for variable "{name}": '
    call = next(_calls(expression.tree), None)
    if call is not None:
        place = _place(SourceRange(expression.source, call[1], call[2]))
        raise FunctionError(f"{invalid}{place}: Function calls not allowed; Functions may not be called here.")
    for reference in references(expression):
        place = _place(reference.range)
        raise FunctionError(f"{invalid}{place}: Variables not allowed; Variables may not be used here.")
    try:
        return evaluate(expression, Scope({}, {}))
    except DiagnosticError as problem:
        raise FunctionError(f"{invalid}{_told(problem.diagnostics)}") from None


def _calls(part: object) -> Iterator[Node]:
    """Yield the calls in a tree, or in a tuple of trees."""
    if isinstance(part, tuple):
        if part and part[0] == tree.CALL:
            yield part
        for inner in part:
            yield from _calls(inner)


def _told(diagnostics: Iterable[Diagnostic]) -> str:
    """Return errors in one line: the first, and how many more there are."""
    first, *others = diagnostics
    more = f", and {len(others)} other diagnostic(s)" if others else ""
    place = f"{_place(first.subject)}: " if first.subject else ""
    return f"{place}{first.summary}; {first.detail}{more}"


def _place(where: SourceRange) -> str:
    """Return a place as `name:line,column-column`, or with both lines when there are two."""
    start, end = where.file.position(where.start), where.file.position(where.end)
    until = f"{end.column}" if start.line == end.line else f"{end.line},{end.column}"
    return f"{where.file.name}:{start.line},{start.column}-{until}"
