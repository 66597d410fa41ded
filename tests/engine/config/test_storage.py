import pytest

from engine.config.storage import backend_arguments, file_arguments, read_backend
from engine.diagnostics import DiagnosticError, Diagnostics, SourceFile
from tests.engine.config.texts import told


def read(*texts: str) -> tuple[dict[str, str | None] | None, list[str]]:
    """Return the arguments of the backend that texts ask for, and what is wrong with them."""
    found = Diagnostics()
    sources = [SourceFile(f"f{number}.tf", text) for number, text in enumerate(texts)]
    block = read_backend(sources, found)
    values = None
    with found.collecting():
        values = None if block is None else backend_arguments(block, found)
    return values, told(found)


def local(body: str) -> str:
    return f'terraform {{\n  backend "local" {{\n    {body}\n  }}\n}}\n'


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("", {"path": None, "workspace_dir": None}),
        ('path = "a"', {"path": "a", "workspace_dir": None}),
        ('workspace_dir = "w"', {"path": None, "workspace_dir": "w"}),
        ("path = null", {"path": None, "workspace_dir": None}),
        ("path = 5", {"path": "5", "workspace_dir": None}),
        ('path = "a${1 + 1}"', {"path": "a2", "workspace_dir": None}),
    ],
)
def test_a_local_backend_says_where_states_are(body: str, values: dict[str, str | None]) -> None:
    assert read("locals {}", local(body)) == (values, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (local("path = var.x"), "f0.tf:3:12 Variables not allowed"),
        (local("path = terraform.workspace"), "f0.tf:3:12 Variables not allowed"),
        (local('path = upper("x")'), "f0.tf:3:12 Function calls not allowed"),
        (local('path = ""'), "f0.tf:3:12 Invalid local state file path"),
        (local('path = "a\\u0000"'), "f0.tf:3:12 Invalid local state file path"),
        (local('workspace_dir = ""'), "f0.tf:3:21 Invalid local workspace directory path"),
        (local('path = ["x"]'), "f0.tf:3:12 Incorrect attribute value type"),
        (local('pth = "x"'), "f0.tf:3:5 Unsupported argument"),
        (local("inner {}"), "f0.tf:3:5 Unsupported block type"),
        ('terraform {\n  backend "s3" {}\n}', "f0.tf:2:3 Unsupported backend"),
        ('terraform {\n  backend "nope" {}\n}', "f0.tf:2:3 Invalid backend type"),
        ("terraform {\n  backend {}\n}", "f0.tf:2:11 Missing type for backend"),
        ('terraform {\n  backend "local" "x" {}\n}', "f0.tf:2:19 Extraneous label for backend"),
        (local("") + local(""), "f0.tf:7:3 Duplicate backend configuration"),
    ],
)
def test_what_is_wrong_with_a_backend_is_told_where_it_is(text: str, problem: str) -> None:
    assert read(text)[1] == [problem]


def test_the_json_syntax_has_backends_too() -> None:
    found = Diagnostics()
    block = read_backend([SourceFile("a.tf.json", '{"terraform": {"backend": {"local": {"path": "x"}}}}')], found)
    assert block is not None
    assert backend_arguments(block, found) == {"path": "x", "workspace_dir": None}
    assert told(found) == []


@pytest.mark.parametrize("text", ["", "resource {", 'output "o" {\n  value = 1\n}', "backend = 1"])
def test_most_modules_have_no_backend(text: str) -> None:
    found = Diagnostics()
    assert read_backend([SourceFile("main.tf", text)], found) is None


@pytest.mark.parametrize(
    ("text", "values", "problems"),
    [
        ('path = "a"', {"path": "a"}, []),
        ("", {}, []),
        ("pth = 1", {}, ["be.hcl:1:1 Unsupported argument"]),
        ("x {\n}", {}, ["be.hcl:1:1 Unsupported block type"]),
    ],
)
def test_a_file_may_set_arguments(text: str, values: dict[str, str], problems: list[str]) -> None:
    found = Diagnostics()
    assert file_arguments(SourceFile("be.hcl", text), found) == values
    assert told(found) == problems


def test_a_file_that_does_not_parse_is_told() -> None:
    with pytest.raises(DiagnosticError):
        file_arguments(SourceFile("be.hcl", "x {"), Diagnostics())
