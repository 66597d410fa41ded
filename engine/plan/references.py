"""Whether references to resources name attributes that their types have, whatever comes of the expression around them.

Not even `try` makes a mistake of this kind good, and the arm of a conditional that is not chosen is looked at as well.
"""

from collections.abc import Mapping, Sequence

from engine.config.model import Module
from engine.diagnostics import Diagnostics, SourceRange, did_you_mean, error
from engine.graph.build import all_references
from engine.plan.objects import Models
from engine.syntax.references import Key
from providers.schema import Attribute


def check_attributes(root: Module, models: Models, found: Diagnostics) -> None:
    """Add to `found` every reference, in `root` and all it calls, to an attribute that a resource does not have."""
    for place, expression, reference in all_references(root):
        length = 3 if reference.steps[0] in ("data", "ephemeral") else 2
        names = [step for step in reference.steps[:length] if isinstance(step, str)]
        block = place.module.resources.get(".".join(names))
        if block is None or block.address.kind not in models:
            continue
        if len(reference.steps) > length and isinstance(reference.steps[length], Key):
            length += 1
        attributes = models[block.address.kind].schema_of_type().attributes
        wrong = _unknown(reference.steps[length:], attributes)
        if wrong is not None:
            position = length + wrong
            where = SourceRange(expression.source, reference.ends[position - 1], reference.ends[position])
            name = str(reference.steps[position])
            hint = did_you_mean(name, attributes) if wrong == 0 else ""
            detail = f'This object has no argument, nested block, or exported attribute named "{name}".{hint}'
            found.extend(error("Unsupported attribute", detail, where).diagnostics)


def _unknown(steps: Sequence[str | Key], attributes: Mapping[str, Attribute]) -> int | None:
    """Return the position of the first step that names no attribute, None when all do as far as the types tell."""
    for position, step in enumerate(steps):
        if not isinstance(step, str):
            return None
        if step not in attributes:
            return position
        attribute = attributes[step]
        if attribute.nested is None or attribute.nesting != "single":
            return None
        attributes = attribute.nested.attributes
    return None
