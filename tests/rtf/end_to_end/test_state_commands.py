"""`rtf state pull`."""

import json

from tests.rtf.end_to_end.commands import Folder


def test_pull_writes_the_state_as_it_is_stored(here: Folder) -> None:
    assert here.ok("state", "pull").out == ""
    here.write("main.hcl", 'resource "terraform_data" "a" {\n  input = 1.5\n}\n')
    here.ok("apply", "-auto-approve")
    pulled = here.ok("state", "pull").out
    assert pulled == (here.path / "terraform.tfstate").read_text() + "\n"
    assert json.loads(pulled)["resources"][0]["instances"][0]["attributes"]["input"] == {"value": 1.5, "type": "number"}
