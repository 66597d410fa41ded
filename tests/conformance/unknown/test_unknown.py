"""Values that are known only after apply: what Terraform 1.11.4 knows of results made from them, so does rtf.

Each line of recorded.jsonl is an expression over values.hcl, and what `show -json` of a plan told of an output with
that value: the known part of it, and which parts are unknown.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.rtf.end_to_end.commands import folder

HERE = Path(__file__).parent


def recorded() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / "recorded.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    here = folder(tmp_path_factory.mktemp("unknown") / "work")
    outputs = (
        f'output "o{number}" {{\n  value = {row["expression"]}\n  sensitive = true\n}}\n'
        for number, row in enumerate(recorded())
    )
    here.write("main.tf", (HERE / "values.hcl").read_text(encoding="utf-8") + "".join(outputs))
    here.ok("plan", "-out=plan")
    changes: dict[str, Any] = json.loads(here.ok("show", "-json", "plan").out)["output_changes"]
    return changes


def test_what_is_known_already_is_what_terraform_knows(planned: dict[str, Any]) -> None:
    different = {}
    for number, row in enumerate(recorded()):
        got = {
            name: planned[f"o{number}"][name] for name in ("after", "after_unknown") if name in planned[f"o{number}"]
        }
        if got != {name: row[name] for name in ("after", "after_unknown") if name in row}:
            different[row["expression"]] = got
    assert different == {}
