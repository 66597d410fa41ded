"""Configuration as it is found in public modules: 300 files made from idioms, and some written by hand."""

from pathlib import Path

import pytest

from engine.diagnostics import SourceFile
from engine.syntax.format import format_source
from engine.syntax.parser import parse
from tests.engine.syntax.neutral import neutral
from tests.engine.syntax.real.generate import COUNT, generate
from tests.engine.syntax.test_corpus import parsed_by_hcl2, read

WRITTEN = sorted((Path(__file__).parent / "written").glob("*.hcl"))
TOGETHER = 25  # so many generated files make one test

# What python-hcl2 8.1 does not read, or reads wrongly, of the files written by hand.
BEYOND_HCL2: dict[str, str] = {}


def assert_layout_is_settled(text: str) -> None:
    once = format_source(SourceFile("main.hcl", text))
    assert format_source(SourceFile("main.hcl", once)) == once


def test_there_are_enough_files_to_mean_something() -> None:
    assert COUNT >= 300
    assert len(WRITTEN) >= 20
    assert len({generate(seed) for seed in range(COUNT)}) == COUNT


def test_a_generated_file_is_always_the_same() -> None:
    assert generate(7) == generate(7)


@pytest.mark.parametrize("first", range(0, COUNT, TOGETHER))
def test_generated_files_are_read_as_python_hcl2_reads_them(first: int) -> None:
    for seed in range(first, first + TOGETHER):
        text = generate(seed)
        assert neutral(parse(SourceFile(f"{seed}.hcl", text)), text) == parsed_by_hcl2(text), seed
        assert_layout_is_settled(text)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in WRITTEN])
def test_files_written_by_hand_are_read_as_python_hcl2_reads_them(path: Path) -> None:
    text = read(path)
    same = neutral(parse(SourceFile(path.name, text)), text) == parsed_by_hcl2(text)
    assert same != (path.stem in BEYOND_HCL2)
    assert_layout_is_settled(text)
