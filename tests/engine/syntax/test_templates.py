import pytest

from engine.diagnostics import SourceFile
from engine.syntax.parser import parse_expression, parse_template
from tests.engine.syntax.sketch import sketch


def expression(text: str) -> str:
    return sketch(parse_expression(SourceFile("main.hcl", text)))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        pytest.param('""', '""', id="empty"),
        pytest.param(r'"\n\t\r\"\\"', r'"\n\t\r\"\\"', id="escapes"),
        pytest.param(r'"\u00e9\U0001F600"', '"é😀"', id="escapes by number"),
        pytest.param('"e\u0301"', '"é"', id="text is composed"),
        pytest.param(r'"e\u0301"', '"é"', id="also when written as escapes"),
        pytest.param('"$${x}"', '"${x}"', id="escaped interpolation"),
        pytest.param('"%%{x}"', '"%{x}"', id="escaped directive"),
        pytest.param('"$$$${1}"', '"$$${1}"', id="only the last dollar escapes"),
        pytest.param('"a$$b$"', '"a$$b$"', id="dollars alone are text"),
        pytest.param('"100%"', '"100%"', id="percent signs alone are text"),
        pytest.param('"# no /* comment"', '"# no /* comment"', id="no comments in strings"),
        pytest.param('"a\tb\0"', r'"a\tb\u0000"', id="control characters stay"),
        pytest.param('"${x}"', "(template_wrap x)", id="a lone interpolation keeps its type"),
        pytest.param('"${"${x}"}"', "(template_wrap (template_wrap x))", id="also twice"),
        pytest.param('" ${x}"', '<" " (interpolation x)>', id="with text it is a string"),
        pytest.param('"${x}${y}"', "<(interpolation x) (interpolation y)>", id="two interpolations"),
        pytest.param('"a${"b${c}"}d"', '<"a" (interpolation <"b" (interpolation c)>) "d">', id="nested"),
        pytest.param('"${\nx # y\n}"', "(template_wrap x)", id="newlines inside of an interpolation"),
        pytest.param('"${{ a = "}" }}"', '(template_wrap {a="}"})', id="braces inside of an interpolation"),
        pytest.param('"$${${x}"', '<"${" (interpolation x)>', id="an escape before an interpolation"),
    ],
)
def test_quoted_strings(text: str, tree: str) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        pytest.param('"a ${~ x ~} b"', '<"a" (interpolation x) "b">', id="both sides"),
        pytest.param('"a ${~ x} b"', '<"a" (interpolation x) " b">', id="left side"),
        pytest.param('" ${~ x ~} "', "<(interpolation x)>", id="nothing left, but still a string"),
        pytest.param('"${~ x ~}"', "(template_wrap x)", id="nothing there to begin with"),
        pytest.param(r'"a \n ${~ x ~} \n b"', '<"a" (interpolation x) "b">', id="escaped newlines are blanks too"),
        pytest.param('"${x ~}${y} a"', '<(interpolation x) (interpolation y) " a">', id="only what follows directly"),
        pytest.param(
            "<<E\na\n  ${~ x ~}\n  b\nE", r'<heredoc "a\n" (interpolation x) "  b\n">', id="one line each way"
        ),
    ],
)
def test_strip_markers_take_blanks(text: str, tree: str) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        pytest.param('"%{ if a }b%{ endif }"', '<(if_directive a <"b"> <>)>', id="if"),
        pytest.param('"%{if a}b%{else}c%{endif}d"', '<(if_directive a <"b"> <"c">) "d">', id="if and else"),
        pytest.param('"%{ for x in y }${x},%{ endfor }"', '<(for_directive - x y <(interpolation x) ",">)>', id="for"),
        pytest.param('"%{ for k, v in y }%{ endfor }"', "<(for_directive k v y <>)>", id="for with a key"),
        pytest.param(
            '"%{ for x in y }%{ if x }a%{ endif }%{ endfor }"',
            '<(for_directive - x y <(if_directive x <"a"> <>)>)>',
            id="inside of each other",
        ),
        pytest.param(
            '"%{~ if x ~} a %{~ else ~} b %{~ endif ~}"', '<(if_directive x <"a"> <"b">)>', id="strip markers"
        ),
        pytest.param('"%{ if if }a%{ endif }"', '<(if_directive if <"a"> <>)>', id="keyword as name"),
    ],
)
def test_directives_contain_what_they_govern(text: str, tree: str) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        pytest.param("<<E\nE", "<heredoc >", id="empty"),
        pytest.param("<<E\na\n b\nE", r'<heredoc "a\n b\n">', id="lines as they are"),
        pytest.param("<<E\na\n  E", r'<heredoc "a\n">', id="the marker may be indented"),
        pytest.param("<<E\na\nE \n", r'<heredoc "a\n">', id="and have blanks after it"),
        pytest.param("<<E\na E\nE1\n${x}E\nE", r'<heredoc "a E\nE1\n" (interpolation x) "E\n">', id="not the marker"),
        pytest.param("<<A-B\nx\nA-B", r'<heredoc "x\n">', id="dash in the marker"),
        pytest.param('<<E\n\\n \\u00e9 "q"\nE', r'<heredoc "\\n \\u00e9 \"q\"\n">', id="no escapes"),
        pytest.param("<<E\n$${x} %%{y} $$ %\nE", r'<heredoc "${x} %{y} $$ %\n">', id="but those of templates"),
        pytest.param("<<E\na\r\nE", r'<heredoc "a\r\n">', id="carriage returns stay"),
        pytest.param("<<E\n${x}\nE", r'<heredoc (interpolation x) "\n">', id="never unwrapped"),
        pytest.param("<<E\n${x ~}\nE", "<heredoc (interpolation x)>", id="even when nothing is left"),
        pytest.param("<<E\n${<<F\nx\nF\n}\nE", r'<heredoc (interpolation <heredoc "x\n">) "\n">', id="inside itself"),
        pytest.param("[<<E\na\nE\n, 1]", r'[<heredoc "a\n"> 1]', id="in a tuple"),
        pytest.param("<<-E\n    a\n      b\n    E", r'<heredoc "a\n  b\n">', id="the smallest indentation goes"),
        pytest.param(
            "<<-E\n    a\n  \n    b\n  E", r'<heredoc "a\n  \nb\n">', id="blank lines neither count nor change"
        ),
        pytest.param("<<-E\n\ta\n  b\n  E", r'<heredoc "a\n b\n">', id="a tab counts as one"),
        pytest.param(
            "<<-E\n    a\n${x}\n  E", r'<heredoc "    a\n" (interpolation x) "\n">', id="no indentation: none goes"
        ),
        pytest.param(
            "<<-E\n    ${x}\n      b\n  E", r'<heredoc (interpolation x) "\n  b\n">', id="before interpolations"
        ),
        pytest.param(
            "<<-E\n    a ${x} b\n   c\n  E", r'<heredoc " a " (interpolation x) " b\nc\n">', id="line starts only"
        ),
        pytest.param(
            "<<-E\n  %{ if x }\n    a\n  %{ endif }\n  E",
            r'<heredoc (if_directive x <"\n  a\n"> <>) "\n">',
            id="before directives",
        ),
    ],
)
def test_heredocs(text: str, tree: str) -> None:
    assert expression(text) == tree


def test_a_template_file_is_stripped_line_by_line() -> None:
    text = "%{ for x in y ~}\n    s ${x}\n%{ endfor ~}\nend"
    tree = r'<(for_directive - x y <"    s " (interpolation x) "\n">) "end">'
    assert sketch(parse_template(SourceFile("a.tpl", text))) == tree
