import pytest

from engine.diagnostics import DiagnosticError, SourceFile
from engine.syntax.lexer import MAX_NESTING
from engine.syntax.parser import MAX_PROBLEMS, parse, parse_expression, parse_template


def problems(text: str) -> list[str]:
    """Return `line:column-line:column summary` of each problem."""
    source = SourceFile("main.hcl", text)
    with pytest.raises(DiagnosticError) as caught:
        parse(source)
    found = []
    for diagnostic in caught.value.diagnostics:
        assert diagnostic.subject is not None
        first, after = source.position(diagnostic.subject.start), source.position(diagnostic.subject.end)
        found.append(f"{first.line}:{first.column}-{after.line}:{after.column} {diagnostic.summary}")
    return found


def detail(text: str) -> str:
    with pytest.raises(DiagnosticError) as caught:
        parse(SourceFile("main.hcl", text))
    return caught.value.diagnostics[0].detail


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("a = \n", "1:5-2:1 Invalid expression", id="nothing after the equals sign"),
        pytest.param("a =", "1:4-1:4 Missing expression", id="nothing at all"),
        pytest.param("a = 1 b = 2\n", "1:7-1:8 Missing newline after argument", id="two arguments on a line"),
        pytest.param("a = 1 /* \n */ b = 2\n", "2:5-2:6 Missing newline after argument", id="a comment is no newline"),
        pytest.param("a = 1, \nb = 2", "1:6-1:7 Unexpected comma after argument", id="comma between arguments"),
        pytest.param('a = b "c"\n', "1:7-1:10 Missing newline after argument", id="text after a name"),
        pytest.param("a = 1...\n", "1:6-1:9 Missing newline after argument", id="ellipsis nowhere"),
        pytest.param("a : 1\n", "1:1-1:2 Argument or block definition required", id="colon for an equals sign"),
        pytest.param("a 1\n", "1:1-1:2 Argument or block definition required", id="no equals sign"),
        pytest.param("a.b = 1\n", "1:1-1:2 Argument or block definition required", id="dotted argument"),
        pytest.param("a\n{\n}\n", "1:1-1:2 Argument or block definition required", id="brace on the next line"),
        pytest.param("= 1\n", "1:1-1:2 Argument or block definition required", id="no name"),
        pytest.param(
            "a = b\n  ? 1 : 2\n", "2:3-2:4 Argument or block definition required", id="operator on the next line"
        ),
        pytest.param("a = 1 + 2\n - 3\n", "2:2-2:3 Argument or block definition required", id="minus on the next line"),
        pytest.param('"a" = 1\n', "1:1-1:2 Invalid argument name", id="quoted argument"),
        pytest.param("a = 1\na = 2\n", "2:1-2:2 Attribute redefined", id="argument twice in a file"),
        pytest.param("b {\na = 1\na = 2\n}\n", "3:1-3:2 Attribute redefined", id="argument twice in a block"),
        pytest.param("b {\n  a = 1\n", "1:3-1:4 Unclosed configuration block", id="unclosed block"),
        pytest.param("b {\n  c {\n  }\n", "1:3-1:4 Unclosed configuration block", id="one brace for two blocks"),
        pytest.param("b {\n  a = 1 }\n", "2:9-2:10 Missing newline after argument", id="brace after an argument"),
        pytest.param("b {\n  c {}}\n", "2:7-2:8 Missing newline after block definition", id="brace after a block"),
        pytest.param("b {} c {}\n", "1:6-1:7 Missing newline after block definition", id="two blocks on a line"),
        pytest.param("}\n", "1:1-1:2 Argument or block definition required", id="brace too many"),
        pytest.param("b {\n}}\n", "2:2-2:3 Missing newline after block definition", id="brace too many after a block"),
        pytest.param('b a="x" {\n}\n', "1:4-1:5 Invalid block definition", id="equals sign in a header"),
        pytest.param('b "x"\n', "1:6-2:1 Invalid block definition", id="header without a body"),
        pytest.param('b "x" 1 {}\n', "1:7-1:8 Invalid block definition", id="number as label"),
        pytest.param("b a.c {}\n", "1:3-1:6 Invalid block definition", id="traversal as label"),
        pytest.param('b "x${1}" {\n}\n', "1:3-1:10 Invalid string literal", id="interpolated label"),
        pytest.param("b <<E\nx\nE\n {\n}\n", "3:2-4:1 Invalid block definition", id="heredoc as label"),
        pytest.param(
            "b { a = 1, c = 2 }\n", "1:10-1:11 Invalid single-argument block definition", id="comma in one line"
        ),
        pytest.param("b { a = 1 c = 2 }\n", "1:11-1:12 Invalid single-argument block definition", id="two in one line"),
        pytest.param("b { a = 1\n}\n", "1:10-2:1 Invalid single-argument block definition", id="one line, closed late"),
        pytest.param("b { c {} }\n", "1:5-1:6 Argument definition required", id="block in one line"),
    ],
)
def test_structure_that_is_refused(text: str, problem: str) -> None:
    assert problems(text) == [problem]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("a = 1 +\n 2\n", "1:8-2:1 Invalid expression", id="newline after an operator"),
        pytest.param("a = !\n", "1:6-2:1 Invalid expression", id="operator without operand"),
        pytest.param("a = )\n", "1:5-1:6 Invalid expression", id="closing bracket"),
        pytest.param("a = ()\n", "1:6-1:7 Invalid expression", id="empty parentheses"),
        pytest.param("a = (1\n", "2:1-2:1 Unbalanced parentheses", id="unclosed parentheses"),
        pytest.param("a = (1 2)\n", "1:8-1:9 Unbalanced parentheses", id="two in parentheses"),
        pytest.param("a = [1 2]\n", "1:8-1:9 Missing item separator", id="no comma in a tuple"),
        pytest.param("a = [1,,]\n", "1:8-1:9 Invalid expression", id="two commas in a tuple"),
        pytest.param("a = [1\n", "1:5-1:6 Unterminated tuple constructor expression", id="unclosed tuple"),
        pytest.param("a = [1)\n", "1:7-1:8 Missing item separator", id="wrong closing bracket"),
        pytest.param("a = {b=1 c=2}\n", "1:10-1:11 Missing attribute separator", id="no comma in an object"),
        pytest.param("a = {b=1,,c=2}\n", "1:10-1:11 Invalid expression", id="two commas in an object"),
        pytest.param("a = {b=1\n,c=2}\n", "2:1-2:2 Invalid expression", id="comma after a newline"),
        pytest.param("a = {b}\n", "1:7-1:8 Missing key/value separator", id="key without value"),
        pytest.param("a = {b c}\n", "1:8-1:9 Missing key/value separator", id="two keys"),
        pytest.param("a = {b, c = 1}\n", "1:7-1:8 Missing attribute value", id="key and comma"),
        pytest.param("a = {\nb\n}\n", "2:2-3:1 Missing attribute value", id="key and newline"),
        pytest.param("a = {b = \n1}\n", "1:10-2:1 Invalid expression", id="value on the next line"),
        pytest.param("a = {b = 1 + \n2}\n", "1:14-2:1 Invalid expression", id="operand on the next line"),
        pytest.param("a = {b = 1", "1:5-1:6 Unterminated object constructor expression", id="unclosed object"),
        pytest.param("a = {for = 1}\n", "1:10-1:11 Invalid 'for' expression", id="for as key"),
        pytest.param("a = [for]\n", "1:9-1:10 Invalid 'for' expression", id="for without a name"),
        pytest.param("a = [for k, 1 in y : k]\n", "1:13-1:14 Invalid 'for' expression", id="for with a number"),
        pytest.param("a = [for x of y : x]\n", "1:12-1:14 Invalid 'for' expression", id="for without in"),
        pytest.param("a = [for x in y]\n", "1:16-1:17 Invalid 'for' expression", id="for without a colon"),
        pytest.param("a = [for x in y : x => 1]\n", "1:19-1:20 Invalid 'for' expression", id="key in a tuple"),
        pytest.param("a = [for x in y : x...]\n", "1:20-1:23 Invalid 'for' expression", id="grouping in a tuple"),
        pytest.param("a = {for x in y : x}\n", "1:19-1:20 Invalid 'for' expression", id="no key in an object"),
        pytest.param("a = {for x in y : f(x) z}\n", "1:19-1:23 Invalid 'for' expression", id="no key but a call"),
        pytest.param("a = {for x in y : x.0 z}\n", "1:19-1:22 Invalid 'for' expression", id="no key but an index"),
        pytest.param("a = [for x in y : x if z 1]\n", "1:26-1:27 Invalid 'for' expression", id="more after for"),
        pytest.param("a = f(1 2)\n", "1:9-1:10 Missing argument separator", id="no comma between arguments"),
        pytest.param("a = f(,)\n", "1:7-1:8 Invalid expression", id="comma alone"),
        pytest.param("a = f(1\n", "1:5-1:7 Unterminated function call", id="unclosed call"),
        pytest.param("a = f(1..., 2)\n", "1:8-1:11 Missing closing parenthesis", id="argument after an expanded one"),
        pytest.param("a = core::f\n", "1:12-2:1 Missing open parenthesis", id="namespace without a call"),
        pytest.param("a = b ? 1\n", "1:10-2:1 Missing false expression in conditional", id="half a conditional"),
        pytest.param(
            "a = b ? 1\n: 2\n", "1:10-2:1 Missing false expression in conditional", id="colon on the next line"
        ),
        pytest.param("a = [b ? 1, 2]\n", "1:11-1:12 Missing false expression in conditional", id="half in a tuple"),
        pytest.param("a = x[]\n", "1:7-1:8 Invalid expression", id="empty index"),
        pytest.param("a = x[1 2]\n", "1:9-1:10 Missing close bracket on index", id="two in an index"),
        pytest.param("a = x.\n", "1:7-2:1 Invalid attribute name", id="dot at the end"),
        pytest.param("a = x.[0]\n", "1:7-1:8 Invalid attribute name", id="dot before a bracket"),
        pytest.param("a = x.0.1\n", "1:7-1:10 Invalid legacy index syntax", id="two indexes of old"),
        pytest.param("a = x.*.y.*.z\n", "1:11-1:12 Nested splat expression not allowed", id="two attribute splats"),
        pytest.param(
            "a = x[*].y.*.z.*.w\n", "1:16-1:17 Nested splat expression not allowed", id="also in a full splat"
        ),
        pytest.param("a = 1.5.5\n", "1:5-1:10 Invalid number literal", id="two points"),
        pytest.param("a = 5a\n", "1:6-1:7 Missing newline after argument", id="letter after a digit"),
        pytest.param("a = .5\n", "1:5-1:6 Invalid expression", id="no digit before the point"),
    ],
)
def test_expressions_that_are_refused(text: str, problem: str) -> None:
    assert problems(text) == [problem]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("a = 'b'\n", "1:5-1:6 Invalid character", id="single quotes"),
        pytest.param("a = `b`\n", "1:5-1:6 Invalid character", id="backticks"),
        pytest.param("a = 1;\n", "1:6-1:7 Invalid character", id="semicolon"),
        pytest.param("a = “b”\n", "1:5-1:6 Invalid character", id="curly quotes"),
        pytest.param("a = \xa01\n", "1:5-1:6 Invalid character", id="hard space"),
        pytest.param("a = é²\n", "1:6-1:7 Invalid character", id="no letter"),
        pytest.param("a = b.\u0301c\n", "1:7-1:7 Invalid character", id="combining mark at the start of a name"),
        pytest.param("a = \0\n", "1:5-1:6 Invalid character", id="nul"),
        pytest.param("a = 1\f\n", "1:6-1:7 Invalid character", id="form feed"),
        pytest.param("a = 1\r b = 2\n", "1:6-1:7 Invalid character", id="carriage return alone"),
        pytest.param("a = b & c\n", "1:7-1:8 Unsupported operator", id="bitwise and"),
        pytest.param("a = b ^ c\n", "1:7-1:8 Unsupported operator", id="bitwise exclusive or"),
        pytest.param("a = (b ~}\n", "1:8-1:9 Unsupported operator", id="strip marker nowhere"),
        pytest.param("a = ${b}\n", "1:5-1:6 Invalid character", id="interpolation outside of a template"),
        pytest.param("a = 1 /* b\n", "1:7-1:9 Unterminated comment", id="comment without an end"),
    ],
)
def test_characters_that_are_refused(text: str, problem: str) -> None:
    assert problem in problems(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param('a = "b\n', "1:7-2:1 Unterminated template string", id="no closing quote"),
        pytest.param('a = "b', "1:7-1:7 Unterminated template string", id="at the end of the file"),
        pytest.param('a = "b\n  c"\n', "1:7-2:1 Unterminated template string", id="over two lines"),
        pytest.param('a = "b\rc"\n', "1:7-1:8 Unterminated template string", id="carriage return inside"),
        pytest.param('b "x {\n}\n', "1:7-2:1 Invalid string literal", id="in a label"),
        pytest.param("a = <<E\nx\n", "3:1-3:1 Unterminated template string", id="heredoc without an end"),
        pytest.param("a = <<E\nx\nE", "3:2-3:2 Unterminated template string", id="no newline after the marker"),
        pytest.param("a = <<E\nx\nE, 1\n", "4:1-4:1 Unterminated template string", id="more after the marker"),
        pytest.param("a = << E\nx\nE\n", "1:5-1:6 Invalid expression", id="blank before the marker"),
        pytest.param(r'a = "b\x"', "1:7-1:9 Invalid escape sequence", id="unknown escape"),
        pytest.param(r'a = "\$${b}"', "1:6-1:8 Invalid escape sequence", id="backslash before a dollar"),
        pytest.param(r'a = "\u12"', "1:6-1:10 Invalid escape sequence", id="too few digits"),
        pytest.param(r'a = "${b}\ud800"', "1:10-1:16 Invalid escape sequence", id="half a pair"),
        pytest.param(r'a = "\U00110000"', "1:6-1:16 Invalid escape sequence", id="beyond Unicode"),
        pytest.param('a = "${}"\n', "1:8-1:9 Invalid expression", id="empty interpolation"),
        pytest.param('a = "${b c}"\n', "1:10-1:11 Extra characters after interpolation expression", id="two names"),
        pytest.param('a = "${b:c}"\n', "1:9-1:10 Extra characters after interpolation expression", id="colon"),
        pytest.param('a = "${b"\n', "1:6-1:8 Unclosed template interpolation sequence", id="quote before the brace"),
        pytest.param('a = "${b "c" }"\n', "1:6-1:8 Unclosed template interpolation sequence", id="text in a row"),
        pytest.param('a = "${b', "1:6-1:8 Unclosed template interpolation sequence", id="interpolation at the end"),
        pytest.param('a = "%{ if b }c"\n', "1:6-1:15 Unexpected end of template", id="no endif"),
        pytest.param('a = "%{ for b in c }"\n', "1:21-1:22 Unexpected end of template", id="no endfor"),
        pytest.param('a = "%{ if b }%{ endfor }"\n', "1:15-1:26 Unexpected endfor directive", id="wrong end"),
        pytest.param('a = "%{ endif }"\n', "1:6-1:16 Unexpected endif directive", id="end alone"),
        pytest.param('a = "%{ else }"\n', "1:6-1:15 Unexpected else directive", id="else alone"),
        pytest.param(
            'a = "%{ if b }%{ else }%{ else }%{ endif }"\n', "1:24-1:33 Unexpected else directive", id="else twice"
        ),
        pytest.param('a = "%{ foo }"\n', "1:9-1:12 Invalid template control keyword", id="no directive"),
        pytest.param('a = "%{ 1 }"\n', "1:9-1:10 Invalid template directive", id="number for a directive"),
        pytest.param('a = "%{ if b 1 }"\n', "1:14-1:15 Extra characters in if marker", id="more in an if"),
        pytest.param('a = "%{ endif 1 }"\n', "1:15-1:16 Extra characters in endif marker", id="more in an endif"),
        pytest.param('a = "%{ for 1 in c }"\n', "1:13-1:14 Invalid 'for' directive", id="for without a name"),
        pytest.param('a = "%{ for b of c }"\n', "1:15-1:17 Invalid 'for' directive", id="for without in"),
        pytest.param('a = "%{ for b, }"\n', "1:16-1:17 Invalid 'for' directive", id="for with half a pair"),
    ],
)
def test_templates_that_are_refused(text: str, problem: str) -> None:
    assert problem in problems(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a = @\n", ["1:5-1:6 Invalid character", "1:5-1:6 Invalid expression"], id="in place of a value"),
        pytest.param("a = 1 @\n", ["1:7-1:8 Invalid character", "1:7-1:8 Missing newline after argument"], id="after a value"),
        pytest.param("a = 'x' + 'y'\n", ["1:5-1:6 Invalid character", "1:11-1:12 Invalid character", "1:5-1:6 Invalid expression"], id="the first of two quotes"),
        pytest.param("a = 1; b = 2;\n", ["1:6-1:7 Invalid character", "1:6-1:7 Missing newline after argument"], id="the first of all semicolons"),
        pytest.param('a = "x\n  b = 1\n', ["1:7-2:1 Invalid multi-line string", "2:8-3:1 Invalid multi-line string", "1:7-2:1 Unterminated template string"], id="every line of a text"),
        pytest.param('a = 1 "x\n', ["1:9-2:1 Invalid multi-line string", "1:7-1:8 Missing newline after argument"], id="a text where none may be"),
    ],
)  # fmt: skip
def test_what_can_stand_nowhere_is_told_besides(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_several_blocks_report_their_problems_in_one_run() -> None:
    text = "a {\n  b = 1 1\n}\nc {\n  d = 'x'\n}\ne {\n}\nf {\n  g = [1 2]\n}\n"
    assert problems(text) == [
        "5:7-5:8 Invalid character",
        "2:9-2:10 Missing newline after argument",
        "5:7-5:8 Invalid expression",
        "10:10-10:11 Missing item separator",
    ]


def test_all_repeated_arguments_of_a_body_are_reported() -> None:
    assert problems("a = 1\na = 2\nb = 3\nb = 4\n") == ["2:1-2:2 Attribute redefined", "4:1-4:2 Attribute redefined"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a {\n  b = [1, 2\n}\nc {\n}\n", id="an unclosed bracket"),
        pytest.param("a {\n  b = 1\nc {\n}\n", id="an unclosed block"),
        pytest.param("a {\n  b = 1 1\n  c = <<E\nserver {\n}\nE\n}\n", id="a heredoc that looks like blocks"),
        pytest.param("a {\n  b = (1}\n}\nc {\n}\n", id="brackets that do not match"),
    ],
)
def test_a_problem_is_not_followed_by_ones_that_are_not_there(text: str) -> None:
    assert len(problems(text)) == 1


def test_no_more_than_a_handful_of_problems_is_reported() -> None:
    assert len(problems("a = 1 1\n" * 50)) == MAX_PROBLEMS
    assert len(problems("a = 1\n" * 50)) == MAX_PROBLEMS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "a = 1\na = 2\n",
            'The argument "a" was already set at main.hcl:1,1-2. Each argument may be set only once.',
            id="the place of the first argument",
        ),
        pytest.param(
            "a = 'b'\n", 'Single quotes are not valid. Use double quotes (") to enclose strings.', id="quotes"
        ),
        pytest.param(
            'a = "%{ enfif }"\n', '"enfif" is not a valid template control keyword. Did you mean "endif"?', id="hint"
        ),
        pytest.param(
            "a = <<-EOT\nx\n",
            "The <<-EOT on line 1 has no end: a line with EOT and nothing else must follow.",
            id="the marker of a heredoc",
        ),
        pytest.param(
            "b { c {} }\n",
            'A single-line block definition can contain only a single argument. If you meant to define argument "c", '
            "use an equals sign to assign it a value. To define a nested block, place it on a line of its own within "
            "its parent block.",
            id="the name of a block",
        ),
    ],
)
def test_the_detail_says_what_to_do(text: str, expected: str) -> None:
    assert detail(text) == expected


