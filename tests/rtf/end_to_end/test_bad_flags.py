"""Arguments that mean nothing, for every command: an error that says what to do, and a state left as it is."""

import pytest

from tests.rtf.end_to_end.commands import Folder, folder

MAIN = """
variable "n" {
  type    = number
  default = 1
}
resource "terraform_data" "a" {
  count = 2
  input = var.n
}
output "o" { value = 1 }
"""

CASES = """
plan -parallelism=0
apply -auto-approve -parallelism=-1
apply -auto-approve -parallelism=x
destroy -auto-approve -parallelism=0
plan -target=
plan -target=terraform_data
plan -target=terraform_data.a[
plan -target=terraform_data.a["x]
apply -auto-approve -replace=terraform_data.*
plan -replace=data.x.y
plan -exclude=module.
plan -var
plan -var=n
plan -var=n=x
plan -var==1
plan -var=nn=1
plan -var-file=absent.tfvars
plan -out=absent/folder/p
plan -destroy -refresh-only
plan -refresh-only -refresh=false
plan -refresh=perhaps
plan -lock-timeout=5
plan -lock-timeout=-1s
plan -state=main.tf
plan -colour
plan extra
plan -generate-config-out=main.tf
apply absent.plan
apply main.tf
show absent
show main.tf
show a b
output absent
output -raw
output -raw -json o
state
state absent
state list terraform_data.a[
state list -state=absent.tfstate
state show
state show terraform_data.b
state show terraform_data.a[é]
state mv terraform_data.a
state mv terraform_data.a[0] terraform_data.a[1]
state mv terraform_data.a[9] terraform_data.b
state mv terraform_data.a other_type.a
state rm
state rm terraform_data.b
state push absent
state push main.tf
state replace-provider x
state replace-provider -auto-approve a/b/c/d/e x/y
taint
taint terraform_data.a
taint terraform_data.b
taint data.x.y
untaint terraform_data.a[0]
untaint terraform_data.a[01]
force-unlock
force-unlock -force absent
import terraform_data.a[0]
import terraform_data.a[0] id
import terraform_data.b id
import terraform_data. id
workspace
workspace new
workspace new a/b
workspace new ..
workspace new default
workspace select absent
workspace delete absent
workspace delete default
providers schema
get extra
init -from-module=x
validate extra
graph -type=absent
graph -plan=absent
metadata
metadata absent
test -test-directory=absent/../..
version extra -absent
fmt absent.tf
console -absent
completion absent
absent
pla
-chdir=absent plan
-chdir plan
""".strip().splitlines()


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    made = folder(tmp_path_factory.mktemp("flags") / "work")
    made.write("main.tf", MAIN)
    made.ok("apply", "-auto-approve")
    return made


@pytest.mark.parametrize("line", CASES)
def test_arguments_that_mean_nothing_are_told(applied: Folder, line: str) -> None:
    state = applied.path / "terraform.tfstate"
    before = state.read_bytes()
    run = applied.run(*line.split(" "))
    assert run.text.strip(), "something is said"
    assert "Traceback" not in run.text
    assert "rtf has a bug" not in run.text
    assert state.read_bytes() == before
    assert run.status in (1, 2, 127), run.text
