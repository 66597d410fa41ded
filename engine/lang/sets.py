"""Sets: which values are the same, and in which order they stand.

The order is Terraform's, since people see it in plans and in `for` expressions: strings by their bytes, numbers by
value, false before true, and values made of others by a text that tells what they hold.
"""

import json
from collections.abc import Iterable
from typing import Any

from engine.lang.types import NUMBER, Primitive, Type
from engine.lang.values import (
    ListValue,
    MapValue,
    Null,
    SetValue,
    Unknown,
    Value,
    equal,
    mark,
    type_of,
    unmark_deep,
    wholly_known,
)


def make_set(element: Type, items: Iterable[Value]) -> Value:
    """Return a set of `items`, which have type `element`: in order, each once.

    Marks of the items move to the set. Items that are unknown, or in part, stand by themselves: what they will be the
    same as, nobody knows yet.
    """
    plain, marks = unmark_deep(tuple(items))
    members = _distinct_primitives(plain) if isinstance(element, Primitive) else _distinct_structures(plain)
    return mark(SetValue(element, members), marks)


def _distinct_primitives(items: Iterable[Value]) -> list[Value]:
    # The class is part of the key because Python takes True for 1.
    distinct = {(item.__class__, i if item.__class__ is Unknown else item): item for i, item in enumerate(items)}
    return sorted(distinct.values(), key=_primitive_order)


def _primitive_order(item: Value) -> tuple[int, Any]:
    if item.__class__ in (Null, Unknown):
        return (2 if item.__class__ is Null else 1), 0
    return 0, item.encode("utf-8", "surrogatepass") if item.__class__ is str else item


def _distinct_structures(items: Iterable[Value]) -> list[Value]:
    groups: dict[str, list[Value]] = {}
    for item in items:
        group = groups.setdefault(_order_text(item), [])
        if not wholly_known(item) or not any(equal(item, other) for other in group):
            group.append(item)
    return [item for text in sorted(groups) for item in groups[text]]


def _order_text(item: Value) -> str:
    """Return the text by which structures are put in order; equal values have equal texts."""
    match item:
        case Null():
            return "~"
        case Unknown():
            return "?"
        case bool():
            return "T" if item else "F"
        case str():
            return json.dumps(item, ensure_ascii=False)
        case tuple():
            return f"<{_order_texts(item)}>"
        case dict():
            return f"<{_order_texts(item[name] for name in sorted(item))}>"
        case ListValue() | SetValue():
            return f"[{_order_texts(item.items)}]"
        case MapValue():
            pairs = (
                f"{json.dumps(key, ensure_ascii=False)}:{_order_text(item.items[key])};" for key in sorted(item.items)
            )
            return f"{{{''.join(pairs)}}}"
    return f"{item:.10g}" if type_of(item) is NUMBER else repr(item)


def _order_texts(items: Iterable[Value]) -> str:
    return "".join(f"{_order_text(item)};" for item in items)
