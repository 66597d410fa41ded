"""What is wrong with a configuration is told with its place, its line and what to do; all of it in one run."""

from dataclasses import dataclass
from itertools import pairwise

import pytest

from tests.rtf.end_to_end.commands import Folder, Run
from tests.rtf.end_to_end.configurations import secret

PROVIDER = 'provider "openai" {\n  base_url = "emulator"\n}\n'  # three lines: what follows begins in line 4


@dataclass(frozen=True)
class Told:
    """What an error says: its summary, its place, the text that the carets stand under, and words of the rest."""

    summary: str
    place: str
    underlined: str
    words: tuple[str, ...] = ()


def told(run: Run) -> str:
    """Return what a failed command said of its errors, in one line, since sentences are broken anywhere."""
    assert run.status == 1, run.text
    assert "Traceback" not in run.text
    assert "rtf has a bug" not in run.text
    return " ".join(run.err.split())


def underlined(text: str) -> list[str]:
    """Return what stands above each line of carets."""
    lines = text.splitlines()
    found = []
    for above, line in pairwise(lines):
        if line.strip() and not line.strip().strip("^~"):
            start = line.index("^")
            found.append(above[start : start + len(line.strip())])
    return found


def session(*lines: str) -> str:
    """Return a resource block whose further lines of the session begin in line 7."""
    members = "".join(f"    {line}\n" for line in lines)
    return (
        f'{PROVIDER}resource "openai_realtime_client_secret" "web" {{\n'
        f'  session = {{\n    type = "realtime"\n{members}  }}\n}}\n'
    )


def output(expression: str) -> str:
    return f'output "x" {{\n  value = {expression}\n}}\n'


