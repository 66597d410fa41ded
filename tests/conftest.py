"""What all tests share: the switch that rewrites recorded outputs."""

from collections.abc import Callable
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite recorded outputs instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with the one recorded in a file, or record it with `--update-golden`."""
    update = bool(request.config.getoption("--update-golden"))

    def check(file: Path, text: str) -> None:
        if update:
            file.write_text(text, encoding="utf-8", newline="")
        assert text == file.read_bytes().decode()

    return check
