"""`rtf console`: evaluate expressions against the configuration and the state.

On a terminal lines can be edited and are remembered; an expression goes on over several lines while a bracket or
heredoc is open. From a pipe each line is an expression, and the value of the last one is the output.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from engine.address import InstanceKey
from engine.config.model import ResourceBlock
from engine.diagnostics import DiagnosticError, Diagnostics, SourceFile, error, warning
from engine.graph.build import has_cycles
from engine.graph.resolve import resolve
from engine.graph.walk import order
from engine.lang.types import ListOf, MapOf, ObjectOf, SetOf, TupleOf, Type, friendly_name
from engine.lang.values import UNKNOWN, Value, type_of
from engine.plan.attributes import Attributes, referable
from engine.plan.objects import Models, current_objects, recorded_objects
from engine.syntax.cache_directory import cache_directory
from engine.syntax.evaluate import evaluate, evaluate_all
from engine.syntax.expression import Expression
from engine.syntax.format_tokens import CLOSE_HEREDOC, OPEN_HEREDOC, read_format_tokens
from engine.syntax.parser import parse_expression
from engine.syntax.references import references
from engine.syntax.scope import Scope
from engine.syntax.tree import CALL, Node
from rtf import workspace
from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.options import given_variables
from rtf.cli.session import backend_of, telling
from rtf.cli.terminal import tell
from rtf.planning import tell_unknown
from rtf.views.values import format_value
from rtf.workspace import Loaded, VariableSources
from state.snapshot import Snapshot

PROMPT = "> "
CONTINUED = "  "
HISTORY_LENGTH = 1000

_NAME = "<console-input>"
_HELP = """\
Type an expression and press Enter to see its value. Names mean what they mean in the configuration: var.name,
local.name, openai_realtime_client_secret.name.id; all functions are there, and type(x) tells the type of x.
Objects are those that the state records.

Ctrl-D ends the console, as does "exit"; Ctrl-C gives up what was typed."""

# The objects that blocks stand for: by block and instance key.
_Objects = Mapping[str, Mapping[InstanceKey, Attributes]]


@click.command(
    cls=Command,
    short_help="Try expressions",
    help=(
        "Evaluate expressions against the configuration and the state, which is not locked and never changed. From a "
        "pipe each line is one expression, and the value of the last one is written."
    ),
)
@options.root
@options.state_input
@click.option("-plan/-no-plan", "planned", default=False, help="Evaluate against what a new plan would come to.")
@options.variables
@options.no_color
def command(root: Path, planned: bool, no_color: bool) -> int:
    """Try expressions."""
    with telling(no_color=no_color) as found:
        place = workspace.find_root(root)
        ready = workspace.has_configuration(place)
        loaded = workspace.load(place, found) if ready else workspace.put_together(place, [], found)
        found.raise_errors()
        variables = _variables(loaded, found)
        found.raise_errors()
        snapshot, unknown = backend_of(place).peek()
        tell_unknown(unknown, found)
        models = workspace.find_types(loaded.module, snapshot, found)[1]
        found.raise_errors()
        if planned:
            objects = _planned(loaded, variables, snapshot, found)
        else:
            objects = _recorded(snapshot, models, found)
        scope = _scope(loaded, variables, objects, models, found)
        if found.has_errors:
            found.add(warning("Incomplete values", "Due to the problems above, some expressions may have no value."))
        tell(found, no_color=no_color)
        session = Session(loaded, scope)
        run = _interactive if sys.stdin.isatty() else _piped
        status = run(session, found, lambda problems: tell(problems, no_color=no_color))
        found.found.clear()  # all of it was told before the first expression
    return status


# ---------------------------------------------------------------- what names stand for


def _variables(loaded: Loaded, found: Diagnostics) -> dict[str, Value]:
    """Return the values of the variables; one that was given none is unknown, which is no error here."""
    problems = Diagnostics(secrets=found.secrets)
    given = VariableSources(arguments=given_variables(click.get_current_context()))
    values = workspace.read_variables(loaded, given, problems)
    found.extend(problem for problem in problems if problem.summary != "No value for required variable")
    return values


def _recorded(snapshot: Snapshot, models: Models, found: Diagnostics) -> _Objects:
    current = current_objects(recorded_objects(snapshot, models, found))
    return {block: {key: item.attributes for key, item in items.items()} for block, items in current.items()}


def _planned(loaded: Loaded, variables: dict[str, Value], snapshot: Snapshot, found: Diagnostics) -> _Objects:
    plan = workspace.make_plan(loaded, variables, snapshot, found)
    objects: dict[str, dict[InstanceKey, Attributes]] = {}
    for change in plan.changes:
        if change.after is not None:
            objects.setdefault(str(change.address.resource), {})[change.address.key] = change.after
    return objects


def _scope(loaded: Loaded, variables: dict[str, Value], objects: _Objects, models: Models, found: Diagnostics) -> Scope:
    """Return what the module's names stand for; locals without a value are unknown, and reported."""
    now = datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    scope = workspace.scope_of(loaded, variables, now, None)
    module = loaded.module
    for node in [] if has_cycles(loaded.graph) else order(loaded.graph):
        kind, _, name = node.partition(".")
        if node in module.resources:
            block = module.resources[node]
            value = _value_of(block, objects.get(node, {}), models)
            scope.roots.setdefault(block.address.type, {})[block.address.name] = value
        elif kind == "local":
            scope.roots["local"][name] = evaluate_all(module.locals[name].expression, scope, found)
    return scope


