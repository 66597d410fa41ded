"""`format` and `formatlist`; the expected texts are what Terraform prints."""

import pytest

from engine.lang import numbers
from engine.lang.types import DYNAMIC, NUMBER, STRING, ListOf
from engine.lang.values import NULL, MapValue, Unknown, Value
from tests.engine.lang.describing import call, describe, failure, number, secret, strings

THIRD = numbers.divide(1, 3)
BIG = 123456789012345678901234567890


@pytest.mark.parametrize(("template", "arguments", "expected"), [
    pytest.param("100%%", [], "100%", id="percent"),
    pytest.param("unicode ☃ %s", ["é"], "unicode ☃ é", id="text around"),
    pytest.param("%s", [THIRD], "0." + "3" * 154 + "5", id="all digits of a third"),
    pytest.param("%10s|", ["日本語"], "       日本語|", id="width counts characters"),
    pytest.param("%-10s|", ["abc"], "abc       |", id="left"),
    pytest.param("%010s|", ["abc"], "0000000abc|", id="zeros before a text"),
    pytest.param("%-05s|", ["abc"], "abc00|", id="zeros after a text"),
    pytest.param("%.1s|", ["👨‍👩‍👧x"], "👨‍👩‍👧|", id="precision counts characters"),
    pytest.param("%.0s|", ["abc"], "abc|", id="precision zero does not cut"),
    pytest.param("%q", ["tab\tnl\n\x07<"], r'"tab\tnl\n\u0007\u003c"', id="quoted"),
    pytest.param("%7.2q|", ["abcdef"], '   "ab"|', id="quoted and cut"),
    pytest.param("%q", [number("3.75")], '"3.75"', id="quoted number"),
    pytest.param("%v", [12345678], "1.2345678e+07", id="a long number as it is"),
    pytest.param("%v", [BIG], "1.2345678901234567890123456789e+29", id="a big number as it is"),
    pytest.param("%v", [number("1.25")], "1.25", id="a fraction as it is"),
    pytest.param("%v", [("y", 1)], '["y",1]', id="a tuple as it is"),
    pytest.param("%#v", ["str"], '"str"', id="JSON"),
    pytest.param("%5v", [(1,)], "  [1]", id="JSON with width"),
    pytest.param("%-10v|", [True], "true      |", id="a bool as it is"),
    pytest.param("%v", [NULL], "null", id="null as it is"),
    pytest.param("%t", ["true"], "true", id="bool"),
    pytest.param("%5t|", [True], "true|", id="bool takes no width"),
    pytest.param("%+d % d %d", [5, 5, -5], "+5  5 -5", id="signs"),
    pytest.param("%05d|%-05d|%5d", [-42, 42, 42], "-0042|42   |   42", id="widths"),
    pytest.param("%8.5d|%.0d|%5.0d|", [5, 0, 0], "   00005|||", id="digits"),
    pytest.param("%#x %#X %#o %#b %x", [255, 255, 8, 5, -255], "0xff 0XFF 010 0b101 -ff", id="bases"),
    pytest.param("%d", ["1e3"], "1000", id="a text that is a number"),
    pytest.param("%d", [number("1e200")], "1" + "0" * 200, id="a whole number beyond 512 bits"),
    pytest.param("%.2f|%-8.3f|%08.3f|%+.2f", [number("3.14159")] * 4, "3.14|3.142   |0003.142|+3.14", id="fixed"),
    pytest.param("%.0f %.0f %.0f %.0f", [number("0.5"), number("1.5"), number("2.5"), 7], "0 2 2 7", id="half to even"),
    pytest.param("%f %.20f", [number("1e10"), THIRD], "10000000000.000000 0.33333333333333333333", id="long fixed"),
    pytest.param("%010.2f", [number("-3.5")], "-000003.50", id="zeros after the sign"),
    pytest.param("%e %E %e", [number("12345.678"), number("12345.678"), 0], "1.234568e+04 1.234568E+04 0.000000e+00", id="exponents"),
    pytest.param("%e", [-7], "-7.000000e+00", id="exponent of a whole number"),
    pytest.param("%g %g %g %G", [number("12345.678"), 1000000, number("0.00001"), number("1e-10")], "12345.678 1e+06 1e-05 1E-10", id="general"),
    pytest.param("%.3g %.3g %.3g", [number("1234.5678"), 100, number("0.5")], "1.23e+03 100 0.5", id="general with precision"),
    pytest.param("%6.2f%%", [number("12.345")], " 12.34%", id="a binary fraction below the half"),
    pytest.param("%f|%s|%08f|% f", [numbers.divide(1, 0)] * 4, "+Inf|+Inf|    +Inf| Inf", id="infinity"),
    pytest.param("%f", [numbers.divide(-1, 0)], "-Inf", id="minus infinity"),
    pytest.param("%[2]s %[1]s", ["a", "b"], "b a", id="argument numbers"),
    pytest.param("%[1]d %d", [1, 2], "1 2", id="the next argument"),
    pytest.param("%5[1]d|", [42], "   42|", id="width before the argument number"),
])  # fmt: skip
def test_format_writes_as_terraform_does(template: str, arguments: list[Value], expected: str) -> None:
    assert call("format", template, *arguments) == expected


