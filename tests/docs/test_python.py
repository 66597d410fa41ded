"""The examples of the page about Python do what the page says."""

import contextlib
import doctest
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "python.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_examples_give_what_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert [kind for kind, _ in blocks].count("pycon") > 4
    monkeypatch.setenv("RTF_CACHE", "off")
    monkeypatch.delenv("TF_WORKSPACE", raising=False)
    names: dict[str, object] = {}
    wrong: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    with contextlib.chdir(tmp_path):
        for number, (kind, text) in enumerate(blocks):
            if kind == "hcl":
                Path("main.hcl").write_text(text)
            elif kind == "python":
                exec(compile(text, PAGE.name, "exec"), names)
            else:
                test = doctest.DocTestParser().get_doctest(text, names, f"block {number}", PAGE.name, 0)
                runner.run(test, out=wrong.append, clear_globs=False)
                names.update(test.globs)
    assert "".join(wrong) == ""
