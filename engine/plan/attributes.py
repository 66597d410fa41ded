"""The attributes of an object between their five forms, led by the type's schema.

    configured   what the block says, converted to the attributes' types; what it leaves out is absent
    planned      configured, with computed attributes; unknown where only the provider can tell
    recorded     JSON in the state
    plain        Python data, as providers take and give it
    referable    every attribute present, as other expressions see the object

In all but the last, an attribute that is absent and one that is null are different: some APIs give null a meaning
of its own. Values of sensitive attributes are marked.
"""

from collections.abc import Mapping
from typing import Any

from engine.lang import numbers
from engine.lang.convert import ConversionError, convert, normalize
from engine.lang.json_values import from_json_typed, to_json_typed
from engine.lang.types import ObjectOf, from_notation
from engine.lang.values import (
    NULL,
    SENSITIVE_MARKS,
    ListValue,
    MapValue,
    Marked,
    Null,
    SetValue,
    Unknown,
    Value,
    equal,
    is_null,
    mark,
    type_of,
    unmark,
    unmark_deep,
)
from providers.errors import Path, Problem
from providers.schema import Attribute, Schema
from providers.typed import Typed
from providers.unknown import UNKNOWN as PLAIN_UNKNOWN

Attributes = dict[str, Value]


def conform(members: Mapping[str, Value], schema: Schema, problems: list[Problem], path: Path = ()) -> Attributes:
    """Return evaluated arguments as configured attributes; what does not fit is added to `problems` and kept as is.

    Names that the schema does not know are kept for the provider to report.
    """
    return {
        name: _conform(value, schema.attributes[name], problems, (*path, name)) if name in schema.attributes else value
        for name, value in members.items()
    }


def _conform(value: Value, attribute: Attribute, problems: list[Problem], path: Path) -> Value:
    try:
        if attribute.nested is None:
            converted = convert(value, from_notation(attribute.type))
        else:
            converted = _conform_nested(value, attribute, attribute.nested, problems, path)
    except ConversionError as problem:
        detail = f'Inappropriate value for attribute "{attribute.name}": {problem}.'
        problems.append(Problem("Incorrect attribute value type", detail, path))
        converted = value
    return hide(converted) if attribute.sensitive else converted


def _conform_nested(value: Value, attribute: Attribute, schema: Schema, problems: list[Problem], path: Path) -> Value:
    plain, marks = unmark(value)
    if plain.__class__ in (Null, Unknown):
        return mark(convert(plain, from_notation(attribute.type)), marks)
    if attribute.nesting == "single":
        return mark(conform(_members(plain), schema, problems, path), marks)
    if attribute.nesting == "map":
        items = {key: _element(item, schema, problems, (*path, key)) for key, item in _members(plain).items()}
        return mark(items, marks)
    if plain.__class__ not in (tuple, ListValue, SetValue):
        raise ConversionError("a list of objects is required")
    elements = plain if isinstance(plain, tuple) else plain.items
    return mark(tuple(_element(item, schema, problems, (*path, i)) for i, item in enumerate(elements)), marks)


def _element(value: Value, schema: Schema, problems: list[Problem], path: Path) -> Value:
    plain, marks = unmark(value)
    if plain.__class__ in (Null, Unknown):
        return mark(NULL, marks) if plain.__class__ is Null else value
    try:
        return mark(conform(_members(plain), schema, problems, path), marks)
    except ConversionError as problem:
        raise problem.under(path[-1], ObjectOf({})) from None


def _members(value: Value) -> Mapping[str, Value]:
    if value.__class__ is dict:
        return dict(value)
    if value.__class__ is MapValue:
        return dict(value.items)
    raise ConversionError("an object is required")


def hide(value: Value) -> Value:
    """Return a value marked sensitive; null stays as it is, since there is nothing to hide."""
    return value if is_null(value) else mark(value, SENSITIVE_MARKS)


def propose(configured: Attributes, prior: Attributes | None, schema: Schema) -> Attributes:
    """Return planned attributes: as configured, and computed ones as recorded, unknown for a new object.

    What is only written, and never stored, is null in every plan and record.
    """
    planned: Attributes = {}
    for name, attribute in schema.attributes.items():
        given = None if attribute.write_only else configured.get(name)
        if given is not None and not (attribute.computed and is_null(given)):
            planned[name] = given
        elif attribute.follows is not None:
            planned[name] = _following(name, attribute.follows, configured, prior)
        elif attribute.computed:
            if prior is not None and name in prior:
                planned[name] = prior[name]
            else:
                unknown = Unknown(from_notation(attribute.type), not_null=attribute.not_null)
                planned[name] = hide(unknown) if attribute.sensitive else unknown
        elif not attribute.explicit_null:
            planned[name] = Null(from_notation(attribute.type))
    return planned


def _following(name: str, source: str, configured: Attributes, prior: Attributes | None) -> Value:
    """Return what is known of a computed attribute that will be what `source` is: as long as that changes, its type."""
    value = follow(source, configured)
    if prior is None:
        return value if value.__class__ is Null else Unknown(type_of(value))
    before = follow(source, prior)
    if name in prior and type_of(before) == type_of(value) and equal(before, value):
        return prior[name]
    return Unknown(type_of(value))


