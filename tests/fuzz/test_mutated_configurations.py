"""Five hundred damaged configurations: no command ends with a traceback, and none harms the state by failing."""

import random
from collections import Counter
from pathlib import Path

import pytest

from state.codec import decode
from tests.rtf.end_to_end.commands import Folder, folder

MUTATIONS = 500
BATCHES = 10

COMMANDS = [["validate"], ["plan"], ["apply", "-auto-approve"], ["plan", "-out=p"], ["validate", "-json"], ["plan", "-json"], ["fmt", "-check"], ["graph"], ["apply", "-auto-approve", "-json"], ["destroy", "-auto-approve"]]  # fmt: skip

MAIN = """terraform {
  required_version = ">= 1.0"
}

variable "names" {
  type    = map(object({ size = optional(number, 3), tags = list(string) }))
  default = { a = { tags = ["x"] }, b = { size = 5, tags = [] } }
  validation {
    condition     = alltrue([for name, each in var.names : each.size > 0 && name != ""])
    error_message = "Every size is more than 0: ${jsonencode(var.names)}."
  }
}

variable "secret" {
  default   = "hush"
  sensitive = true
}

locals {
  sizes = { for name, each in var.names : upper(name) => each.size... if each.size != null }
  text  = <<-EOT
    %{for name in keys(local.sizes)~}
    ${name} has ${join(", ", local.sizes[name])}
    %{endfor~}
  EOT
}

resource "terraform_data" "each" {
  for_each = var.names
  input    = merge(each.value, { key = each.key, path = path.module })
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [triggers_replace]
    precondition {
      condition     = length(each.key) == 1
      error_message = "One letter."
    }
  }
}

resource "terraform_data" "count" {
  count            = length(terraform_data.each) > 1 ? 2 : 0
  input            = [terraform_data.each["a"].output, "${var.secret}-${count.index}"]
  triggers_replace = terraform_data.each["b"].id
  depends_on       = [terraform_data.each]
  provisioner "local-exec" {
    command = "true"
    when    = destroy
  }
}

moved {
  from = terraform_data.old
  to   = terraform_data.count[0]
}

check "sizes" {
  assert {
    condition     = try(terraform_data.count[0].output[0].size, 0) >= 1
    error_message = "None."
  }
}

output "all" {
  value     = { each = terraform_data.each[*], count = terraform_data.count.*.output, text = trimspace(local.text) }
  sensitive = true
}
"""

TOKENS = MAIN.split()
ODD = ["{", "}", "[", "]", "(", ")", '"', "${", "%{", "~}", "<<E\n", "...", "?", ":", "=", "=>", ".", ",", "#", "/*", "\\", "\x00", "\ufeff", "é", "\r", "null", "true", "-1", "1e999", "0.1e-400", "each.value", "count.index", "self", "var.names", "terraform_data.each", "terraform_data.count[9].output.x", "data.x.y", "module.m", "path.root", "jsondecode(", "[for x in ", "count = 1\n", "for_each = 1\n", "dynamic", "provider", '"', "sensitive(", "timestamp()", "uuid()", "(" * 400]  # fmt: skip


def mutated(chance: random.Random) -> str:
    """Return the configuration with one to three places that were removed, doubled, moved or replaced."""
    text = MAIN
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(text) or 1)
        end = min(len(text), start + chance.randint(1, 30))
        match chance.randint(0, 6):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:start] + text[start:end] * 2 + text[end:]
            case 2:
                text = text[:start] + chance.choice(ODD) + text[start:]
            case 3:
                text = text.replace(chance.choice(TOKENS), chance.choice(TOKENS), 1)
            case 4:
                text = text.replace(chance.choice(TOKENS), chance.choice(ODD))
            case 5:
                lines = text.splitlines(keepends=True) or [""]
                lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
                text = "".join(lines)
            case _:
                text = text.replace(chance.choice(TOKENS), "", 1)
    return text


@pytest.fixture
def here(tmp_path: Path) -> Folder:
    found = folder(tmp_path / "work")
    found.write("main.tf", MAIN)
    found.ok("apply", "-auto-approve")
    return found


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_damaged_configuration_is_told_of(here: Folder, batch: int) -> None:
    state = here.path / "terraform.tfstate"
    good = state.read_bytes()
    statuses: Counter[int] = Counter()
    for number in range(batch, MUTATIONS, BATCHES):
        state.write_bytes(good)
        here.write("main.tf", mutated(random.Random(number)))
        command = COMMANDS[number // BATCHES % len(COMMANDS)]
        run = here.run(*command)
        statuses[run.status] += 1
        assert run.status in ((0, 2, 3) if command[0] == "fmt" else (0, 1)), (number, run.text)
        assert "Traceback" not in run.text, (number, run.text)
        assert "rtf has a bug" not in run.text, (number, run.text)
        if command[0] not in ("apply", "destroy"):
            assert state.read_bytes() == good, number
        decode(state.read_bytes(), "what is there after it")
        if run.status == (2 if command[0] == "fmt" else 1):
            assert "Error" in run.text or '"error"' in run.text, (number, run.text)
            assert not (here.path / "terraform.tfstate.journal").exists(), number
    assert statuses[1] > 0, "some of the damage is an error"
    assert statuses[0] > 0, "and some is not"
