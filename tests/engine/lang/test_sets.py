"""Sets: what is the same, and in which order it stands."""

from itertools import permutations

import pytest

from engine.lang.sets import make_set
from engine.lang.types import BOOL, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf, TupleOf, Type
from engine.lang.values import NULL, ListValue, MapValue, Null, SetValue, Unknown, Value
from tests.engine.lang.describing import describe, number, numerals, secret

LETTERS = SetValue(STRING, ("a", "b"))


@pytest.mark.parametrize(("element", "ordered"), [
    pytest.param(NUMBER, [-1, number("1.25"), number("1.5"), 3, 10], id="numbers by value"),
    pytest.param(STRING, ["", "B", "C", "a", "é", "日"], id="strings by their bytes"),
    pytest.param(STRING, ["10", "2", "3", Null(STRING)], id="null last"),
    pytest.param(BOOL, [False, True], id="false before true"),
    pytest.param(TupleOf((NUMBER,)), [(1,), (2,)], id="tuples"),
    pytest.param(ListOf(NUMBER), [numerals("1", "2"), numerals("1")], id="lists"),
    pytest.param(ObjectOf({"a": NUMBER}), [{"a": 1}, {"a": Null(NUMBER)}], id="objects"),
    pytest.param(MapOf(NUMBER), [MapValue(NUMBER, {"a": 2}), MapValue(NUMBER, {"b": 1})], id="maps"),
    pytest.param(TupleOf((BOOL, NUMBER)), [(False, 3), (True, 2)], id="bools inside"),
    pytest.param(SetOf(STRING), [LETTERS], id="sets"),
    pytest.param(NUMBER, [number("123456789012345678901"), number("123456789012345678902")], id="numbers that begin alike"),
    pytest.param(TupleOf((NUMBER,)), [(number("123456789012345678901"),)], id="a long number inside"),
])  # fmt: skip
def test_a_set_has_one_order_and_each_member_once(element: Type, ordered: list[Value]) -> None:
    expected = describe(SetValue(element, ordered))
    for members in permutations(ordered):
        assert describe(make_set(element, [*members, *members])) == expected


def test_members_that_only_begin_alike_are_not_the_same() -> None:
    members = [(number("123456789012345678901"),), (number("123456789012345678902"),)]
    assert len(make_set(TupleOf((NUMBER,)), members).items) == 2


def test_marks_of_members_move_to_the_set() -> None:
    assert describe(make_set(STRING, [secret("a"), "a", "b"])) == describe(secret(LETTERS))


def test_unknown_members_stand_by_themselves_after_those_that_are_known() -> None:
    unknown = Unknown(STRING)
    made = make_set(STRING, [unknown, NULL, "b", unknown, "a", "a"])
    assert describe(made) == describe(SetValue(STRING, ["a", "b", unknown, unknown, NULL]))
    lists = [ListValue(STRING, [item]) for item in (unknown, "a", unknown)]
    assert describe(make_set(ListOf(STRING), lists)) == describe(
        SetValue(ListOf(STRING), [ListValue(STRING, [item]) for item in ("a", unknown, unknown)])
    )
