"""Functions over regular expressions, in RE2's syntax as Go has it: no back references, no looking around.

RE2 needs time linear in the text, whatever the pattern. It counts in code points, not in characters as people see them.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

from engine.lang.convert import normalize
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.types import DYNAMIC, STRING, ListOf, ObjectOf, TupleOf, Type
from engine.lang.values import ListValue, Null, Unknown, Value, is_unknown

MAX_PATTERN_LENGTH: Final = 10_000
MAX_TEXT_LENGTH: Final = 64 * 1024 * 1024

_Match = Any  # a match object of re2, which has no types

# What Go says where RE2's C++ twin says it otherwise, by the beginning of the latter.
_GO_WORDING: Final = {
    "invalid perl operator": "invalid or unsupported Perl syntax",
    "missing )": "missing closing )",
    "missing ]": "missing closing ]",
    "invalid repetition size": "invalid repeat count",
    "bad repetition operator": "invalid nested repetition operator",
    "no argument for repetition operator": "missing argument to repetition operator",
    "invalid named capture group": "invalid named capture",
    "trailing \\": "trailing backslash at end of expression",
}
# A quoted stretch, an escape, a class, or the beginning of a named group: what tells real groups from other texts.
_PATTERN_PIECE = re.compile(
    r"\\Q.*?(?:\\E|\Z)|\\(?P<escaped>.)|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\(\?P?<(?P<name>\w+)>", re.DOTALL
)
_REFERENCE = re.compile(r"\$(?:\$|\{(?P<braced>\w+)\}|(?P<bare>\w+))")


class _Pattern:
    """A compiled pattern. `names` has the name of each group, None for one without."""

    def __init__(self, text: str) -> None:
        import re2

        options = re2.Options()
        options.log_errors = False
        renamed, originals = _with_distinct_names(text)
        try:
            self._compiled = re2.compile(renamed, options)
        except re2.error as problem:
            raise FunctionError(_go_message(problem)) from None
        names: dict[int, str] = {number: name for name, number in self._compiled.groupindex.items()}
        self.names = [
            originals.get(names[number], names[number]) if number in names else None
            for number in range(1, self._compiled.groups + 1)
        ]

    def first(self, text: str) -> _Match | None:
        """Return the leftmost match."""
        return self._compiled.search(text)

    def all(self, text: str) -> Iterator[_Match]:
        """Yield the matches that do not overlap; an empty one right after another match does not count."""
        end = -1
        for match in self._compiled.finditer(text):
            if match.start() == match.end() == end:
                continue
            end = match.end()
            yield match


def _with_distinct_names(text: str) -> tuple[str, dict[str, str]]:
    """Return a pattern in which no two groups have one name, and what the names were.

    Go allows names to come twice, C++ does not. Refused are `\\C`, which would match half of a character, and names
    that are not ASCII.
    """
    originals: dict[str, str] = {}
    seen: set[str] = set()

    def rename(piece: re.Match[str]) -> str:
        if piece["escaped"] == "C":
            raise FunctionError("invalid escape sequence: `\\C`")
        name = piece["name"]
        if name is None:
            return piece[0]
        if not name.isascii():
            raise FunctionError(f"invalid named capture: `{piece[0]}`")
        if name not in seen:
            seen.add(name)
            return piece[0]
        fresh = f"{name}_{len(originals)}_again"
        originals[fresh] = name
        return f"(?P<{fresh}>"

    return _PATTERN_PIECE.sub(rename, text), originals


def _go_message(problem: Exception) -> str:
    told = problem.args[0] if problem.args else ""
    message = told.decode(errors="replace") if isinstance(told, bytes) else str(told)
    kind, _, place = message.partition(": ")
    return f"{_GO_WORDING.get(kind, kind)}: `{place}`"


@lru_cache(maxsize=256)
def _compiled(text: str) -> _Pattern:
    if len(text) > MAX_PATTERN_LENGTH:
        raise FunctionError(f"the pattern has more than {MAX_PATTERN_LENGTH} characters: `...`")
    return _Pattern(text)


def _pattern(text: str) -> _Pattern:
    """Return the pattern that is the first argument of a function. Raises FunctionError."""
    try:
        pattern = _compiled(text)
    except FunctionError as problem:
        what, _, place = problem.message.partition(": `")
        raise FunctionError(f"invalid regexp pattern: {what} in {place.removesuffix('`')}", 0) from None
    if None in pattern.names and any(pattern.names):
        raise FunctionError("invalid regexp pattern: cannot mix both named and unnamed capture groups", 0)
    return pattern


def _match_type(pattern: _Pattern) -> Type:
    if not pattern.names:
        return STRING
    if pattern.names[0] is None:
        return TupleOf((STRING,) * len(pattern.names))
    return ObjectOf({name: STRING for name in pattern.names if name})


def _match_value(pattern: _Pattern, match: _Match) -> Value:
    groups = tuple([Null(STRING) if text is None else normalize(text) for text in match.groups()])
    if not groups:
        return normalize(match.group())
    # A name that comes twice stands for the last of its groups.
    return groups if pattern.names[0] is None else dict(zip(pattern.names, groups, strict=True))


def _regex(pattern: Value, text: Value) -> Value:
    if is_unknown(pattern):
        return Unknown(DYNAMIC)
    compiled = _pattern(pattern)
    if is_unknown(text):
        return Unknown(_match_type(compiled), not_null=True)
    match = compiled.first(text)
    if match is None:
        raise FunctionError("pattern did not match any part of the given string")
    return _match_value(compiled, match)


def _regexall(pattern: Value, text: Value) -> Value:
    if is_unknown(pattern):
        return Unknown(ListOf(DYNAMIC), not_null=True)
    compiled = _pattern(pattern)
    element = _match_type(compiled)
    if is_unknown(text):
        return Unknown(ListOf(element), not_null=True)
    return ListValue(element, [_match_value(compiled, match) for match in compiled.all(text)])


def _replace(text: str, part: str, replacement: str) -> str:
    if len(part) > 1 and part.startswith("/") and part.endswith("/"):
        return normalize(_replace_pattern(text, part[1:-1], replacement))
    count = text.count(part)
    if len(text) + count * len(replacement) > MAX_TEXT_LENGTH:
        raise FunctionError("the result would be too long")
    return normalize(text.replace(part, replacement))


def _replace_pattern(text: str, part: str, replacement: str) -> str:
    try:
        pattern = _compiled(part)
    except FunctionError as problem:
        raise FunctionError(f"error parsing regexp: {problem.message}") from None
    pieces: list[str] = []
    position = length = 0
    for match in pattern.all(text):
        pieces += (text[position : match.start()], _expanded(replacement, pattern, match))
        position = match.end()
        length += len(pieces[-1])
        if length > MAX_TEXT_LENGTH:
            raise FunctionError("the result would be too long")
    return "".join([*pieces, text[position:]])


def _expanded(replacement: str, pattern: _Pattern, match: _Match) -> str:
    """Return a replacement with its references, such as `$1` and `${name}`, resolved; what is not there is empty."""

    def resolve(reference: re.Match[str]) -> str:
        name = reference["braced"] or reference["bare"]
        if name is None:
            return "$"
        if name.isascii() and name.isdecimal() and not (len(name) > 1 and name.startswith("0")):
            number = int(name) if len(name) < 9 else len(pattern.names) + 1
            return match.group(number) or "" if number <= len(pattern.names) else ""
        groups = zip(pattern.names, match.groups(), strict=True)
        return next((text for group, text in groups if group == name and text is not None), "")

    return _REFERENCE.sub(resolve, replacement)


def _matching(name: str, call: Callable[..., Value], result: Type, description: str) -> Function:
    pattern = Parameter("pattern", STRING, allow_unknown=True, description="A regular expression in RE2's syntax.")
    text = Parameter("string", STRING, allow_unknown=True)
    return Function(name, (pattern, text), call, result=result, description=description)


FUNCTIONS: Final[tuple[Function, ...]] = (
    _matching(
        "regex",
        _regex,
        DYNAMIC,
        "The first match of a pattern: its text, or its groups as a tuple, or as an object when they have names.",
    ),
    _matching("regexall", _regexall, ListOf(DYNAMIC), "All matches of a pattern, each as `regex` gives it."),
    Function(
        "replace",
        (
            Parameter("str", STRING),
            Parameter("substr", STRING, description="A text, or between slashes a pattern."),
            Parameter("replace", STRING, description="For a pattern it may refer to groups, such as $1 or ${name}."),
        ),
        _replace,
        result=STRING,
        description="Text with one part replaced by another wherever it stands.",
    ),
)
