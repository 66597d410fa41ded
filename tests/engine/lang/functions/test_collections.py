"""Functions over maps, objects and any values; the expected values are what Terraform gives."""

import pytest

from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, ObjectOf, TupleOf
from engine.lang.values import NULL, ListValue, MapValue, Null, SetValue, Unknown, Value
from tests.engine.lang.describing import call, describe, failure, numerals, secret, strings

MIXED = {"pub": 1, "sec": secret("x")}
UNKNOWN_MAP = Unknown(MapOf(STRING))
UNKNOWN_OBJECT = Unknown(ObjectOf({"b": NUMBER, "a": STRING}))


@pytest.mark.parametrize(("name", "arguments", "expected"), [
    pytest.param("length", ["🇩🇪🇫🇷"], 2, id="length of flags"),
    pytest.param("length", ["\r\n\r\n"], 2, id="length of line ends"),
    pytest.param("length", ["क्षि"], 2, id="length of conjuncts"),
    pytest.param("length", [(NULL, NULL)], 2, id="length of a tuple"),
    pytest.param("length", [SetValue(STRING, ("a", "b"))], 2, id="length of a set"),
    pytest.param("length", [{"a": 1}], 1, id="length of an object"),
    pytest.param("length", [(secret("a"), Unknown())], 2, id="length is not secret for what is inside"),
    pytest.param("length", [secret((1,))], secret(1), id="length of a secret"),
    pytest.param("length", [Unknown(TupleOf((STRING, STRING)))], 2, id="length of an unknown tuple"),
    pytest.param("length", [UNKNOWN_OBJECT], 2, id="length of an unknown object"),
    pytest.param("length", [Unknown(ListOf(STRING))], Unknown(NUMBER), id="length of an unknown list"),
    pytest.param("length", [Unknown()], Unknown(NUMBER), id="length of something unknown"),
    pytest.param("keys", [{"b": 1, "a": 2, "B": 3}], ("B", "a", "b"), id="keys of an object"),
    pytest.param("keys", [MapValue(NUMBER, {"z": 1, "a": 2})], strings("a", "z"), id="keys of a map"),
    pytest.param("keys", [UNKNOWN_OBJECT], ("a", "b"), id="keys of an unknown object"),
    pytest.param("keys", [UNKNOWN_MAP], Unknown(ListOf(STRING)), id="keys of an unknown map"),
    pytest.param("keys", [Unknown()], Unknown(), id="keys of something unknown"),
    pytest.param("keys", [MIXED], ("pub", "sec"), id="keys are not secret for what is inside"),
    pytest.param("keys", [secret({"a": 1})], secret(("a",)), id="keys of a secret"),
    pytest.param("values", [{"b": (1,), "a": {"c": 2}}], ({"c": 2}, (1,)), id="values of an object"),
    pytest.param("values", [MapValue(NUMBER, {"z": 1, "a": 2})], numerals("2", "1"), id="values of a map"),
    pytest.param("values", [MapValue(DYNAMIC)], ListValue(DYNAMIC), id="values of an empty map"),
    pytest.param("values", [MIXED], (1, secret("x")), id="values keep their marks"),
    pytest.param("values", [UNKNOWN_MAP], Unknown(ListOf(STRING)), id="values of an unknown map"),
    pytest.param("values", [UNKNOWN_OBJECT], Unknown(TupleOf((STRING, NUMBER))), id="values of an unknown object"),
    pytest.param("merge", [], {}, id="merge of nothing"),
    pytest.param("merge", [NULL, {"a": 1}, NULL], {"a": 1}, id="merge passes over nulls"),
    pytest.param("merge", [{"a": {"x": 1}}, {"a": {"y": 2}}], {"a": {"y": 2}}, id="merge is not deep"),
    pytest.param("merge", [{"a": 1}, {"a": NULL}], {"a": NULL}, id="merge takes a null element"),
    pytest.param("merge", [MapValue(STRING, {"a": "x"}), MapValue(STRING, {"b": "y"})], MapValue(STRING, {"a": "x", "b": "y"}), id="merge of maps of one type"),
    pytest.param("merge", [MapValue(NUMBER, {"a": 1}), MapValue(STRING, {"b": "y"})], {"a": 1, "b": "y"}, id="merge of maps of other types"),
    pytest.param("merge", [MapValue(NUMBER, {"a": 1}), {}], {"a": 1}, id="merge of a map and an object"),
    pytest.param("merge", [Null(MapOf(NUMBER)), {"a": 1}], {"a": 1}, id="merge of a null map"),
    pytest.param("merge", [MIXED, {"a": Unknown()}], {**MIXED, "a": Unknown()}, id="merge keeps what is inside"),
    pytest.param("merge", [secret({"a": 1}), {"b": 2}], secret({"a": 1, "b": 2}), id="merge with a secret"),
    pytest.param("merge", [UNKNOWN_MAP, UNKNOWN_MAP], UNKNOWN_MAP, id="merge of unknown maps"),
    pytest.param("merge", [UNKNOWN_OBJECT, {"c": True}], Unknown(ObjectOf({"a": STRING, "b": NUMBER, "c": BOOL})), id="merge of an unknown object"),
    pytest.param("merge", [UNKNOWN_MAP, {"c": True}], Unknown(), id="merge of an unknown map and an object"),
    pytest.param("lookup", [{"a": "ay"}, "a", "what?"], "ay", id="lookup finds"),
    pytest.param("lookup", [{"a": "ay"}, "c", "what?"], "what?", id="lookup defaults"),
    pytest.param("lookup", [{"a": NULL}, "a", "d"], NULL, id="lookup finds null"),
    pytest.param("lookup", [{"1": "x"}, 1, "d"], "x", id="lookup converts the key"),
    pytest.param("lookup", [MapValue(NUMBER, {"a": 1}), "b", "5"], 5, id="lookup converts the default of a map"),
    pytest.param("lookup", [{"a": 1}, "b", "5"], "5", id="lookup leaves the default of an object"),
    pytest.param("lookup", [{"a": 1}, "b", NULL], NULL, id="lookup defaults to null"),
    pytest.param("lookup", [{"a": secret(1), "b": 2}, "b"], 2, id="lookup beside a secret"),
    pytest.param("lookup", [{"a": 1}, "b", secret("d")], secret("d"), id="lookup defaults to a secret"),
    pytest.param("lookup", [{"a": 1}, secret("a")], secret(1), id="lookup of a secret key"),
    pytest.param("lookup", [UNKNOWN_MAP, "a"], Unknown(STRING), id="lookup in an unknown map"),
    pytest.param("lookup", [UNKNOWN_OBJECT, "b"], Unknown(NUMBER), id="lookup in an unknown object"),
    pytest.param("lookup", [{"a": 1}, Unknown(STRING)], Unknown(), id="lookup of an unknown key"),
    pytest.param("zipmap", [("b", "a"), ((1,), {"c": 2})], {"b": (1,), "a": {"c": 2}}, id="zipmap of tuples"),
    pytest.param("zipmap", [("a", "a"), (1, 2)], {"a": 2}, id="zipmap takes the last"),
    pytest.param("zipmap", [("a",), numerals("1")], MapValue(NUMBER, {"a": 1}), id="zipmap of a list"),
    pytest.param("zipmap", [SetValue(STRING, ("a", "b")), (1, 2)], {"a": 1, "b": 2}, id="zipmap of a set"),
    pytest.param("zipmap", [("a",), (Unknown(),)], {"a": Unknown()}, id="zipmap of an unknown element"),
    pytest.param("zipmap", [(secret("a"),), (1,)], secret({"a": 1}), id="zipmap of a secret key"),
    pytest.param("zipmap", [(Unknown(STRING),), numerals("1")], Unknown(MapOf(NUMBER)), id="zipmap of an unknown key"),
    pytest.param("coalesce", [NULL, "", "c"], "c", id="coalesce passes over empty text"),
    pytest.param("coalesce", [NULL, 1, "a"], "1", id="coalesce converts"),
    pytest.param("coalesce", [0, 1], 0, id="coalesce takes zero"),
    pytest.param("coalesce", [NULL, 1, True], 1, id="coalesce of types that a null keeps apart"),
    pytest.param("coalesce", [NULL, {"a": 1}], {"a": 1}, id="coalesce of an object"),
    pytest.param("coalesce", [(), ("a",)], strings(), id="coalesce takes an empty list"),
    pytest.param("coalesce", ["a", Unknown(STRING)], "a", id="coalesce before something unknown"),
    pytest.param("coalesce", ["", Unknown(STRING), "b"], Unknown(STRING), id="coalesce of something unknown"),
    pytest.param("coalesce", ["a", secret("b")], "a", id="coalesce before a secret"),
    pytest.param("coalesce", [NULL, secret("b")], secret("b"), id="coalesce of a secret"),
])  # fmt: skip
def test_a_collection_function_gives_what_terraform_gives(name: str, arguments: list[Value], expected: Value) -> None:
    assert describe(call(name, *arguments)) == describe(expected)


