from pathlib import Path

import pytest

from tests.engine.plan.workbench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)
