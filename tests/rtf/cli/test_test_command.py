import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rtf.cli.suites import read_case, told
from tests.rtf.end_to_end.commands import Folder, folder

SUITES = sorted((Path(__file__).parent / "suites").glob("*.txtar"))
TERRAFORM = shutil.which("terraform")

MAIN = """
variable "n" {
  type    = number
  default = 3
}
resource "terraform_data" "a" {
  input = var.n
}
output "o" {
  value = terraform_data.a.output
}
"""


@pytest.fixture
def here(tmp_path: Path) -> Folder:
    made = folder(tmp_path / "work")
    made.write("main.tf", MAIN)
    return made


def environment(directory: Path) -> dict[str, str]:
    return {**folder(directory).environment, "TF_CLI_CONFIG_FILE": "/dev/null", "CHECKPOINT_DISABLE": "1", "TZ": "UTC"}


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_what_is_told_of_a_suite(path: Path, tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    case, here = read_case(path), folder(tmp_path / "work")
    case.write(here.path)
    parts = []
    for command in case.commands:
        run = here.run(*command)
        parts.append(f"$ {' '.join(command)}\n{told(run.status, run.out, run.err)}")
    golden(path.with_suffix(".told"), "\n".join(parts))
    assert not list(here.path.glob("*.tfstate*"))


@pytest.mark.skipif(TERRAFORM is None, reason="terraform is not on PATH")
@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_terraform_tells_the_same(path: Path, tmp_path: Path) -> None:
    case, directory = read_case(path), tmp_path / "work"
    directory.mkdir()
    case.write(directory)
    parts = []
    for command in case.commands:
        run = subprocess.run(
            [str(TERRAFORM), *command], cwd=directory, env=environment(directory), capture_output=True, text=True
        )
        parts.append(f"$ {' '.join(command)}\n{told(run.returncode, run.stdout, run.stderr)}")
    assert "\n".join(parts) == path.with_suffix(".told").read_text(encoding="utf-8")
