"""No command shows a secret or leaves one where it does not belong, whatever goes wrong.

Canaries stand in every place that holds secrets: the key in the provider block and in the environment, a sensitive
variable, an offer, the credentials of an MCP server; and those that the server makes: keys and answers to offers.
"""

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from providers.openai.emulator import Fault, create_app, running
from tests.rtf.end_to_end.canaries import (
    HEADER,
    KEY,
    OFFER_LINES,
    TFVARS,
    TOKEN,
    VARIABLE,
    files_with,
    forms,
    found_in,
    hcl,
)
from tests.rtf.end_to_end.commands import Folder, Run, folder
from tests.rtf.end_to_end.configurations import OFFER

PLANTED = [KEY, TOKEN, HEADER, VARIABLE, TFVARS, *OFFER_LINES]
HOLD_SECRETS = {"main.hcl", "variables.hcl", "secret.auto.tfvars", "offer.sdp", "terraform.tfstate", "terraform.tfstate.backup"}  # fmt: skip


def configuration(base_url: str, *, key: str = f'"{KEY}"') -> str:
    return f"""provider "openai" {{
  base_url    = "{base_url}"
  max_retries = 0
  api_key     = {key}
}}

variable "token" {{
  type      = string
  sensitive = true
}}

variable "from_file" {{
  type      = string
  sensitive = true
}}

resource "openai_realtime_client_secret" "web" {{
  session = {{
    type         = "realtime"
    model        = "gpt-realtime-2.1"
    instructions = "Your password is ${{var.token}}."
    tools = [{{
      type          = "mcp"
      server_label  = "orders"
      server_url    = "https://mcp.example.com/sse"
      authorization = "{hcl(TOKEN)}"
      headers       = {{ X-Tenant = "{HEADER}", X-File = var.from_file }}
    }}]
  }}
}}

resource "openai_realtime_call" "support" {{
  sdp = file("offer.sdp")
  session = {{
    type  = "realtime"
    model = "gpt-realtime-2.1"
  }}
}}

output "key" {{
  value     = openai_realtime_client_secret.web.value
  sensitive = true
}}

output "everything" {{
  value     = [openai_realtime_client_secret.web, openai_realtime_call.support, var.token]
  sensitive = true
}}

output "session" {{
  value = openai_realtime_client_secret.web.id
}}
"""