@pytest.mark.parametrize(("template", "arguments", "message", "argument"), [
    pytest.param("%", [], "invalid format string starting at offset 1", None, id="nothing after the percent"),
    pytest.param("%5", [1], "invalid format string starting at offset 2", None, id="only a width"),
    pytest.param("%[2", [1], "invalid format string starting at offset 3", None, id="half an argument number"),
    pytest.param("%[x]s", [1], "unrecognized format character 'x' at offset 2", None, id="no argument number"),
    pytest.param("%[0]s", [1], "unrecognized format character '0' at offset 2", None, id="argument number zero"),
    pytest.param("%[1]5d", [1], "unrecognized format character '5' at offset 4", None, id="width after the argument number"),
    pytest.param("%*d", [5, 42], "unrecognized format character '*' at offset 1", None, id="width as an argument"),
    pytest.param("☃%é", [1], "unrecognized format character 'é' at offset 4", None, id="offsets are in bytes"),
    pytest.param("%z", [1], "unsupported format verb 'z' in \"%z\" at offset 0", None, id="unknown verb"),
    pytest.param("%s %s", ["a"], 'not enough arguments for "%s" at 3: need index 2 but have 1 total', None, id="too few"),
    pytest.param("%s", ["a", "b"], "too many arguments; only 1 used by format string", 2, id="too many"),
    pytest.param("plain", ["a"], "too many arguments; no verbs in format string", 1, id="no verbs"),
    pytest.param("%d", ["abc"], 'unsupported value for "%d" at 0: a number is required', None, id="text for a number"),
    pytest.param("%d", [(1,)], 'unsupported value for "%d" at 0: number required', None, id="tuple for a number"),
    pytest.param("%x", [number("3.75")], 'unsupported value for "%x" at 0: an integer is required', None, id="fraction"),
    pytest.param("%d", [numbers.divide(1, 0)], 'unsupported value for "%d" at 0: an integer is required', None, id="infinity"),
    pytest.param("%t", [1], 'unsupported value for "%t" at 0: bool required', None, id="number for a bool"),
    pytest.param("%s", [NULL], 'unsupported value for "%s" at 0: null value cannot be formatted', None, id="null"),
    pytest.param("%9999999999s", ["a"], 'a width or precision in "%9999999999s" is greater than 1000000', None, id="width beyond bounds"),
])  # fmt: skip
def test_format_says_what_is_wrong(template: str, arguments: list[Value], message: str, argument: int | None) -> None:
    assert failure("format", template, *arguments) == (message, argument)


@pytest.mark.parametrize(("arguments", "expected"), [
    pytest.param(["%s-%s", ("a", "b"), ("c", "d")], strings("a-c", "b-d"), id="two tuples"),
    pytest.param(["%[2]s:%[1]s", ("a", "b"), 5], strings("5:a", "5:b"), id="a tuple and a number"),
    pytest.param(["hello"], strings("hello"), id="no arguments"),
    pytest.param(["%s", "x"], strings("x"), id="a single value"),
    pytest.param(["%s", ()], strings(), id="an empty tuple"),
    pytest.param(["%v", MapValue(STRING, {"a": "x"})], strings('{"a":"x"}'), id="a map is a single value"),
    pytest.param(["%s", ("a", Unknown(STRING))], strings("a", Unknown(STRING)), id="an unknown element"),
    pytest.param(["%s", Unknown(ListOf(STRING))], Unknown(ListOf(STRING)), id="an unknown list"),
    pytest.param(["%s", Unknown(DYNAMIC)], Unknown(ListOf(STRING)), id="an unknown value"),
    pytest.param(["%s%s", ("a",), Unknown(NUMBER)], strings(Unknown(STRING)), id="an unknown number"),
    pytest.param(["%s", ("a", secret("b"))], secret(strings("a", "b")), id="a secret element"),
])  # fmt: skip
def test_formatlist_goes_through_its_sequences(arguments: list[Value], expected: Value) -> None:
    assert describe(call("formatlist", *arguments)) == describe(expected)


@pytest.mark.parametrize(("arguments", "message", "argument"), [
    pytest.param(["%s-%s", ("a", "b"), ("c",)], "argument 2 has length 1, which is inconsistent with argument 1 of length 2", 2, id="other lengths"),
    pytest.param(["%d", ("1", "x")], 'error on format iteration 1: unsupported value for "%d" at 0: a number is required', None, id="an element"),
    pytest.param(["%s", ("a",), ("b",)], "error on format iteration 0: too many arguments; only 1 used by format string", None, id="too many"),
])  # fmt: skip
def test_formatlist_says_what_is_wrong(arguments: list[Value], message: str, argument: int | None) -> None:
    assert failure("formatlist", *arguments) == (message, argument)


def test_format_of_anything_unknown_inside_is_unknown() -> None:
    assert describe(call("format", "%v", {"a": Unknown(STRING)})) == describe(Unknown(STRING))


def test_format_of_a_secret_is_secret() -> None:
    assert describe(call("format", "%s", secret("x"))) == describe(secret("x"))
