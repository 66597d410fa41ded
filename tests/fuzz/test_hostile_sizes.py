"""Sizes that nobody means: reading and evaluating them comes to an end, with a result or with diagnostics."""

from pathlib import Path

import pytest

from tests.fuzz.readers import READERS, answer

pytestmark = pytest.mark.usefixtures("bounded")

MEGABYTE = 1_000_000
DEEP = 20_000


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"locals {{\n  a = {'(' * DEEP}1{')' * DEEP}\n}}\n", id="parentheses"),
        pytest.param(f"locals {{\n  a = {'[' * DEEP}{']' * DEEP}\n}}\n", id="lists"),
        pytest.param(f"locals {{\n  a = {'{a=' * DEEP}1{'}' * DEEP}\n}}\n", id="objects"),
        pytest.param(f"locals {{\n  a = {'!' * DEEP}true\n}}\n", id="negations"),
        pytest.param(f"locals {{\n  a = 1{' + 1' * DEEP}\n}}\n", id="sums"),
        pytest.param(f"locals {{\n  a = {'true ? 1 : ' * DEEP}2\n}}\n", id="conditionals"),
        pytest.param(f"locals {{\n  a = {'upper(' * DEEP}1{')' * DEEP}\n}}\n", id="calls"),
        pytest.param(f"locals {{\n  a = local.b{'.c' * DEEP}\n}}\n", id="attributes"),
        pytest.param(f"locals {{\n  a = local.b{'[0]' * DEEP}\n}}\n", id="indexes"),
        pytest.param(f"locals {{\n  a = local.b{'[*]' * DEEP}\n}}\n", id="splats"),
        pytest.param('a = "' + '${"' * DEEP + '"}' * DEEP + '"\n', id="templates"),
        pytest.param("%{ if true }" * DEEP + "%{ endif }" * DEEP, id="directives"),
        pytest.param("a {\n" * DEEP + "}\n" * DEEP, id="blocks"),
        pytest.param('variable "v" {\n  type = ' + "list(" * DEEP + "any" + ")" * DEEP + "\n}\n", id="types"),
        pytest.param('{"locals": {"a": ' + "[" * DEEP + "]" * DEEP + "}}", id="JSON arrays"),
        pytest.param('{"locals": {"a": ' + '{"a": ' * DEEP + "1" + "}" * DEEP + "}}", id="JSON objects"),
        pytest.param('{"locals": {"a": "' + "${(" * DEEP + '"}}', id="JSON templates"),
    ],
)
def test_deep_texts_are_read_or_refused(reader: str, text: str, tmp_path: Path) -> None:
    READERS[reader](text, tmp_path)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * MEGABYTE, id="a name"),
        pytest.param("9" * MEGABYTE, id="a number"),
        pytest.param(f"locals {{\n  a = {'9' * MEGABYTE}\n}}\n", id="a number as a value"),
        pytest.param(f"locals {{\n  a = 1e{'9' * MEGABYTE}\n}}\n", id="an exponent"),
        pytest.param(f'locals {{\n  a = "{"é" * MEGABYTE}"\n}}\n', id="a string"),
        pytest.param(f"locals {{\n  a = <<E\n{'x' * MEGABYTE}\nE\n}}\n", id="a heredoc"),
        pytest.param("#" + " x" * MEGABYTE, id="a comment"),
        pytest.param("/*" + "*" * MEGABYTE, id="a comment without end"),
        pytest.param(" " * MEGABYTE, id="blanks"),
        pytest.param("e\u0301" + "\u0301" * MEGABYTE, id="a grapheme cluster"),
        pytest.param('{"locals": {"a": ' + "9" * MEGABYTE + "}}", id="a JSON number"),
        pytest.param('{"locals": {"a": "' + "x" * MEGABYTE + '"}}', id="a JSON string"),
    ],
)
def test_long_tokens_are_read_or_refused(reader: str, text: str, tmp_path: Path) -> None:
    READERS[reader](text, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1 / 0 - 1 / 0", id="no number at all"),
        pytest.param("range(1000000000)", id="range"),
        pytest.param("range(0, 1, 1e-300)", id="range in tiny steps"),
        pytest.param("range(0, -1e300)", id="range downwards"),
        pytest.param('format("%999999999999s", "x")', id="a wide format"),
        pytest.param('format("%.999999999999f", 1)', id="a precise format"),
        pytest.param('format("%*d", 1e18, 1)', id="a format with a width given"),
        pytest.param('format("%[999999999999]s", "x")', id="a format with a far argument"),
        pytest.param('indent(1000000000000, "a\\nb")', id="indent"),
        pytest.param('regex("a{1000}{1000}{1000}", "a")', id="a regular expression that explodes"),
        pytest.param('cidrsubnet("10.0.0.0/8", 1000000000, 0)', id="cidrsubnet"),
        pytest.param('cidrsubnets("::/0", 1e300)', id="cidrsubnets"),
        pytest.param('cidrhost("::/0", 1e300)', id="cidrhost"),
        pytest.param('timeadd("2026-01-01T00:00:00Z", "999999999999999999h")', id="timeadd"),
        pytest.param('parseint("z", 1000000000)', id="parseint"),
        pytest.param("chunklist([1], -1e300)", id="chunklist"),
        pytest.param('yamldecode("a: &a [x,x]\\nb: &b [*a,*a]\\nc: *c")', id="an anchor inside of itself"),
        pytest.param('templatefile("self.tpl", {})', id="a template that includes itself"),
        pytest.param('templatefile("/dev/zero", {})', id="a file without end"),
        pytest.param('file("/dev/zero")', id="text without end"),
        pytest.param("[for a in range(1000): range(1e12)]", id="range in a loop"),
        pytest.param('jsondecode("' + "[" * DEEP + '")', id="jsondecode without end"),
    ],
)
def test_hostile_expressions_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "self.tpl").write_text('${templatefile("self.tpl", {})}')
    assert answer(text, tmp_path) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("pow(2, 1000000000)", id="pow"),
        pytest.param("pow(10, 1e300) + 1", id="a power beyond all numbers"),
        pytest.param("1e999999999 * 1e999999999", id="an infinite product"),
        pytest.param("1 / 0", id="division by zero"),
        pytest.param("1e300000 % 3", id="a remainder"),
        pytest.param('"${1e300000}"', id="a number as text"),
        pytest.param("floor(1e300000 + 0.5)", id="floor"),
        pytest.param('regex("(a+)+$", "' + "a" * 10_000 + 'b")', id="a regular expression that goes back"),
        pytest.param('regexall("(x*)*y?", "' + "x" * 100_000 + '")', id="many matches"),
        pytest.param('replace("' + "a" * 100_000 + '", "/(a|aa)+$/", "b")', id="a replacement that goes back"),
        pytest.param('replace("' + "a" * MEGABYTE + '", "a", "")', id="many replacements"),
        pytest.param('split("", "' + "ab" * 100_000 + '")', id="many pieces"),
        pytest.param('jsondecode("' + "[" * DEEP + "]" * DEEP + '")', id="jsondecode"),
        pytest.param('yamldecode("' + "[" * DEEP + "]" * DEEP + '")', id="yamldecode"),
        pytest.param(
            'yamldecode("a: &a [x,x,x,x,x,x,x,x,x]\\n'
            + "\\n".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
            + '")',
            id="anchors that multiply",
        ),
        pytest.param('csvdecode("' + "a," * 100_000 + '")', id="many columns"),
        pytest.param('parseint("' + "z" * 100_000 + '", 36)', id="a long numeral"),
        pytest.param('tonumber("1e' + "9" * 1000 + '")', id="a number from text"),
        pytest.param('strrev("' + "👩‍👩‍👧‍👦" * 10_000 + '")', id="graphemes"),
        pytest.param('fileset(".", "' + "**/" * 200 + '*")', id="a deep pattern of file names"),
        pytest.param('fileset(".", "' + "{a,b}" * 30 + '")', id="a pattern with many choices"),
        pytest.param('provider::terraform::decode_tfvars("a = ' + "[" * DEEP + '")', id="decode_tfvars"),
        pytest.param('templatestring("' + "$${" * 10_000 + '", {})', id="templatestring"),
        pytest.param('format("' + "%s" * 50_000 + '", 1)', id="a format with many verbs"),
        pytest.param('sha256(join("", [for x in range(1000) : "' + "x" * 1000 + '"]))', id="a long checksum"),
        pytest.param("flatten([" + "[" * 5000 + "1" + "]" * 5000 + "])", id="flatten"),
    ],
)
def test_hostile_expressions_come_to_an_end(text: str, tmp_path: Path) -> None:
    answer(text, tmp_path)
