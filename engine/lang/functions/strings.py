"""Functions over text. Strings are counted in characters as people see them (grapheme clusters), and stay in NFC."""

import re
from collections.abc import Callable
from typing import Final

from engine.diagnostics import count_graphemes
from engine.lang.convert import normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.numbers import whole_number
from engine.lang.numbers import Number
from engine.lang.types import BOOL, NUMBER, STRING, ListOf
from engine.lang.values import ListValue, Null, Unknown, Value

# What Go's unicode.IsSpace takes; Python's str.strip would take the separators \x1c to \x1f too.
_SPACES: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_LAST_LINE_ENDS = re.compile(r"(?:\r\n?|\n)*\Z")
_MAX_INDENT: Final = 10_000


def graphemes(text: str) -> list[str]:
    """Return the characters of `text` as people see them."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    from grapheme import graphemes as split

    return list(split(text))


def grapheme_length(text: str) -> int:
    """Return how many characters a person sees in `text`, where CR LF is one."""
    return count_graphemes(text) - (text.count("\r\n") if text.isascii() else 0)


def _simple_upper(character: str) -> str:
    """Return the one character that is the upper case, as Go has it; Python's `upper` may give several."""
    for mapped in (character.upper(), character.title()):
        if len(mapped) == 1:
            return mapped
    return character


def _simple_title(character: str) -> str:
    mapped = character.title()
    return mapped if len(mapped) == 1 else character


def _upper(text: str) -> str:
    return text.upper() if text.isascii() else normalize("".join(map(_simple_upper, text)))


def _lower(text: str) -> str:
    # Character by character: as a whole Python would write a sigma at a word's end differently.
    return text.lower() if text.isascii() else normalize("".join([item.lower()[0] for item in text]))


def _title(text: str) -> str:
    found = []
    before = " "
    for character in text:
        found.append(_simple_title(character) if _separates_words(before) else character)
        before = character
    return normalize("".join(found))


def _separates_words(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return character in _SPACES


def _join(separator: str, *lists: Value) -> str:
    if not lists:
        raise FunctionError("at least one list is required")
    for number, sequence in enumerate(lists):
        for position, item in enumerate(sequence.items):
            if item.__class__ is Null:
                where = f"element {position} of list {number + 1}" if len(lists) > 1 else f"element {position}"
                raise FunctionError(f"{where} is null; cannot concatenate null values", number + 1)
    return normalize(separator.join([item for sequence in lists for item in sequence.items]))


def _split(separator: str, text: str) -> Value:
    return ListValue(STRING, text.split(separator) if separator else text)


def _substr(text: str, offset: Number, length: Number) -> str:
    first, wanted = whole_number(offset), whole_number(length)
    characters = graphemes(text)
    if first < 0:
        first = max(first + len(characters), 0)
    elif wanted == 0:
        return ""
    rest = characters[first:]
    # A length of zero after a negative offset takes all that is left: Terraform does so, and texts rely on it.
    return "".join(rest if wanted <= 0 else rest[:wanted])


def _strrev(text: str) -> str:
    return normalize("".join(reversed(graphemes(text))))


def _trim(text: str, cutset: str) -> str:
    return text.strip(cutset) if cutset else text


def _trimspace(text: str) -> str:
    return text.strip(_SPACES)


def _chomp(text: str) -> str:
    return _LAST_LINE_ENDS.sub("", text, count=1)


def _indent(spaces: Number, text: str) -> str:
    count = whole_number(spaces)
    if not 0 <= count <= _MAX_INDENT:
        raise FunctionError(f"must be between 0 and {_MAX_INDENT}", 0)
    return text.replace("\n", "\n" + " " * count)


def _startswith(text: Value, prefix: str) -> Value:
    if text.__class__ is not Unknown:
        return text.startswith(prefix)
    if text.prefix.startswith(prefix):
        return True
    return False if len(text.prefix) >= len(prefix) else Unknown(BOOL, not_null=True)


def _test(name: str, second: str, call: Callable[[str, str], bool], description: str) -> Function:
    return Function(name, (_TEXT, Parameter(second, STRING)), call, result=BOOL, description=description)


_TEXT = Parameter("str", STRING)


def _of_text(name: str, call: Callable[[str], str], description: str) -> Function:
    return Function(name, (_TEXT,), call, result=STRING, description=description)


def _of_two(name: str, second: str, call: Callable[[str, str], str], description: str) -> Function:
    return Function(name, (_TEXT, Parameter(second, STRING)), call, result=STRING, description=description)


FUNCTIONS: Final[tuple[Function, ...]] = (
    _of_text("chomp", _chomp, "Text without the line ends at its end."),
    _of_text("lower", _lower, "Text in lower case."),
    _of_text("strrev", _strrev, "Text with its characters in reverse order."),
    _of_text("title", _title, "Text with the first letter of each word in upper case."),
    _of_text("trimspace", _trimspace, "Text without the white space at both ends."),
    _of_text("upper", _upper, "Text in upper case."),
    _of_two("trim", "cutset", _trim, "Text without the given characters at both ends."),
    _of_two("trimprefix", "prefix", str.removeprefix, "Text without the given beginning."),
    _of_two("trimsuffix", "suffix", str.removesuffix, "Text without the given end."),
    _test("endswith", "suffix", str.endswith, "Whether a text ends with another."),
    Function(
        "startswith",
        (Parameter("str", STRING, allow_unknown=True), Parameter("prefix", STRING)),
        _startswith,
        result=BOOL,
        description="Whether a text begins with another.",
    ),
    _test("strcontains", "substr", str.__contains__, "Whether a text contains another."),
    Function(
        "indent",
        (Parameter("spaces", NUMBER), _TEXT),
        _indent,
        result=STRING,
        description="Text with spaces before all lines but the first.",
    ),
    Function(
        "join",
        (Parameter("separator", STRING),),
        _join,
        Parameter("lists", ListOf(STRING)),
        STRING,
        "The elements of lists as one text, with a separator between.",
    ),
    Function(
        "split",
        (Parameter("separator", STRING), _TEXT),
        _split,
        result=ListOf(STRING),
        description="The parts of a text between separators.",
    ),
    Function(
        "substr",
        (_TEXT, Parameter("offset", NUMBER), Parameter("length", NUMBER)),
        _substr,
        result=STRING,
        description="A stretch of a text by offset and length; a length of -1 takes the rest.",
    ),
)
