import os
import subprocess
from pathlib import Path

import pytest

from rtf.cli.commands import fmt
from tests.rtf.end_to_end.commands import COMMAND, Folder, folder

UGLY, NEAT = "a=1\n", "a = 1\n"
BROKEN = "a = [\n"


@pytest.fixture
def here(tmp_path: Path) -> Folder:
    return folder(tmp_path / "work")


def piped(here: Folder, text: bytes, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [*COMMAND, "fmt", *arguments], input=text, capture_output=True, cwd=here.path, env=dict(here.environment)
    )


def texts(here: Folder) -> dict[str, str]:
    return {
        str(path.relative_to(here.path)): path.read_text(encoding="utf-8")
        for path in sorted(here.path.rglob("*"))
        if path.is_file()
    }


def place(here: Folder, *names: str, text: str = UGLY) -> None:
    for name in names:
        (here.path / name).parent.mkdir(parents=True, exist_ok=True)
        here.write(name, text)


@pytest.mark.parametrize(
    ("files", "arguments", "touched"),
    [
        pytest.param(
            ["a.tf", "b.tfvars", "c.auto.tfvars", "d.tftest.hcl", "e.tfmock.hcl"],
            [],
            ["a.tf", "b.tfvars", "c.auto.tfvars", "d.tftest.hcl", "e.tfmock.hcl"],
            id="all kinds of files",
        ),
        pytest.param(["main.hcl", "more.hcl"], [], ["main.hcl", "more.hcl"], id="hcl files"),
        pytest.param(["a.tf", "b.hcl"], [], ["a.tf"], id="hcl files beside tf files may be of other tools"),
        pytest.param(["a.tf", "b.hcl"], ["b.hcl"], ["b.hcl"], id="but not when they are named"),
        pytest.param(["terragrunt.hcl", "x.pkr.hcl"], [], [], id="files of other tools"),
        pytest.param(["a.tf", ".b.tf", "c.tf~", "#d.tf#", "e.txt"], [], ["a.tf"], id="hidden and backup files"),
        pytest.param(["a.tf.json", "b.tfvars.json"], [], [], id="JSON"),
        pytest.param(["a.tf", "sub/b.tf"], [], ["a.tf"], id="directories below are not entered"),
        pytest.param(
            ["a.tf", "sub/b.tf", "sub/deep/c.hcl", ".terraform/d.tf"],
            ["-recursive"],
            ["a.tf", "sub/b.tf", "sub/deep/c.hcl"],
            id="unless -recursive is given",
        ),
        pytest.param(["a.tf", "sub/b.tf"], ["./sub/"], ["sub/b.tf"], id="a directory"),
        pytest.param(["a.tf", "b.tf", "c.tf"], ["c.tf", "../work/a.tf"], ["c.tf", "a.tf"], id="files in their order"),
    ],
)
def test_the_files_that_are_rewritten_are_named(
    here: Folder, files: list[str], arguments: list[str], touched: list[str]
) -> None:
    place(here, *files)
    run = here.ok("fmt", *arguments)
    assert run.out.splitlines() == touched
    assert [name for name, text in texts(here).items() if text == NEAT] == sorted(touched)
    assert here.ok("fmt", *arguments).out == ""


DIFFERENCE = "--- old/a.tf\n+++ new/a.tf\n@@ -1 +1 @@\n-a=1\n+a = 1\n"


@pytest.mark.parametrize(
    ("arguments", "status", "out", "rewritten"),
    [
        pytest.param(["-list=false"], 0, "", True, id="silent"),
        pytest.param(["-write=false"], 0, "a.tf\n", False, id="names only"),
        pytest.param(["-diff"], 0, "a.tf\n" + DIFFERENCE, True, id="difference"),
        pytest.param(["-diff", "-list=false", "-write=false"], 0, DIFFERENCE, False, id="difference alone"),
        pytest.param(["-list=false", "-write=false"], 0, "a = 1\nb = 2\n", False, id="the text itself"),
        pytest.param(["-check"], 3, "a.tf\n", False, id="check"),
        pytest.param(["-check", "-list=false"], 3, "", False, id="check silently"),
        pytest.param(["-check", "-diff"], 3, "a.tf\n" + DIFFERENCE, False, id="check with difference"),
        pytest.param(["-check", "-write=true"], 3, "a.tf\n", False, id="a check never writes"),
    ],
)
def test_flags_say_what_happens(here: Folder, arguments: list[str], status: int, out: str, rewritten: bool) -> None:
    place(here, "a.tf")
    place(here, "b.tf", text="b = 2\n")
    assert here.ok("fmt", *arguments, status=status).out == out
    assert texts(here)["a.tf"] == (NEAT if rewritten else UGLY)


