"""Output values, compared with what Terraform 1.11.4 printed for the same state."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.lang import numbers
from engine.lang.types import BOOL, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf
from engine.lang.values import NULL, SENSITIVE_MARKS, ListValue, Null, Unknown, Value, mark
from rtf.views.outputs import (
    ShownOutput,
    output_json,
    output_raw,
    output_text,
    output_value_json,
    outputs_block,
    outputs_text,
)
from rtf.views.values import format_value
from tests.rtf.views.plans import read_state

CASE = Path(__file__).parent / "cases" / "state-outputs"
_, OUTPUTS = read_state((CASE / "state.json").read_text())


def test_outputs_read_as_terraform_prints_them(golden: Callable[[Path, str], None]) -> None:
    golden(CASE / "output.txt", outputs_text(OUTPUTS))


def test_outputs_as_json_are_terraforms(golden: Callable[[Path, str], None]) -> None:
    golden(CASE / "output.json", output_json(OUTPUTS))


def test_one_output_as_json_is_compact() -> None:
    expected = '{"a":1,"b":{"c":[1,"two",null]},"c d":[],"e":{},"t":"x\\ny","text":{}}\n'
    assert output_value_json(OUTPUTS["obj"]) == expected


def test_characters_that_html_gives_a_meaning_are_escaped_in_json() -> None:
    assert output_value_json(ShownOutput("<&>\u2028é")) == '"\\u003c\\u0026\\u003e\\u2028é"\n'


def test_the_block_after_an_apply_hides_secrets() -> None:
    outputs = {"b": ShownOutput("hush", sensitive=True), "a": ShownOutput(1)}
    assert outputs_block(outputs, color=False) == "\nOutputs:\n\na = 1\nb = <sensitive>\n"
    assert outputs_block({}, color=True) == ""
    assert output_text(outputs["b"]) == "<sensitive>\n"


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        pytest.param("a\nb", "a\nb", id="a string"),
        pytest.param(numbers.parse("1.5"), "1.5", id="a fraction"),
        pytest.param(10**30, "1" + "0" * 30, id="a large number"),
        pytest.param(True, "true", id="a bool"),
        pytest.param(mark("hush", SENSITIVE_MARKS), "hush", id="a secret, because it was asked for"),
    ],
)
def test_raw_prints_what_has_one_text(value: Value, raw: str) -> None:
    assert output_raw("x", ShownOutput(value)) == raw


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param(("a",), 'output value "x" is tuple', id="a tuple"),
        pytest.param(ListValue(STRING, ["a"]), 'output value "x" is list of string', id="a list"),
        pytest.param(NULL, '"x" is null', id="null"),
        pytest.param(Unknown(), '"x" is not yet known', id="unknown"),
    ],
)
def test_raw_says_why_it_cannot_print_the_rest(value: Value, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        output_raw("x", ShownOutput(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(Null(STRING), "tostring(null)", id="null string"),
        pytest.param(Null(NUMBER), "tonumber(null)", id="null number"),
        pytest.param(Null(BOOL), "tobool(null)", id="null bool"),
        pytest.param(Null(ListOf(STRING)), "tolist(null) /* of string */", id="null list"),
        pytest.param(Null(SetOf(STRING)), "toset(null) /* of string */", id="null set"),
        pytest.param(Null(MapOf(NUMBER)), "tomap(null) /* of number */", id="null map"),
        pytest.param(Null(ObjectOf({})), "null /* object */", id="null object"),
        pytest.param(Unknown(), "(known after apply)", id="unknown"),
        pytest.param(mark("x", SENSITIVE_MARKS), "(sensitive value)", id="sensitive"),
        pytest.param(mark("x", frozenset({"ephemeral"})), "(ephemeral value)", id="ephemeral"),
        pytest.param(mark("x", frozenset({"other"})), '"x"', id="another mark"),
        pytest.param("\x1b[2J\u200b\U000e0001", '"\\x1b[2J\\u200b\\U000e0001"', id="what does not print"),
        pytest.param("a\n\x1b[2J", "<<EOT\na\n\\x1b[2J\nEOT", id="what steers a terminal, in several lines"),
    ],
)
def test_values_in_the_notation_of_the_language(value: Value, text: str) -> None:
    assert format_value(value) == text
