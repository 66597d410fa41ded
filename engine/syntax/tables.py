"""The parse tables: python-hcl2's grammar, compiled by Lark ahead of time.

python-hcl2's `hcl2.lark` says what HCL is. Compiling it needs Lark and takes a while, so the result ships with the
package and is used whenever the installed grammar is the one it was made from. Another grammar is compiled once and
kept in the user's cache. `python -m engine.syntax.tables` makes the shipped file anew.

The grammar accepts more than HCL does, above all newlines nearly everywhere. Our lexer leaves out the newlines that
HCL ignores, so productions for them, and some others, are dropped before compiling: see `is_wanted`. What remains has
a fifth of the states, and HCL's rules about newlines and separators need no checks afterwards.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, Final, TypeAlias

from engine.syntax.cache_directory import cache_directory, read_cached, write_cached

FORMAT: Final = 1  # add one when the shape of the file, or what is dropped from the grammar, changes
SHIPPED: Final = os.path.join(os.path.dirname(__file__), "hcl2_tables.json")
STARTS: Final = ("start", "expression")

# What the file holds, ready for JSON:
#   key       which grammar it was made from
#   symbols   names of terminals and nonterminals, to which numbers refer
#   rules     [origin, name of the production, length]
#   rows      per state [symbol, action, symbol, action, ...]; an action from 0 on is the next state, else `~rule`
#   entering  per state the grammar's symbol that leads to it, for error messages
#   starts    the state to begin at, per start symbol
Compiled: TypeAlias = dict[str, Any]
Row: TypeAlias = dict[str, int]

_NEWLINE: Final = "new_line_or_comment"
# `!!x` is HCL, but the grammar's wording stops at one operator. A version that mends it needs no patch.
_SINGLE_UNARY: Final = "!unary_op : (MINUS | NOT) expr_term"
_NESTED_UNARY: Final = "!unary_op : (MINUS | NOT) unary_expr"

# Our lexer hands over some nonterminals ready made: the kind of token -> the terminal it begins with, what it is.
_FINISHED: Final = {
    "NAME": ("NAME", "identifier"),
    "TRAVERSAL": ("NAME", "expr_term"),
    "FUNCTION_NAME": ("NAME", "identifier"),
    "LITERAL": ("TRUE", "expr_term"),
    "NUMBER": ("INT_LITERAL", "expr_term"),
    "STRING": ("DBLQUOTE", "string"),
    "TEXT": ("STRING_CHARS", "string_part"),
    "ATTRIBUTE_STEP": ("DOT", "get_attr"),
    "LEGACY_STEP": ("DOT", "short_index"),
}
# Words that the grammar reserves. HCL does not: where the word means nothing special, it is a name.
_WORDS: Final = ("IN", "FOR", "IF", "ELSE", "ENDIF", "ENDFOR", "LITERAL")
# Terminals that our lexer never emits: they come finished, or as a name.
_UNUSED: Final = ("INT_LITERAL", "FLOAT_LITERAL", "TRUE", "FALSE", "NULL", "STRING_CHARS", "DOT", "FOR_EACH")
# Symbols that our lexer takes care of: no production with one of them is wanted.
_DROPPED: Final = frozenset(
    {"keyword", "STRIP_MARKER", "COLONS", "template_string", "heredoc_template", "heredoc_template_trim"}
    | {"ESCAPED_INTERPOLATION", "ESCAPED_DIRECTIVE"}
)


def available_tables() -> Iterator[Compiled]:
    """Yield tables to parse with, the best first: those of the installed grammar, at last the shipped ones.

    The shipped ones serve when there is no grammar, or one whose productions nobody here knows.
    """
    grammar = read_installed_grammar()
    shipped = _decode(read_cached(SHIPPED))
    if grammar is not None and (shipped is None or shipped["key"] != table_key(grammar)):
        yield from _tables_of(grammar)
    if shipped is not None:
        yield shipped


def installed_table_key() -> str:
    """Return the key of the installed grammar's tables without loading any."""
    grammar = read_installed_grammar()
    return "none" if grammar is None else table_key(grammar)


def table_key(grammar: bytes) -> str:
    """Return the key of the tables made from this grammar."""
    return f"{hashlib.sha256(grammar).hexdigest()}-{FORMAT}"


def read_installed_grammar() -> bytes | None:
    """Return the text of the installed python-hcl2's grammar, or None. Does not import python-hcl2."""
    package = find_spec("hcl2")
    for folder in (package and package.submodule_search_locations) or ():
        content = read_cached(os.path.join(folder, "hcl2.lark"))
        if content is not None:
            return content
    return None


def compile_tables(grammar: bytes) -> Compiled:
    """Compile the grammar through Lark, which is imported here and nowhere else."""
    from lark.common import ParserConf
    from lark.load_grammar import load_grammar
    from lark.parsers.lalr_analysis import LALR_Analyzer, Shift

    read_grammar: Any = load_grammar  # Lark leaves these without types
    text = grammar.decode().replace(_SINGLE_UNARY, _NESTED_UNARY)
    parsed, _ = read_grammar(text, "hcl2.lark", [], False)
    _, rules, _ = parsed.compile(list(STARTS), "*")
    wanted = [rule for rule in rules if is_wanted(*_names(rule))]
    analyzer: Any = LALR_Analyzer(ParserConf(wanted, {}, list(STARTS)))
    analyzer.compute_lalr()
    table = analyzer.parse_table

    # Lark numbers by the order of sets, which changes from run to run; these numbers do not.
    numbers = {rule: index for index, rule in enumerate(sorted(wanted, key=_names))}
    rows: dict[int, Row] = {
        state: {
            symbol: argument if action is Shift else ~numbers[argument] for symbol, (action, argument) in row.items()
        }
        for state, row in table.states.items()
    }
    order = _in_reading_order(rows, [table.start_states[start] for start in STARTS])
    return {
        "key": table_key(grammar),
        **_pack([_renumbered(rows[state], order) for state in order], [_described(rule) for rule in numbers]),
        "starts": {start: order[table.start_states[start]] for start in STARTS},
    }


