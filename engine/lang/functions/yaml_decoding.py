"""`yamldecode`: a YAML document as a value. libyaml reads the text; what plain words mean is told here.

The rules are those of Terraform, a mixture of YAML 1.1 and 1.2: `yes` is a bool and `010` is ten.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any, Final

from engine.lang import numbers
from engine.lang.convert import ConversionError, normalize, to_string
from engine.lang.function import Function, FunctionError, Parameter
from engine.lang.functions.timestamps import Timestamp, parse_timestamp
from engine.lang.types import NUMBER, STRING, friendly_name
from engine.lang.values import NULL, Null, Value, type_of

_MAX_DEPTH: Final = 200
_MAX_VALUES: Final = 1_000_000  # also those that come from aliases, each time
_TAG: Final = "tag:yaml.org,2002:"
_WORDS: Final[dict[str, Value]] = {
    **{word: True for base in ("y", "yes", "true", "on") for word in (base, base.capitalize(), base.upper())},
    **{word: False for base in ("n", "no", "false", "off") for word in (base, base.capitalize(), base.upper())},
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), NULL),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,9})?", re.ASCII)
_INFINITY = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NOT_A_NUMBER: Final = frozenset({".nan", ".NaN", ".NAN"})
_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_TIME = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2})(?:(?P<t>[Tt])| )(?P<clock>\d{1,2}:\d\d:\d\d(?:\.\d+)?)(?P<zone>Z|[-+]\d\d:\d\d)?",
    re.ASCII,
)
_MERGE: Final = "<<"
_LARGEST: Final = 1 << 63


class _Document:
    """The events of a text, taken one by one, and the values that anchors stand for."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._open: set[str] = set()
        self.count = 0

    def next(self) -> Any:
        return next(self._events)

    def value(self, event: Any, depth: int) -> Value:
        """Return the value that begins with `event`."""
        from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent

        if depth > _MAX_DEPTH:
            raise FunctionError(f"the value is nested more than {_MAX_DEPTH} levels deep")
        if isinstance(event, AliasEvent):
            return self._alias(str(event.anchor))
        before = self.count
        self._add(1)
        if event.anchor:
            self._open.add(event.anchor)
        if isinstance(event, ScalarEvent):
            value = _scalar(event)
        elif isinstance(event, MappingStartEvent):
            value = self._mapping(event, depth)
        else:
            value = self._sequence(event, depth)
        if event.anchor:
            self._open.discard(event.anchor)
            self._anchors[event.anchor] = value, self.count - before
        return value

    def _add(self, count: int) -> None:
        self.count += count
        if self.count > _MAX_VALUES:
            raise FunctionError(f"the document holds more than {_MAX_VALUES} values")

    def _alias(self, name: str) -> Value:
        if name in self._open:
            raise FunctionError(f'cannot refer to anchor "{name}" from inside its own definition')
        if name not in self._anchors:
            raise FunctionError(f'reference to undefined anchor "{name}"')
        value, count = self._anchors[name]
        self._add(count)
        return value

    def _sequence(self, event: Any, depth: int) -> Value:
        from yaml.events import SequenceEndEvent

        _check_tag(event, "seq", "sequence")
        items = []
        while not isinstance(item := self.next(), SequenceEndEvent):
            items.append(self.value(item, depth + 1))
        return tuple(items)

    def _mapping(self, event: Any, depth: int) -> Value:
        from yaml.events import MappingEndEvent

        _check_tag(event, "map", "mapping")
        members: dict[str, Value] = {}
        while not isinstance(key_event := self.next(), MappingEndEvent):
            merge = getattr(key_event, "value", None) == _MERGE and key_event.implicit[0]
            key = self.value(key_event, depth + 1)
            value = self.value(self.next(), depth + 1)
            if merge:
                if value.__class__ is not dict:
                    raise FunctionError(f"cannot merge {friendly_name(type_of(value))} into mapping")
                members |= value
            else:
                members[_key(key, key_event)] = value
        return members


def _key(key: Value, event: Any) -> str:
    if key.__class__ is Null:
        mark = event.start_mark
        raise FunctionError(f"on line {mark.line + 1}, column {mark.column + 1}: mapping key cannot be null")
    text = to_string(key)
    if text is None:
        raise FunctionError("only strings are allowed as mapping keys")
    return text


def _check_tag(event: Any, wanted: str, kind: str) -> None:
    if event.tag and event.tag != _TAG + wanted:
        if event.tag.startswith(_TAG):
            raise FunctionError(f"can't interpret {kind} as {event.tag}")
        raise FunctionError(f'unsupported tag "{event.tag}"')


