"""A place for a state, and the backend that keeps it there."""

from pathlib import Path

import pytest

from state.backends.local import LocalBackend


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "work" / "terraform.tfstate"


@pytest.fixture
def backend(path: Path, tmp_path: Path) -> LocalBackend:
    path.parent.mkdir()
    return LocalBackend(path, rescue=tmp_path / "errored.tfstate")
