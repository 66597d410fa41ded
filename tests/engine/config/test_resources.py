"""Resource, data and ephemeral blocks: lifecycle and provisioners."""

import pytest

from engine.diagnostics import Diagnostics
from tests.engine.config.texts import details, good_module, module_of, told


def resource(inside: str) -> str:
    return f'resource "a" "b" {{\n{inside}\n}}'


def lifecycle(inside: str, kind: str = "resource") -> str:
    return f'{kind} "a" "b" {{\nlifecycle {{\n{inside}\n}}\n}}'


WRONG = {
    "depends_on list": (resource("depends_on = x.y"), ["main.tf:2:14 Invalid expression"], "square brackets"),
    "depends_on call": (resource("depends_on = [f()]"), ["main.tf:2:15 Invalid expression"], "as a reference"),
    "dynamic block": (resource('dynamic "x" {\n content {}\n}'), ["main.tf:2:9 Unsupported block type"], '"x" are not expected'),
    "flag computed": (lifecycle("prevent_destroy = var.x"), ["main.tf:3:19 Variables not allowed", "main.tf:3:19 Unsuitable value type"], "known"),
    "ignored wildcard": (lifecycle('ignore_changes = ["*"]'), ["main.tf:3:18 Invalid ignore_changes wildcard"], "= all"),
    "data with an order": (lifecycle("create_before_destroy = true", "data"), ["main.tf:3:1 Invalid data resource lifecycle argument"], "only for managed"),
    "ephemeral, protected": (lifecycle("prevent_destroy = true", "ephemeral"), ["main.tf:3:1 Invalid ephemeral resource lifecycle argument"], "only for managed"),
    "data with a provisioner": ('data "a" "b" {\nprovisioner "local-exec" {}\n}', ["main.tf:2:1 Unsupported block type"], "not expected"),
    "data twice": ('data "a" "b" {}\ndata "a" "b" {}', ['main.tf:2:1 Duplicate data "a" configuration'], "main.tf:1:1"),
    "ephemeral without name": ('ephemeral "a" {}', ["main.tf:1:15 Missing name for ephemeral"], "2 labels"),
    "provisioner without type": (resource("provisioner {}"), ["main.tf:2:13 Missing type for provisioner"], "1 labels"),
    "when": (resource('provisioner "p" {\nwhen = never\n}'), ['main.tf:3:8 Invalid "when" keyword'], "create or destroy"),
    "on_failure": (resource('provisioner "p" {\non_failure = 1\n}'), ['main.tf:3:14 Invalid "on_failure" keyword'], "fail or continue"),
    "too late": (resource('provisioner "p" {\nwhen = destroy\ncommand = var.x\n}'), ["main.tf:4:11 Invalid reference from destroy provisioner"], "triggers_replace"),
    "the value of a key": (resource('provisioner "p" {\nwhen = destroy\ncommand = each.value\n}'), ["main.tf:4:11 Invalid reference from destroy provisioner"], "each.key"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "problems", "detail"), [pytest.param(*row, id=name) for name, row in WRONG.items()])
def test_what_is_wrong_is_told_where_it_is(text: str, problems: list[str], detail: str) -> None:
    found = Diagnostics()
    module_of(found, text)
    assert told(found) == problems
    assert detail in details(found)


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (resource('depends_on = ["c.d"]'), "Quoted references are deprecated"),
        (lifecycle('ignore_changes = ["x"]'), "Quoted references are deprecated"),
        (resource('provisioner "p" {\nwhen = "destroy"\n}'), "Quoted keywords are deprecated"),
    ],
)
def test_quotes_of_old_are_understood_with_a_warning(text: str, summary: str) -> None:
    found = Diagnostics()
    module = module_of(found, text)
    assert [item.summary for item in found] == [summary]
    assert not found.has_errors
    block = module.resources["a.b"]
    assert block.depends_on or block.lifecycle.ignore_changes or block.provisioners[0].at_destroy


def test_a_quoted_reference_that_is_none_is_told_at_its_place() -> None:
    found = Diagnostics()
    module_of(found, resource('depends_on = ["c.d +"]'))
    assert told(found)[-1].startswith("main.tf:2:2")


def test_a_resource_is_read_with_all_it_says() -> None:
    block = good_module(
        resource(
            "lifecycle {\n replace_triggered_by = [c.d, c.e[count.index].x]\n"
            ' precondition {\n condition = var.x\n error_message = "no"\n }\n'
            ' postcondition {\n condition = self.x\n error_message = "no"\n }\n}\n'
            'provisioner "local-exec" {\n command = "true"\n on_failure = continue\n}\n'
            'provisioner "local-exec" {\n when = destroy\n command = "echo ${self.id} ${count.index} ${path.module}"\n}'
        )
    ).resources["a.b"]
    assert len(block.lifecycle.replace_triggered_by) == 2
    assert (len(block.lifecycle.preconditions), len(block.lifecycle.postconditions)) == (1, 1)
    assert [(one.at_destroy, one.may_fail) for one in block.provisioners] == [(False, True), (True, False)]