@pytest.fixture
def planted(tmp_path: Path) -> Folder:
    made = folder(tmp_path / "work", OPENAI_API_KEY=KEY, OPENAI_ADMIN_KEY=KEY, TF_VAR_token=VARIABLE)
    shutil.copy(OFFER, made.path)
    made.write("secret.auto.tfvars", f'from_file = "{TFVARS}"\n')
    return made


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Everything that the program logs, at every level."""
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    keeper, root = Keeper(), logging.getLogger()
    level = root.level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(keeper)


def made_by_the_server(here: Folder) -> list[str]:
    """Return the secrets in the state that the server made."""
    objects = here.objects()
    answer = objects["openai_realtime_call.support"]["sdp_answer"]
    lines = [line for line in answer.splitlines() if line.startswith(("a=ice-pwd:", "a=fingerprint:"))]
    assert lines
    return [objects["openai_realtime_client_secret.web"]["value"], *lines]


@pytest.mark.parametrize("key", [f'"{KEY}"', "null"], ids=["key in the block", "key in the environment"])
def test_no_command_shows_a_secret(key: str, planted: Folder, server: str, logged: list[str]) -> None:
    planted.write("main.hcl", configuration(server, key=key))
    runs = [
        planted.ok("init"),
        planted.ok("validate"),
        planted.ok("validate", "-json"),
        planted.ok("plan"),
        planted.ok("plan", "-out=now.tfplan"),
        planted.ok("show", "now.tfplan"),
        planted.ok("apply", "now.tfplan"),
    ]
    secrets = [*PLANTED, *made_by_the_server(planted)]
    planted.write("main.hcl", configuration(server, key=key).replace("gpt-realtime-2.1", "gpt-realtime-2.1-mini"))
    runs += [
        planted.ok("show"),
        planted.ok("state", "list"),
        planted.ok("state", "show", "openai_realtime_client_secret.web"),
        planted.ok("state", "show", "openai_realtime_call.support"),
        planted.ok("output"),
        planted.ok("output", "session"),
        planted.ok("plan", "-detailed-exitcode", status=2),
        planted.ok("apply", "-auto-approve"),
    ]
    secrets += made_by_the_server(planted)
    runs += [
        planted.run("apply", answer="no\n", TF_VAR_token="another-" + VARIABLE),
        planted.ok("plan", "-destroy"),
        planted.ok("destroy", "-auto-approve"),
        planted.ok("show"),
    ]
    for run in runs:
        assert found_in(run.text, secrets) == [], run.text
    assert found_in("\n".join(logged), secrets) == []
    assert files_with(planted.path, secrets) <= HOLD_SECRETS
    assert files_with(planted.path.parent / "work.home", secrets) == set()


@pytest.mark.parametrize("name", ["key", "everything"])
def test_a_sensitive_output_is_given_to_programs_alone(name: str, planted: Folder, server: str) -> None:
    planted.write("main.hcl", configuration(server))
    planted.ok("apply", "-auto-approve")
    made = made_by_the_server(planted)
    shown = planted.ok("output", name)
    assert found_in(shown.text, [*PLANTED, *made]) == []
    for command in (("output", "-json"), ("output", "-json", name), ("output", "-raw", "key"), ("show", "-json")):
        assert made[0] in planted.ok(*command).out


ECHOES = [
    pytest.param("{}", id="as it is"),
    pytest.param("Incorrect API key provided: {}. You can find your API key at https://example.com.", id="in a sentence"),
    pytest.param('{{"headers": {{"Authorization": "Bearer {}"}}}}', id="in JSON"),
    pytest.param("https://example.com/?key={}&x=1", id="in an address"),
]  # fmt: skip


@pytest.mark.parametrize("message", ECHOES)
@pytest.mark.parametrize("secret", [KEY, TOKEN, HEADER, VARIABLE, TFVARS, OFFER_LINES[0]], ids=["key", "token", "header", "variable", "tfvars", "offer"])  # fmt: skip
@pytest.mark.parametrize("status", [400, 401, 500])
def test_an_answer_that_echoes_a_secret_is_not_shown(status: int, secret: str, message: str, planted: Folder) -> None:
    echo = " | ".join(message.format(form) for form in dict.fromkeys(forms(secret)))
    fault = Fault(status, message=echo, code=secret, param=secret)
    with running(create_app(faults=[fault])) as base_url:
        planted.write("main.hcl", configuration(base_url))
        run = planted.run("apply", "-auto-approve")
    assert run.status == 1
    assert "Traceback" not in run.text
    assert found_in(run.text, PLANTED) == [], run.text
    assert files_with(planted.path, PLANTED) <= HOLD_SECRETS


PROVIDER = 'provider "openai" {{\n  {}\n}}\n'
TOOL = """resource "openai_realtime_client_secret" "x" {{
  session = {{
    type = "realtime"
    tools = [{{
      type         = "mcp"
      server_label = "x"
      server_url   = "https://example.com"
      {}
    }}]
  }}
}}
"""
VARIABLES = 'variable "token" {\n  type      = string\n  sensitive = true\n}\n'


def emulated(text: str) -> str:
    return PROVIDER.format('base_url = "emulator"') + text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PROVIDER.format(f'api_key = "{KEY}'), id="key: no closing quote"),
        pytest.param(PROVIDER.format(f'api_key = "{KEY}" base_url = "x"'), id="key: two arguments on a line"),
        pytest.param(PROVIDER.format(f'api_key = = "{KEY}"'), id="key: twice the same sign"),
        pytest.param(PROVIDER.format(f'api_key = upper("{KEY}"'), id="key: no closing parenthesis"),
        pytest.param(PROVIDER.format(f'api_key = uper("{KEY}")'), id="key: unknown function"),
        pytest.param(PROVIDER.format(f'api_key = ["{KEY}"]') + TOOL.format(""), id="key: a list"),
        pytest.param(PROVIDER.format(f'apikey = "{KEY}"'), id="key: unknown argument"),
        pytest.param(PROVIDER.format(f'api_key = "{KEY}\\nx"') + TOOL.format(""), id="key: with a line break"),
        pytest.param(PROVIDER.format(f'base_url = "https://user:{KEY}@example.com/v1"') + TOOL.format(""), id="key: in the address"),
        pytest.param(f"{KEY}\n", id="key: alone in the file"),
        pytest.param(f'api_key = "{KEY}"\n', id="key: outside of any block"),
        pytest.param(f'locals {{\n  key = "{KEY}"\n  x   = local.key.y\n}}\n', id="key: attribute of a text"),
        pytest.param(f'locals {{\n  key = "{KEY}"\n  x   = local.key + 1\n}}\noutput "x" {{\n  value = local.x\n}}\n', id="key: not a number"),
        pytest.param(emulated(TOOL.format(f'authorization = "{hcl(TOKEN)}')), id="token: no closing quote"),
        pytest.param(emulated(TOOL.format(f'authorization = upper("{hcl(TOKEN)}"')), id="token: no closing parenthesis"),
        pytest.param(emulated(TOOL.format(f'authorization = ["a", "{hcl(TOKEN)}"')), id="token: no closing bracket"),
        pytest.param(emulated(TOOL.format(f'authorization = uper("{hcl(TOKEN)}")')), id="token: unknown function"),
        pytest.param(emulated(TOOL.format(f'authorization = <<EOT\n{hcl(TOKEN)}\n')), id="token: heredoc without an end"),
        pytest.param(emulated(TOOL.format(f'authoriztion = "{hcl(TOKEN)}"')), id="token: misspelled attribute"),
        pytest.param(emulated(TOOL.format(f'header = {{ X-Tenant = "{HEADER}" }}')), id="header: misspelled attribute"),
        pytest.param(emulated(TOOL.format(f'authorization = ["{hcl(TOKEN)}"]')), id="token: a list"),
        pytest.param(emulated(TOOL.format(f'authorisation = "{hcl(TOKEN)}"')), id="token: unknown attribute"),
        pytest.param(emulated(TOOL.format(f'authorization = "{hcl(TOKEN)}" + 1')), id="token: not a number"),
        pytest.param(emulated(TOOL.format(f'headers = {{ X-Tenant = ["{HEADER}"] }}')), id="header: a list"),
        pytest.param(emulated(TOOL.format(f'headers = "{HEADER}"')), id="header: not a map"),
        pytest.param(emulated(TOOL.format(f'headers = {{ X-Tenant = "{HEADER}" ')), id="header: no closing brace"),
        pytest.param(VARIABLES + emulated(TOOL.format("require_approval = var.token")), id="variable: outside of a closed set"),
        pytest.param(VARIABLES + emulated(TOOL.format("tunnel_id = var.token")), id="variable: not of the pattern"),
        pytest.param(VARIABLES + 'output "x" {\n  value = var.token\n}\n', id="variable: in an open output"),
        pytest.param(VARIABLES + 'output "x" {\n  value     = file(var.token)\n  sensitive = true\n}\n', id="variable: as a path"),
        pytest.param(VARIABLES + 'output "x" {\n  value     = tonumber(var.token)\n  sensitive = true\n}\n', id="variable: as a number"),
        pytest.param(VARIABLES + 'output "x" {\n  value     = { a = 1 }[var.token]\n  sensitive = true\n}\n', id="variable: as a key"),
        pytest.param(VARIABLES + 'output "x" {\n  value     = jsondecode(var.token)\n  sensitive = true\n}\n', id="variable: as JSON"),
        pytest.param(VARIABLES + 'output "x" {\n  value     = var.token.name\n  sensitive = true\n}\n', id="variable: attribute of a text"),
        pytest.param(VARIABLES.replace("string", "number"), id="variable: of the wrong type"),
        pytest.param(VARIABLES + emulated(TOOL.format("") .replace("session =", "for_each = toset([var.token])\n  session =")), id="variable: in for_each"),
        pytest.param(emulated('resource "openai_realtime_call" "x" {\n  sdp = trimspace(file("offer.sdp")\n}\n'), id="offer: no closing parenthesis"),
        pytest.param(emulated('resource "openai_realtime_call" "x" {\n  sdp = [file("offer.sdp")]\n}\n'), id="offer: a list"),
        pytest.param(emulated('resource "openai_realtime_call" "x" {\n  sdp = "x${file("offer.sdp")}"\n}\n'), id="offer: not an offer"),
        pytest.param(emulated('resource "openai_realtime_call" "x" {\n  sdp = jsondecode(file("offer.sdp"))\n}\n'), id="offer: as JSON"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", [("validate",), ("validate", "-json"), ("plan",)], ids=" ".join)
def test_a_mistake_beside_a_secret_does_not_show_it(command: tuple[str, ...], text: str, planted: Folder) -> None:
    (planted.path / "secret.auto.tfvars").unlink()
    planted.write("main.hcl", text)
    run = planted.run(*command)
    assert "Traceback" not in run.text
    assert "rtf has a bug" not in run.text
    assert found_in(run.text, PLANTED) == [], run.text


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([f"-var=tokn={VARIABLE}"], id="undeclared"),
        pytest.param([f"-var=number={VARIABLE}"], id="of the wrong type"),
        pytest.param([f"-var=list={VARIABLE}"], id="no list"),
        pytest.param(["-var-file=wrong.tfvars"], id="in a file that does not parse"),
        pytest.param(["-var-file=undeclared.tfvars"], id="undeclared in a file"),
    ],
)
def test_a_wrong_variable_is_not_shown(arguments: list[str], planted: Folder) -> None:
    (planted.path / "secret.auto.tfvars").unlink()
    text = "".join(
        f'variable "{name}" {{\n  type      = {type}\n  sensitive = true\n  default   = null\n}}\n'
        for name, type in (("token", "string"), ("number", "number"), ("list", "list(string)"))
    )
    planted.write("main.hcl", text)
    planted.write("wrong.tfvars", f'token = "{VARIABLE}\n')
    planted.write("undeclared.tfvars", f'token_of_mine = "{VARIABLE}"\n')
    run = planted.run("plan", *arguments)
    assert "Traceback" not in run.text
    assert found_in(run.text, [VARIABLE]) == [], run.text


@pytest.mark.parametrize("damage", ["cut short", "of the wrong type"])
@pytest.mark.parametrize("command", [("plan",), ("show",), ("show", "-json"), ("output",), ("state", "list")], ids=" ".join)  # fmt: skip
def test_a_damaged_state_does_not_show_what_is_in_it(
    command: tuple[str, ...], damage: str, planted: Folder, server: str
) -> None:
    planted.write("main.hcl", configuration(server))
    planted.ok("apply", "-auto-approve")
    secrets = [*PLANTED, *made_by_the_server(planted)]
    state = planted.path / "terraform.tfstate"
    text = state.read_text()
    if damage == "cut short":
        state.write_text(text[: text.index("ek_") + 30])
    else:
        data = json.loads(text)
        data["outputs"]["key"]["type"] = "number"
        state.write_text(json.dumps(data))
    run = planted.run(*command)
    assert "Traceback" not in run.text
    assert found_in(run.text, secrets) == [], run.text


def test_no_other_program_is_started(planted: Folder, server: str) -> None:
    planted.write("main.hcl", configuration(server))
    watch = """
import sys
def refuse(event, arguments):
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.system", "pty.spawn"):
        sys.exit(f"{event}{arguments}")
sys.addaudithook(refuse)
import rtf.cli
sys.exit(rtf.cli.run(["apply", "-auto-approve"]) or rtf.cli.run(["destroy", "-auto-approve"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", watch],
        cwd=planted.path,
        env=dict(planted.environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert found_in(Run(0, done.stdout, done.stderr).text, PLANTED) == []