def _value_of(block: ResourceBlock, objects: Mapping[InstanceKey, Attributes], models: Models) -> Value:
    """Return what a reference to a block gives: unknown as long as nothing of it exists."""
    schema = models[block.address.type].schema_of_type()
    values = {key: referable(attributes, schema) for key, attributes in objects.items()}
    if block.count is not None:
        numbers = sorted(key for key in values if isinstance(key, int))
        return tuple(values[key] for key in numbers) if numbers else UNKNOWN
    if block.for_each is not None:
        keys = sorted(key for key in values if isinstance(key, str))
        return {key: values[key] for key in keys} if keys else UNKNOWN
    return values.get(None, UNKNOWN)


# ---------------------------------------------------------------- one expression


class Session:
    """Evaluates what is typed, one expression after the other."""

    def __init__(self, loaded: Loaded, scope: Scope) -> None:
        self._module = loaded.module
        self._scope = scope

    def answer(self, text: str) -> str | None:
        """Return what to write for an input, or None when it ends the session. Raises DiagnosticError."""
        word = text.strip()
        if word == "exit":
            return None
        if word == "help":
            return _HELP
        if not word:
            return ""
        source = SourceFile(_NAME, text)
        tree = parse_expression(source)
        if tree[0] == CALL and tree[3] in ("type", "core::type"):
            return format_type(type_of(self._evaluate(_only_argument(tree, source), source)))
        return format_value(self._evaluate(tree, source))

    def _evaluate(self, tree: Node, source: SourceFile) -> Value:
        expression = Expression(tree, source)
        if _calls_type(tree):
            detail = 'The console-only "type" function cannot be used as part of an expression.'
            raise error("Invalid use of type function", detail, expression.range)
        found = Diagnostics()
        for reference in references(expression):
            with found.collecting():
                resolve(reference, self._module)
        found.raise_errors()
        return evaluate(expression, self._scope)


def _only_argument(call: Node, source: SourceFile) -> Node:
    arguments = call[6]
    if len(arguments) != 1:
        amount = "Too many" if arguments else "Not enough"
        where = Expression(call, source).range
        raise error(f"{amount} function arguments", 'Function "type" expects exactly one argument.', where)
    argument: Node = arguments[0]
    return argument


def _calls_type(part: object) -> bool:
    """Return whether a tree, or a tuple of trees, calls `type` somewhere."""
    if not isinstance(part, tuple):
        return False
    if len(part) > 3 and part[0] == CALL and part[3] in ("type", "core::type"):
        return True
    return any(_calls_type(inner) for inner in part)


