"""Fixtures of the end-to-end tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from providers.openai.emulator import create_app, running
from tests.rtf.end_to_end.commands import Folder, folder

KEY = "sk-test-key-0123456789abcdef"


@pytest.fixture(scope="session")
def shared_server() -> Iterator[str]:
    """The address of an emulator for tests that do not look at what it made."""
    with running(create_app()) as base_url:
        yield base_url


@pytest.fixture
def server() -> Iterator[str]:
    """The address of an emulator that nobody else uses."""
    with running(create_app()) as base_url:
        yield base_url


@pytest.fixture
def here(tmp_path: Path) -> Folder:
    """An empty working directory with an API key in the environment."""
    return folder(tmp_path / "work", OPENAI_API_KEY=KEY)
