import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.syntax import tables
from engine.syntax.automaton import Automaton
from engine.syntax.lexer import BODY, Lexer
from engine.syntax.tables import (
    SHIPPED,
    Compiled,
    available_tables,
    compile_tables,
    dump_tables,
    is_wanted,
    read_installed_grammar,
    table_key,
)


@pytest.fixture(scope="module")
def grammar() -> bytes:
    content = read_installed_grammar()
    assert content is not None
    return content


def run_python(code: str, tmp_path: Path, **environment: str) -> str:
    """Run code in a fresh interpreter with an empty cache and return what it prints."""
    variables = {
        **os.environ,
        "XDG_CACHE_HOME": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[3]),
        **environment,
    }
    return subprocess.run(
        [sys.executable, "-c", code], env=variables, check=True, capture_output=True, text=True
    ).stdout


def values_of(compiled: Compiled, text: str) -> object:
    return Automaton(compiled).run(iter(Lexer(text, BODY).read_all()), "start")


def test_the_shipped_tables_are_those_of_the_installed_grammar(grammar: bytes) -> None:
    # `python -m engine.syntax.tables` makes them anew.
    assert Path(SHIPPED).read_bytes() == dump_tables(compile_tables(grammar))


def test_every_production_left_has_an_action(grammar: bytes) -> None:
    Automaton(compile_tables(grammar))


def test_parsing_imports_neither_lark_nor_python_hcl2(tmp_path: Path) -> None:
    code = """
import sys
from engine.diagnostics import DiagnosticError, SourceFile
from engine.syntax.parser import parse
from engine.syntax.tree_cache import parse_cached
parse(SourceFile("main.hcl", "a = 1"))
parse_cached(SourceFile("main.hcl", "a = 1"))
try:
    parse(SourceFile("main.hcl", "a = "))
except DiagnosticError:
    pass
print([name for name in sys.modules if name.partition(".")[0] in ("lark", "hcl2")])
"""
    assert run_python(code, tmp_path) == "[]\n"


def test_a_cached_tree_needs_neither_lexer_nor_tables(tmp_path: Path) -> None:
    code = """
import sys
from engine.diagnostics import SourceFile
from engine.syntax.tree_cache import parse_cached
parse_cached(SourceFile("main.hcl", "a = 1"))
print("engine.syntax.lexer" in sys.modules)
"""
    assert [run_python(code, tmp_path) for _ in range(2)] == ["True\n", "False\n"]


def test_another_grammar_is_compiled_once_and_kept(
    grammar: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    changed = grammar + b"\n// another version\n"
    monkeypatch.setattr(tables, "read_installed_grammar", lambda: changed)
    first, shipped = list(available_tables())
    assert (first["key"], shipped["key"]) == (table_key(changed), table_key(grammar))
    (kept,) = (tmp_path / "rtf").iterdir()
    assert json.loads(kept.read_bytes()) == first
    monkeypatch.setattr(tables, "compile_tables", None)  # would fail when called
    assert next(available_tables()) == first


def test_a_damaged_file_in_the_cache_is_made_anew(
    grammar: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    changed = grammar + b"\n// another version\n"
    monkeypatch.setattr(tables, "read_installed_grammar", lambda: changed)
    first = next(available_tables())
    (kept,) = (tmp_path / "rtf").iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])
    assert next(available_tables()) == first
    assert json.loads(kept.read_bytes()) == first


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="no grammar"),
        pytest.param(b"start : ((", id="no grammar that Lark can read"),
        pytest.param(b"", id="an empty file"),
    ],
)
def test_the_shipped_tables_serve_when_there_are_no_others(
    content: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RTF_CACHE", "off")
    monkeypatch.setattr(tables, "read_installed_grammar", lambda: content)
    assert [compiled["key"] for compiled in available_tables()] == [json.loads(Path(SHIPPED).read_bytes())["key"]]


def test_a_grammar_with_productions_that_nobody_knows_is_refused(grammar: bytes) -> None:
    changed = grammar.replace(b"?expression : or_expr QMARK", b'?expression : "@" or_expr -> shout\n | or_expr QMARK')
    with pytest.raises(KeyError, match="shout"):
        Automaton(compile_tables(changed))


def test_a_grammar_that_mends_repeated_operators_itself_gives_the_same_tables(grammar: bytes) -> None:
    mended = grammar.replace(b"(MINUS | NOT) expr_term", b"(MINUS | NOT) unary_expr")
    assert mended != grammar
    assert {**compile_tables(mended), "key": ""} == {**compile_tables(grammar), "key": ""}
    assert values_of(compile_tables(mended), "a = !!b")


@pytest.mark.parametrize(
    ("origin", "expansion", "wanted"),
    [
        pytest.param("attribute", ("_attribute_name", "EQ", "expression"), True, id="an argument"),
        pytest.param("tuple", ("LSQB", "new_line_or_comment", "RSQB"), False, id="newlines in brackets are blanks"),
        pytest.param(
            "block", ("_attribute_name", "new_line_or_comment", "LBRACE"), False, id="braces stay on the line"
        ),
        pytest.param("body", ("__body_star_0", "new_line_or_comment"), True, id="newlines in bodies count"),
        pytest.param("__body_star_0", ("__body_star_0", "attribute"), False, id="arguments need a newline"),
        pytest.param("__body_star_0", ("attribute",), True, id="but the first one does not"),
        pytest.param("__object_star_5", ("object_elem",), False, id="items need a separator"),
        pytest.param("__object_star_5", ("object_elem", "COMMA"), True, id="which is a comma to the parser"),
        pytest.param("object_elem_key", ("keyword",), False, id="keywords are names"),
        pytest.param("expr_term", ("literal_value",), True, id="literals are values"),
        pytest.param("get_attr", ("DOT", "literal_value"), False, id="literals after a dot are names"),
    ],
)
def test_productions_that_say_what_hcl_says_are_wanted(origin: str, expansion: tuple[str, ...], wanted: bool) -> None:
    assert is_wanted(origin, expansion) is wanted
