"""Functions to and from texts of a known format; the expected values are what Terraform prints."""

import pytest

from engine.lang import numbers
from engine.lang.types import DYNAMIC, NUMBER, STRING
from engine.lang.values import NULL, MapValue, SetValue, Unknown, Value
from tests.engine.lang.describing import call, describe, failure, number, secret

BIG = 123456789012345678901234567890


@pytest.mark.parametrize(("value", "expected"), [
    pytest.param({"b": (1, number("2.5"), "a", True, NULL), "a": 2}, '{"a":2,"b":[1,2.5,"a",true,null]}', id="keys in order"),
    pytest.param(((), {}, ""), '[[],{},""]', id="empty values"),
    pytest.param(NULL, "null", id="null"),
    pytest.param('<a href="x">&</a>', r'"\u003ca href=\"x\"\u003e\u0026\u003c/a\u003e"', id="HTML"),
    pytest.param("\u2028\u2029", r'"\u2028\u2029"', id="line separators"),
    pytest.param('tab\tnl\ncr\r\x07\\', r'"tab\tnl\ncr\r\u0007\\"', id="control characters"),
    pytest.param("é日😀\u00ad\ufeff\x7f", '"é日😀\u00ad\ufeff\x7f"', id="other characters as they are"),
    pytest.param(SetValue(STRING, ("a", "b")), '["a","b"]', id="a set"),
    pytest.param(MapValue(NUMBER, {"z": 1, "a": NULL}), '{"a":null,"z":1}', id="a map"),
    pytest.param(BIG, str(BIG), id="a big number"),
    pytest.param(number("1e-7"), "0.0000001", id="a small number"),
    pytest.param(number("1e100"), "1" + "0" * 100, id="no exponent"),
    pytest.param(numbers.divide(1, 3), "0." + "3" * 154 + "5", id="all digits"),
    pytest.param(numbers.add(number("0.1"), number("0.2")), "0.3", id="three tenths"),
])  # fmt: skip
def test_jsonencode_writes_as_terraform_does(value: Value, expected: str) -> None:
    assert call("jsonencode", value) == expected


@pytest.mark.parametrize(("text", "expected"), [
    pytest.param('{"a":{"b":[{"c":null}]}}', {"a": {"b": ({"c": NULL},)}}, id="nested"),
    pytest.param("null", NULL, id="null"),
    pytest.param(" \n[1, 2.5]\n ", (1, number("2.5")), id="white space around"),
    pytest.param(str(BIG), BIG, id="a big number"),
    pytest.param("9" * 5000, number("9" * 5000), id="more digits than Python's int takes"),
    pytest.param("1e5", 100000, id="an exponent"),
    pytest.param("0.1", number("0.1"), id="a fraction of 512 bits"),
    pytest.param(r'"\u00e9\n\ud83d\ude00"', "é\n😀", id="escapes"),
    pytest.param(r'"\ud83d"', "\ufffd", id="half a surrogate pair"),
    pytest.param(r'"e\u0301"', "é", id="NFC"),
    pytest.param('{"a":1,"a":"x"}', {"a": "x"}, id="the last of equal keys"),
])  # fmt: skip
def test_jsondecode_reads_exactly(text: str, expected: Value) -> None:
    assert describe(call("jsondecode", text)) == describe(expected)


@pytest.mark.parametrize(
    "text", ["", "{", '{"a":1,}', "{}{}", "nul", "01", "'a'", "// c\n1", "NaN", "Infinity", '"\n"', "1.", "[" * 5000]
)
def test_jsondecode_refuses_what_is_no_json(text: str) -> None:
    message, argument = failure("jsondecode", text)
    assert message.startswith("not valid JSON: ")
    assert argument is None


def test_jsondecode_refuses_values_deeper_than_the_bound() -> None:
    assert "nested more than" in failure("jsondecode", "[" * 120 + "]" * 120)[0]


def test_jsonencode_refuses_values_deeper_than_the_bound() -> None:
    value: Value = ()
    for _ in range(120):
        value = (value,)
    assert "nested more than" in failure("jsonencode", value)[0]


@pytest.mark.parametrize(("name", "text", "expected"), [
    pytest.param("base64encode", "日本語😀", "5pel5pys6Kqe8J+YgA==", id="base64encode"),
    pytest.param("base64encode", 123, "MTIz", id="base64encode of a number"),
    pytest.param("base64decode", "SGVs\r\nbG8=", "Hello", id="base64decode over lines"),
    pytest.param("base64decode", "", "", id="base64decode of nothing"),
    pytest.param("base64decode", "ZcyB", "é", id="base64decode gives NFC"),
    pytest.param("urlencode", "a/b?c=d e&é~*'()", "a%2Fb%3Fc%3Dd+e%26%C3%A9~%2A%27%28%29", id="urlencode"),
    pytest.param("sha256", "hello world", "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9", id="sha256"),
    pytest.param("sha256", secret(1), secret("6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"), id="sha256 of a secret"),
])  # fmt: skip
def test_a_text_is_encoded_as_terraform_does(name: str, text: Value, expected: Value) -> None:
    assert describe(call(name, text)) == describe(expected)


@pytest.mark.parametrize(("text", "message"), [
    pytest.param("SGVsbG8", 'failed to decode base64 data "SGVsbG8"', id="no padding"),
    pytest.param(" YQ==", 'failed to decode base64 data " YQ=="', id="a space"),
    pytest.param("é", 'failed to decode base64 data "é"', id="no Base64"),
    pytest.param(secret("a"), "failed to decode base64 data (sensitive value)", id="a secret"),
    pytest.param("/////w==", "the result of decoding the provided string is not valid UTF-8", id="no text"),
])  # fmt: skip
def test_base64decode_says_what_is_wrong(text: Value, message: str) -> None:
    assert failure("base64decode", text) == (message, None)


def test_jsonencode_refuses_infinity() -> None:
    assert failure("jsonencode", numbers.divide(1, 0))[0] == "an infinite number has no form in JSON"


@pytest.mark.parametrize(("value", "expected"), [
    pytest.param({"a": secret(1)}, secret('{"a":1}'), id="secret inside"),
    pytest.param({"a": Unknown(DYNAMIC)}, Unknown(STRING), id="unknown inside"),
])  # fmt: skip
def test_jsonencode_knows_what_is_inside(value: Value, expected: Value) -> None:
    assert describe(call("jsonencode", value)) == describe(expected)
