"""Regular expressions, in Go's wording and with Go's results."""

import time

import pytest

from engine.lang.functions import patterns
from engine.lang.types import DYNAMIC, STRING, ListOf, ObjectOf, TupleOf
from engine.lang.values import ListValue, Null, Unknown, Value
from tests.engine.lang.describing import call, describe, failure, strings


@pytest.mark.parametrize(("name", "arguments", "expected"), [
    pytest.param("regex", ["(a)|(b)", "b"], (Null(STRING), "b"), id="a group that took no part is null"),
    pytest.param("regex", ["(?P<n>a)(?<m>b)", "ab"], {"n": "a", "m": "b"}, id="groups with names"),
    pytest.param("regex", ["(?P<n>a)(?P<n>b)(?P<m>c)", "abc"], {"n": "b", "m": "c"}, id="a name that comes twice"),
    pytest.param("regex", ["\\Q(?P<n>.\\E", "(?P<n>."], "(?P<n>.", id="what only looks like a group"),
    pytest.param("regexall", ["a*", "baac"], strings("", "aa", ""), id="an empty match after another does not count"),
    pytest.param("regexall", ["", "é日"], strings("", "", ""), id="empty matches stand between characters"),
    pytest.param("regexall", ["(x)?", "a"], ListValue(TupleOf((STRING,)), [(Null(STRING),)] * 2), id="all groups"),
    pytest.param("regex", ["(a)", Unknown(STRING)], Unknown(TupleOf((STRING,))), id="the pattern tells the type"),
    pytest.param("regexall", ["(?P<n>a)", Unknown(STRING)], Unknown(ListOf(ObjectOf({"n": STRING}))), id="also of a list"),
    pytest.param("regex", [Unknown(STRING), "a"], Unknown(DYNAMIC), id="an unknown pattern tells nothing"),
    pytest.param("replace", ["hello", "/(l)/", "$1x"], "heo", id="the longest name counts"),
    pytest.param("replace", ["hello", "/(l)/", "${1}x"], "helxlxo", id="braces end a name"),
    pytest.param("replace", ["a", "/(a)/", "$01 $9 $$ $- ${1"], "  $ $- ${1", id="what is no reference"),
    pytest.param("replace", ["b", "/(?P<n>a)?(?P<n>b)/", "[$n]"], "[b]", id="the group that took part"),
    pytest.param("replace", ["ab", "/a|/", "-"], "-b-", id="empty matches"),
    pytest.param("replace", ["a/b", "//", "-"], "-a-/-b-", id="two slashes are an empty pattern"),
    pytest.param("replace", ["a/b", "/", "-"], "a-b", id="one slash is a text"),
])  # fmt: skip
def test_a_pattern_matches_as_in_terraform(name: str, arguments: list[Value], expected: Value) -> None:
    assert describe(call(name, *arguments)) == describe(expected)


@pytest.mark.parametrize(("pattern", "problem"), [
    pytest.param("(?=a)", "invalid or unsupported Perl syntax in (?=", id="looking ahead"),
    pytest.param("(a)\\1", "invalid escape sequence in \\1", id="a back reference"),
    pytest.param("[a", "missing closing ] in [a", id="an open class"),
    pytest.param("a**", "invalid nested repetition operator in **", id="repeated repetition"),
    pytest.param("a{1001}", "invalid repeat count in {1001}", id="too many repetitions"),
    pytest.param("\\C", "invalid escape sequence in \\C", id="a byte"),
    pytest.param("(?P<é>a)", "invalid named capture in (?P<é>", id="a name that is not ASCII"),
    pytest.param("(a)(?P<n>b)", "cannot mix both named and unnamed capture groups", id="groups with and without names"),
    pytest.param("a" * 10_001, "the pattern has more than 10000 characters in ...", id="a long pattern"),
])  # fmt: skip
def test_a_pattern_that_cannot_be_read_tells_why(pattern: str, problem: str) -> None:
    assert failure("regex", pattern, "a") == (f"invalid regexp pattern: {problem}", 0)
    assert failure("regex", pattern, Unknown(STRING))[1] == 0


def test_a_replacement_says_what_is_wrong_with_its_pattern() -> None:
    assert failure("replace", "abc", "/(/", "x") == ("error parsing regexp: missing closing ): `(`", None)


def test_no_pattern_takes_long() -> None:
    before = time.process_time()
    assert failure("regex", "(a+)+$", "a" * 50_000 + "b")[0] == "pattern did not match any part of the given string"
    assert time.process_time() - before < 5


@pytest.mark.parametrize("part", ["a", "/a/", "", "//"])
def test_a_result_that_would_fill_the_memory_is_refused(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MAX_TEXT_LENGTH", 1000)
    assert failure("replace", "a" * 100, part, "b" * 100) == ("the result would be too long", None)