@pytest.mark.parametrize(
    ("text", "summary", "start", "end"),
    [
        pytest.param("", "Missing expression", 0, 0, id="empty"),
        pytest.param("a b", "Extra characters after expression", 2, 3, id="two expressions"),
        pytest.param("a = 1", "Extra characters after expression", 2, 3, id="an argument"),
        pytest.param("[1", "Unterminated tuple constructor expression", 0, 1, id="unclosed"),
        pytest.param("{a", "Unterminated object constructor expression", 0, 1, id="unclosed object"),
        pytest.param("a.", "Invalid attribute name", 2, 2, id="dot at the end"),
        pytest.param('"a', "Unterminated template string", 2, 2, id="no closing quote"),
    ],
)
def test_single_expressions_that_are_refused(text: str, summary: str, start: int, end: int) -> None:
    with pytest.raises(DiagnosticError) as caught:
        parse_expression(SourceFile("<value>", text))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.subject is not None
    assert (diagnostic.summary, diagnostic.subject.start, diagnostic.subject.end) == (summary, start, end)


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        pytest.param("a ${b", "Unclosed template interpolation sequence", id="interpolation"),
        pytest.param("%{ if a }b", "Unexpected end of template", id="directive"),
        pytest.param("${a b}", "Extra characters after interpolation expression", id="two names"),
    ],
)
def test_template_files_that_are_refused(text: str, summary: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        parse_template(SourceFile("a.tpl", text))
    assert caught.value.diagnostics[0].summary == summary


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("[", "]", id="tuples"),
        pytest.param("(", ")", id="parentheses"),
        pytest.param("{a=", "}", id="objects"),
        pytest.param('"${', '}x"', id="templates"),
        pytest.param("!", "", id="unary operators"),
        pytest.param("b + ", "", id="binary operators"),
        pytest.param("b ? c : ", "", id="conditionals in the last arm"),
        pytest.param("b ? ", " : c", id="conditionals in the first arm"),
        pytest.param("", "[0]", id="indexes"),
        pytest.param("f(", ")", id="calls"),
    ],
)
def test_nesting_has_a_limit_that_the_interpreter_has_room_for(before: str, after: str) -> None:
    parse_expression(SourceFile("<value>", before * 100 + "a" + after * 100))
    count = MAX_NESTING + 1
    with pytest.raises(DiagnosticError, match="Nested too deeply"):
        parse_expression(SourceFile("<value>", before * count + "a" + after * count))


def test_many_items_beside_each_other_are_not_nesting() -> None:
    items = ", ".join(f"a{index} ? b[0] + 1 : !c" for index in range(2000))
    parse_expression(SourceFile("<value>", f"[{items}]"))
    parse_expression(SourceFile("<value>", '"' + "${a[0] + 1}-" * 2000 + '"'))
    parse(SourceFile("main.hcl", "a {\n  b = c[0] + 1\n}\n" * 2000))
