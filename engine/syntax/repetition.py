"""`for` expressions, and the keys of objects. `evaluate` gives the value of a tree in a scope."""

from collections.abc import Callable

from engine.lang import access
from engine.lang.convert import ConversionError, convert
from engine.lang.types import BOOL, DYNAMIC, STRING, friendly_name
from engine.lang.values import Marks, Null, Unknown, Value, is_null, mark, type_of, unmark
from engine.syntax.scope import EvaluationError, Scope
from engine.syntax.tree import Node

Evaluate = Callable[[Node, Scope], Value]


def for_items(
    names: tuple[str | None, str], collection: Node, condition: Node | None, scope: Scope, evaluate: Evaluate
) -> tuple[list[Scope] | None, Marks]:
    """Return a scope for each element that a `for` takes, None while that is unknown, and the marks to add."""
    source, marks = unmark(evaluate(collection, scope))
    if source.__class__ is Null:
        raise EvaluationError(
            "Iteration over null value",
            "A null value cannot be used as the collection in a 'for' expression.",
            collection[1],
            collection[2],
        )
    if source.__class__ is Unknown:
        return None, marks
    items = access.iterate(source)
    if items is None:
        kind = type_of(source)
        raise EvaluationError(
            "Iteration over non-iterable value",
            f"A value of type {friendly_name(kind)} cannot be used as the collection in a 'for' expression.",
            collection[1],
            collection[2],
        )
    key_name, value_name = names
    scopes: list[Scope] = []
    for key, value in items:
        inner = scope.with_roots(**{value_name: value} if key_name is None else {key_name: key, value_name: value})
        if condition is not None:
            chosen, found = unmark(_for_condition(condition, inner, evaluate))
            marks |= found
            if chosen.__class__ is Unknown:
                return None, marks
            if not chosen:
                continue
        scopes.append(inner)
    return scopes, marks


def _for_condition(condition: Node, scope: Scope, evaluate: Evaluate) -> Value:
    value = evaluate(condition, scope)
    if is_null(value):
        detail = "The value of the 'if' clause must not be null."
        raise EvaluationError("Condition is null", detail, condition[1], condition[2])
    try:
        return convert(value, BOOL)
    except ConversionError as problem:
        detail = f"The 'if' clause value is invalid: {problem}."
        raise EvaluationError("Invalid 'for' condition", detail, condition[1], condition[2]) from None


def for_tuple(node: Node, scope: Scope, evaluate: Evaluate) -> Value:
    """Return the tuple that a FOR_TUPLE makes."""
    _, _, _, key_name, value_name, collection, result, condition = node
    scopes, marks = for_items((key_name, value_name), collection, condition, scope, evaluate)
    if scopes is None:
        return mark(Unknown(DYNAMIC), marks)
    return mark(tuple([evaluate(result, inner) for inner in scopes]), marks)


def for_object(node: Node, scope: Scope, evaluate: Evaluate) -> Value:
    """Return the object that a FOR_OBJECT makes."""
    _, _, _, key_name, value_name, collection, key_node, result, condition, grouped = node
    scopes, marks = for_items((key_name, value_name), collection, condition, scope, evaluate)
    if scopes is None:
        return mark(Unknown(DYNAMIC), marks)
    members: dict[str, Value] = {}
    groups: dict[str, list[Value]] = {}
    known = True
    null_key = "Key expression in 'for' expression must not produce a null value."
    for inner in scopes:
        key, key_marks = object_key(key_node, key_node, inner, evaluate, "Invalid object key", null_key)
        marks |= key_marks
        if key is None:
            known = False
        elif grouped:
            groups.setdefault(key, []).append(evaluate(result, inner))
        elif key in members:
            raise EvaluationError(
                "Duplicate object key",
                f"Two different items produced the key \"{key}\" in this 'for' expression. If duplicates are expected, "
                "use the ellipsis (...) after the value expression to enable grouping by key.",
                key_node[1],
                key_node[2],
            )
        else:
            members[key] = evaluate(result, inner)
    if not known:
        return mark(Unknown(DYNAMIC), marks)
    return mark({key: tuple(items) for key, items in groups.items()} if grouped else members, marks)


def object_key(
    node: Node, null_at: Node, scope: Scope, evaluate: Evaluate, null_summary: str, null_detail: str
) -> tuple[str | None, Marks]:
    """Return an object key and its marks; None when it is unknown. `null_at` is where a null is told."""
    key, marks = unmark(evaluate(node, scope))
    if key.__class__ is Null:
        raise EvaluationError(null_summary, null_detail, null_at[1], null_at[2])
    try:
        text = convert(key, STRING)
    except ConversionError as problem:
        detail = f"Can't use this value as a key: {problem}."
        summary = "Invalid object key" if null_at is node else "Incorrect key type"
        raise EvaluationError(summary, detail, node[1], node[2]) from None
    return (None if text.__class__ is Unknown else text), marks
