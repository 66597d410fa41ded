import os
import pty
import select
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.lang.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf, TupleOf, Type
from rtf.cli.commands.console import format_type, is_complete
from tests.rtf.end_to_end.commands import COMMAND, Folder, folder

CONFIGURATION = """\
variable "size" {
  type    = number
  default = 3
}

variable "free" {
  default = "x"
}

variable "missing" {
  type = string
}

variable "password" {
  default   = "hush-hush-hush"
  sensitive = true
}

locals {
  double = var.size * 2
  note   = terraform_data.one.output
}

resource "terraform_data" "one" {
  input = "kept"
}

resource "terraform_data" "many" {
  count = 2
  input = count.index
}

resource "terraform_data" "keyed" {
  for_each = { a = 1 }
  input    = each.value
}
"""


@pytest.fixture
def here(tmp_path: Path) -> Folder:
    result = folder(tmp_path / "work", TF_VAR_missing="given")
    result.write("main.hcl", CONFIGURATION)
    return result


@pytest.fixture
def applied(here: Folder) -> Folder:
    here.ok("apply", "-auto-approve")
    return here


def answer(here: Folder, text: str, *arguments: str, **variables: str) -> str:
    run = here.run("console", *arguments, answer=text, **variables)
    assert run.status == 0, run.text
    assert run.err == ""
    return run.out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1 + 2\n", "3\n", id="number"),
        pytest.param("1", "1\n", id="no newline at the end"),
        pytest.param('  upper("x")  \r\n', '"X"\n', id="blanks around"),
        pytest.param("1\n2\n", "2\n", id="the last value is the output"),
        pytest.param("1\n\n", "\n", id="an empty line has an empty value"),
        pytest.param("", "\n", id="nothing at all"),
        pytest.param("1\nexit\n2\n", "", id="exit"),
        pytest.param('"a\\nb"\n', "<<EOT\na\nb\nEOT\n", id="heredoc"),
        pytest.param('tolist(["a"])\n', 'tolist([\n  "a",\n])\n', id="list"),
        pytest.param("{ a = var.size }\n", '{\n  "a" = 3\n}\n', id="object"),
        pytest.param("local.double\n", "6\n", id="local"),
        pytest.param("var.password\n", "(sensitive value)\n", id="sensitive"),
        pytest.param("nonsensitive(var.password)\n", '"hush-hush-hush"\n', id="told on purpose"),
        pytest.param("terraform_data.one.output\n", "(known after apply)\n", id="not created yet"),
        pytest.param("[for x in [1, 2] : x * 2]\n", "[\n  2,\n  4,\n]\n", id="for"),
        pytest.param("path.module\n", '"."\n', id="path"),
        pytest.param("type(var.size)\n", "number\n", id="type"),
        pytest.param('type([1, "a"])\n', "tuple([\n    number,\n    string,\n])\n", id="type of a tuple"),
    ],
)
def test_a_line_from_a_pipe_is_an_expression(here: Folder, text: str, expected: str) -> None:
    assert answer(here, text) == expected


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        pytest.param("1 +\n", "Missing expression", id="syntax"),
        pytest.param("nope\n", "Invalid reference", id="a word"),
        pytest.param("terraform_data.none\n", "Reference to undeclared resource", id="undeclared resource"),
        pytest.param("var.none\n", "Reference to undeclared input variable", id="undeclared variable"),
        pytest.param("foo()\n", "Call to unknown function", id="unknown function"),
        pytest.param('1 + "a"\n', "Invalid operand", id="operand"),
        pytest.param("each.key\n", 'Reference to "each" in context without for_each', id="each"),
        pytest.param("[type(1)]\n", "Invalid use of type function", id="type inside of an expression"),
        pytest.param("type(type(1))\n", "Invalid use of type function", id="type of type"),
        pytest.param("type()\n", "Not enough function arguments", id="type of nothing"),
        pytest.param("type(1, 2)\n", "Too many function arguments", id="type of two"),
        pytest.param("[\n1]\n", "Missing expression", id="each line is an expression of its own"),
        pytest.param("1\nnope\n2\n", "Invalid reference", id="no value is written after a problem"),
    ],
)
def test_a_problem_from_a_pipe_ends_the_console_with_status_1(here: Folder, text: str, summary: str) -> None:
    run = here.run("console", answer=text)
    assert (run.status, run.out) == (1, "")
    assert f"Error: {summary}" in run.err
    assert "on <console-input> line 1" in run.err


