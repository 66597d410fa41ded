"""Problems as people read them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.diagnostics import Diagnostic, Severity, SourceFile, SourceRange
from rtf.views.diagnostics import format_diagnostic, format_diagnostics
from rtf.views.source_guard import secret_spans
from rtf.views.terminal import harmless, wrap

CASES = Path(__file__).parent / "cases" / "diagnostics"

SOURCE = """variable "region" {
  type = number
}

resource "openai_realtime_call" "support" {
  for_each = toset(["a"])
  model    = var.regoin
\tvoice    = "日本語" + voice
  api_key  = "canary-1", oops
  tools    = [
    one,
    two,
    three,
    four,
    five,
    six,
  ]
  sdp = <<EOT
v=0\r
o=canary-2\r
EOT
}
last = nope
"""
CANARIES = ("canary-1", "canary-2")


def problem(found: str, **more: object) -> Diagnostic:
    """Return an error about the text `found` in the source."""
    start = SOURCE.index(found)
    subject = SourceRange(SourceFile("main.tf", SOURCE), start, start + len(found))
    detail = "This is not what was expected, and a sentence of this length has to be broken somewhere. Say so."
    return Diagnostic(Severity.ERROR, "Something is wrong", detail, subject, **more)  # type: ignore[arg-type]


PROBLEMS = [
    pytest.param("one-word", problem("var.regoin", values=(("var.region", "is a number, known only after apply"),))),
    pytest.param("wide-and-tab", problem("voice\n")),
    pytest.param("beside-a-secret", problem("oops")),
    pytest.param("a-secret", problem('"canary-1"')),
    pytest.param("many-lines", problem(SOURCE[SOURCE.index("[\n    one") : SOURCE.index("  sdp")].rstrip())),
    pytest.param("a-secret-heredoc", problem(SOURCE[SOURCE.index("<<EOT") : SOURCE.index("}\nlast")].rstrip())),
    pytest.param("no-block", problem("nope", address="openai_realtime_call.support")),
    pytest.param("nothing-there", problem("")),
    pytest.param("address-only", Diagnostic(Severity.ERROR, "It failed", "The API said so.", address="openai_x.y[0]")),
    pytest.param("bare-warning", Diagnostic(Severity.WARNING, "Take care", "Indented lines stay:\n    a = 1")),
]


@pytest.mark.parametrize("color", [pytest.param(False, id="plain"), pytest.param(True, id="color")])
@pytest.mark.parametrize(("name", "diagnostic"), PROBLEMS)
def test_a_problem_shows_where_and_what(
    name: str, diagnostic: Diagnostic, color: bool, golden: Callable[[Path, str], None]
) -> None:
    text = format_diagnostic(diagnostic, color=color, hide=str, width=78)
    assert not any(canary in text for canary in CANARIES)
    golden(CASES / f"{name}.{'color' if color else 'plain'}.txt", text)


def test_several_problems_follow_each_other() -> None:
    two = [Diagnostic(Severity.ERROR, summary, "Why.") for summary in ("One", "Two")]
    text = format_diagnostics(two, color=False, hide=str, width=None)
    assert text == "\nError: One\n\nWhy.\n\nError: Two\n\nWhy.\n"


def test_nothing_that_steers_a_terminal_comes_through() -> None:
    evil = "\x1b[2J\x07\x9b31m\u202e\r"
    file = SourceFile(f"a{evil}.tf", f'x "{evil}" {{\n  y = {evil}z\n}}\n')
    subject = SourceRange(file, file.text.index("z"), file.text.index("z") + 1)
    diagnostic = Diagnostic(
        Severity.ERROR, f"Bad{evil}", f"Worse{evil}", subject, None, ((f"v{evil}", f"is{evil}"),), f"r.a[{evil}]"
    )
    text = format_diagnostic(diagnostic, color=False, hide=str, width=78)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_secrets_of_the_run_are_hidden_everywhere() -> None:
    file = SourceFile("main.tf", "a = hush-hush + b\n")
    subject = SourceRange(file, 16, 17)
    diagnostic = Diagnostic(Severity.ERROR, "hush", "hush", subject, None, (("a", "is hush"),), "r.hush")
    text = format_diagnostic(diagnostic, color=False, hide=lambda text: text.replace("hush", "***"), width=None)
    assert "hush" not in text
    assert "   1: a = ***-*** + b\n                    ^\n" in text


def test_long_lines_are_cut_around_the_text_at_fault() -> None:
    file = SourceFile("main.tf", f'a = "{"x" * 5000}" + here + "{"y" * 5000}"\n')
    start = file.text.index("here")
    text = format_diagnostic(
        Diagnostic(Severity.ERROR, "Long", "Cut.", SourceRange(file, start, start + 4)), color=False, hide=str, width=78
    )
    source, carets = text.split("\n")[4:6]
    assert len(source) < 220
    assert source[carets.index("^") : carets.index("^") + 4] == "here"


@pytest.mark.parametrize("length", [1, 3, 80, 4000])
@pytest.mark.parametrize("at", [0, 7, 10_000])
def test_any_place_in_any_line_can_be_shown(length: int, at: int) -> None:
    text = "é" * 5000 + "\n" + "\t" * 20 + "\n" + "日" * 6000
    at = min(at, len(text))
    subject = SourceRange(SourceFile("main.tf", text), at, min(at + length, len(text)))
    for color in (False, True):
        assert "main.tf" in format_diagnostic(
            Diagnostic(Severity.ERROR, "x", "", subject), color=color, hide=str, width=40
        )


@pytest.mark.parametrize(
    ("source", "secret"),
    [
        pytest.param('api_key = "S"', "S", id="a key"),
        pytest.param('openai_admin_api_key="S', "S", id="a key whose quote never ends"),
        pytest.param('"Authorization": "S"', "S", id="a member of a JSON file"),
        pytest.param('value = "S${var.x}T"', "ST", id="around an interpolation"),
        pytest.param("sdp = <<-EOT\n  S\n  T\n  EOT\n", "  S\n  T", id="a heredoc"),
        pytest.param("sdp = <<EOT\nS", "S", id="a heredoc that never ends"),
        pytest.param('headers = {\n "X" = "S"\n y = "T"\n', "ST", id="headers that never end"),
        pytest.param('headers = { a = { b = "S" }, c = "T" }\nd = "x"', "ST", id="headers inside headers"),
        pytest.param('server_url = "a", headers = { X = <<E\nS\nE\n}', "S", id="a heredoc among headers"),
        pytest.param('x = "sk-abcdefgh12"', "sk-abcdefgh12", id="what looks like a key"),
        pytest.param("client_secret = ek_0123456789ab", "ek_0123456789ab", id="an ephemeral key without quotes"),
        pytest.param('x = ["Bearer abc.def"]', "abc.def", id="a bearer token"),
        pytest.param('max_tokens = 5\nname = "x"\nvalues = "y"', "", id="names that only look alike"),
        pytest.param("secret = var.x", "", id="a reference"),
        pytest.param('password = "$${not}S"', "$${not}S", id="an escaped interpolation"),
    ],
)
def test_likely_secrets_are_found_without_parsing(source: str, secret: str) -> None:
    assert "".join(source[start:end] for start, end in secret_spans(source)) == secret


def test_harmless_text_keeps_its_layout() -> None:
    assert harmless("a\tb\nc\r\n\x00") == "a\tb\nc\\r\n\\x00"


def test_only_what_is_not_indented_is_wrapped() -> None:
    long = "word " * 20
    assert max(map(len, wrap(long.strip(), 30).split("\n"))) <= 30
    assert wrap("    " + long, 30) == "    " + long
    assert wrap(long, None) == long
