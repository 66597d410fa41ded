"""Values as text of the language, and such text as values."""

import pytest

from engine.lang.sets import make_set
from engine.lang.types import STRING
from engine.lang.values import NULL, MapValue, Value
from tests.engine.lang.describing import call, describe, failure, number

PREFIX = "provider::terraform::"


@pytest.mark.parametrize(("value", "text"), [
    pytest.param((1, "a", NULL, True), '[1, "a", null, true]', id="a tuple"),
    pytest.param(make_set(STRING, ["b", "a"]), '["a", "b"]', id="a set"),
    pytest.param({"long": 1, "a b": {"c": ()}, "x": 2}, '{\n  "a b" = {\n    c = []\n  }\n  long = 1\n  x    = 2\n}', id="aligned"),
    pytest.param(({"a": 1}, {"b": "}"}), '[{\n  a = 1\n  }, {\n  b = "}"\n}]', id="objects in a tuple"),
    pytest.param('q"${x} %{y} $$ \n\t\\\u0001\U0001f600', '"q\\"$${x} %%{y} $$ \\n\\t\\\\\\u0001😀"', id="a text"),
    pytest.param(number("0.5"), "0.5", id="a fraction"),
    pytest.param({}, "{}", id="nothing"),
])  # fmt: skip
def test_a_value_is_written_as_an_expression(value: Value, text: str) -> None:
    assert call(f"{PREFIX}encode_expr", value) == text


@pytest.mark.parametrize("value", [
    pytest.param({"a": 1, "b": ("x", {"c d": NULL}), "é": "$${x}\n"}, id="nested"),
    pytest.param({}, id="nothing"),
])  # fmt: skip
def test_variables_go_there_and_back(value: Value) -> None:
    assert describe(call(f"{PREFIX}decode_tfvars", call(f"{PREFIX}encode_tfvars", value))) == describe(value)


@pytest.mark.parametrize(("name", "argument", "message"), [
    pytest.param("encode_tfvars", "x", "invalid value to encode: must be an object whose attribute names will become the encoded variable names", id="no object"),
    pytest.param("encode_tfvars", MapValue(STRING, {"1a": "x"}), 'invalid variable name "1a": must be a valid identifier, per Terraform\'s rules for input variable declarations', id="no name"),
    pytest.param("decode_tfvars", "block {}", 'invalid tfvars content: <decode_tfvars argument>:1,1-6: Unexpected "block" block; Blocks are not allowed here.', id="a block"),
    pytest.param("decode_tfvars", "a = b", 'invalid expression for variable "a": <decode_tfvars argument>:1,5-6: Variables not allowed; Variables may not be used here.', id="a reference"),
    pytest.param("decode_tfvars", 'a = [upper("x")]', 'invalid expression for variable "a": <decode_tfvars argument>:1,6-16: Function calls not allowed; Functions may not be called here.', id="a call"),
    pytest.param("decode_tfvars", "a = 1 + true", 'invalid expression for variable "a": <decode_tfvars argument>:1,9-13: Invalid operand; Unsuitable value for right operand: number required.', id="an operation"),
])  # fmt: skip
def test_what_is_no_variables_is_refused(name: str, argument: Value, message: str) -> None:
    assert failure(f"{PREFIX}{name}", argument) == (message, None)


def test_syntax_that_is_wrong_is_told_in_one_line() -> None:
    message, _ = failure(f"{PREFIX}decode_tfvars", "a = 1\na = 2")
    assert message.startswith("invalid tfvars syntax: <decode_tfvars argument>:2,1-2: Attribute redefined; ")


def test_a_value_too_deep_is_not_written() -> None:
    value: Value = "x"
    for _ in range(300):
        value = (value,)
    assert failure(f"{PREFIX}encode_expr", value) == ("the value is nested more than 200 levels deep", None)
