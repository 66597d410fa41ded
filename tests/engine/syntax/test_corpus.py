from pathlib import Path
from typing import Any

import hcl2
import pytest
from lark.exceptions import LarkError

from engine.diagnostics import SourceFile
from engine.syntax.parser import parse
from tests.engine.syntax.neutral import neutral, neutral_of_hcl2

REPOSITORY = Path(__file__).parents[3]
CORPUS = sorted([*(Path(__file__).parent / "corpus").glob("*.hcl"), *(REPOSITORY / "examples").rglob("*.hcl")])

# Where python-hcl2 8.1 is wrong, by file of the corpus. Terraform 1.11 accepts each of these files.
BEYOND_HCL2 = {
    "beyond_adjacent_minus": "reads 1-12 as two numbers, because -12 is one of its tokens",
    "beyond_byte_order_mark": "does not know the mark",
    "beyond_core_functions": "knows namespaces of two names only, and no blanks around ::",
    "beyond_exponents": "reads 12.e5 as an attribute e5",
    "beyond_keyword_expressions": "takes a keyword at the start of an item for its whole key",
    "beyond_newlines_before_operators": "does not know that newlines in brackets are blanks",
    "beyond_object_newline_operator": "reads on after a newline when a minus follows",
    "beyond_strip_markers": "has no strip markers for interpolations",
    "beyond_unicode_names": "has names of ASCII only",
    "repeated_unary": "stops at one unary operator",
}


def read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def parsed_by_hcl2(text: str) -> Any:
    try:
        return neutral_of_hcl2(hcl2.parses_to_tree(text))
    except LarkError:
        return None


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in CORPUS])
def test_our_tree_says_what_python_hcl2_says(path: Path) -> None:
    text = read(path)
    ours = neutral(parse(SourceFile(path.name, text)), text)
    if path.stem in BEYOND_HCL2:
        assert parsed_by_hcl2(text) != ours  # once it agrees, the file leaves the list
    else:
        assert parsed_by_hcl2(text) == ours


def test_every_known_fault_of_python_hcl2_has_its_file() -> None:
    assert set(BEYOND_HCL2) <= {path.stem for path in CORPUS}