def test_a_check_of_neat_files_succeeds(here: Folder) -> None:
    place(here, "a.tf", text=NEAT)
    assert here.ok("fmt", "-check").out == ""


def test_a_file_that_does_not_parse_is_reported_and_left_alone(here: Folder) -> None:
    place(here, "a.tf", "c.tf")
    place(here, "b.tf", text=BROKEN)
    run = here.ok("fmt", status=2)
    assert run.out == "a.tf\nc.tf\n"
    assert "Error: Missing expression" in run.err
    assert "on b.tf line 2" in run.err
    assert texts(here) == {"a.tf": NEAT, "b.tf": BROKEN, "c.tf": NEAT}


@pytest.mark.parametrize(
    ("target", "message"),
    [
        pytest.param("absent.tf", "No file or directory at absent.tf", id="nothing there"),
        pytest.param("d.txt", "Only .tf, .tfvars, and .tftest.hcl files can be processed", id="another kind of file"),
        pytest.param("pipe.tf", "not a regular file", id="a pipe"),
        pytest.param("latin.tf", "not UTF-8", id="another encoding"),
    ],
)
def test_a_target_that_cannot_be_formatted_is_an_error(here: Folder, target: str, message: str) -> None:
    place(here, "d.txt", "z.tf")
    os.mkfifo(here.path / "pipe.tf")
    (here.path / "latin.tf").write_bytes(b'a = "\xe9"\n')
    run = here.ok("fmt", target, "z.tf", status=2)
    assert message in run.err
    assert run.out == "z.tf\n"


@pytest.mark.parametrize(
    ("text", "arguments", "status", "out"),
    [
        pytest.param(b"a=1\n", [], 0, b"a = 1\n", id="text"),
        pytest.param(b"a=1\r\nbb=2\r\n", [], 0, b"a  = 1\r\nbb = 2\r\n", id="carriage returns"),
        pytest.param(b"a=1", [], 0, b"a = 1\n", id="no final newline"),
        pytest.param(b"a=1\n", ["-check"], 3, b"", id="check"),
        pytest.param(b"a = 1\n", ["-check"], 0, b"", id="check of neat text"),
        pytest.param(
            b"a=1\n", ["-diff"], 0, b"--- old/<stdin>\n+++ new/<stdin>\n@@ -1 +1 @@\n-a=1\n+a = 1\n", id="difference"
        ),
        pytest.param(b"a = [\n", [], 2, b"", id="does not parse"),
    ],
)
def test_a_dash_formats_standard_input(
    here: Folder, text: bytes, arguments: list[str], status: int, out: bytes
) -> None:
    run = piped(here, text, *arguments, "-")
    assert (run.returncode, run.stdout) == (status, out)
    assert (b"on <stdin> line 2" in run.stderr) == (status == 2)


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(here: Folder) -> None:
    place(here, "real/a.tf")
    file = here.path / "real/a.tf"
    file.chmod(0o640)
    (here.path / "link.tf").symlink_to(file)
    assert here.ok("fmt").out == "link.tf\n"
    assert (here.path / "link.tf").is_symlink()
    assert file.read_text(encoding="utf-8") == NEAT
    assert file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(file.parent) == ["a.tf"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"a=1\n\nb = 2\n", b"a = 1\n\nb = 2\n", id="lines"),
        pytest.param(b"a=1", b"a = 1", id="no final newline"),
        pytest.param(
            "a=1 # \u2028\r\nb=2\n".encode(), "a = 1 # \u2028\r\nb = 2\n".encode(), id="only newlines end lines"
        ),
        pytest.param(b"x\n" * 20 + b"a=1\n" + b"y\n" * 20, b"x\n" * 20 + b"a = 1\n" + b"y\n" * 20, id="context"),
    ],
)
def test_without_the_diff_program_the_difference_reads_the_same(
    before: bytes, after: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_program = fmt.difference(before, after, "a.tf")
    monkeypatch.setenv("PATH", "")
    assert fmt.difference(before, after, "a.tf") == by_program


def test_a_flag_that_is_none_is_an_error_of_usage(here: Folder) -> None:
    assert "-bogus" in here.ok("fmt", "-bogus", status=1).err
