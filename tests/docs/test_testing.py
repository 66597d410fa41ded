"""The example of the page about tests works, and ends as the page says."""

import re
from pathlib import Path

from tests.rtf.end_to_end.commands import folder

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"
NAMED = re.compile(r"`([\w/]+\.(?:tf|tftest\.hcl))`(?:(?!```).)*?\n\n```hcl\n(.*?)```", re.DOTALL)
SHOWN = re.compile(r"```console\n\$ rtf test\n(.*?)```", re.DOTALL)


def test_the_example_runs_as_shown(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    here = folder(tmp_path / "work")
    (here.path / "tests").mkdir()
    names = []
    for name, content in NAMED.findall(text):
        here.write(name, content)
        names.append(name)
    assert names == ["main.tf", "tests/emulator.tftest.hcl", "tests/mocked.tftest.hcl"]
    here.ok("validate")
    assert here.ok("fmt", "-check", "-recursive").out == ""
    steps = re.compile(r"^(?:\S+\.\.\. .*|  run .*|Success!.*)$", re.MULTILINE)
    shown = SHOWN.search(text)
    assert shown is not None
    assert steps.findall(here.ok("test").out) == steps.findall(shown[1])
