"""Everything of rtf that reads what somebody else wrote, as functions of a text and a folder to work in.

A reader comes to an end with or without a DiagnosticError, or with what stands for one inside of the state; any other
exception is a fault of rtf, and leaves the reader.
"""

import contextlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from engine.config.variables import file_assignments
from engine.diagnostics import DiagnosticError, Diagnostics, SourceFile
from engine.plan.planfile import SavedPlan, read_plan_file, write_plan_file
from engine.plan.scope import module_scope
from engine.syntax.format import format_source
from engine.syntax.parser import parse, parse_expression, parse_template
from rtf.cli.commands.console import Session
from rtf.workspace import Root, VariableSources, load, make_plan, put_together, read_variables, validate
from state.errors import StateError
from state.snapshot import Snapshot

NOW = "2026-01-02T03:04:05Z"
CONFIGURATION = """\
variable "v" {
  type    = list(object({ a = optional(string, "x") }))
  default = [{}]
}
locals {
  names = [for v in var.v : v.a]
}
resource "terraform_data" "a" {
  count = 2
  input = local.names
}
output "o" {
  value = terraform_data.a[0].input
}
"""

Reader = Callable[[str, Path], None]


def read_syntax(text: str, directory: Path) -> None:
    """Parse as a file, as an expression and as a template."""
    for parser in (parse, parse_expression, parse_template):
        with contextlib.suppress(DiagnosticError):
            parser(SourceFile("main.hcl", text))


def read_layout(text: str, directory: Path) -> None:
    """Format; what was formatted does not change once more."""
    with contextlib.suppress(DiagnosticError):
        once = format_source(SourceFile("main.hcl", text))
        assert format_source(SourceFile("main.hcl", once)) == once


def read_configuration(text: str, directory: Path) -> None:
    """Put a module together and validate it."""
    _validate("main.hcl", text, directory)


def read_json_configuration(text: str, directory: Path) -> None:
    """Put a module in JSON syntax together and validate it."""
    _validate("main.tf.json", text, directory)


def _validate(name: str, text: str, directory: Path) -> None:
    found = Diagnostics()
    root = Root(directory, directory, directory / "terraform.tfstate")
    with contextlib.suppress(DiagnosticError):
        validate(put_together(root, [SourceFile(name, text)], found), found)
        assert all(str(problem.subject) for problem in found)


def read_values(text: str, directory: Path) -> None:
    """Read files of values for variables, in both syntaxes."""
    for name in ("x.tfvars", "x.tfvars.json"):
        path = directory / name
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        with contextlib.suppress(DiagnosticError):
            file_assignments(path, name, Diagnostics())


def read_console(text: str, directory: Path) -> None:
    """Evaluate one input of the console."""
    answer(text, directory)


def read_template(text: str, directory: Path) -> None:
    """Render a template file."""
    (directory / "file.tpl").write_bytes(text.encode("utf-8", "surrogateescape"))
    answer('templatefile("file.tpl", { a = 1, b = [1, 2], x = true })', directory)


def answer(text: str, directory: Path) -> str | None:
    """Return what the console answers, or None when it tells of a problem."""
    root = Root(directory, directory, directory / "terraform.tfstate")
    loaded = put_together(root, [SourceFile("main.hcl", "locals {\n  a = 1\n}\n")], Diagnostics())
    scope = module_scope(directory, {}, NOW)
    scope.roots["local"]["a"] = 1
    try:
        return Session(loaded, scope).answer(text)
    except DiagnosticError:
        return None


def read_plan(path: Path) -> None:
    """Read a plan file."""
    with contextlib.suppress(DiagnosticError, StateError):
        read_plan_file(path)


def plan_file(directory: Path) -> Path:
    """Return a plan file as `rtf plan -out` writes it."""
    (directory / "main.hcl").write_text(CONFIGURATION)
    found = Diagnostics()
    root = Root(directory, directory, directory / "terraform.tfstate")
    loaded = load(root, found)
    variables = read_variables(loaded, VariableSources(environment={}), found)
    prior = Snapshot.empty()
    plan = make_plan(loaded, variables, prior, found)
    write_plan_file(directory / "plan", SavedPlan(plan, ".", loaded.sources, prior))
    return directory / "plan"


def with_member(source: Path, name: str, content: str) -> Path:
    """Return a copy of a plan file in which one member says something else."""
    changed = source.with_name("changed")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(changed, "w") as new:
        for member in old.namelist():
            data = old.read(member) if member != name else content.encode("utf-8", "surrogateescape")
            new.writestr(member, data)
    return changed


def member(source: Path, name: str) -> str:
    """Return the text of a member of a plan file; JSON is written so that a slip changes one thing."""
    with zipfile.ZipFile(source) as archive:
        return json.dumps(json.loads(archive.read(name)), indent=1)


READERS: dict[str, Reader] = {
    "syntax": read_syntax,
    "layout": read_layout,
    "configuration": read_configuration,
    "JSON configuration": read_json_configuration,
    "values": read_values,
    "console": read_console,
    "template": read_template,
}