def test_a_secret_is_not_told_by_a_problem(here: Folder) -> None:
    run = here.run("console", answer="upper([nonsensitive(var.password)])\n")
    assert run.status == 1
    assert "hush-hush" not in here.run("console", answer='"hush-hush-hush" + 1\n').text
    assert "hush-hush" not in run.text


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        pytest.param("terraform_data.one.output", '"kept"', id="single"),
        pytest.param("terraform_data.many[*].output", "[\n  0,\n  1,\n]", id="count"),
        pytest.param('terraform_data.keyed["a"].input', "1", id="for_each"),
        pytest.param("keys(terraform_data.keyed)", '[\n  "a",\n]', id="keys"),
        pytest.param("local.note", '"kept"', id="a local that needs an object"),
    ],
)
def test_recorded_objects_have_their_values(applied: Folder, expression: str, expected: str) -> None:
    assert answer(applied, f"{expression}\n") == f"{expected}\n"


def test_the_state_is_neither_locked_nor_changed(applied: Folder) -> None:
    before = {path.name: path.read_bytes() for path in applied.path.iterdir()}
    answer(applied, "terraform_data.one\n")
    assert {path.name: path.read_bytes() for path in applied.path.iterdir()} == before


def test_another_state_file_can_be_read(applied: Folder) -> None:
    (applied.path / "terraform.tfstate").rename(applied.path / "old.tfstate")
    assert answer(applied, "local.note\n") == "(known after apply)\n"
    assert answer(applied, "local.note\n", "-state=old.tfstate") == '"kept"\n'


def test_a_plan_tells_what_objects_will_be(here: Folder) -> None:
    assert answer(here, "terraform_data.many[1].input\n", "-plan") == "1\n"


@pytest.mark.parametrize(
    ("arguments", "expression", "expected"),
    [
        pytest.param(["-var", "size=7"], "local.double", "14", id="flag"),
        pytest.param(["-var=free=5"], "var.free", '"5"', id="a text stays one"),
        pytest.param(["-var-file=other.tfvars"], "var.size", "9", id="file"),
        pytest.param([], "var.missing", '"given"', id="environment"),
    ],
)
def test_variables_have_the_values_given(here: Folder, arguments: list[str], expression: str, expected: str) -> None:
    here.write("other.tfvars", "size = 9\n")
    assert answer(here, f"{expression}\n", *arguments) == f"{expected}\n"


def test_a_variable_without_a_value_is_unknown(tmp_path: Path) -> None:
    here = folder(tmp_path / "work")
    here.write("main.hcl", CONFIGURATION)
    assert answer(here, "var.missing\n") == "(known after apply)\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["-var=size=abc"], "Invalid value for input variable", id="wrong type"),
        pytest.param(["-var=none=1"], "Value for undeclared variable", id="undeclared"),
        pytest.param(["absent"], "There is nothing at", id="no such root"),
    ],
)
def test_without_a_sound_configuration_there_is_no_console(here: Folder, arguments: list[str], message: str) -> None:
    run = here.run("console", *arguments, answer="1\n")
    assert (run.status, run.out) == (1, "")
    assert message in run.err


def test_a_local_without_a_value_is_reported_before_the_first_expression(here: Folder) -> None:
    here.write("more.hcl", "locals {\n  broken = upper([])\n}\n")
    run = here.run("console", answer="local.double\n")
    assert run.status == 0
    assert run.err.count("Error: Invalid function argument") == 1
    assert run.out.endswith("6\n")
    assert "Incomplete values" in run.out


def test_an_empty_directory_will_do(tmp_path: Path) -> None:
    assert answer(folder(tmp_path / "work"), "max(1, 2)\n") == "2\n"


