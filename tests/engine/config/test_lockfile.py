from pathlib import Path

import pytest

from engine.config.lockfile import LOCK_FILE, read_lock_file
from engine.diagnostics import Diagnostics
from tests.engine.config.texts import told

ADDRESS = "registry.terraform.io/hashicorp/x"


def locked(directory: Path, text: str) -> tuple[set[str], list[str]]:
    (directory / LOCK_FILE).write_text(text)
    found = Diagnostics()
    return read_lock_file(directory, found), [problem.replace(f"{LOCK_FILE}:", "") for problem in told(found)]


def test_without_a_file_nothing_is_locked(tmp_path: Path) -> None:
    found = Diagnostics()
    assert read_lock_file(tmp_path, found) == set()
    assert told(found) == []


def test_the_selected_providers_are_read(tmp_path: Path) -> None:
    text = f'# Comment\nprovider "{ADDRESS}" {{\n  version = "1.0.0"\n  constraints = "~> 1.0"\n  hashes = ["h1:a=", "zh:b"]\n}}\n'
    assert locked(tmp_path, text) == ({ADDRESS}, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("broken {", "1:8 Unclosed configuration block", id="syntax"),
        pytest.param("provider {}", "1:10 Missing source_addr for provider", id="no label"),
        pytest.param('provider "x" {}', "1:10 Non-normalized provider source address", id="a short address"),
        pytest.param('provider "terraform.io/builtin/terraform" {\n version = "1.0.0"\n}', "1:10 Invalid provider source address", id="built in"),
        pytest.param(f'provider "{ADDRESS}" {{}}', "1:46 Missing required argument", id="no version"),
        pytest.param(f'provider "{ADDRESS}" {{\n version = "1.0"\n}}', "2:12 Invalid provider version number", id="a short version"),
        pytest.param(f'provider "{ADDRESS}" {{\n version = 1\n}}', "2:12 Invalid provider version number", id="a number"),
        pytest.param(f'provider "{ADDRESS}" {{\n version = "1.0.0"\n constraints = "y"\n}}', "3:16 Invalid provider version constraints", id="no constraints"),
        pytest.param(f'provider "{ADDRESS}" {{\n version = "1.0.0"\n hashes = ["z"]\n}}', "3:11 Invalid provider hash set", id="no hashes"),
        pytest.param(f'provider "{ADDRESS}" {{\n version = "1.0.0"\n foo = 1\n}}', "3:2 Unsupported argument", id="an argument"),
        pytest.param(f'provider "{ADDRESS}" {{\n version = "1.0.0"\n}}\n' * 2, "4:1 Duplicate provider lock", id="twice"),
        pytest.param("module {}", "1:1 Unsupported block type", id="another block"),
        pytest.param("a = 1", "1:1 Unsupported argument", id="an argument outside"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told(tmp_path: Path, text: str, problem: str) -> None:
    assert locked(tmp_path, text)[1] == [problem]
