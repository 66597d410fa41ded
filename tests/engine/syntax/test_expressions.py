import pytest

from engine.diagnostics import SourceFile
from engine.syntax.parser import parse, parse_expression, parse_template
from engine.syntax.tree import CALL, GET_ATTR, INDEX, TRAVERSAL, VARIABLE
from tests.engine.syntax.sketch import sketch


def expression(text: str) -> str:
    return sketch(parse_expression(SourceFile("main.hcl", text)))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        pytest.param("a + b * c", "(+ a (* b c))", id="multiplication binds tighter"),
        pytest.param("a - b - c", "(- (- a b) c)", id="subtraction groups from the left"),
        pytest.param("a / b % c", "(% (/ a b) c)", id="division groups from the left"),
        pytest.param("a || b && c == d < e + f", "(|| a (&& b (== c (< d (+ e f)))))", id="the whole ladder"),
        pytest.param("a == b != c", "(!= (== a b) c)", id="equality groups from the left"),
        pytest.param("-a * !b", "(* (- a) (! b))", id="unary binds tightest"),
        pytest.param("-a.b[0]", "(- (index a.b 0))", id="unary takes the whole operand"),
        pytest.param("!!a", "(! (! a))", id="unary twice"),
        pytest.param("1-1", "(- 1 1)", id="a minus between numbers"),
        pytest.param("a-b - 1", "(- a-b 1)", id="a dash belongs to the name"),
        pytest.param("a ? b : c ? d : e", "(conditional a b (conditional c d e))", id="conditionals group right"),
        pytest.param("a ? b ? 1 : 2 : 3", "(conditional a (conditional b 1 2) 3)", id="conditional in an arm"),
        pytest.param("(a\n+ b)", "(parentheses (+ a b))", id="newlines in parentheses are blanks"),
        pytest.param("a\n? b\n: c", "(conditional a b c)", id="newlines of a lone expression are blanks"),
        pytest.param("a /* x */ + # y\n b", "(+ a b)", id="comments are blanks"),
    ],
)
def test_operators_group_by_precedence(text: str, tree: str) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        pytest.param("a.b.c", "a.b.c", id="names alone are one traversal"),
        pytest.param("a . b", "(get_attr a b)", id="blanks make it steps"),
        pytest.param("(a\n  .b)", "(parentheses (get_attr a b))", id="so do newlines"),
        pytest.param("a.k-2", "a.k-2", id="a dash in an attribute"),
        pytest.param("a.true.in", "a.true.in", id="keywords as attributes"),
        pytest.param("true.a", "(get_attr true a)", id="a literal is no root"),
        pytest.param("a[0].b", "(get_attr (index a 0) b)", id="attribute of an element"),
        pytest.param('a["x"]["y"]', '(index (index a "x") "y")', id="index twice"),
        pytest.param("a.0", "(index a 0)", id="index of old"),
        pytest.param("a.2.d", "(get_attr (index a 2) d)", id="attribute after an index of old"),
        pytest.param("a.00", "(index a 00)", id="digits stay as written"),
        pytest.param("a[*].b[0]", "([*] a .b [0])", id="a full splat applies all that follows"),
        pytest.param("a[*].b[*].c", "([*] a .b ([*] .c))", id="also another splat"),
        pytest.param("a[*][*][*]", "([*] a ([*] ([*])))", id="and another"),
        pytest.param("a[*].b.*.c[0]", "([*] a .b (.* .c) [0])", id="an attribute splat inside"),
        pytest.param("a.*.b.c", "(.* a .b .c)", id="an attribute splat applies attributes"),
        pytest.param("a.*.b.0.c", "(.* a .b [0] .c)", id="and indexes of old"),
        pytest.param("a.*.b[0].c", "(get_attr (index (.* a .b) 0) c)", id="but no brackets"),
        pytest.param("a.*.b[*].c", "([*] (.* a .b) .c)", id="nor a full splat"),
        pytest.param("a [ * ] .b", "([*] a .b)", id="blanks in a splat"),
        pytest.param("(a[*])[0]", "(index (parentheses ([*] a)) 0)", id="parentheses end a splat"),
    ],
)
def test_steps_into_values(text: str, tree: str) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        pytest.param("[]", "[]", id="empty tuple"),
        pytest.param("[1, 2,]", "[1 2]", id="a last comma"),
        pytest.param("[\n1,\n\n2\n]", "[1 2]", id="newlines in a tuple"),
        pytest.param("{}", "{}", id="empty object"),
        pytest.param("{a = 1, b : 2}", "{a=1 b=2}", id="equals signs and colons"),
        pytest.param("{\n\n a = 1 # x\n\n b = 2, # y\n c = 3 }", "{a=1 b=2 c=3}", id="newlines part items"),
        pytest.param("{ if = 1, for_each = 2 }", "{if=1 for_each=2}", id="keywords as keys"),
        pytest.param("{ true = 1 }", "{true=1}", id="a literal as key is a name"),
        pytest.param('{ (a) = 1, "b${c}" = 2 }', '{(parentheses a)=1 <"b" (interpolation c)>=2}', id="computed keys"),
        pytest.param("{ 1 + 1 = 2, a.b = 3 }", "{(+ 1 1)=2 a.b=3}", id="any expression is a key"),
        pytest.param("{\n a = 1\n -b = 2\n}", "{a=1 (- b)=2}", id="a minus begins the next key"),
        pytest.param("{ a = b ? c : d, e = 1 }", "{a=(conditional b c d) e=1}", id="conditional as value"),
        pytest.param("{ a ? b : c = 1 }", "{(conditional a b c)=1}", id="conditional as key"),
        pytest.param("f()", "f()", id="no arguments"),
        pytest.param("f (1, 2,)", "f(1 2)", id="blank before the parenthesis"),
        pytest.param("(f\n(1))", "(parentheses f(1))", id="newline before the parenthesis"),
        pytest.param("f(a, b...)", "f(a b...)", id="last argument expanded"),
        pytest.param("core :: f(1)", "core::f(1)", id="namespace"),
        pytest.param("true(1)", "true(1)", id="a function named like a literal"),
        pytest.param("provider::a::b()", "provider::a::b()", id="function of a provider"),
        pytest.param("[for x in y : x]", "(for_tuple - x y x -)", id="for tuple"),
        pytest.param("[for k, v in y : k if v]", "(for_tuple k v y k v)", id="for tuple with key and condition"),
        pytest.param("{for k, v in y : k => v... if v}", "(for_object k v y k v v True)", id="for object, grouped"),
        pytest.param("{ # x\n for k in y : k => 1 }", "(for_object - k y k 1 - False)", id="for after a comment"),
        pytest.param("[for for in in : for]", "(for_tuple - for in for -)", id="keywords as names"),
    ],
)
def test_collections_and_calls(text: str, tree: str) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        pytest.param("12", "12", id="whole"),
        pytest.param("1.50", "1.50", id="digits stay as written"),
        pytest.param("007", "007", id="leading zeros"),
        pytest.param("1E+3", "1E+3", id="exponent"),
        pytest.param("1.e5", "1.e5", id="no digits after the point"),
        pytest.param("[true, false, null]", "[true false null]", id="literals"),
        pytest.param("größe.ü", "größe.ü", id="names beyond ASCII"),
        pytest.param("हिन्दी", "हिन्दी", id="names with combining marks"),
    ],
)
def test_atoms(text: str, tree: str) -> None:
    assert expression(text) == tree


