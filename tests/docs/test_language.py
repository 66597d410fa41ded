"""The page about the language is current, and leaves out nothing."""

from collections.abc import Callable
from pathlib import Path

from engine.lang.functions import lazy_functions
from tests.docs.language_page import EXAMPLES, language_page, sections
from tests.engine.lang.describing import FUNCTIONS

PAGE = Path(__file__).parents[2] / "docs" / "language.md"


def test_the_page_is_current(golden: Callable[[Path, str], None]) -> None:
    golden(PAGE, language_page())


def test_every_function_stands_in_one_section_and_has_an_example() -> None:
    listed = [function.name for _, functions in sections() for function in functions]
    expected = sorted([*FUNCTIONS, *(function.name for function in lazy_functions())])
    assert sorted(listed) == expected
    assert sorted(EXAMPLES) == expected
