from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.diagnostics import DiagnosticError, SourceFile
from engine.syntax.parser import parse, parse_expression, parse_template
from tests.engine.syntax.sketch import sketch
from tests.engine.syntax.test_corpus import CORPUS, read

BOUNDED = settings(max_examples=200, derandomize=True, deadline=None)

# An expression as text, and the sketch of its tree.
Pair = tuple[str, str]

NAMES = st.sampled_from(["a", "b-c", "größe", "in", "for_each", "_x1"])
ROOTS = st.sampled_from(["a", "b-c", "größe", "var"])
ATOMS: st.SearchStrategy[Pair] = st.one_of(
    NAMES.map(lambda name: (name, name)),
    st.integers(0, 10**20).map(lambda number: (str(number), str(number))),
    st.sampled_from(["true", "false", "null", "1.5", "2e-3"]).map(lambda text: (text, text)),
    st.sampled_from(['"x"', '"# {"', '""']).map(lambda text: (text, text)),
    st.tuples(ROOTS, NAMES).map(lambda names: (".".join(names), ".".join(names))),
)
BLANKS = st.sampled_from(["", " ", "\n", " # x\n", "/* y */"])


def bigger(inside: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    operators = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"])
    return st.one_of(
        st.tuples(inside, BLANKS, operators, BLANKS, inside).map(
            lambda p: (f"({p[0][0]}{p[1]} {p[2]} {p[3]}{p[4][0]})", f"(parentheses ({p[2]} {p[0][1]} {p[4][1]}))")
        ),
        st.tuples(inside, inside, inside).map(
            lambda p: (
                f"({p[0][0]} ? {p[1][0]} : {p[2][0]})",
                f"(parentheses (conditional {p[0][1]} {p[1][1]} {p[2][1]}))",
            )
        ),
        st.tuples(st.sampled_from("-!"), inside).map(
            lambda p: (f"({p[0]}{p[1][0]})", f"(parentheses ({p[0]} {p[1][1]}))")
        ),
        st.lists(inside, max_size=3).map(
            lambda items: (f"[{', '.join(i[0] for i in items)}]", f"[{' '.join(i[1] for i in items)}]")
        ),
        st.lists(inside, max_size=3).map(
            lambda items: (
                "{" + "\n".join(f'"k" = {i[0]}' for i in items) + "}",
                "{" + " ".join(f'"k"={i[1]}' for i in items) + "}",
            )
        ),
        st.lists(inside, max_size=3).map(
            lambda items: (f"f({', '.join(i[0] for i in items)})", f"f({' '.join(i[1] for i in items)})")
        ),
        inside.map(lambda p: (f'"x${{{p[0]}}}"', f'<"x" (interpolation {p[1]})>')),
        inside.map(lambda p: (f'"%{{ if {p[0]} }}y%{{ endif }}"', f'<(if_directive {p[1]} <"y"> <>)>')),
        st.tuples(inside, inside).map(
            lambda p: (f"({p[0][0]})[{p[1][0]}]", f"(index (parentheses {p[0][1]}) {p[1][1]})")
        ),
        inside.map(lambda p: (f"({p[0]})[*].z", f"([*] (parentheses {p[1]}) .z)")),
        st.tuples(inside, inside).map(
            lambda p: (f"[for q in {p[0][0]} : {p[1][0]}]", f"(for_tuple - q {p[0][1]} {p[1][1]} -)")
        ),
    )


EXPRESSIONS = st.recursive(ATOMS, bigger, max_leaves=12)
WORDS = ["a", "in", "for", "if", "true", "1", ".5", "é", "\u0301", "\ufeff", "<<E\n", "<<-E\n", "\nE\n"]
SIGNS = ["(", ")", "[", "]", "{", "}", "=", "==", "=>", "?", ":", "::", ",", ".", "...", "*", "-", "!", "[*]", ".*"]
IN_TEMPLATES = ['"', "\\", "${", "%{", "~}", "%{ if a }", "%{ for a in b }", "%{ else }", "%{ endif }", "$", "%"]
OTHERS = ["\n", " ", "\r", "\t", "#", "//", "/*", "*/", "&", "|", "'", "\0"]
PIECES = st.sampled_from([*WORDS, *SIGNS, *IN_TEMPLATES, *OTHERS])
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60))


@BOUNDED
@given(EXPRESSIONS)
def test_what_is_written_is_what_is_read(pair: Pair) -> None:
    text, expected = pair
    assert sketch(parse_expression(SourceFile("x", text))) == expected
    assert sketch(parse(SourceFile("x", f"a = {text}\n"))[3][0][6]) == expected


def assert_sound(text: str) -> None:
    """Whatever the text: a tree, or problems that lie inside of it."""
    for read_as in (parse, parse_expression, parse_template):
        try:
            assert read_as(SourceFile("x", text))
        except DiagnosticError as problem:
            for diagnostic in problem.diagnostics:
                assert diagnostic.subject is not None
                assert 0 <= diagnostic.subject.start <= diagnostic.subject.end <= len(text)
                assert str(diagnostic.subject)


@BOUNDED
@example("a = [1\n\ufeff}")
@given(TEXTS)
def test_any_text_is_a_tree_or_a_diagnostic(text: str) -> None:
    assert_sound(text)


@BOUNDED
@given(st.sampled_from([read(path) for path in CORPUS]), st.floats(0, 1), st.integers(0, 6), PIECES)
def test_files_with_a_slip_of_the_keyboard_are_a_tree_or_a_diagnostic(
    text: str, place: float, removed: int, added: str
) -> None:
    at = int(place * len(text))
    assert_sound(text[:at] + added + text[at + removed :])