@pytest.mark.parametrize(
    ("type", "text"),
    [
        pytest.param(STRING, "string", id="string"),
        pytest.param(BOOL, "bool", id="bool"),
        pytest.param(DYNAMIC, "dynamic", id="unknown type"),
        pytest.param(ListOf(ListOf(NUMBER)), "list(list(number))", id="lists"),
        pytest.param(SetOf(ObjectOf({"a": NUMBER})), "set(\n    object({\n        a: number,\n    }),\n)", id="set"),
        pytest.param(MapOf(TupleOf(())), "map(tuple([]))", id="map"),
        pytest.param(ObjectOf({}), "object({})", id="empty object"),
        pytest.param(
            ObjectOf({"c": ObjectOf({"d": TupleOf((NUMBER,))}), "a b": BOOL}),
            "object({\n    a b: bool,\n    c: object({\n        d: tuple([\n            number,\n        ]),\n    }),\n})",
            id="objects",
        ),
    ],
)
def test_types_are_written_as_terraform_does(type: Type, text: str) -> None:
    assert format_type(type) == text


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        pytest.param("1 + 2", True, id="expression"),
        pytest.param("", True, id="nothing"),
        pytest.param("[", False, id="bracket"),
        pytest.param("{\n a = [1,\n 2]", False, id="brace"),
        pytest.param("{\n a = [1,\n 2]\n}", True, id="closed"),
        pytest.param("<<EOT\nx", False, id="heredoc"),
        pytest.param("<<EOT\nx\nEOT", True, id="closed heredoc"),
        pytest.param('"${foo(', False, id="interpolation"),
        pytest.param('"["', True, id="a bracket in a text"),
        pytest.param("1 # [", True, id="a bracket in a comment"),
        pytest.param('"x', True, id="an open text cannot go on"),
        pytest.param(")", True, id="closed too often"),
    ],
)
def test_an_expression_goes_on_while_something_is_open(text: str, complete: bool) -> None:
    assert is_complete(text) == complete


# ---------------------------------------------------------------- on a terminal


class Terminal:
    """The other end of a console's terminal."""

    def __init__(self, descriptor: int, process: "subprocess.Popen[bytes]") -> None:
        self.descriptor = descriptor
        self.process = process

    def type(self, text: str) -> None:
        os.write(self.descriptor, text.encode())

    def interrupt(self) -> None:
        """Interrupt until a new input is asked for: a signal that comes before the wait for a key is not seen."""
        for _ in range(30):
            self.process.send_signal(signal.SIGINT)
            if select.select([self.descriptor], [], [], 1)[0]:
                self.wait_for("> ")
                return
        pytest.fail("the interrupt was not noticed")

    def wait_for(self, text: str) -> str:
        """Return what was written up to and with `text`."""
        seen = ""
        while text not in seen:
            assert select.select([self.descriptor], [], [], 30)[0], f"no {text!r} in {seen!r}"
            seen += os.read(self.descriptor, 4096).decode()
        return seen


@contextmanager
def terminal(here: Folder, directory: Path, *, status: int = 0) -> Iterator[Terminal]:
    """Run a console on a terminal with `directory` for caches; it has to end by itself with `status`."""
    ours, theirs = pty.openpty()
    environment = {**here.environment, "RTF_CACHE": "on", "XDG_CACHE_HOME": str(directory), "TERM": "dumb"}
    process = subprocess.Popen(
        [*COMMAND, "console"], cwd=here.path, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        yield Terminal(ours, process)
        assert process.wait(30) == status
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_on_a_terminal_one_expression_follows_the_other(here: Folder, tmp_path: Path) -> None:
    with terminal(here, tmp_path) as console:
        console.wait_for("> ")
        console.type("1 + 2\r")
        console.wait_for("\r\n3\r\n")
        console.type("nope\r")
        console.wait_for("Invalid reference")
        console.type("[\r")
        console.type("var.size,\r")
        console.type("]\r")
        console.wait_for("[\r\n  3,\r\n]\r\n")
        console.type("help\r")
        console.wait_for("Ctrl-D")
        console.type("exit\r")


def test_the_end_of_input_ends_the_console(here: Folder, tmp_path: Path) -> None:
    with terminal(here, tmp_path) as console:
        console.wait_for("> ")
        console.type("\x04")


def test_an_interrupt_gives_up_what_was_typed(here: Folder, tmp_path: Path) -> None:
    with terminal(here, tmp_path) as console:
        console.wait_for("> ")
        console.type("[\r")
        console.wait_for("[\r\n  ")
        console.interrupt()
        console.type("1 + 1\r")
        console.wait_for("\r\n2\r\n")
        console.type("exit\r")


def test_lines_are_remembered_privately_and_without_secrets(here: Folder, tmp_path: Path) -> None:
    with terminal(here, tmp_path) as console:
        console.wait_for("> ")
        console.type("1 + 41\r")
        console.wait_for("\r\n42\r\n")
        console.type('upper("hush-hush-hush")\r')
        console.wait_for("HUSH")
        console.type("exit\r")
    history = tmp_path / "rtf" / "console_history"
    assert "1 + 41" in history.read_text(encoding="utf-8")
    assert "hush" not in history.read_text(encoding="utf-8")
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    with terminal(here, tmp_path) as console:
        console.wait_for("> ")
        console.type("\x10\x10\r")  # Ctrl-P twice: past `exit` to the line before
        console.wait_for("\r\n42\r\n")
        console.type("exit\r")
