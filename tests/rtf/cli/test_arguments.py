from dataclasses import asdict
from pathlib import Path

import click
import pytest

from rtf.cli import options
from rtf.cli.arguments import Command
from rtf.cli.options import parse_duration
from tests.rtf.cli.shell import rtf_in


def parsed(*arguments: str) -> dict[str, object]:
    """Return what a command with all kinds of flags makes of its arguments."""
    seen: dict[str, object] = {}

    @click.command(cls=Command)
    @click.argument("root", type=click.Path(path_type=Path), default=".")
    @options.variables
    @options.auto_approve
    @options.input_allowed
    @options.state_files
    @options.json_output
    @click.option("-out")
    @click.option("-port", type=int)
    def command(**values: object) -> None:
        flags = asdict(options.given_state())
        seen.update(values, **flags, variables=options.given_variables(click.get_current_context()))

    command.main(list(arguments), standalone_mode=False)
    return seen


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        pytest.param(["-out=p"], "out", "p", id="with an equals sign"),
        pytest.param(["-out", "p"], "out", "p", id="with a blank"),
        pytest.param(["--out=p"], "out", "p", id="two dashes"),
        pytest.param(["--out", "p"], "out", "p", id="two dashes and a blank"),
        pytest.param(["-out=a=b"], "out", "a=b", id="equals sign in the value"),
        pytest.param(["-out="], "out", "", id="empty"),
        pytest.param(["-out", "-p"], "out", "-p", id="a value that begins with a dash"),
        pytest.param(["-out", "--"], "out", "--", id="a value of dashes"),
        pytest.param(["-out", "-json"], "out", "-json", id="a value that looks like a flag"),
        pytest.param(["-out=-p"], "out", "-p", id="a dash after the equals sign"),
        pytest.param(["-port=-1"], "port", -1, id="a negative number"),
        pytest.param(["-auto-approve"], "auto_approve", True, id="switch"),
        pytest.param(["--auto-approve"], "auto_approve", True, id="switch with two dashes"),
        pytest.param(["-auto-approve=true"], "auto_approve", True, id="switched on"),
        pytest.param(["-auto-approve=1"], "auto_approve", True, id="switched on by 1"),
        pytest.param(["-auto-approve=T"], "auto_approve", True, id="switched on by T"),
        pytest.param(["-auto-approve=false"], "auto_approve", False, id="switched off"),
        pytest.param(["-no-auto-approve"], "auto_approve", False, id="switched off by name"),
        pytest.param(["-no-auto-approve=false"], "auto_approve", True, id="not off"),
        pytest.param(["-input=false"], "ask", False, id="on by itself, switched off"),
        pytest.param(["-lock=0"], "lock", False, id="switched off by 0"),
        pytest.param(["-json=false"], "as_json", False, id="a switch without an opposite, off"),
        pytest.param(["-json=true"], "as_json", True, id="a switch without an opposite, on"),
        pytest.param(["dir", "-json"], "root", Path("dir"), id="flags after the word"),
        pytest.param(["-json", "dir"], "root", Path("dir"), id="flags before the word"),
        pytest.param(["-json", "--", "-dir"], "root", Path("-dir"), id="a word that begins with a dash"),
        pytest.param(["-"], "root", Path("-"), id="a dash alone is a word"),
        pytest.param(["-lock-timeout=1h30m"], "lock_timeout", 5400.0, id="duration"),
        pytest.param([], "lock", True, id="a lock unless it is given"),
        pytest.param(["-state=a.tfstate"], "state", Path("a.tfstate"), id="state"),
        pytest.param(["-state="], "state", None, id="no state"),
        pytest.param(["-state-out", "b.tfstate"], "state_out", Path("b.tfstate"), id="state to write"),
        pytest.param(["-backup=-"], "backup", "-", id="no backup"),
        pytest.param(["-backup="], "backup", None, id="the usual backup"),
    ],
)
def test_flags_are_written_as_terraform_writes_them(arguments: list[str], name: str, value: object) -> None:
    assert parsed(*arguments)[name] == value


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        ([], []),
        (["-var", "a=1"], [("var", "a=1")]),
        (["-var=a=1", "-var-file=f", "-var", "a=2"], [("var", "a=1"), ("var-file", "f"), ("var", "a=2")]),
        (["-var-file", "f", "-var", "a=1", "-var-file=g"], [("var-file", "f"), ("var", "a=1"), ("var-file", "g")]),
        (["-var", "-a=-1", "x", "-var=b= c "], [("var", "-a=-1"), ("var", "b= c ")]),
    ],
)
def test_variables_keep_the_order_they_are_given_in(arguments: list[str], variables: list[tuple[str, str]]) -> None:
    assert parsed(*arguments)["variables"] == variables


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["plan", "-detailed-exitcod"], "'-detailed-exitcode'", id="nearly a flag"),
        pytest.param(
            ["plan", "a"], "Error: Too many command line arguments\n\nThere is nothing at", id="no root module"
        ),
        pytest.param(
            ["console", "a"], "Too many command line arguments. Did you mean", id="no root module for a console"
        ),
        pytest.param(["output", "a", "b"], "Error: Unexpected argument", id="an output too many"),
        pytest.param(["plan", "-bogus"], "Error: Failed to parse command-line flags\n\nNo such", id="no flag"),
        pytest.param(["fmt", "-bogus"], "Error parsing command-line flags: No such", id="no flag, told as text"),
        pytest.param(["plan", "-x=1"], "-x", id="no flag with a value"),
        pytest.param(["plan", "-out"], "argument", id="no value"),
        pytest.param(["plan", "-lock=perhaps"], '"perhaps" is not a valid boolean', id="no boolean"),
        pytest.param(["plan", "-lock="], "not a valid boolean", id="an empty boolean"),
        pytest.param(["plan", "-lock-timeout=soon"], '"soon" is not a duration', id="no duration"),
        pytest.param(
            ["plan", ".", "b"],
            "Error: Too many command line arguments\n\nGot unexpected extra argument: b",
            id="a word too many",
        ),
        pytest.param(["output", "a", "b"], "Error: Unexpected argument", id="a word too many for output"),
        pytest.param(["init", ".", "b"], "Did you mean to use -chdir?", id="a word too many for init"),
        pytest.param(["get", ".", "b"], "Did you mean to use -chdir?", id="a word too many for get"),
        pytest.param(["metadata", "functions"], "requires the `-json` flag", id="JSON only"),
        pytest.param(["providers", "schema"], "requires the `-json` flag", id="JSON only as well"),
        pytest.param(["apply", "-parallelism=0"], "at least 1", id="too few at a time"),
        pytest.param(["apply", "-parallelism=many"], "many", id="no number"),
        pytest.param(["plam"], 'Did you mean "plan"?', id="nearly a command"),
        pytest.param(["bogus"], 'no command named "bogus"', id="no command"),
        pytest.param(["state", "lst"], 'Did you mean "list"?', id="nearly a command of a group"),
        pytest.param(["-bogus", "plan"], "-bogus", id="no global flag"),
        pytest.param(["-chdir=gone", "plan"], "no such file or directory", id="no directory"),
        pytest.param(["state", "show"], "ADDRESS", id="a word missing"),
        pytest.param(["completion", "tcsh"], "tcsh", id="a shell that is not known"),
        pytest.param(["emulator", "-port=99999"], "65535", id="a number out of range"),
    ],
)
def test_a_mistake_on_the_command_line_ends_with_1_and_a_hint(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    run = rtf_in(tmp_path, *arguments)
    assert run.status == 1
    assert message.lower() in run.err.lower()
    assert '-help"' in run.err or "Error" in run.err
    assert "Traceback" not in run.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "diagnosed"),
    [
        pytest.param(["plan", "-bogus"], True, id="plan"),
        pytest.param(["validate", "-bogus"], True, id="validate"),
        pytest.param(["output", "-bogus"], True, id="output"),
        pytest.param(["get", "-bogus"], False, id="get"),
        pytest.param(["fmt", "-bogus"], False, id="fmt"),
        pytest.param(["state", "list", "-bogus"], False, id="state"),
        pytest.param(["bogus"], False, id="no command"),
    ],
)
def test_some_commands_tell_of_wrong_flags_as_of_other_problems(
    tmp_path: Path, arguments: list[str], diagnosed: bool
) -> None:
    err = rtf_in(tmp_path, *arguments).err
    assert ("Error: Failed to parse command-line flags\n" in err) == diagnosed
    assert diagnosed or "Error: " not in err


def test_a_command_may_be_run_in_another_directory(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "main.tf").write_text('output "a" { value = 1 }\n')
    for flags in (["-chdir=inner"], ["-chdir", "inner"], ["--chdir=inner"]):
        run = rtf_in(tmp_path, *flags, "validate")
        assert (run.status, run.err) == (0, "")
        assert run.out.startswith("Success!")


@pytest.mark.parametrize("arguments", [["version"], ["-version"], ["--version"]])
def test_the_version_is_told(tmp_path: Path, arguments: list[str]) -> None:
    import rtf

    run = rtf_in(tmp_path, *arguments)
    assert (run.status, run.out.splitlines()[0]) == (0, f"rtf v{rtf.__version__}")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0s", 0.0),
        ("30s", 30.0),
        ("1h30m", 5400.0),
        ("1.5m", 90.0),
        ("250ms", 0.25),
        ("0", 0.0),
        ("5", None),
        ("", None),
        ("m5", None),
        ("-1s", None),
        ("1h ", None),
    ],
)
def test_durations_are_read_as_go_writes_them(text: str, seconds: float | None) -> None:
    assert parse_duration(text) == seconds
