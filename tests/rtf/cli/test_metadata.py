"""`rtf metadata` tells other programs what there is."""

import json
import re
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from rtf.cli import cli


def signatures() -> dict[str, Any]:
    found = CliRunner().invoke(cli, ["metadata", "functions", "-json"])
    assert found.exit_code == 0
    data = json.loads(found.output)
    assert data["format_version"] == "1.0"
    described: dict[str, Any] = data["function_signatures"]
    return described


def test_every_function_is_told_under_both_its_names() -> None:
    told = signatures()
    assert len(told) == 2 * 118
    assert list(told) == sorted(told)
    assert all(told[name] == told[f"core::{name}"] for name in told if not name.startswith("core::"))


def test_a_signature_tells_types_and_what_may_be_null() -> None:
    told = signatures()
    assert told["cidrsubnets"]["return_type"] == ["list", "string"]
    assert told["cidrsubnets"]["variadic_parameter"]["name"] == "newbits"
    assert told["jsonencode"]["parameters"] == [{"name": "val", "is_nullable": True, "type": "dynamic"}]
    assert told["timestamp"].keys() == {"description", "return_type"}


def test_a_description_is_a_sentence_about_this_function() -> None:
    descriptions = {name: told["description"] for name, told in signatures().items() if not name.startswith("core::")}
    assert all(re.match(r"[A-Z\d-].*\.$", text) for text in descriptions.values())
    assert len(set(descriptions.values())) == len(descriptions)


def test_only_json_is_there(tmp_path: Path) -> None:
    found = CliRunner().invoke(cli, ["metadata", "functions"])
    assert found.exit_code != 0
    assert "requires the `-json` flag" in found.output
