"""What escapes in strings and templates stand for."""

import re
from typing import Final

from engine.syntax.mistakes import mistake

# What a strip marker takes, and what indentation is made of: Unicode's white space.
SPACES: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_ESCAPE: Final = re.compile(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([uU][0-9a-fA-F]*|.))|\$\$\{|%%\{')
_SIMPLE: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_NO_DIGITS: Final = {
    "u": "The \\u escape sequence must be followed by four hexadecimal digits.",
    "U": "The \\U escape sequence must be followed by eight hexadecimal digits.",
}


def unescape_quoted(raw: str, start: int) -> str:
    """Return what a piece of a quoted string says, in NFC. `start` is where it stands, for error messages."""

    def replace(found: re.Match[str]) -> str:
        simple, short, long, unknown = found.groups()
        if simple is not None:
            return _SIMPLE[simple]
        if short is not None or long is not None:
            return _character(int(short or long, 16), start + found.start(), start + found.end())
        if unknown is not None:
            detail = _NO_DIGITS.get(unknown[0], f'The symbol "{unknown}" is not a valid escape sequence selector.')
            raise mistake("Invalid escape sequence", detail, start + found.start(), start + found.end())
        return found[0][1:]

    return _composed(_ESCAPE.sub(replace, raw))


def unescape_line(raw: str) -> str:
    """Return what a line of a heredoc or template file says, in NFC. Only `$${` and `%%{` are special."""
    return _composed(raw.replace("$${", "${").replace("%%{", "%{"))


def _character(code: int, start: int, end: int) -> str:
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise mistake("Invalid escape sequence", f"Cannot encode character U+{code:x} in UTF-8.", start, end)
    return chr(code)


def _composed(text: str) -> str:
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", text)
