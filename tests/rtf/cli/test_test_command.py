import contextlib
import json
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

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


def messages(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_state_of_the_configuration_is_not_touched(here: Folder) -> None:
    here.ok("apply", "-auto-approve")
    before = (here.path / "terraform.tfstate").read_bytes()
    here.write("a.tftest.hcl", 'run "a" {\n  variables {\n    n = 4\n  }\n}\n')
    here.ok("test")
    assert (here.path / "terraform.tfstate").read_bytes() == before
    assert sorted(path.name for path in here.path.iterdir()) == ["a.tftest.hcl", "main.tf", "terraform.tfstate"]


def test_machines_hear_of_what_is_left(here: Folder) -> None:
    here.write("main.tf", 'resource "terraform_data" "a" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n')
    here.write("a.tftest.hcl", 'run "a" {}\n')
    told = messages(here.ok("test", "-json", status=1).out)
    assert [message["type"] for message in told] == [
        "version",
        "test_abstract",
        "test_file",
        "test_run",
        "test_run",
        "test_file",
        "test_run",
        "test_cleanup",
        "diagnostic",
        "test_file",
        "test_summary",
    ]
    cleanup, problem, file, summary = told[-4:]
    assert cleanup["test_cleanup"] == {"failed_resources": [{"instance": "terraform_data.a"}]}
    assert (problem["@testfile"], problem["@testrun"]) == ("a.tftest.hcl", "a")
    assert problem["diagnostic"]["summary"] == "Instance cannot be destroyed"
    assert file["test_file"] == {"path": "a.tftest.hcl", "progress": "complete", "status": "error"}
    assert summary["test_summary"] == {"status": "error", "passed": 1, "failed": 0, "errored": 0, "skipped": 0}


def test_machines_hear_what_keeps_the_tests_from_running(here: Folder) -> None:
    here.write("a.tftest.hcl", 'run "a" {\n  command = "plan"\n}\nfoo {}\n')
    told = messages(here.ok("test", "-json", status=1).out)
    assert [message.get("diagnostic", {}).get("summary") for message in told] == [
        None,
        'Invalid "command" keyword',
        "Unsupported block type",
    ]


SECRET = """
variable "token" {
  type      = string
  sensitive = true
}
resource "terraform_data" "a" {
  input = var.token
}
output "o" {
  value     = terraform_data.a.output
  sensitive = true
}
"""
SECRET_TESTS = """
variables {
  token = "hush-hush-hush"
}
run "plan" {
  command = plan
}
run "apply" {
  assert {
    condition     = output.o == "something else"
    error_message = "it is ${var.token}"
  }
}
"""


@pytest.mark.parametrize("flags", [["-verbose"], ["-json", "-verbose"], ["-junit-xml=report.xml"]], ids=" ".join)
def test_secrets_are_not_shown(here: Folder, flags: list[str]) -> None:
    here.write("main.tf", SECRET)
    here.write("a.tftest.hcl", SECRET_TESTS)
    run = here.ok("test", *flags, status=1)
    assert "Test assertion failed" in run.text
    written = [path.read_text(encoding="utf-8") for path in here.path.glob("*.xml")]
    assert not any("hush-hush" in text for text in (run.text, *written))


def test_plans_and_states_for_machines(here: Folder) -> None:
    here.write("a.tftest.hcl", 'run "p" {\n  command = plan\n}\nrun "a" {}\n')
    told = {message["type"]: message for message in messages(here.ok("test", "-json", "-verbose").out)}
    plan, state = told["test_plan"]["test_plan"], told["test_state"]["test_state"]
    assert plan["resource_changes"][0]["change"]["actions"] == ["create"]
    assert plan["output_changes"]["o"]["after_unknown"] is True
    assert state["root_module"]["resources"][0]["values"]["output"] == 3
    assert state["outputs"]["o"] == {"sensitive": False, "type": "number", "value": 3}
    assert "terraform_data" in state["provider_schemas"]["terraform.io/builtin/terraform"]["resource_schemas"]


def test_a_report_for_continuous_integration(here: Folder) -> None:
    here.write(
        "a.tftest.hcl",
        """
run "good" {
  variables {
    unknown = 1
  }
}
run "bad" {
  assert {
    condition     = output.o == 4
    error_message = "<3> \\u0007"
  }
  assert {
    condition     = output.o == 3
    error_message = "never"
  }
}
run "worse" {
  variables {
    n = "x"
  }
}
run "last" {}
""",
    )
    here.ok("test", "-junit-xml=report.xml", status=1)
    (suite,) = ElementTree.parse(here.path / "report.xml").getroot()
    assert {**suite.attrib} == {"name": "a.tftest.hcl", "tests": "4", "skipped": "1", "failures": "1", "errors": "1"}
    good, bad, worse, last = suite
    assert [part.tag for part in good] == ["system-err"]
    assert bad[0].tag == "failure"
    assert bad[0].attrib["message"].startswith("1 of 2 assertions failed, including: <3> ")
    assert "Test assertion failed" in str(bad[0].text)
    assert worse[0].attrib["message"] == "Encountered an error"
    assert last[0].tag == "skipped"
    assert 'Previous testcase "worse" ended in error' in str(last[0].text)
    assert all(case.attrib["classname"] == "a.tftest.hcl" for case in suite)
    assert float(bad.attrib["time"]) > 0


def test_a_report_that_cannot_be_written(here: Folder) -> None:
    here.write("a.tftest.hcl", 'run "a" {}\n')
    run = here.ok("test", "-junit-xml=nowhere/report.xml", status=1)
    assert "Success! 1 passed, 0 failed." in run.out
    assert 'Error: error saving JUnit XML to file "nowhere/report.xml"' in run.err


OPENAI = """
variable "voice" {
  default = "marin"
}
resource "openai_realtime_client_secret" "web" {
  expires_after = { seconds = 600 }
  session = {
    type  = "realtime"
    model = "gpt-realtime-2.1"
    audio = { output = { voice = var.voice } }
  }
}
output "key" {
  value     = openai_realtime_client_secret.web.value
  sensitive = true
}
"""


def test_a_mocked_provider_asks_nobody(here: Folder) -> None:
    here.write("main.tf", 'provider "openai" {\n  base_url = "https://127.0.0.1:9"\n}\n' + OPENAI)
    here.write(
        "a.tftest.hcl",
        """
mock_provider "openai" {
  mock_resource "openai_realtime_client_secret" {
    defaults = { value = "ek_mocked_key" }
  }
}
run "make" {
  assert {
    condition     = output.key == "ek_mocked_key"
    error_message = "another key"
  }
  assert {
    condition     = length(openai_realtime_client_secret.web.id) == 8 && openai_realtime_client_secret.web.expires_at == 0
    error_message = "not made up"
  }
}
run "change" {
  variables {
    voice = "cedar"
  }
  assert {
    condition     = openai_realtime_client_secret.web.session.audio.output.voice == "cedar"
    error_message = "not changed"
  }
  assert {
    condition     = output.key == "ek_mocked_key"
    error_message = "replaced"
  }
}
""",
    )
    run = here.ok("test")
    assert "Success! 2 passed, 0 failed." in run.out
    assert "ek_mocked_key" not in run.text


def test_a_provider_of_the_file_sees_runs_and_variables_of_the_file(here: Folder) -> None:
    (here.path / "setup").mkdir()
    here.write("main.tf", OPENAI)
    here.write("setup/main.tf", 'output "url" {\n  value = "emulator"\n}\n')
    here.write(
        "a.tftest.hcl",
        """
variables {
  key = "sk-of-the-test-file"
}
provider "openai" {
  base_url = run.setup.url
  api_key  = var.key
}
run "setup" {
  module {
    source = "./setup"
  }
}
run "make" {
  assert {
    condition     = startswith(output.key, "ek_")
    error_message = "no key"
  }
}
""",
    )
    here.ok("init")
    run = here.ok("test")
    assert "Success! 2 passed, 0 failed." in run.out
    assert "sk-of-the-test-file" not in run.text


def test_a_provider_of_the_file_that_refers_to_nothing(here: Folder) -> None:
    here.write("main.tf", OPENAI)
    here.write("a.tftest.hcl", 'provider "openai" {\n  base_url = run.setup.url\n}\nrun "make" {}\n')
    run = here.ok("test", status=1)
    assert "Error: Reference to unknown run block" in run.err
    assert "a.tftest.hcl:2:14" in run.err


def test_modules_of_runs_are_installed(here: Folder) -> None:
    (here.path / "setup").mkdir()
    here.write("setup/main.tf", 'output "n" {\n  value = 11\n}\n')
    here.write("a.tftest.hcl", 'run "setup" {\n  module {\n    source = "./setup"\n  }\n}\n')
    assert "Error: Module not installed" in here.ok("test", status=1).err
    assert "- test.a.setup in setup" in here.ok("get").out
    assert here.ok("test").out.endswith("Success! 1 passed, 0 failed.\n")
    assert "Error: Module source has changed" in moved(here).ok("test", status=1).err
    here.ok("init")
    here.ok("test")


def moved(here: Folder) -> Folder:
    (here.path / "setup").rename(here.path / "other")
    here.write("a.tftest.hcl", 'run "setup" {\n  module {\n    source = "./other"\n  }\n}\n')
    return here


def test_validate_looks_at_tests_unless_told_not_to(here: Folder) -> None:
    here.write("a.tftest.hcl", 'run "a" {\n  expect_failures = [module.x]\n}\n')
    assert "Error: Invalid `expect_failures` reference" in here.ok("validate", status=1).err
    assert "a.tftest.hcl" in here.ok("validate", "-json", status=1).out
    here.ok("validate", "-no-tests")
    here.write("a.tftest.hcl", "override_resource {\n  target = terraform_data.z\n}\n")
    assert "Warning: Invalid override target" in here.ok("validate").out


def test_tests_are_formatted(here: Folder) -> None:
    here.write("a.tftest.hcl", 'run "a" {\n   command = plan\n}\n')
    here.write("b.tfmock.hcl", 'mock_resource "a" {\n   defaults = {}\n}\n')
    assert here.ok("fmt").out.split() == ["a.tftest.hcl", "b.tfmock.hcl", "main.tf"][:2]
    assert (here.path / "a.tftest.hcl").read_text(encoding="utf-8") == 'run "a" {\n  command = plan\n}\n'


SLOW = """
resource "terraform_data" "a" {
  provisioner "local-exec" {
    command = "touch begun; while [ ! -e go ]; do sleep 0.05; done"
  }
  provisioner "local-exec" {
    when    = destroy
    command = "touch gone"
  }
}
resource "terraform_data" "b" {
  depends_on = [terraform_data.a]
}
"""


def interrupted(here: Folder, times: int) -> "subprocess.Popen[str]":
    """Start tests, interrupt them while an object is being made, and let that end."""
    here.write("main.tf", SLOW)
    here.write("a.tftest.hcl", 'run "slow" {}\nrun "next" {}\n')
    process = here.start("test")
    while not (here.path / "begun").exists():
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.fail(f"it ended early: {process.wait(0.02)}")
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        assert "nterrupt" in read_paragraph(process)
    (here.path / "go").touch()
    return process


def read_paragraph(process: "subprocess.Popen[str]") -> str:
    """Return what is written to standard error next, up to an empty line or a full stop at the end of one."""
    assert process.stderr is not None
    text = ""
    while not text.rstrip("\n").endswith("."):
        text += process.stderr.readline()
    return text


def test_an_interrupt_lets_the_run_end_and_cleans_up(here: Folder) -> None:
    out, err = interrupted(here, 1).communicate(timeout=60)
    assert '  run "slow"... pass\n  run "next"... skip\na.tftest.hcl... tearing down' in out
    assert "Success! 1 passed, 0 failed, 1 skipped." in out
    assert (here.path / "gone").exists()
    assert not err


def test_two_interrupts_leave_what_is_there_and_say_so(here: Folder) -> None:
    process = interrupted(here, 2)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert '  run "slow"... fail\na.tftest.hcl... tearing down' in out, err
    assert "already created the following resources from the module under test:\n  - terraform_data.a\n" in err
    assert "may not have been destroyed" in " ".join(err.split())
    assert "  - terraform_data.b\n" in err
    assert not (here.path / "gone").exists()
