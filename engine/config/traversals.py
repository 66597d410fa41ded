"""Static references: the steps of a traversal that is written out, and the modules and resources that it names."""

from collections.abc import Callable

from engine.address import InstanceKey
from engine.config.model import Endpoint
from engine.diagnostics import SourceRange, error
from engine.syntax import tree
from engine.syntax.evaluate import evaluate
from engine.syntax.expression import Expression
from engine.syntax.references import Key
from engine.syntax.scope import Scope

Step = tuple[str, InstanceKey]
"""A name, and the key in brackets that follows it."""


def path_of(expression: Expression) -> tuple[str | Key, ...]:
    """Return the names and keys of a traversal, outermost first. Raises DiagnosticError for anything else."""
    steps: list[str | Key] = []
    node = expression.tree
    while node[0] in (tree.GET_ATTR, tree.INDEX):
        steps.append(node[4] if node[0] == tree.GET_ATTR else Key(_key(node[4], expression)))
        node = node[3]
    if node[0] not in (tree.VARIABLE, tree.TRAVERSAL):
        detail = "A single static variable reference is required: only attribute access and indexing with constants."
        raise error("Invalid expression", detail, expression.range)
    first = (node[3],) if node[0] == tree.VARIABLE else node[3]
    return (*first, *reversed(steps))


def _key(node: tree.Node, expression: Expression) -> str | int:
    if node[0] not in (tree.STRING, tree.NUMBER):
        detail = "A single static variable reference is required: only attribute access and indexing with constants."
        raise error("Invalid expression", detail, expression.range)
    key = evaluate(Expression(node, expression.source), Scope({}, {}))
    if key.__class__ not in (str, int):
        raise error("Invalid expression", "An index here is a string or a whole number.", expression.range)
    return key


def steps_of(expression: Expression, key_of: Callable[[tree.Node], str | int] | None = None) -> list[Step]:
    """Return the names of a traversal, each with the key that follows it. Raises DiagnosticError.

    `key_of` gives the value of what stands in brackets; unless given, that has to be written out.
    """
    read = key_of or (lambda node: _key(node, expression))
    steps: list[Step] = []
    todo: list[tuple[bool, str | int]] = []
    node = expression.tree
    while node[0] in (tree.GET_ATTR, tree.INDEX):
        is_key = node[0] == tree.INDEX
        todo.append((is_key, read(node[4]) if is_key else node[4]))
        node = node[3]
    path_of(Expression(node, expression.source))
    steps += [(name, None) for name in ((node[3],) if node[0] == tree.VARIABLE else node[3])]
    for is_key, step in reversed(todo):
        if not is_key:
            steps.append((str(step), None))
        elif steps[-1][1] is not None:
            raise error("Invalid address", "There are two keys in a row here.", expression.range)
        else:
            steps[-1] = (steps[-1][0], step)
    return steps


def endpoint_of(expression: Expression) -> Endpoint:
    """Return the module or resource that a reference names. Raises DiagnosticError."""
    steps = steps_of(expression)
    modules: list[Step] = []
    while steps and steps[0] == ("module", None):
        if len(steps) < 2:
            raise _no_address(expression, 'The prefix "module." must be followed by a module name.')
        modules.append(steps[1])
        steps = steps[2:]
    if not steps:
        return Endpoint(expression.range, tuple(modules))
    mode = "managed"
    if steps[0] in (("data", None), ("ephemeral", None)):
        mode, steps = steps[0][0], steps[1:]
    if len(steps) != 2 or steps[0][1] is not None:
        what = "The address of a resource is required: its type and its name, such as terraform_data.a."
        raise _no_address(expression, what)
    name = f"{steps[0][0]}.{steps[1][0]}"
    return Endpoint(
        expression.range, tuple(modules), name if mode == "managed" else f"{mode}.{name}", steps[1][1], mode
    )


def _no_address(expression: Expression, detail: str) -> Exception:
    return error("Invalid address", detail, expression.range)


def first_key(expression: Expression) -> SourceRange | None:
    """Return the place of the first key in brackets, the brackets included, or None when there is none."""
    found: tree.Node | None = None
    node = expression.tree
    while node[0] in (tree.GET_ATTR, tree.INDEX):
        if node[0] == tree.INDEX:
            found = node
        node = node[3]
    return None if found is None else SourceRange(expression.source, found[3][2], found[2])


def names_of(expression: Expression) -> list[str]:
    """Return the names of a traversal, whatever stands in brackets between them; none when it is no traversal."""
    names: list[str] = []
    node = expression.tree
    while node[0] in (tree.GET_ATTR, tree.INDEX):
        if node[0] == tree.GET_ATTR:
            names.append(node[4])
        node = node[3]
    if node[0] not in (tree.VARIABLE, tree.TRAVERSAL):
        return []
    return [*((node[3],) if node[0] == tree.VARIABLE else node[3]), *reversed(names)]
