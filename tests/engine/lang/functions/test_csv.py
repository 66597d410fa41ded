"""Tables in CSV form."""

import pytest

from engine.lang.types import STRING, ObjectOf
from engine.lang.values import ListValue
from tests.engine.lang.describing import call, describe, failure, secret


@pytest.mark.parametrize(("text", "rows"), [
    pytest.param("a,b\n1,2\n", [{"a": "1", "b": "2"}], id="a row"),
    pytest.param("\n\na,b\n\n1,2\n\n", [{"a": "1", "b": "2"}], id="empty lines do not count"),
    pytest.param('a,b\r\n1,"x\r\ny"\r\n', [{"a": "1", "b": "x\ny"}], id="line ends, also in quotes"),
    pytest.param('a,b\n"x, ""y""",\n', [{"a": 'x, "y"', "b": ""}], id="quotes and commas"),
    pytest.param("a,b\n1,2\r", [{"a": "1", "b": "2"}], id="a carriage return at the end"),
    pytest.param("a,b\n ,e\u0301", [{"a": " ", "b": "é"}], id="blanks stay, and text is in NFC"),
    pytest.param("a,b", [], id="no row"),
])  # fmt: skip
def test_a_table_is_read(text: str, rows: list[dict[str, str]]) -> None:
    assert describe(call("csvdecode", text)) == describe(ListValue(ObjectOf({"a": STRING, "b": STRING}), rows))


@pytest.mark.parametrize(("text", "message"), [
    pytest.param("", "missing header line", id="nothing"),
    pytest.param("a,a\n", 'duplicate column name "a"', id="a name twice"),
    pytest.param("a,b\n1,2\n3", "CSV parse error on line 3: wrong number of fields", id="a field missing"),
    pytest.param('a,b\n"1\n2",3\nx', "CSV parse error on line 4: wrong number of fields", id="lines in quotes count"),
    pytest.param('a\n1"2', 'CSV parse error on line 2: bare " in non-quoted-field', id="a quote inside"),
    pytest.param('a\n"1"2', 'CSV parse error on line 2: extraneous or missing " in quoted-field', id="text after a quote"),
    pytest.param('a\n"1', 'CSV parse error on line 2: extraneous or missing " in quoted-field', id="an open quote"),
])  # fmt: skip
def test_a_table_that_cannot_be_read_tells_why(text: str, message: str) -> None:
    assert failure("csvdecode", text) == (message, None)


def test_a_secret_column_is_not_told() -> None:
    assert failure("csvdecode", secret("key,key")) == ("duplicate column name", None)