def format_type(type: Type, indent: int = 0) -> str:
    """Return a type as `type(x)` shows it; lines after the first are indented by `indent` blanks."""
    match type:
        case ListOf(element) | SetOf(element) | MapOf(element):
            name = {ListOf: "list", SetOf: "set", MapOf: "map"}[type.__class__]
            inside = format_type(element, indent + 4)
            if "\n" not in inside:
                return f"{name}({inside})"
            return f"{name}(\n{_lines([inside], indent)})"
        case TupleOf(elements):
            shown = [format_type(element, indent + 4) for element in elements]
            return f"tuple([\n{_lines(shown, indent)}])" if shown else "tuple([])"
        case ObjectOf(attributes):
            shown = [f"{name}: {format_type(attributes[name], indent + 4)}" for name in sorted(attributes)]
            return f"object({{\n{_lines(shown, indent)}}})" if shown else "object({})"
    return friendly_name(type)


def _lines(items: Iterable[str], indent: int) -> str:
    """Return items on lines of their own, and the indentation of the line that follows."""
    margin = " " * indent
    return "".join(f"{margin}    {item},\n" for item in items) + margin


# ---------------------------------------------------------------- from a pipe, and on a terminal

_Tell = Callable[[Diagnostics], None]


def _piped(session: Session, found: Diagnostics, tell_problems: _Tell) -> int:
    """Evaluate line by line and write the last value; the first problem ends it with status 1."""
    answer = ""
    for line in sys.stdin:
        try:
            result = session.answer(line.rstrip("\r\n"))
        except DiagnosticError as problem:
            tell_problems(Diagnostics(dict.fromkeys(problem.diagnostics), found.secrets))
            return 1
        if result is None:
            return 0
        answer = result
    sys.stdout.write(f"{answer}\n")
    return 0


def _interactive(session: Session, found: Diagnostics, tell_problems: _Tell) -> int:
    """Evaluate what is typed until the end is asked for."""
    for text in _typed(found):
        try:
            answer = session.answer(text)
        except DiagnosticError as problem:
            tell_problems(Diagnostics(dict.fromkeys(problem.diagnostics), found.secrets))
            continue
        except KeyboardInterrupt:
            sys.stdout.write("\n")
            continue
        if answer is None:
            break
        sys.stdout.write(f"{answer}\n" if answer else "")
    return 0


def _typed(found: Diagnostics) -> Iterator[str]:
    """Yield one input after the other, each as many lines as its brackets take."""
    remember, save = _history(found)
    lines: list[str] = []
    try:
        while True:
            try:
                lines.append(input(CONTINUED if lines else PROMPT))
            except KeyboardInterrupt:
                sys.stdout.write("\n")
                lines = []
                continue
            except EOFError:
                sys.stdout.write("\n")
                return
            remember(lines[-1])
            if is_complete("\n".join(lines)):
                yield "\n".join(lines)
                lines = []
    finally:
        save()


def is_complete(text: str) -> bool:
    """Return whether an expression may end here: no bracket and no heredoc is open."""
    tokens = read_format_tokens(text + "\n")
    kinds = [token.kind for token in tokens]
    return sum(token.nesting for token in tokens) <= 0 and kinds.count(OPEN_HEREDOC) <= kinds.count(CLOSE_HEREDOC)


def _history(found: Diagnostics) -> tuple[Callable[[str], None], Callable[[], None]]:
    """Switch line editing on; return what remembers a line, and what saves the lines for the next time.

    A line with a secret of this run in it is not remembered.
    """
    try:
        import readline
    except ImportError:  # Python can be built without
        return (lambda line: None), (lambda: None)
    directory = cache_directory(os.environ, create=True)
    path = None if directory is None else Path(directory, "console_history")
    readline.set_auto_history(False)
    readline.set_history_length(HISTORY_LENGTH)
    if path is not None and path.is_file():
        try:
            readline.read_history_file(path)
        except OSError:
            path = None  # a history is a convenience

    def remember(line: str) -> None:
        if line.strip() and found.secrets.hide(line) == line:
            readline.add_history(line)

    def save() -> None:
        if path is not None:
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600))
                readline.write_history_file(path)
            except OSError:
                return

    return remember, save
