from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.jsontext import Json, identical, parse, render, render_compact

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: number.as_tuple().exponent != 0),
    st.text(),
)
trees: st.SearchStrategy[Json] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=20
)


def same_value(one: Json, other: Json) -> bool:
    """Compare as numbers: the text of a Decimal may come back as an int of the same value."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same_value(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_value, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and one == other


@given(trees)
@settings(max_examples=150, deadline=None)
def test_what_is_written_reads_back_as_the_same_values(tree: Json) -> None:
    assert same_value(parse(render(tree)), tree)
    assert same_value(parse(render_compact(tree)), tree)
    assert render_compact(tree).isascii()
    assert b"\n" not in render_compact(tree)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param(b"0.10000000000000000000000000000001", None, id="more digits than a float holds"),
        pytest.param(b"1.50", None, id="trailing zero"),
        pytest.param(b"0.0000000001", None, id="small"),
        pytest.param(b"1e30", b"1" + b"0" * 30, id="exponent is written out, as Terraform does"),
        pytest.param(b"1e-3", b"0.001", id="negative exponent is written out"),
        pytest.param(b"1e99999999", b"1E+99999999", id="huge exponent stays one"),
        pytest.param(b"9" * 5000, None, id="more digits than int() takes"),
        pytest.param(b"-0.0", None, id="negative zero"),
        pytest.param(b'"\\ud800"', None, id="lone surrogate"),
        pytest.param(b'"\\ud83d\\ude00"', '"\U0001f600"'.encode(), id="surrogate pair"),
        pytest.param(b'"<>&"', b'"\\u003c\\u003e\\u0026"', id="html"),
        pytest.param('"\u2028\u2029"'.encode(), b'"\\u2028\\u2029"', id="line separators"),
        pytest.param(b'"\\u007f\\b\\f\\u000b"', b'"\x7f\\b\\f\\u000b"', id="controls"),
    ],
)
def test_scalars_are_written_as_go_writes_them(text: bytes, written: bytes | None) -> None:
    assert render(parse(text)) == (written or text)


def test_an_int_of_thousands_of_digits_is_written_in_full() -> None:
    expected = b"1" + b"0" * 6000
    assert render(10**6000) == expected
    assert render_compact([10**6000]) == b"[" + expected + b"]"


@pytest.mark.parametrize(
    "number",
    [Decimal("NaN"), Decimal("Infinity"), Decimal("sNaN"), float("nan"), float("-inf")],
    ids=str,
)
def test_numbers_that_json_lacks_are_refused(number: Json) -> None:
    for write in (render, render_compact):
        with pytest.raises(ValueError, match="is not a number in JSON"):
            write([number])


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param(b"[NaN]", "NaN is not a number", id="NaN"),
        pytest.param(b"[-Infinity]", "-Infinity is not a number", id="Infinity"),
        pytest.param(b"\xff{}", "not UTF-8 text at byte 0", id="not text"),
        pytest.param(b"\xef\xbb\xbf{}", "expecting value at line 1, column 1", id="byte order mark"),
        pytest.param(b'{"a": 1,\n "b"', "line 2, column 5", id="truncated"),
        pytest.param(b"{} {}", "extra data", id="two documents"),
        pytest.param(b"\0\0\0", "expecting value", id="zeroes"),
        pytest.param(b'{"a": "\n"}', "control character", id="line end in a text"),
        pytest.param(b"[" * 201 + b"]" * 201, "more than 200 levels", id="too deep"),
        pytest.param(b"[" * 200_000, "more than 200 levels", id="far too deep"),
        pytest.param(b"1e99999999999999999999", "too large", id="exponent out of range"),
    ],
)
def test_what_is_not_json_is_refused_with_the_place(data: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse(data)


def test_nesting_up_to_the_limit_is_read() -> None:
    text = b"[" * 200 + b"]" * 200
    assert render_compact(parse(text)) == text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param([1], [True], False, id="one is not true"),
        pytest.param({"a": 0}, {"a": False}, False, id="zero is not false"),
        pytest.param({"a": 1, "b": 2}, {"b": 2, "a": 1}, True, id="order of names"),
        pytest.param([1, 2], [2, 1], False, id="order of elements"),
        pytest.param({"a": None}, {}, False, id="null is not absent"),
        pytest.param("1", 1, False, id="text is not a number"),
    ],
)
def test_identical_tells_types_apart(one: Json, other: Json, same: bool) -> None:
    assert identical(one, other) is same