def _scalar(event: Any) -> Value:
    text: str = event.value
    plain = not event.style
    if not event.tag:
        return _resolve(text) if plain else normalize(text)
    kind = event.tag.removeprefix(_TAG)
    if kind not in _TAGGED or kind == event.tag:
        raise FunctionError(f'unsupported tag "{event.tag}"')
    return _tagged(kind, text, plain)


def _tagged(kind: str, text: str, plain: bool) -> Value:
    """Return a scalar with a tag of YAML's own. In quotes it stays a text, whatever the tag says."""
    if kind == "binary":
        try:
            binascii.a2b_base64(text.replace("\n", ""), strict_mode=True)
        except ValueError:
            raise FunctionError(f'cannot parse "{text}" as {_TAG}{kind}: not valid base64') from None
        return base64.b64encode(base64.b64decode(text)).decode()
    if kind == "str" or not plain:
        return normalize(text)
    if kind == "null":
        return NULL
    value = _resolve(text)
    fits = {
        "bool": value.__class__ is bool,
        "timestamp": _moment(text) is not None,
        "int": type_of(value) == NUMBER,
        "float": type_of(value) == NUMBER,
    }
    if not fits[kind]:
        raise FunctionError(f'cannot parse "{text}" as {_TAG}{kind}')
    return value


_TAGGED: Final = frozenset({"str", "bool", "int", "float", "null", "binary", "timestamp"})


def _resolve(text: str) -> Value:
    """Return what a word without quotes and tag means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        found = numbers.parse(text)
        return text if found is None else found
    if _INFINITY.fullmatch(text):
        return numbers.from_hardware(float("-inf" if text.startswith("-") else "inf"))
    if text in _NOT_A_NUMBER:
        raise FunctionError("floating point NaN is not supported")
    moment = _moment(text)
    return normalize(text) if moment is None else moment


def _integer(text: str) -> Value:
    if text[:2] in ("0o", "0x"):
        number = int(text[2:], 8 if text[1] == "o" else 16)
        if number >= _LARGEST:
            raise FunctionError(f'cannot parse "{text}" as {_TAG}int')
        return number
    return numbers.parse(text)


def _moment(text: str) -> str | None:
    """Return a date or time in RFC 3339 form, or None for any other text."""
    if date := _DATE.fullmatch(text):
        found = _parsed(f"{_padded(date[0])}T00:00:00Z")
    elif (time := _TIME.fullmatch(text)) and (time["t"] or not time["zone"]):
        clock = time["clock"].rjust(len(time["clock"]) + (time["clock"][1] == ":"), "0")
        if time["t"] and not time["zone"]:
            return None
        found = _parsed(f"{_padded(time['date'])}T{clock}{time['zone'] or 'Z'}")
    else:
        found = None
    return None if found is None else str(found)


def _padded(date: str) -> str:
    year, month, day = date.split("-")
    return f"{year}-{month:0>2}-{day:0>2}"


def _parsed(text: str) -> Timestamp | None:
    try:
        return parse_timestamp(text)
    except FunctionError:
        return None


def _yamldecode(text: str) -> Value:
    import yaml

    try:
        return _one_document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as problem:
        raise _syntax_error(problem) from None
    except ConversionError as problem:
        raise FunctionError(str(problem)) from None


def _one_document(events: Iterator[Any]) -> Value:
    from yaml.events import StreamEndEvent

    document = _Document(events)
    document.next()  # the beginning of the stream
    start = document.next()
    if isinstance(start, StreamEndEvent):
        raise FunctionError("on line 1, column 1: missing start of document")
    if start.version not in (None, (1, 1)):
        raise FunctionError("found incompatible YAML document")
    value = document.value(document.next(), 0)
    document.next()  # the end of the document
    if not isinstance(document.next(), StreamEndEvent):
        raise FunctionError("on line 1, column 1: unexpected extra content after value")
    return value


def _syntax_error(problem: Any) -> FunctionError:
    mark = getattr(problem, "problem_mark", None)
    told = getattr(problem, "problem", None) or str(problem)
    where = f"on line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return FunctionError(f"{where}{told}")


FUNCTIONS: Final[tuple[Function, ...]] = (
    Function(
        "yamldecode",
        (Parameter("src", STRING, description="One YAML document."),),
        _yamldecode,
        description="The value that a YAML document describes.",
    ),
)