@pytest.mark.parametrize(("name", "arguments", "message", "argument"), [
    pytest.param("length", [True], "argument must be a string, a collection type, or a structural type", None, id="length of a bool"),
    pytest.param("length", [NULL], "argument must not be null", 0, id="length of null"),
    pytest.param("keys", [("a",)], "must have map or object type", 0, id="keys of a tuple"),
    pytest.param("keys", [Unknown(STRING)], "must have map or object type", 0, id="keys of an unknown text"),
    pytest.param("values", ["x"], "values() requires a map as the first argument", None, id="values of a text"),
    pytest.param("merge", ["a", {}], 'arguments must be maps or objects, got "string"', None, id="merge of a text"),
    pytest.param("lookup", [{"a": "ay"}, "c"], 'the given object has no attribute "c"', 0, id="lookup finds no attribute"),
    pytest.param("lookup", [MapValue(STRING), "c"], 'lookup failed to find key "c"', None, id="lookup finds no element"),
    pytest.param("lookup", [MapValue(STRING), secret("c")], "lookup failed to find key (sensitive value)", None, id="lookup hides a secret key"),
    pytest.param("lookup", [MapValue(NUMBER, {"a": 1}), "b", "x"], "the default value must have the same type as the map elements", 2, id="lookup with another default"),
    pytest.param("lookup", ["a", "b", "c"], "lookup() requires a map as the first argument", 0, id="lookup in a text"),
    pytest.param("lookup", [{}, "a", 1, 2], "lookup() takes two or three arguments, got 4", None, id="lookup with too much"),
    pytest.param("lookup", [{}, NULL, 1], "argument must not be null", 1, id="lookup of null"),
    pytest.param("zipmap", [("a",), (1, 2)], "number of keys (1) does not match number of values (2)", None, id="zipmap of other lengths"),
    pytest.param("zipmap", [(NULL,), (1,)], "keys list has null value at index 0", None, id="zipmap of a null key"),
    pytest.param("zipmap", [("a",), SetValue(NUMBER, (1,))], "values argument must be a list or tuple value", None, id="zipmap to a set"),
    pytest.param("coalesce", ["", ""], "no non-null, non-empty-string arguments", None, id="coalesce of nothing"),
    pytest.param("coalesce", [], "all arguments must have the same type", None, id="coalesce without arguments"),
    pytest.param("coalesce", [1, True], "all arguments must have the same type", None, id="coalesce of a number and a bool"),
    pytest.param("coalesce", ["a", ()], "all arguments must have the same type", None, id="coalesce of a text and a tuple"),
])  # fmt: skip
def test_a_collection_function_says_what_it_cannot_take(
    name: str, arguments: list[Value], message: str, argument: int | None
) -> None:
    assert failure(name, *arguments) == (message, argument)
