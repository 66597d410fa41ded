"""The recorded cases, and what became of each when it is evaluated here, on the way that a configuration takes."""

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.config.variables import assign
from engine.diagnostics import DiagnosticError, Diagnostics, SourceFile, error
from engine.graph.walk import order
from engine.lang.convert import ConversionError
from engine.lang.json_values import to_json
from engine.lang.types import to_notation
from engine.lang.values import EPHEMERAL, Value, marked_paths, type_of, unmark_deep
from engine.plan.outputs import check_exposure
from engine.plan.scope import module_scope
from engine.syntax.evaluate import evaluate
from rtf.workspace import Root, put_together

DIRECTORY = Path(__file__).parent
CASES = DIRECTORY / "expressions.public.jsonl"
NOW = "2026-01-02T03:04:05Z"

Case = Mapping[str, Any]


def cases() -> Iterator[Case]:
    """Yield the recorded cases, but for those that record a mistake of the original."""
    with CASES.open(encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line, parse_float=Decimal, parse_int=Decimal)
            if "quirk" not in case:
                yield case


@dataclass
class Score:
    """How many cases of a group come out as recorded."""

    valid: int = 0
    valid_passed: int = 0
    errors: int = 0
    rejected: int = 0
    summaries: int = 0
    failures: list[str] = field(default_factory=list)

    def row(self) -> tuple[int, ...]:
        return self.valid_passed, self.valid, self.rejected, self.summaries, self.errors


def score(group: str) -> Score:
    """Evaluate all cases of a group."""
    found = Score()
    for case in cases():
        if case["group"] == group:
            _count(case, found)
    return found


def _count(case: Case, found: Score) -> None:
    outcome = evaluate_case(case)
    if "error" not in case:
        found.valid += 1
        if isinstance(outcome, str):
            found.failures.append(f"{case['id']}: {outcome}")
        elif _as_compared(case, *outcome) != _as_compared(case, case["value"], case["type"]):
            found.failures.append(f"{case['id']}: {case['expr']} is {outcome}")
        else:
            found.valid_passed += 1
        return
    found.errors += 1
    if not isinstance(outcome, str):
        found.failures.append(f"{case['id']}: {case['expr']} is no error but {outcome}")
        return
    found.rejected += 1
    if outcome == case["error"]["summary"]:
        found.summaries += 1
    else:
        found.failures.append(f"{case['id']}: {outcome}, not {case['error']['summary']}")


def evaluate_case(case: Case) -> tuple[Any, Any] | str:
    """Return value and type of a case's expression as JSON data, or the summary of the first error."""
    try:
        value = _evaluate(_module_text(case))
    except DiagnosticError as problem:
        return problem.diagnostics[0].summary
    plain = unmark_deep(value)[0]
    try:
        data, notation = to_json(plain), to_notation(type_of(plain))
    except ConversionError:
        return "Failed to save state"  # as an apply does when it meets an infinite number
    return (data[0], notation[1][0]) if case.get("wrap") else (data, notation)


def _module_text(case: Case) -> str:
    expression = f"[{case['expr']}\n]" if case.get("wrap") else case["expr"]
    sensitive = "  sensitive = true\n" if case.get("sensitive") else ""
    return f'{case.get("locals", "")}\noutput "case" {{\n  value = {expression}\n{sensitive}}}\n'


def _evaluate(text: str) -> Value:
    """Return the value of the output that a module's text declares."""
    found = Diagnostics()
    root = Root(DIRECTORY / "main.tf", DIRECTORY, DIRECTORY / "main.tfstate")
    loaded = put_together(root, [SourceFile("main.tf", text)], found)
    module = loaded.module
    variables = assign(module, [], found)
    found.raise_errors()
    builtin = [
        name for name, provider in module.required_providers.items() if (provider.source or "").endswith("/terraform")
    ]
    scope = module_scope(DIRECTORY, variables, NOW, NOW, builtin)
    value: Value = None
    for node in order(loaded.graph):
        kind, _, name = node.partition(".")
        if kind == "local":
            scope.roots["local"][name] = evaluate(module.locals[name].expression, scope)
        elif kind == "output":
            value = evaluate(module.outputs[name].expression, scope)
    check_exposure(module.outputs["case"], value, found)
    found.raise_errors()
    if list(marked_paths(value, EPHEMERAL)):
        raise error("An ephemeral value left the module", "")
    return value


def _as_compared(case: Case, value: Any, notation: Any) -> tuple[Any, Any]:
    if case.get("compare") == "gunzip":
        value = gzip.decompress(base64.b64decode(value)).decode()
    return _with_decimals(value), notation


def _with_decimals(data: Any) -> Any:
    """Return JSON data in which every number is a Decimal, and none equals a bool."""
    if isinstance(data, list):
        return [_with_decimals(item) for item in data]
    if isinstance(data, dict):
        return {name: _with_decimals(item) for name, item in data.items()}
    return ("bool", data) if isinstance(data, bool) else Decimal(data) if isinstance(data, int) else data
