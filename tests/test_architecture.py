"""What the house promises about its parts, besides the import contracts that `make test` checks."""

import json
import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("rtf", "engine", "providers", "state")
HEAVY = {"httpx", "starlette", "uvicorn", "ssl", "asyncio", "deepdiff", "rich", "lark", "hcl2"}
UNCHANGED = 'resource "terraform_data" "a" {\n  input = { x = [1, "y"] }\n}\noutput "o" {\n  value = terraform_data.a.input\n}\n'


def modules_after(directory: Path, *arguments: str) -> set[str]:
    """Return the modules that one command has imported."""
    code = (
        "import json, sys\nfrom rtf.cli import run\n"
        f"status = run({list(arguments)!r})\n"
        "sys.stderr.write(json.dumps([status, sorted(sys.modules)]))\n"
    )
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=directory,
        capture_output=True,
        text=True,
        check=True,
        env={**kept, "RTF_CACHE": "off"},
    )
    status, modules = json.loads(run.stderr)
    assert status == 0, run.stdout
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize(
    ("arguments", "besides"),
    [
        pytest.param(["version"], {"pydantic", "networkx", "gmpy2"}, id="version"),
        pytest.param(["validate"], set(), id="validate"),
        pytest.param(["plan"], set(), id="plan"),
        pytest.param(["state", "list"], set(), id="state list"),
        pytest.param(["output"], set(), id="output"),
    ],
)
def test_a_command_imports_only_what_it_needs(tmp_path: Path, arguments: list[str], besides: set[str]) -> None:
    from rtf.cli import run

    (tmp_path / "main.tf").write_text(UNCHANGED)
    assert run([f"-chdir={tmp_path}", "apply", "-auto-approve"]) == 0 if arguments != ["version"] else True
    assert modules_after(tmp_path, *arguments) & (HEAVY | besides) == set()


def test_nobody_else_owns_our_names() -> None:
    owners = packages_distributions()
    for package in PACKAGES:
        assert set(owners.get(package, ["rtf-engine"])) == {"rtf-engine"}


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


@pytest.mark.parametrize("top", [*PACKAGES, "tests"])
def test_each_folder_of_modules_is_a_package(top: str) -> None:
    folders = {path.parent for path in (ROOT / top).rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_no_file_has_two_subjects() -> None:
    lengths = {
        path: len(path.read_text().splitlines()) for package in PACKAGES for path in (ROOT / package).rglob("*.py")
    }
    assert {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > 450} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if (text := path.read_text()) and not text.startswith('"""')
    ]
    assert silent == []


def test_the_engine_knows_no_provider_by_name() -> None:
    naming = [
        str(path.relative_to(ROOT))
        for package in ("engine", "state", "rtf")
        for path in (ROOT / package).rglob("*.py")
        if "import" in (text := path.read_text())
        and ("from providers.openai" in text or "import providers.openai" in text)
    ]
    assert naming == []
