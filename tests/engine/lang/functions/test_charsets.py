"""Text in other encodings, and compressed."""

import base64
import gzip

import pytest

from engine.lang.functions import charsets
from tests.engine.lang.describing import call, failure


@pytest.mark.parametrize(("text", "encoding", "packed"), [
    pytest.param("日本", "Shift_JIS", "k/qWew==", id="Japanese"),
    pytest.param("日本語a", "ISO-2022-JP", "GyRCRnxLXDhsGyhCYQ==", id="Japanese with escapes"),
    pytest.param("中", "GBK", "1tA=", id="Chinese"),
    pytest.param("한", "EUC-KR", "x9E=", id="Korean"),
    pytest.param("я", "koi8-r", "0Q==", id="Russian, in small letters"),
    pytest.param("a", "UTF-16", "/v8AYQ==", id="with a byte order mark"),
    pytest.param("é", "l1", "6Q==", id="by another name"),
    pytest.param("a", "IBM037", "gQ==", id="not like ASCII at all"),
])  # fmt: skip
def test_text_goes_there_and_back(text: str, encoding: str, packed: str) -> None:
    assert call("textencodebase64", text, encoding) == packed
    assert call("textdecodebase64", packed, encoding) == text


@pytest.mark.parametrize(("name", "arguments", "message", "argument"), [
    pytest.param("textencodebase64", ["a", "utf8"], '"utf8" is not a supported IANA encoding name or alias in this Terraform version', 1, id="no name of IANA"),
    pytest.param("textencodebase64", ["日", "latin1"], "the given string contains characters that cannot be represented in ISO_8859-1:1987", 0, id="not in the encoding"),
    pytest.param("textdecodebase64", ["/w==", "UTF-8"], "the given string contains symbols that are not defined for UTF-8", 0, id="no UTF-8"),
    pytest.param("textdecodebase64", ["SGVsbG8", "UTF-8"], "the given value is has an invalid base64 symbol at offset 4", 0, id="not padded"),
    pytest.param("textdecodebase64", ["a b=", "UTF-8"], "the given value is has an invalid base64 symbol at offset 1", 0, id="a blank"),
])  # fmt: skip
def test_what_cannot_be_encoded_tells_why(name: str, arguments: list[str], message: str, argument: int) -> None:
    assert failure(name, *arguments) == (message, argument)


@pytest.mark.parametrize("text", ["", "a", "é" * 10_000])
def test_compressed_text_is_gzip(text: str) -> None:
    packed = call("base64gzip", text)
    assert gzip.decompress(base64.b64decode(packed)).decode() == text
    assert call("base64gzip", text) == packed


def test_compression_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charsets, "MAX_TEXT_LENGTH", 10)
    assert failure("base64gzip", "a" * 11) == ("the text is too long", 0)
