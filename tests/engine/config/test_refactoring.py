"""`moved`, `removed`, `import` and `check` blocks: what they hold, and what is wrong with them."""

import pytest

from engine.diagnostics import Diagnostics
from tests.engine.config.texts import details, good_module, module_of, told

WRONG = {
    "moved, nothing": ("moved {}", ["main.tf:1:7 Missing required argument"] , '"from"'),
    "moved, text": ('moved {\n from = "a.b"\n to = a.c\n}', ["main.tf:2:9 Invalid expression"], "constants"),
    "moved, computed key": ("moved {\n from = a.b[count.index]\n to = a.c\n}", ["main.tf:2:9 Invalid expression"], "constants"),
    "moved, two kinds": ("moved {\n from = module.m\n to = a.c\n}", ['main.tf:1:1 Invalid "moved" addresses'], "both refer"),
    "moved, half an address": ("moved {\n from = a\n to = a.c\n}", ["main.tf:2:9 Invalid address"], "type and its name"),
    "moved, module alone": ("moved {\n from = module\n to = a.c\n}", ["main.tf:2:9 Invalid address"], "followed by a module name"),
    "moved, label": ('moved "x" {}', ["main.tf:1:7 Extraneous label for moved"], "No labels"),
    "moved, argument": ("moved {\n from = a.b\n to = a.c\n form = 1\n}", ["main.tf:4:2 Unsupported argument"], 'mean "from"?'),
    "removed, nothing": ("removed {}", ["main.tf:1:9 Missing required argument"], '"from"'),
    "removed, key": ("removed {\n from = a.b[0]\n}", ["main.tf:2:12 Resource instance keys not allowed"], "whole resource"),
    "removed, key of a module": ("removed {\n from = module.m[0].a.b\n}", ["main.tf:2:17 Module instance keys not allowed"], "whole"),
    "removed, data": ("removed {\n from = data.a.b\n}", ["main.tf:2:9 Data source address not allowed"], "managed"),
    "removed, create provisioner": ('removed {\n from = a.b\n provisioner "local-exec" {\n command = "x"\n }\n}', ["main.tf:3:2 Invalid provisioner block"], "when = destroy"),
    "removed, provisioner of a module": ('removed {\n from = module.m\n provisioner "local-exec" {\n when = destroy\n command = "x"\n }\n}', ["main.tf:3:2 Invalid provisioner block"], "of a module"),
    "import, nothing": ("import {}", ["main.tf:1:8 Missing required argument"], '"to"'),
    "import, argument": ('import {\n to = a.b\n id = "x"\n foreach = {}\n}', ["main.tf:4:2 Unsupported argument"], 'mean "for_each"?'),
    "check, nothing": ('check "c" {}', ["main.tf:1:1 Zero assert blocks"], "at least one"),
    "check twice": ('check "c" {\n assert {\n condition = var.x\n error_message = ""\n }\n}\ncheck "c" {\n assert {\n condition = var.x\n error_message = ""\n }\n}', ['main.tf:7:1 Duplicate check "c" configuration'], "main.tf:1:1"),
    "check, two sources": ('check "c" {\n data "a" "b" {}\n data "a" "c" {}\n assert {\n condition = var.x\n error_message = ""\n }\n}', ["main.tf:3:2 Multiple data resource blocks"], "main.tf:2:2"),
    "check, taken source": ('data "a" "b" {}\ncheck "c" {\n data "a" "b" {}\n assert {\n condition = var.x\n error_message = ""\n }\n}', ['main.tf:3:2 Duplicate data "a" configuration'], "main.tf:1:1"),
    "check, constant": ('check "c" {\n assert {\n condition = true\n error_message = ""\n }\n}', ["main.tf:3:14 Invalid assert expression", "main.tf:1:1 Zero assert blocks"], "at least one object"),
    "precondition, constant": ('output "o" {\n value = 1\n precondition {\n condition = true\n error_message = ""\n }\n}', ["main.tf:4:14 Invalid precondition expression"], "at least one object"),
    "precondition, no message": ('output "o" {\n value = 1\n precondition {\n condition = var.x\n }\n}', ["main.tf:3:15 Missing required argument"], "error_message"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "problems", "detail"), [pytest.param(*row, id=name) for name, row in WRONG.items()])
def test_what_is_wrong_is_told_where_it_is(text: str, problems: list[str], detail: str) -> None:
    found = Diagnostics()
    module_of(found, text)
    assert list(dict.fromkeys(told(found))) == problems
    assert detail in details(found)


def test_blocks_are_read_with_all_they_say() -> None:
    module = good_module(
        'moved {\n from = module.m["x"].a.b[0]\n to = module.n.a.b\n}\n'
        "removed {\n from = module.m.a.b\n lifecycle {\n destroy = false\n }\n}\n"
        "import {\n for_each = local.ids\n to = a.b[each.key]\n id = each.value\n provider = a.eu\n}\n"
        'check "c" {\n data "a" "b" {\n x = 1\n }\n assert {\n condition = data.a.b.x == 1\n error_message = "no"\n }\n}\n'
    )
    (moved,), (removed,), (imported,) = module.moved, module.removed, module.imports
    assert (moved.source.modules, moved.source.name, moved.source.key) == ((("m", "x"),), "a.b", 0)
    assert (moved.target.modules, moved.target.name, moved.target.key) == ((("n", None),), "a.b", None)
    assert (removed.source.name, removed.destroy) == ("a.b", False)
    assert imported.for_each is not None
    assert imported.provider == "a.eu"
    assert module.resources["data.a.b"].check == "c"
    assert len(module.checks["c"].assertions) == 1
