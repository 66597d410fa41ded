"""Text functions; the expected values are what Terraform prints."""

import pytest

from engine.lang.types import STRING, ListOf
from engine.lang.values import NULL, Unknown, Value
from tests.engine.lang.describing import call, describe, failure, number, secret, strings

FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize(("name", "arguments", "expected"), [
    pytest.param("chomp", ["hello\n\n"], "hello", id="chomp takes all line ends"),
    pytest.param("chomp", ["a\r\n\r"], "a", id="chomp takes carriage returns"),
    pytest.param("chomp", ["hello\n "], "hello\n ", id="chomp stops at a space"),
    pytest.param("lower", ["АЛЛО!"], "алло!", id="lower of Cyrillic"),
    pytest.param("lower", ["İ"], "i", id="lower of a dotted I is one letter"),
    pytest.param("lower", ["\u0391\u03a3"], "\u03b1\u03c3", id="lower knows no final sigma"),
    pytest.param("lower", [True], "true", id="lower converts its argument"),
    pytest.param("upper", ["ß"], "ß", id="upper keeps a sharp s"),
    pytest.param("upper", ["ﬁ"], "ﬁ", id="upper keeps a ligature"),
    pytest.param("upper", ["ǆ"], "Ǆ", id="upper of a digraph"),
    pytest.param("upper", ["ᾳ"], "ᾼ", id="upper of a letter with iota below"),
    pytest.param("upper", [number("1.5")], "1.5", id="upper of a number"),
    pytest.param("title", ["hello-world foo_bar a.b c'd"], "Hello-World Foo_bar A.B C'D", id="title"),
    pytest.param("title", ["ßa ǆx éa"], "ßa ǅx Éa", id="title uses title case"),
    pytest.param("title", ["HELLO wORLD"], "HELLO WORLD", id="title leaves other letters"),
    pytest.param("strrev", ["☃ snow"], "wons ☃", id="strrev"),
    pytest.param("strrev", [f"{FAMILY}x"], f"x{FAMILY}", id="strrev keeps characters whole"),
    pytest.param("strrev", ["🇩🇪🇫🇷"], "🇫🇷🇩🇪", id="strrev keeps flags whole"),
    pytest.param("trimspace", ["  hello\n\n\u00a0\u2003"], "hello", id="trimspace takes Unicode spaces"),
    pytest.param("trimspace", ["\u200bx\x1f"], "\u200bx\x1f", id="trimspace leaves what Go calls no space"),
    pytest.param("trim", ["?!hello?!", "!?"], "hello", id="trim"),
    pytest.param("trim", ["hello", ""], "hello", id="trim of nothing"),
    pytest.param("trim", ["  a ", ""], "  a ", id="trim of nothing leaves spaces"),
    pytest.param("trim", ["a-z", "a-z"], "", id="trim knows no ranges"),
    pytest.param("trimprefix", ["--help", "-"], "-help", id="trimprefix once"),
    pytest.param("trimsuffix", [123, 3], "12", id="trimsuffix converts"),
    pytest.param("indent", [2, "a\n\nb\n"], "a\n  \n  b\n  ", id="indent"),
    pytest.param("indent", [0, "a\nb"], "a\nb", id="indent by nothing"),
    pytest.param("join", [", ", strings("foo", "bar")], "foo, bar", id="join"),
    pytest.param("join", [",", ("a",), (1, number("2.5"), True)], "a,1,2.5,true", id="join of several lists"),
    pytest.param("join", [", ", ()], "", id="join of nothing"),
    pytest.param("join", ["", ("e", "\u0301")], "é", id="join gives NFC"),
    pytest.param("split", [",", "foo,bar"], strings("foo", "bar"), id="split"),
    pytest.param("split", ["ab", "ababab"], strings("", "", "", ""), id="split keeps empty parts"),
    pytest.param("split", ["", "日本"], strings("日", "本"), id="split into letters"),
    pytest.param("split", ["", ""], strings(), id="split of nothing"),
    pytest.param("substr", ["hello world", 1, 4], "ello", id="substr"),
    pytest.param("substr", ["hello world", -5, 2], "wo", id="substr from the end"),
    pytest.param("substr", ["hello", -10, 2], "he", id="substr from before the start"),
    pytest.param("substr", ["hello", -2, 0], "lo", id="substr of no length from the end takes the rest"),
    pytest.param("substr", ["hello", 2, 0], "", id="substr of no length"),
    pytest.param("substr", ["hello", 2, -2], "llo", id="substr of negative length takes the rest"),
    pytest.param("substr", ["hello", 10, 1], "", id="substr from behind the end"),
    pytest.param("substr", [f"{FAMILY}abc", 0, 2], f"{FAMILY}a", id="substr counts characters"),
    pytest.param("substr", ["a\r\nb", 1, 1], "\r\n", id="substr takes a line end as one"),
    pytest.param("startswith", ["é", "e"], False, id="startswith compares whole characters"),
    pytest.param("endswith", [123, 3], True, id="endswith of a number"),
    pytest.param("strcontains", ["日本語", "本"], True, id="strcontains"),
    pytest.param("replace", ["1 + 2 + 3", "+", "-"], "1 - 2 - 3", id="replace"),
    pytest.param("replace", ["日本", "", "-"], "-日-本-", id="replace of the empty text"),
    pytest.param("replace", ["/b/", "b/", "x"], "/x", id="replace of a text that only ends in a slash"),
    pytest.param("replace", ["a", "a", "$1"], "$1", id="replace takes dollars literally"),
])  # fmt: skip
def test_a_text_function_gives_what_terraform_gives(name: str, arguments: list[Value], expected: Value) -> None:
    assert describe(call(name, *arguments)) == describe(expected)