CASES = [
    # Syntax
    pytest.param("locals {\n  a = [1, 2\n}\n", Told("Missing item separator", "main.hcl:3:1", "}", ("comma",)), id="an item without a comma"),
    pytest.param('locals {\n  a = "abc\n}\n', Told("Unterminated template string", "main.hcl:2:11", "", ("closing quote",)), id="a string without an end"),
    pytest.param("locals {\n  a = 1\n", Told("Unclosed configuration block", "main.hcl:1:8", "{", ("closing brace",)), id="a block without an end"),
    pytest.param("locals {\n  a = 1\n  a = 2\n}\n", Told("Attribute redefined", "main.hcl:3:3", "a", ("only once",)), id="an attribute twice"),
    pytest.param("locals {\n  a = (1 +\n}\n", Told("Invalid expression", "main.hcl:3:1", "}"), id="half an expression"),
    # Names
    pytest.param('resorce "x" "y" {\n}\n', Told("Unsupported block type", "main.hcl:1:1", "resorce", ('Did you mean "resource"?',)), id="unknown block"),
    pytest.param(PROVIDER + 'resource "openai_realtime_calls" "x" {\n}\n', Told("Invalid resource type", "main.hcl:4:10", '"openai_realtime_calls"', ('Did you mean "openai_realtime_call"?',)), id="unknown resource type"),
    pytest.param(session('instrctions = "x"'), Told("Unsupported argument", "main.hcl:7:5", "instrctions", ('Did you mean "instructions"?',)), id="unknown attribute"),
    pytest.param(session("audio = { input = { turn_detecton = null } }"), Told("Unsupported argument", "main.hcl:7:25", "turn_detecton", ('Did you mean "turn_detection"?',)), id="unknown nested attribute"),
    pytest.param('provider "openai" {\n  apikey = "x"\n}\n' + secret(), Told("Unsupported argument", "main.hcl:2:3", "apikey", ('Did you mean "api_key"?',)), id="unknown argument of the provider"),
    pytest.param(output('uper("x")'), Told("Call to unknown function", "main.hcl:2:11", "uper", ('Did you mean "upper"?',)), id="unknown function"),
    pytest.param('variable "voice" {\n  default = "x"\n}\n' + output("var.voices"), Told("Reference to undeclared input variable", "main.hcl:5:11", "var.voices", ('Did you mean "voice"?',)), id="unknown variable"),
    pytest.param("locals {\n  voice = 1\n}\n" + output("local.voices"), Told("Reference to undeclared local value", "main.hcl:5:11", "local.voices", ('Did you mean "voice"?',)), id="unknown local"),
    pytest.param(output("openai_realtime_call.support.id"), Told("Reference to undeclared resource", "main.hcl:2:11", "openai_realtime_call.support"), id="unknown resource"),
    pytest.param(session() + output("openai_realtime_client_secret.web.valu"), Told("Unsupported attribute", "main.hcl:10:44", ".valu", ('Did you mean "value"?',)), id="unknown attribute of a resource"),
    # Values
    pytest.param(session('instructions = ["x"]'), Told("Incorrect attribute value type", "main.hcl:7:20", '["x"]', ("string required",)), id="a list for a string"),
    pytest.param(session('parallel_tool_calls = "maybe"'), Told("Incorrect attribute value type", "main.hcl:7:27", '"maybe"', ("a bool is required",)), id="a text for a bool"),
    pytest.param(session('audio = { output = { speed = "fast" } }'), Told("Incorrect attribute value type", "main.hcl:7:34", '"fast"', ("a number is required",)), id="a text for a number"),
    pytest.param(session("max_output_tokens = 0"), Told("Invalid attribute value", "main.hcl:7:25", "0", ("at least 1",)), id="too small"),
    pytest.param(session("audio = { output = { speed = 1.6 } }"), Told("Invalid attribute value", "main.hcl:7:34", "1.6", ("at most 1.5",)), id="too large"),
    pytest.param(session('output_modalities = ["video"]'), Told("Invalid attribute value", "main.hcl:7:26", '"video"', ('must be "audio" or "text"',)), id="outside of a closed set"),
    pytest.param(session('output_modalities = ["audio", "text"]'), Told("Invalid attribute value", "main.hcl:7:25", '["audio", "text"]', ('write ["audio"] or ["text"]',)), id="one of two"),
    pytest.param(session('tool_choice = "requird"'), Told("Invalid attribute value", "main.hcl:7:19", '"requird"', ('Did you mean "required"?',)), id="nearly one of a closed set"),
    pytest.param(session('audio = { input = { turn_detection = { type = "semantic_vad", threshold = 0.5 } } }'), Told("Conflicting arguments", "main.hcl:7:79", "0.5", ("server_vad",)), id="of the other kind"),
    pytest.param(PROVIDER + 'resource "openai_realtime_call" "x" {\n  session = { type = "realtime" }\n}\n', Told("Missing required argument", "main.hcl:4:37", "{", ('"sdp" is required',)), id="missing attribute"),
    pytest.param(session('tools = [{ type = "mcp", server_url = "https://mcp.example.com" }]'), Told("Missing required argument", "main.hcl:7:14", '{ type = "mcp", server_url = "https://mcp.example.com" }', ("server_label",)), id="missing nested attribute"),
    pytest.param('provider "openai" {\n  base_url = "http://example.com"\n}\n' + secret(), Told("Invalid base URL", "main.hcl:2:14", '"http://example.com"', ("use https",)), id="an address without TLS"),
    pytest.param(PROVIDER + 'resource "openai_realtime_call" "x" {\n  sdp = file("ofer.sdp")\n}\n', Told("Invalid function argument", "main.hcl:5:15", "ofer.sdp", ("no file exists",)), id="missing file"),
    pytest.param(PROVIDER + 'resource "openai_realtime_call" "x" {\n  sdp = "hello"\n}\n', Told("Invalid attribute value", "main.hcl:5:9", '"(sensitive value)"', ("v=0",)), id="not an offer"),
    # Variables
    pytest.param('variable "voice" {}\n' + output("var.voice"), Told("No value for required variable", "main.hcl:1:1", 'variable "voice"', ("-var",)), id="missing variable"),
    pytest.param('variable "n" {\n  type    = number\n  default = "x"\n}\n', Told("Invalid default value for variable", "main.hcl:3:13", '"x"', ("a number is required",)), id="wrong default"),
    pytest.param('variable "n" {\n  type = strng\n}\n', Told("Invalid type specification", "main.hcl:2:10", "strng", ('Did you mean "string"?',)), id="unknown type"),
    # Structure
    pytest.param(session("instructions = openai_realtime_client_secret.web.id"), Told("Self-referential block", "main.hcl:7:20", "openai_realtime_client_secret.web", ("may not refer to itself",)), id="self reference"),
    pytest.param(session() + secret(), Told('Duplicate resource "openai_realtime_client_secret" configuration', "main.hcl:9:1", 'resource "openai_realtime_client_secret" "web"', ("already declared at main.hcl:4:1",)), id="the same resource twice"),
    pytest.param(PROVIDER + 'resource "openai_realtime_client_secret" "x" {\n  for_each = ["a"]\n}\n', Told("Invalid for_each argument", "main.hcl:5:14", '["a"]', ("toset()",)), id="for_each over a list"),
    pytest.param(PROVIDER + 'resource "openai_realtime_client_secret" "x" {\n  count = -1\n}\n', Told("Invalid count argument", "main.hcl:5:11", "-1", ("greater than or equal to zero",)), id="fewer than none"),
    pytest.param("\ufefflocals {\n  a = b c\n}\n", Told("Missing newline after argument", "main.hcl:2:9", "c"), id="with a byte order mark"),
    pytest.param("locals {\r\n  a = 1\r\n  b = uper(1)\r\n}\r\n" + output("local.b"), Told("Call to unknown function", "main.hcl:3:7", "uper"), id="with lines of Windows"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_error_says_what_is_wrong_and_where(text: str, expected: Told, here: Folder) -> None:
    here.write("main.hcl", text)
    run = here.run("plan", "-input=false")
    said = told(run)
    assert f"Error: {expected.summary} " in said
    assert f"({expected.place}):" in said
    assert expected.underlined in underlined(run.err)
    for words in expected.words:
        assert words in said
    assert not (here.path / ".rtf").exists(), "nothing was requested"


def test_an_unknown_provider_is_told_before_anything_is_planned(here: Folder) -> None:
    here.write("main.hcl", 'resource "aws_instance" "x" {\n}\n')
    said = told(here.run("plan", "-input=false"))
    assert "Error: Inconsistent dependency lock file" in said
    assert "hashicorp/aws" in said


def test_a_cycle_is_told_with_every_reference_on_the_way(here: Folder) -> None:
    here.write("main.hcl", "locals {\n  a = local.b\n  b = local.a\n}\n")
    said = told(here.run("plan", "-input=false"))
    assert "Error: Cycle: local.a (expand), local.b (expand) " in said
    assert "local.a refers to local.b at main.hcl:2:7" in said
    assert "local.b refers to local.a at main.hcl:3:7" in said


def test_all_errors_are_told_in_one_run(here: Folder) -> None:
    here.write("main.hcl", session('instrctions = "x"', "max_output_tokens = 0") + output("uper(var.nope)"))
    here.write("more.hcl", "locals {\n  a = local.zzz\n}\n")
    run = here.run("validate")
    said = told(run)
    assert run.err.count("Error: ") == 4, "a call is not looked at before its references stand for something"
    for place in ("main.hcl:7:5", "main.hcl:8:25", "main.hcl:12:16", "more.hcl:2:7"):
        assert f"({place}):" in said
    assert told(here.run("plan")) == said


def test_each_file_that_does_not_parse_is_told(here: Folder) -> None:
    here.write("a.hcl", "locals {\n")
    here.write("b.hcl", 'x = "\n')
    here.write("c.hcl", "locals {}\n")
    run = here.run("validate")
    told(run)
    assert "(a.hcl:" in run.err
    assert "(b.hcl:" in run.err
    assert run.err.count("Error: ") == 3, "b.hcl has both a line break and an end that no string may have"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["pln"], 'no command named "pln", and neither has rtf. Did you mean "plan"?', id="unknown command"),
        pytest.param(["state", "lst"], 'no command named "lst". Did you mean "list"?', id="unknown command below another"),
        pytest.param(["plan", "-detailed-exitcod"], "-detailed-exitcode", id="unknown flag"),
        pytest.param(["plan", "-out"], "requires an argument", id="flag without a value"),
        pytest.param(["plan", "-lock=perhaps"], "true or false", id="wrong switch"),
        pytest.param(["apply", "-parallelism=0"], "at least 1", id="no operation at a time"),
        pytest.param(["apply", "-parallelism=many"], "not a valid integer", id="not a number"),
        pytest.param(["plan", "-lock-timeout=soon"], "write 30s, 5m or 1h30m", id="not a duration"),
        pytest.param(["plan", "nowhere"], "nothing at", id="no such directory"),
        pytest.param(["plan", "man.hcl"], 'Did you mean "main.hcl"?', id="no such file"),
        pytest.param(["-chdir=nowhere", "plan"], "Cannot change to the directory", id="no such directory to change to"),
        pytest.param(["plan", "-var=nothing"], "nothing", id="variable without a value"),
        pytest.param(["plan", "-var=vioce=x"], "vioce", id="undeclared variable"),
        pytest.param(["plan", "-var-file=none.tfvars"], "none.tfvars", id="no such file of variables"),
        pytest.param(["output", "key"], 'Output "key" not found', id="unknown output"),
        pytest.param(["output", "-raw"], "Output name required", id="raw output without a name"),
        pytest.param(["state", "show", "openai_realtime_call.x"], "No state file was found", id="no state"),
        pytest.param(["taint", "no address"], "Invalid character", id="not an address"),
        pytest.param(["show", "none.tfplan"], 'There is nothing at "none.tfplan"', id="no such plan to show"),
        pytest.param(["show", "broken.tfplan"], "Failed to read the given file as a state or plan file", id="not a plan to show"),
        pytest.param(["show", "main.hcl"], "Failed to read the given file as a state or plan file", id="no state and no plan"),
        pytest.param(["apply", "none.tfplan"], 'Failed to load "none.tfplan" as a plan file', id="no such plan"),
        pytest.param(["apply", "notes.txt"], "neither a plan nor a root module", id="another file"),
        pytest.param(["apply", "-destroy", "broken.tfplan"], "plan", id="not a plan"),
    ],
)  # fmt: skip
def test_a_wrong_command_line_says_what_is_right(arguments: list[str], words: str, here: Folder) -> None:
    here.write("main.hcl", 'variable "voice" {\n  default = "x"\n}\n')
    (here.path / "broken.tfplan").write_bytes(b"PK\x03\x04 and nothing more")
    here.write("notes.txt", "buy milk")
    assert words in told(here.run(*arguments))
