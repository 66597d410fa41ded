"""The outputs of the root module: what they become, and whether they may be shown and recorded."""

from collections.abc import Mapping

from engine.config.model import Module, Output
from engine.diagnostics import Diagnostics, error
from engine.lang.json_values import to_json
from engine.lang.types import to_notation
from engine.lang.values import SENSITIVE, Value, has_mark, is_null, type_of, unmark_deep
from engine.plan.changes import Action, OutputChange
from engine.plan.diff import attribute_changes
from state.snapshot import Output as OutputRecord


def plan_output(
    module: Module, name: str, value: Value, prior: OutputChange | None, found: Diagnostics
) -> OutputChange:
    """Return what happens to an output that has a value now; `prior` is the recorded one."""
    output = module.outputs[name]
    before = None if prior is None else prior.before
    check_exposure(output, value, found)
    if is_null(value) and before is None:
        return OutputChange(name, Action.NO_OP, None, None, output.sensitive)
    same = (
        prior is not None
        and before is not None
        and prior.sensitive == output.sensitive
        and not attribute_changes({"value": before}, {"value": value})
    )
    action = Action.NO_OP if same else Action.CREATE if before is None else Action.UPDATE
    sensitive = output.sensitive or (prior is not None and before is not None and prior.sensitive)
    return OutputChange(name, action, before, value, sensitive)


def check_exposure(output: Output, value: Value, found: Diagnostics) -> None:
    """Report an output that would show a sensitive value without saying so, or record an ephemeral one."""
    if output.ephemeral:
        detail = "Ephemeral outputs are not allowed in the root module: its outputs are recorded in the state."
        found.extend(error("Ephemeral output not allowed", detail, output.range).diagnostics)
    if not output.sensitive and has_mark(value, SENSITIVE):
        detail = (
            "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, rtf "
            "requires that any root module output containing sensitive data be explicitly marked as sensitive, to "
            "confirm your intent.\n\nIf you do intend to export this data, annotate the output value as sensitive by "
            "adding the following argument:\n    sensitive = true"
        )
        found.extend(error("Output refers to sensitive values", detail, output.range).diagnostics)


def output_records(values: Mapping[str, Value], sensitive: Mapping[str, bool]) -> dict[str, OutputRecord]:
    """Return root outputs as the state records them; null ones are not recorded."""
    records = {}
    for name, value in sorted(values.items()):
        if not is_null(value):
            plain, _ = unmark_deep(value)
            records[name] = OutputRecord(to_json(plain), to_notation(type_of(plain)), sensitive[name])
    return records