@pytest.mark.parametrize(("name", "arguments", "message", "argument"), [
    pytest.param("upper", [NULL], "argument must not be null", 0, id="null"),
    pytest.param("upper", [("a",)], "string required", 0, id="a tuple"),
    pytest.param("join", [","], "at least one list is required", None, id="join of no list"),
    pytest.param("join", [",", (NULL, "a")], "element 0 is null; cannot concatenate null values", 1, id="null element"),
    pytest.param("join", [",", ("a",), (NULL,)], "element 0 of list 2 is null; cannot concatenate null values", 2, id="null element of a second list"),
    pytest.param("join", [",", (("a",),)], "element 0: string required", 1, id="join of tuples"),
    pytest.param("join", [",", {"a": 1}], "list of string required", 1, id="join of an object"),
    pytest.param("indent", [-1, "a"], "must be between 0 and 10000", 0, id="negative indent"),
    pytest.param("indent", [10**9, "a"], "must be between 0 and 10000", 0, id="indent beyond bounds"),
    pytest.param("substr", ["a", number("0.5"), 1], "value must be a whole number, between -9223372036854775808 and 9223372036854775807", None, id="fractional offset"),
])  # fmt: skip
def test_a_text_function_says_what_it_cannot_take(
    name: str, arguments: list[Value], message: str, argument: int | None
) -> None:
    assert failure(name, *arguments) == (message, argument)


@pytest.mark.parametrize(("name", "arguments", "expected"), [
    pytest.param("upper", [Unknown(STRING)], Unknown(STRING), id="upper of an unknown text"),
    pytest.param("join", [",", strings("a", Unknown(STRING))], Unknown(STRING), id="join of an unknown element"),
    pytest.param("split", [",", Unknown(STRING)], Unknown(ListOf(STRING)), id="split of an unknown text"),
    pytest.param("join", [",", ("a", secret("b"))], secret("a,b"), id="join of a secret element"),
    pytest.param("split", [",", secret("a,b")], secret(strings("a", "b")), id="split of a secret"),
    pytest.param("upper", [secret(Unknown(STRING))], secret(Unknown(STRING)), id="upper of an unknown secret"),
])  # fmt: skip
def test_unknown_and_secret_texts_stay_so(name: str, arguments: list[Value], expected: Value) -> None:
    assert describe(call(name, *arguments)) == describe(expected)
