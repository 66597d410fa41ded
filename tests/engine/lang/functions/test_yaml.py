"""YAML documents, written and read."""

import pytest

from engine.lang.numbers import divide
from engine.lang.values import NULL, Value
from tests.engine.lang.describing import call, describe, failure, number


@pytest.mark.parametrize(("value", "text"), [
    pytest.param({"b": (1, {"c": NULL}), "a": "x"}, '"a": "x"\n"b":\n- 1\n- "c": null\n', id="nested"),
    pytest.param("yes", '"yes"\n', id="a word in quotes"),
    pytest.param(number("1.5"), "1.5\n...\n", id="a number"),
    pytest.param("a\nb", "|-\n  a\n  b\n", id="lines in a block"),
    pytest.param("\n", "|2+\n\n", id="a block that ends openly"),
    pytest.param({"a": (), "b": {}}, '"a": []\n"b": {}\n', id="nothing in it"),
    pytest.param("é😀", '"é\\U0001F600"\n', id="beyond the first plane"),
    pytest.param((("x",), ("x",)), '- - "x"\n- - "x"\n', id="twice the same"),
    pytest.param(divide(1, 0), ".inf\n...\n", id="infinite"),
])  # fmt: skip
def test_a_value_is_written(value: Value, text: str) -> None:
    assert call("yamlencode", value) == text


@pytest.mark.parametrize(("text", "value"), [
    pytest.param("[y, No, on, ~, Null]", (True, False, True, NULL, NULL), id="words"),
    pytest.param("[yES, 'y', !!str true, <<, '=']", ("yES", "y", "true", "<<", "="), id="texts that look like words"),
    pytest.param("[010, 0o10, 0x1F, +5, 1., 1e3]", (10, 8, 31, 5, 1, 1000), id="numbers"),
    pytest.param("[1_0, 0b1, -0x1F, 0X1F, '1:30', 1e]", ("1_0", "0b1", "-0x1F", "0X1F", "1:30", "1e"), id="texts that look like numbers"),
    pytest.param("[2020-1-2, 2020-01-01 2:03:04.5]", ("2020-01-02T00:00:00Z", "2020-01-01T02:03:04Z"), id="times"),
    pytest.param("[2020-13-01, 2020-01-01T10:00]", ("2020-13-01", "2020-01-01T10:00"), id="texts that look like times"),
    pytest.param("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}, id="merged"),
    pytest.param("1: x\ntrue: b\n'': z", {"1": "x", "true": "b", "": "z"}, id="keys are texts"),
    pytest.param("[!!int '5', !!int 5, !!null x, !!binary YQ==]", ("5", 5, NULL, "YQ=="), id="tags"),
    pytest.param("---\n", NULL, id="an empty document"),
])  # fmt: skip
def test_a_document_is_read(text: str, value: Value) -> None:
    assert describe(call("yamldecode", text)) == describe(value)


# Each anchor holds ten of the one before: ten billion values in a line.
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 11))


@pytest.mark.parametrize(("text", "message"), [
    pytest.param("", "on line 1, column 1: missing start of document", id="nothing"),
    pytest.param("--- a\n--- b\n", "on line 1, column 1: unexpected extra content after value", id="two documents"),
    pytest.param("%YAML 1.2\n---\na: 1", "found incompatible YAML document", id="another version"),
    pytest.param("a: .nan", "floating point NaN is not supported", id="no number"),
    pytest.param("a: !custom x", 'unsupported tag "!custom"', id="a tag of one's own"),
    pytest.param("!!int a", 'cannot parse "a" as tag:yaml.org,2002:int', id="a tag that does not fit"),
    pytest.param("!!seq {a: 1}", "can't interpret mapping as tag:yaml.org,2002:seq", id="a tag of another kind"),
    pytest.param("? [a]\n: b", "only strings are allowed as mapping keys", id="a key that is no text"),
    pytest.param("a: 1\n~: b", "on line 2, column 1: mapping key cannot be null", id="a null key"),
    pytest.param("<<: 5", "cannot merge number into mapping", id="nothing to merge"),
    pytest.param("a: &x [*x]", 'cannot refer to anchor "x" from inside its own definition', id="an endless value"),
    pytest.param("a: *nope", 'reference to undefined anchor "nope"', id="no such anchor"),
    pytest.param("[" * 300 + "]" * 300, "the value is nested more than 200 levels deep", id="too deep"),
    pytest.param(BOMB, "the document holds more than 1000000 values", id="too many values"),
])  # fmt: skip
def test_a_document_that_cannot_be_read_tells_why(text: str, message: str) -> None:
    assert failure("yamldecode", text) == (message, None)


def test_a_value_too_deep_is_not_written() -> None:
    value: Value = "x"
    for _ in range(300):
        value = (value,)
    assert failure("yamlencode", value) == ("the value is nested more than 200 levels deep", None)