def follow(source: str, attributes: Attributes) -> Value:
    """Return the value of an attribute that takes over that of `source`. Marks stay behind."""
    return unmark_deep(attributes.get(source, NULL))[0]


def referable(attributes: Attributes, schema: Schema) -> Attributes:
    """Return the object as other expressions see it: attributes that are absent are null."""
    dense: Attributes = {}
    for name, attribute in schema.attributes.items():
        if name not in attributes:
            dense[name] = Null(from_notation(attribute.type))
            continue
        value, marks = unmark(attributes[name])
        dense[name] = mark(_referable(value, attribute), marks)
    return dense


def _referable(value: Value, attribute: Attribute) -> Value:
    if attribute.nested is None or value.__class__ in (Null, Unknown):
        return value
    nested = attribute.nested
    if attribute.nesting == "single":
        return referable(value, nested)

    def dense(item: Value) -> Value:
        plain, marks = unmark(item)
        return mark(referable(plain, nested) if plain.__class__ is dict else plain, marks)

    notation = attribute.type[1]
    if attribute.nesting == "map":
        return MapValue(from_notation(notation), {key: dense(item) for key, item in value.items()})
    return ListValue(from_notation(notation), (dense(item) for item in value))


def to_record(attributes: Attributes, schema: Schema) -> dict[str, Any]:
    """Return wholly known attributes as the state records them."""
    record: dict[str, Any] = {}
    for name, attribute in sorted(schema.attributes.items()):  # the order that Terraform's states have
        if name in attributes:
            value, _ = unmark(attributes[name])
            record[name] = _record(value, attribute)
        elif not attribute.explicit_null:
            record[name] = None
    return record


def _record(value: Value, attribute: Attribute) -> Any:
    if attribute.nested is None:
        return to_json_typed(unmark_deep(value)[0], from_notation(attribute.type))
    if value.__class__ is Null:
        return None
    nested = attribute.nested
    if attribute.nesting == "single":
        return _sparse_record(value, nested)
    if attribute.nesting == "map":
        return {key: _sparse_record(item, nested) for key, item in value.items()}
    return [_sparse_record(item, nested) for item in value]


def _sparse_record(value: Value, schema: Schema) -> Any:
    members, _ = unmark(value)
    if members.__class__ is Null:
        return None
    return {
        name: _record(unmark(members[name])[0], attribute)
        for name, attribute in sorted(schema.attributes.items())
        if name in members
    }


def from_record(record: Mapping[str, Any], schema: Schema) -> Attributes:
    """Return the attributes that the state recorded. Raises ConversionError for what does not fit the schema."""
    attributes: Attributes = {}
    for name, attribute in schema.attributes.items():
        if name in record:
            try:
                value = _recorded(record[name], attribute)
            except ConversionError as problem:
                raise problem.under(name, ObjectOf({})) from None
            attributes[name] = hide(value) if attribute.sensitive else value
    return attributes


def _recorded(data: Any, attribute: Attribute) -> Value:
    if data is None or attribute.nested is None:
        return from_json_typed(data, from_notation(attribute.type), drop_unsupported=True)
    nested = attribute.nested
    if attribute.nesting == "list":
        if not isinstance(data, list):
            raise ConversionError("a list is required")
        return tuple(NULL if item is None else from_record(_object(item), nested) for item in data)
    if attribute.nesting == "map":
        return {
            key: NULL if item is None else from_record(_object(item), nested) for key, item in _object(data).items()
        }
    return from_record(_object(data), nested)


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ConversionError("an object is required")
    return data


def to_plain(value: Value) -> Any:
    """Return a value as providers take it: Python data, marks left out, `providers.unknown.UNKNOWN` where unknown."""
    kind = value.__class__
    if kind is str or kind is bool:
        return value
    if kind is Marked:
        return to_plain(value.value)
    if kind is Null:
        return None
    if kind is Unknown:
        return PLAIN_UNKNOWN
    if kind is dict or kind is MapValue:
        return {key: to_plain(item) for key, item in (value if kind is dict else value.items).items()}
    if kind is tuple:
        return [to_plain(item) for item in value]
    if kind is ListValue or kind is SetValue:
        return [to_plain(item) for item in value.items]
    return numbers.to_float(value)


def from_plain(data: Mapping[str, Any], schema: Schema) -> Attributes:
    """Return a provider's data as attributes. Raises ConversionError for what does not fit the schema."""
    problems: list[Problem] = []
    attributes = conform({name: _value(item) for name, item in data.items()}, schema, problems)
    if problems:
        raise ConversionError(problems[0].detail, problems[0].path)
    return attributes


def _value(data: Any) -> Value:
    """Return Python data as a value of the type it implies."""
    if data is None:
        return NULL
    if data is PLAIN_UNKNOWN:
        return Unknown()
    if isinstance(data, Typed):
        return from_json_typed(data.data, from_notation(data.type))
    if isinstance(data, dict):
        return {normalize(str(key)): _value(item) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return tuple(_value(item) for item in data)
    if isinstance(data, str):
        return normalize(data)
    return data if isinstance(data, bool) else numbers.from_python(data)