def is_wanted(origin: str, expansion: tuple[str, ...]) -> bool:
    """Whether this production of the grammar says something that HCL says too and that our lexer leaves to it."""
    if not _DROPPED.isdisjoint(expansion):
        return False
    if "literal_value" in expansion:
        return origin == "expr_term"  # elsewhere true, false and null are names
    if origin.startswith("__new_line"):
        return expansion[0] != origin  # the lexer merges newlines
    if origin.startswith("__body_star"):
        return expansion[0] != origin or _NEWLINE in expansion  # arguments and blocks stand on lines of their own
    if origin.startswith("__object_star"):
        return "COMMA" in expansion and _NEWLINE not in expansion  # the lexer emits newlines in objects as commas
    return _NEWLINE not in expansion or origin in ("body", _NEWLINE)


def dump_tables(compiled: Compiled) -> bytes:
    """Return the content of the file that keeps these tables."""
    return json.dumps(compiled, separators=(",", ":")).encode() + b"\n"


def _names(rule: Any) -> tuple[str, tuple[str, ...]]:
    return str(rule.origin.name), tuple(str(symbol.name) for symbol in rule.expansion)


def _described(rule: Any) -> tuple[str, str, tuple[str, ...]]:
    origin, expansion = _names(rule)
    return origin, str(rule.alias or origin), expansion


def _in_reading_order(rows: dict[int, Row], starts: list[int]) -> dict[int, int]:
    """Number the states in the order in which they are reached: old number -> new number."""
    order = {state: index for index, state in enumerate(starts)}
    waiting = list(starts)
    for state in waiting:
        for _, target in sorted(rows[state].items()):
            if target >= 0 and target not in order:
                order[target] = len(order)
                waiting.append(target)
    return order


def _renumbered(row: Row, order: dict[int, int]) -> Row:
    return {symbol: action if action < 0 else order[action] for symbol, action in row.items()}


def _pack(rows: list[Row], rules: list[tuple[str, str, tuple[str, ...]]]) -> Compiled:
    entering = {action: symbol for row in rows for symbol, action in row.items() if action >= 0}
    finished = [_with_finished_kinds(row) for row in rows]
    used = {symbol for row in finished for symbol in row} | set(entering.values())
    symbols = sorted(used | {symbol for origin, name, parts in rules for symbol in (origin, name, *parts)})
    number = {symbol: index for index, symbol in enumerate(symbols)}
    return {
        "symbols": symbols,
        "rules": [[number[origin], number[name], [number[p] for p in parts]] for origin, name, parts in rules],
        "rows": [
            [item for symbol, action in sorted(row.items()) for item in (number[symbol], action)] for row in finished
        ],
        "entering": [number[entering[state]] if state in entering else -1 for state in range(len(rows))],
    }


def _with_finished_kinds(row: Row) -> Row:
    """Return a state's row with actions for the tokens that our lexer emits in place of some terminals."""
    result = {symbol: action for symbol, action in row.items() if symbol not in _UNUSED and symbol != "NAME"}
    for kind, (terminal, nonterminal) in _FINISHED.items():
        action = row.get(terminal)
        if action is not None and action >= 0:
            action = row.get(nonterminal)  # shifted as what it is already
        if action is not None:
            result[kind] = action
    if "function_call" not in row and row.get("NAME", -1) >= 0:
        result.pop("FUNCTION_NAME", None)  # core::upper stands only where a call can begin
    if "NAME" in result:
        for word in _WORDS:
            result.setdefault(word, result["NAME"])
    return result


def _tables_of(grammar: bytes) -> Iterator[Compiled]:
    """Yield the tables of a grammar that is not the shipped one: from the user's cache, else compiled now."""
    name = f"tables-{table_key(grammar)}.json"
    directory = cache_directory(os.environ, create=True)
    path = None if directory is None else os.path.join(directory, name)
    cached = _decode(read_cached(path)) if path else None
    if cached is None or cached["key"] != table_key(grammar):
        try:
            cached = compile_tables(grammar)
        except Exception:
            # Whatever Lark's internals have become, the shipped tables still parse HCL.
            return
        if path:
            write_cached(path, dump_tables(cached))
    yield cached


def _decode(content: bytes | None) -> Compiled | None:
    try:
        decoded = None if content is None else json.loads(content)
    except ValueError:
        return None
    return decoded if isinstance(decoded, dict) and "key" in decoded else None


if __name__ == "__main__":
    installed = read_installed_grammar()
    if installed is None:
        sys.exit("python-hcl2 is not installed")
    with open(SHIPPED, "wb") as shipped_file:
        shipped_file.write(dump_tables(compile_tables(installed)))
