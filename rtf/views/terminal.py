"""Text on its way to a terminal: colours where they are wanted, and nothing in it that could steer the terminal.

Everything that comes from outside (configurations, API answers, recorded values) goes through `harmless` before it is
shown, for escape sequences in it could rewrite what stands on the screen.
"""

import re
import textwrap
import unicodedata
from typing import Final

PLAIN_WIDTH: Final = 78
"""How wide paragraphs are where no terminal says otherwise."""

TAB: Final = "    "

_CODES: Final = {
    "bold": "1",
    "underline": "4",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "cyan": "36",
    "dark": "90",
}
# C0 and C1 controls, line and paragraph separators, and the marks that reorder text; tab and newline are layout.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


class Paint:
    """Puts colours on text, or leaves it as it is when colours are off."""

    __slots__ = ("color",)

    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, text: str, *styles: str) -> str:
        """Return `text` in the given styles: bold, underline, red, green, yellow, cyan, dark."""
        if not self.color or not text:
            return text
        return "".join(f"\x1b[{_CODES[style]}m" for style in styles) + f"{text}\x1b[0m"


def harmless(text: str) -> str:
    """Return `text` with control characters written out as escapes; tabs and newlines stay."""
    return _HARMFUL.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if character == "\r":
        return "\\r"
    return f"\\x{ord(character):02x}" if ord(character) < 0x100 else f"\\u{ord(character):04x}"


def display_width(text: str) -> int:
    """Return how many columns `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, width: int | None) -> str:
    """Return paragraphs broken into lines of at most `width`; indented lines are kept, as is all for None."""
    if width is None:
        return text
    return "\n".join(_wrapped(line, max(width, 20)) for line in text.split("\n"))


def _wrapped(line: str, width: int) -> str:
    if len(line) <= width or line[:1].isspace():
        return line
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
