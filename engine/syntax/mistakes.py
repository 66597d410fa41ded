"""Problems found while reading, before they become diagnostics: a wording and a stretch of the text.

Lexer, actions and parser raise `Mistake`; only `parser.py` knows the file and turns it into a diagnostic.
"""

from collections import Counter
from typing import Final

MAX_BAD_CHARACTERS: Final = 100


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


def foreign_character(word: str, start: int) -> Mistake | None:
    """Return what is wrong with a name that holds characters which Unicode does not count among those of names."""
    if word.isascii():
        return None
    at_start = True
    for index, character in enumerate(word):
        if not character.isascii() and not (character if at_start else "a" + character).isidentifier():
            return bad_character(word, index, start)
        at_start = character in ".: \t"
    return None


def unterminated(text: str, start: int, *, is_heredoc: bool) -> Mistake:
    """Return the mistake of a template that begins at `start` and has no end."""
    line = text.count("\n", 0, start) + 1
    if is_heredoc:
        opening = text[start : text.find("\n", start)].strip()
        name = opening.lstrip("<-")
        detail = f"The {opening} on line {line} has no end: a line with {name} and nothing else must follow."
    else:
        detail = f"No closing quote was found for the string that begins on line {line}."
    return mistake("Unterminated template string", detail, len(text), len(text))


class BadCharacters:
    """Tells of characters that mean nothing where they stand, each as often as a person wants to hear of it."""

    def __init__(self, found: list[Mistake]) -> None:
        self._found = found
        self._times: Counter[str] = Counter()

    def note(self, text: str, position: int) -> None:
        """Note one. Raises Mistake when there are so many that this is no text, and not worth reading on."""
        character = text[position]
        self._times[character] += 1
        times = self._times[character]
        # Of two quotes of a kind, the second only ends what the first begins; and who uses semicolons uses many.
        if (character != ";" or times == 1) and (character not in "'`" or times % 2):
            self._found.append(bad_character(text, position))
        if self._times.total() == MAX_BAD_CHARACTERS:
            raise self._found[0]


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
