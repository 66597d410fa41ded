"""HCL text -> tree. The front of this package: files, single expressions and template files.

Positions become diagnostics here, because only here the file is known. A file is read on after a problem, from the
next line that begins a block or argument of the file itself, so that one run reports what it can.
"""

from operator import length_hint
from typing import Final

from engine.diagnostics import Diagnostic, DiagnosticError, Severity, SourceFile, SourceRange
from engine.syntax.automaton import Unexpected, load_automaton
from engine.syntax.bodies import Repeated, file_body
from engine.syntax.lexer import BODY, LOOSE, Lexer, Token
from engine.syntax.mistakes import Mistake
from engine.syntax.tree import Node

MAX_PROBLEMS: Final = 10  # per file; what comes after that many rarely helps

_OPENING: Final = frozenset({"LBRACE", "LPAR", "LSQB", "INTERP_START", "DIRECTIVE_START"})
_CLOSING: Final = frozenset({"RBRACE", "RPAR", "RSQB"})
_AFTER_NAME: Final = frozenset({"EQ", "LBRACE", "STRING", "NAME"})


def parse(source: SourceFile) -> Node:
    """Return the BODY of a file. Raises DiagnosticError with all the syntax errors that can be told apart."""
    lexer = Lexer(source.text, BODY)
    tokens = lexer.read_all()
    automaton = load_automaton()
    problems: list[Diagnostic] = []
    index: int | None = 0
    while index is not None and len(problems) < MAX_PROBLEMS:
        rest = iter(tokens[index:])
        try:
            body = file_body(len(source.text), automaton.run(rest, "start"))
        except (Unexpected, Mistake) as problem:
            problems.extend(_diagnostics(problem, source))
            failed = len(tokens) - length_hint(rest) - 1
            index = _next_item(tokens, index, failed, source.text)
        else:
            if not problems:
                return body
            break
    raise DiagnosticError(*[*_invalid_tokens(lexer, source), *problems][:MAX_PROBLEMS])


def _invalid_tokens(lexer: Lexer, source: SourceFile) -> list[Diagnostic]:
    """Return what is told of tokens that can stand nowhere, whatever the rest of the text is."""
    detail = (
        "Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n "
        'escape to represent a newline character or use the "heredoc" multi-line template syntax, like "<<EOT".'
    )
    length = len(source.text)
    broken = [_diagnostic("Invalid multi-line string", detail, *at, source) for at in lexer.line_ends if at[0] < length]
    return broken + [_diagnostic(*found, source) for problem in lexer.invalid for found in problem.found]


def parse_expression(source: SourceFile) -> Node:
    """Return the expression that the whole text is. Newlines are blanks, as inside of parentheses."""
    # A heredoc ends with a line of its own; the last line of an expression has no newline to show for it.
    lexer = Lexer(source.text + "\n", LOOSE)
    return _parse_one(lexer, lexer.read_all(), source)


def parse_template(source: SourceFile) -> Node:
    """Return the template that the whole text is, as `templatefile` reads it: no quotes, escapes as in a heredoc."""
    lexer = Lexer(source.text, LOOSE)
    return _parse_one(lexer, lexer.read_template(), source)


def _parse_one(lexer: Lexer, tokens: list[Token], source: SourceFile) -> Node:
    try:
        result: Node = load_automaton().run(iter(tokens), "expression")
    except (Unexpected, Mistake) as problem:
        found = [*_invalid_tokens(lexer, source), *_diagnostics(problem, source)]
        raise DiagnosticError(*found[:MAX_PROBLEMS]) from None
    return result


def _next_item(tokens: list[Token], first: int, failed: int, text: str) -> int | None:
    """Return the index of a token to read on from, or None when there is none to be sure of.

    That is the name of an argument or block at the start of a line that lies in no bracket. `first` is where the
    failed reading began.
    """
    depth = 0
    for index in range(first, len(tokens)):
        kind, value = tokens[index]
        if kind in _OPENING:
            depth += 1
        elif kind in _CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0 and index > failed and kind == "NAME" and _begins_item(tokens[index + 1], value, text):
            return index
    return None


def _begins_item(after: Token, name: Node, text: str) -> bool:
    return after[0] in _AFTER_NAME and text[name[1] - 1] == "\n"


def _diagnostics(problem: Unexpected | Mistake, source: SourceFile) -> list[Diagnostic]:
    if isinstance(problem, Unexpected):
        from engine.syntax.explain import explain  # only when there is something to explain

        problem = explain(problem, source.text)
    if isinstance(problem, Repeated):
        return [_repeated(before, item, source) for before, item in problem.pairs[:MAX_PROBLEMS]]
    return [_diagnostic(*found, source) for found in problem.found]


def _diagnostic(summary: str, detail: str, start: int, end: int, source: SourceFile) -> Diagnostic:
    length = len(source.text)
    subject = SourceRange(source, min(start, length), min(end, length))
    return Diagnostic(Severity.ERROR, summary, detail, subject)


def _repeated(before: Node, item: Node, source: SourceFile) -> Diagnostic:
    _, _, _, name, start, end, _ = before
    first, after = source.position(start), source.position(end)
    place = f"{source.name}:{first.line},{first.column}-{after.column}"
    detail = f'The argument "{name}" was already set at {place}. Each argument may be set only once.'
    return _diagnostic("Attribute redefined", detail, item[4], item[5], source)
