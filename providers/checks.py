"""Turn pydantic's errors into problems that a person can act on.

Values of sensitive attributes are never quoted. An error that only says that an unknown value has not the right
shape is dropped: the value is checked again when it is known.
"""

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from providers.errors import Path, Problem
from providers.schema import Schema, schema_of
from providers.unknown import has_unknown


def problems_in(invalid: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Return what `invalid` says about data that `model` refused."""
    schema = schema_of(model)
    found = []
    for details in invalid.errors(include_url=False):
        path = _path(details["loc"])
        kind = details["type"]
        if kind not in ("missing", "extra_forbidden") and has_unknown(details["input"]):
            continue
        names = _member_names(model, details["loc"][:-1])
        explain: Explain = _EXPLANATIONS.get(kind, _other)
        summary, detail = explain(path, dict(details), names, is_sensitive(schema, path))
        found.append(Problem(summary, detail, path))
    return found


def is_sensitive(schema: Schema, path: Path) -> bool:
    """Return whether the attribute at `path`, or one around it, is sensitive."""
    current: Schema | None = schema
    for step in path:
        if isinstance(step, int) or current is None:
            continue
        attribute = current.attributes.get(step)
        if attribute is None:
            continue
        if attribute.sensitive:
            return True
        current = attribute.nested
    return False


def written(path: Path) -> str:
    """Return a path as it is written in configuration, such as `session.tools[0].name`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _path(location: tuple[int | str, ...]) -> Path:
    """Return pydantic's location without the tags of unions, which are written in parentheses."""
    return tuple(step for step in location if isinstance(step, int) or not step.startswith("("))


def _member_names(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Return the names an object may have at `location`, or none when it is no object of known shape."""
    models: list[type[BaseModel]] = [model]
    for step in location:
        if isinstance(step, int) or step.startswith("("):
            continue
        inner = [found for current in models if step in current.model_fields for found in models_in(current, step)]
        models = inner or models
    return sorted({name for current in models for name in current.model_fields})


def models_in(model: type[BaseModel], name: str) -> list[type[BaseModel]]:
    """Return the models named anywhere in the type of the field `name`; none when its shape is not fixed."""
    found: list[type[BaseModel]] = []
    todo: list[Any] = [model.model_fields[name].annotation]
    while todo:
        annotation = todo.pop()
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            found += [annotation] if annotation not in found else []
        else:
            todo.extend(getattr(annotation, "__args__", ()))
            todo.extend([annotation.__origin__] if hasattr(annotation, "__metadata__") else [])
    return found


Explanation = tuple[str, str]
Explain = Callable[..., Explanation]
_INVALID = "Invalid attribute value"


def _missing(path: Path, *_: Any) -> Explanation:
    return (
        "Missing required argument",
        f'The argument "{written(path)}" is required, but no definition was found.',
    )


def _unexpected(path: Path, details: dict[str, Any], names: list[str], sensitive: bool) -> Explanation:
    close = get_close_matches(str(path[-1]), names, n=1)
    hint = f' Did you mean "{close[0]}"?' if close else ""
    return "Unsupported argument", f'An argument named "{written(path)}" is not expected here.{hint}'


def _closed(path: Path, details: dict[str, Any], names: list[str], sensitive: bool) -> Explanation:
    allowed = details["ctx"]["expected"].replace("'", '"')
    close = get_close_matches(str(details["input"]), re.findall(r'"([^"]*)"', allowed), n=1)
    hint = f' Did you mean "{close[0]}"?' if close and not sensitive else ""
    return _INVALID, f'"{written(path)}" must be {allowed}{_but_got(details, sensitive)}.{hint}'


def _bound(words: str, limit: str) -> Explain:
    def explain(path: Path, details: dict[str, Any], names: list[str], sensitive: bool) -> Explanation:
        number = details["ctx"][limit]
        return _INVALID, f'"{written(path)}" must be {words} {number:g}{_but_got(details, sensitive)}.'

    return explain


def _length(path: Path, details: dict[str, Any], *_: Any) -> Explanation:
    context = details["ctx"]
    words = f"at least {context['min_length']}" if "min_length" in context else f"at most {context['max_length']}"
    return _INVALID, f'"{written(path)}" must have {words} element(s), but has {context["actual_length"]}.'


def _pattern(path: Path, details: dict[str, Any], names: list[str], sensitive: bool) -> Explanation:
    pattern = details["ctx"]["pattern"]
    return _INVALID, f'"{written(path)}" must match the pattern {pattern}{_but_got(details, sensitive)}.'


def _wrong_kind(kind: str) -> Explain:
    def explain(path: Path, details: dict[str, Any], *_: Any) -> Explanation:
        got = _kind_of(details["input"])
        return (
            "Incorrect attribute value type",
            f'Inappropriate value for "{written(path)}": {kind} required, got {got}.',
        )

    return explain


def _union(path: Path, details: dict[str, Any], *_: Any) -> Explanation:
    tags = details.get("ctx", {}).get("expected_tags", "")
    kinds = " or ".join(_ARTICLES.get(tag.strip("'() "), tag) for tag in tags.split(",")) or "another kind of value"
    got = _kind_of(details["input"])
    return (
        "Incorrect attribute value type",
        f'Inappropriate value for "{written(path)}": {kinds} required, got {got}.',
    )


def _other(path: Path, details: dict[str, Any], names: list[str], sensitive: bool) -> Explanation:
    return _INVALID, f'"{written(path)}": {details["msg"]}.'


def _but_got(details: dict[str, Any], sensitive: bool) -> str:
    value = details["input"]
    if sensitive or isinstance(value, dict | list):
        return ""
    return f', but is "{value}"' if isinstance(value, str) else f", but is {str(value).lower()}"


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    kinds = (
        (bool, "a bool"),
        (str, "a string"),
        (int | float, "a number"),
        (list, "a list"),
        (dict, "an object"),
    )
    return next((name for types, name in kinds if isinstance(value, types)), type(value).__name__)


_ARTICLES = {
    "string": "a string",
    "number": "a number",
    "bool": "a bool",
    "list": "a list",
    "object": "an object",
}

_EXPLANATIONS: dict[str, Explain] = {
    "missing": _missing,
    "extra_forbidden": _unexpected,
    "literal_error": _closed,
    "greater_than_equal": _bound("at least", "ge"),
    "greater_than": _bound("greater than", "gt"),
    "less_than_equal": _bound("at most", "le"),
    "less_than": _bound("less than", "lt"),
    "too_short": _length,
    "too_long": _length,
    "string_pattern_mismatch": _pattern,
    "string_type": _wrong_kind("string"),
    "int_type": _wrong_kind("whole number"),
    "int_parsing": _wrong_kind("whole number"),
    "int_from_float": _wrong_kind("whole number"),
    "float_type": _wrong_kind("number"),
    "float_parsing": _wrong_kind("number"),
    "bool_type": _wrong_kind("bool"),
    "bool_parsing": _wrong_kind("bool"),
    "list_type": _wrong_kind("list"),
    "dict_type": _wrong_kind("object"),
    "model_type": _wrong_kind("object"),
    "union_tag_invalid": _union,
    "union_tag_not_found": _union,
}
