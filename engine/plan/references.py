"""Whether references to resources name attributes that their types have, whatever comes of the expression around them.

Not even `try` makes a mistake of this kind good, and the arm of a conditional that is not chosen is looked at as well.
Of values nothing is known here, only the types that the schemas tell.
"""

from collections.abc import Sequence

from engine.config.model import Module
from engine.diagnostics import Diagnostics, SourceRange, did_you_mean, error
from engine.graph.build import all_references
from engine.lang import access
from engine.lang.errors import LanguageError
from engine.lang.types import from_notation
from engine.lang.values import Unknown, Value
from engine.plan.objects import Models
from engine.syntax.references import Key
from providers.schema import Schema


def check_attributes(root: Module, models: Models, found: Diagnostics) -> None:
    """Add to `found` every reference, in `root` and all it calls, to what a resource does not have."""
    for place, expression, reference in all_references(root):
        length = 3 if reference.steps[0] in ("data", "ephemeral") else 2
        names = [step for step in reference.steps[:length] if isinstance(step, str)]
        block = place.module.resources.get(".".join(names))
        if block is None or block.address.kind not in models:
            continue
        if len(reference.steps) > length and isinstance(reference.steps[length], Key):
            length += 1
        wrong = _wrong_step(reference.steps[length:], models[block.address.kind].schema_of_type())
        if wrong is not None:
            position, problem = wrong
            end = length + position
            where = SourceRange(expression.source, reference.ends[end - 1], reference.ends[end])
            found.extend(error(problem.summary, problem.detail, where).diagnostics)


def _wrong_step(steps: Sequence[str | Key], schema: Schema) -> tuple[int, LanguageError] | None:
    """Return the position of the first step that leads nowhere, and why; None when all may lead somewhere."""
    if not steps:
        return None
    name = steps[0]
    if not isinstance(name, str):
        detail = "Only attribute access is allowed here, using the dot operator."
        if name.value in schema.attributes:
            detail = f'Only attribute access is allowed here. Write .{name.value} instead of ["{name.value}"].'
        return 0, LanguageError("Invalid index operation", detail)
    if name not in schema.attributes:
        hint = did_you_mean(name, schema.attributes)
        detail = f'This object has no argument, nested block, or exported attribute named "{name}".{hint}'
        return 0, LanguageError("Unsupported attribute", detail)
    value: Value = Unknown(from_notation(schema.attributes[name].type))
    for position, step in enumerate(steps[1:], 1):
        try:
            value = access.get_attribute(value, step) if isinstance(step, str) else access.index(value, step.value)
        except LanguageError as problem:
            return position, problem
    return None
