"""Problems found while reading, before they become diagnostics: a wording and a stretch of the text.

Lexer, actions and parser raise `Mistake`; only `parser.py` knows the file and turns it into a diagnostic.
"""

from typing import Final


class Mistake(Exception):
    """Something in the text that is not HCL. One exception may carry several."""

    def __init__(self, *found: tuple[str, str, int, int]) -> None:
        super().__init__(found[0][0])
        self.found = found  # summary, detail, start, end


def mistake(summary: str, detail: str, start: int, end: int) -> Mistake:
    """Return an exception for the text from `start` to `end`."""
    return Mistake((summary, detail, start, end))


def bad_character(text: str, index: int, offset: int = 0) -> Mistake:
    """Return the mistake for a character that means nothing where it stands. `offset` is where `text` begins."""
    character = text[index]
    summary, detail = _CHARACTERS.get(
        character, ("Invalid character", "This character is not used within the language.")
    )
    return mistake(summary, detail, offset + index, offset + index + 1)


_BITWISE: Final = "Bitwise operators are not supported."
_CURLY: Final = (
    "Invalid character",
    '"Curly quotes" are not valid here. These can sometimes be inadvertently introduced when sharing code via '
    'documents or discussion forums. It might help to replace the character with a "straight quote".',
)
_CHARACTERS: Final = {
    "'": ("Invalid character", 'Single quotes are not valid. Use double quotes (") to enclose strings.'),
    "`": (
        "Invalid character",
        'The "`" character is not valid. To create a multi-line string, use the "heredoc" syntax, like "<<EOT".',
    ),
    ";": (
        "Invalid character",
        'The ";" character is not valid. Use newlines to separate arguments and blocks, and commas to separate '
        "items in collection values.",
    ),
    "&": ("Unsupported operator", f'{_BITWISE} Did you mean boolean AND ("&&")?'),
    "|": ("Unsupported operator", f'{_BITWISE} Did you mean boolean OR ("||")?'),
    "~": ("Unsupported operator", f'{_BITWISE} Did you mean boolean NOT ("!")?'),
    "^": ("Unsupported operator", _BITWISE),
    "\u201c": _CURLY,
    "\u201d": _CURLY,
    "\u2018": _CURLY,
    "\u2019": _CURLY,
}
