"""Fixtures of the tests that run terraform and rtf on the same folders."""

from pathlib import Path

import pytest

from tests.interop.both import TERRAFORM, Both, both_at


@pytest.fixture
def both(tmp_path: Path) -> Both:
    """An empty working directory for both tools."""
    if TERRAFORM is None:
        pytest.skip("terraform is not on PATH: what both tools make of one folder was not compared")
    return both_at(tmp_path / "work")