def test_offsets_count_characters_of_the_text_given() -> None:
    tree = parse_expression(SourceFile("main.hcl", '  f("é", a.b . c[0])'))
    assert tree[:3] == (CALL, 2, 20)
    assert tree[4:6] == (2, 3)
    _, index = tree[6]
    assert index[:3] == (INDEX, 9, 19)
    assert index[3][:3] == (GET_ATTR, 9, 16)
    assert index[3][3] == (TRAVERSAL, 9, 12, ("a", "b"))


def test_a_splat_ends_with_its_last_step() -> None:
    assert parse_expression(SourceFile("main.hcl", "a[*].b[*].cd "))[:3] == (15, 0, 12)
    assert parse_expression(SourceFile("main.hcl", "a.*.b "))[3:] == (
        (VARIABLE, 0, 1, "a"),
        (("attr", "b", 3, 5),),
    )


def test_a_file_and_an_expression_may_begin_with_a_byte_order_mark() -> None:
    assert parse(SourceFile("main.hcl", "\ufeffa = 1"))[3][0][1:4] == (1, 6, "a")
    assert parse_expression(SourceFile("main.hcl", "\ufeffa"))[1:] == (1, 2, "a")


def test_a_template_file_keeps_the_type_of_a_lone_interpolation() -> None:
    assert sketch(parse_template(SourceFile("a.tpl", "${x}"))) == "(template_wrap x)"
    assert sketch(parse_template(SourceFile("a.tpl", "${x}\n"))) == '<(interpolation x) "\\n">'
    assert sketch(parse_template(SourceFile("a.tpl", ""))) == '""'
    assert sketch(parse_template(SourceFile("a.tpl", 'say "hi" \\n $${x}'))) == r'"say \"hi\" \\n ${x}"'
