"""Functions that change a type or a mark; the expected values are what Terraform gives."""

import pytest

from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, ObjectOf, TupleOf
from engine.lang.values import NULL, ListValue, MapValue, Null, SetValue, Unknown, Value, mark
from tests.engine.lang.describing import call, describe, failure, number, numerals, secret, strings


@pytest.mark.parametrize(("name", "value", "expected"), [
    pytest.param("tostring", number("1.10"), "1.1", id="tostring of a number"),
    pytest.param("tostring", NULL, Null(STRING), id="tostring of null"),
    pytest.param("tonumber", "1.50", number("1.5"), id="tonumber of a text"),
    pytest.param("tonumber", "010", 10, id="tonumber of leading zeros"),
    pytest.param("tonumber", Unknown(STRING), Unknown(NUMBER), id="tonumber of an unknown text"),
    pytest.param("tobool", "1", True, id="tobool of one"),
    pytest.param("tobool", secret("false"), secret(False), id="tobool of a secret"),
    pytest.param("tolist", ("a", 1), strings("a", "1"), id="tolist converts"),
    pytest.param("tolist", (), ListValue(DYNAMIC), id="tolist of nothing"),
    pytest.param("tolist", (1, NULL), ListValue(NUMBER, [1, Null(NUMBER)]), id="tolist with null"),
    pytest.param("tolist", NULL, Null(ListOf(DYNAMIC)), id="tolist of null"),
    pytest.param("tolist", (secret("a"), "b"), strings(secret("a"), "b"), id="tolist keeps marks inside"),
    pytest.param("tolist", strings(), strings(), id="tolist of an empty list keeps its type"),
    pytest.param("tolist", ((NULL,), (1,)), ListValue(TupleOf((NUMBER,)), [(Null(NUMBER),), (1,)]), id="tolist with null inside"),
    pytest.param("tolist", ({"a": 1}, {"a": 1, "b": 2}), ListValue(MapOf(NUMBER), [MapValue(NUMBER, {"a": 1}), MapValue(NUMBER, {"a": 1, "b": 2})]), id="tolist of unlike objects"),
    pytest.param("tolist", ((), (1,)), ListValue(ListOf(NUMBER), [numerals(), numerals("1")]), id="tolist of unlike tuples"),
    pytest.param("tolist", Unknown(TupleOf((STRING, NUMBER))), Unknown(ListOf(STRING)), id="tolist of an unknown tuple"),
    pytest.param("tolist", ({"a": 1}, Unknown()), Unknown(ListOf(DYNAMIC)), id="tolist of an object and something unknown"),
    pytest.param("toset", (3, 10, 2, 3), SetValue(NUMBER, (2, 3, 10)), id="toset of numbers"),
    pytest.param("toset", ("B", "a", "C"), SetValue(STRING, ("B", "C", "a")), id="toset of texts"),
    pytest.param("toset", ("a", NULL, "a"), SetValue(STRING, ("a", Null(STRING))), id="toset with null"),
    pytest.param("toset", (secret("a"),), secret(SetValue(STRING, ("a",))), id="toset of a secret"),
    pytest.param("toset", (Unknown(STRING), "a"), SetValue(STRING, ["a", Unknown(STRING)]), id="toset of something unknown"),
    pytest.param("tomap", {"a": 1, "b": "x"}, MapValue(STRING, {"a": "1", "b": "x"}), id="tomap converts"),
    pytest.param("tomap", {}, MapValue(DYNAMIC), id="tomap of nothing"),
    pytest.param("tomap", Unknown(ObjectOf({"a": NUMBER})), Unknown(MapOf(NUMBER)), id="tomap of an unknown object"),
])  # fmt: skip
def test_a_value_is_converted_as_terraform_does(name: str, value: Value, expected: Value) -> None:
    assert describe(call(name, value)) == describe(expected)


ONLY_BOOLS = 'only the strings "true" or "false" are allowed'


@pytest.mark.parametrize(("name", "value", "message"), [
    pytest.param("tobool", "yes", f'cannot convert "yes" to bool; {ONLY_BOOLS}', id="another text to bool"),
    pytest.param("tobool", 1, "cannot convert number to bool", id="a number to bool"),
    pytest.param("tobool", secret("yes"), "cannot convert this sensitive string to bool", id="a secret to bool"),
    pytest.param("tonumber", " 1", 'cannot convert " 1" to number; given string must be a decimal representation of a number', id="another text to number"),
    pytest.param("tonumber", "\u0661", 'cannot convert "\u0661" to number; given string must be a decimal representation of a number', id="other digits to number"),
    pytest.param("tostring", ("a",), "cannot convert tuple to string", id="a tuple to string"),
    pytest.param("tolist", (1, True), "cannot convert tuple to list of any single type", id="unlike elements to list"),
    pytest.param("tolist", ({"a": 1}, NULL), "cannot convert tuple to list of any single type", id="an object and null to list"),
    pytest.param("toset", "a", "cannot convert string to set of any single type", id="a text to set"),
    pytest.param("tomap", {"a": (), "b": {}}, "cannot convert object to map of any single type", id="unlike elements to map"),
    pytest.param("tolist", Unknown(BOOL), "cannot convert bool to list of any single type", id="an unknown bool to list"),
])  # fmt: skip
def test_a_conversion_that_cannot_be_says_so(name: str, value: Value, message: str) -> None:
    assert failure(name, value) == (message, 0)


@pytest.mark.parametrize(("name", "value", "expected"), [
    pytest.param("sensitive", NULL, secret(NULL), id="null becomes secret"),
    pytest.param("sensitive", secret("a"), secret("a"), id="a secret stays so"),
    pytest.param("sensitive", Unknown(STRING), secret(Unknown(STRING)), id="something unknown becomes secret"),
    pytest.param("nonsensitive", secret("a"), "a", id="a secret is told"),
    pytest.param("nonsensitive", (secret(1),), (secret(1),), id="a secret inside stays so"),
    pytest.param("nonsensitive", mark(secret("a"), frozenset({"ephemeral"})), mark("a", frozenset({"ephemeral"})), id="other marks stay"),
    pytest.param("issensitive", secret(NULL), True, id="a secret is"),
    pytest.param("issensitive", (secret(1),), False, id="what holds a secret is not"),
    pytest.param("issensitive", secret(Unknown()), True, id="an unknown secret is"),
    pytest.param("issensitive", Unknown(), Unknown(BOOL), id="something unknown may be"),
])  # fmt: skip
def test_sensitivity_belongs_to_the_value_itself(name: str, value: Value, expected: Value) -> None:
    assert describe(call(name, value)) == describe(expected)
