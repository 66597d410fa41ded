"""What the changes of a plan may come from, as Terraform 1.11.4 finds it."""

import pytest

from engine.address import parse_resource_instance
from engine.config.model import Module
from engine.lang.values import UNKNOWN
from engine.plan.changes import Action, Change, OutputChange
from engine.plan.relevant import relevant_attributes
from tests.engine.config.texts import good_module

RESOURCES = """
variable "v" {}
locals {
  l = test_thing.a.labels[0]
  m = { k = local.l }
}
resource "test_thing" "a" {
  content = test_thing.z.id
}
resource "test_thing" "z" {}
resource "test_thing" "many" {
  for_each = test_thing.z.labels
  name     = each.value
}
resource "test_thing" "counted" {
  count = length(test_thing.z.labels)
}
"""


def relevant(text: str) -> list[tuple[str, tuple[str | int, ...]]]:
    """Return what is relevant to a thing called c with this argument, which is new."""
    module = good_module(f'{RESOURCES}\nresource "test_thing" "c" {{\n  content = {text}\n}}')
    return told(module, "test_thing.c")


def told(module: Module, *changed: str) -> list[tuple[str, tuple[str | int, ...]]]:
    changes = [Change(parse_resource_instance(name), Action.CREATE, "test", None, {}) for name in changed]
    return [(item.resource, item.path) for item in relevant_attributes(module, changes, ())]


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        pytest.param("test_thing.z.id", [("test_thing.z", ("id",))], id="attribute"),
        pytest.param("test_thing.z", [("test_thing.z", ())], id="all of a resource"),
        pytest.param('test_thing.many["k"].id', [('test_thing.many["k"]', ("id",))], id="instance"),
        pytest.param('test_thing.many["k"].name', [('test_thing.many["k"]', ("name",)), ("test_thing.z", ("labels",))], id="its repetition"),
        pytest.param("test_thing.counted[0].name", [("test_thing.counted[0]", ("name",))], id="a number of instances alone"),
        pytest.param("local.l", [("test_thing.a", ("labels", 0))], id="local"),
        pytest.param("local.m.k", [("test_thing.a", ("labels", 0))], id="local by way of another"),
        pytest.param("test_thing.a.content", [("test_thing.a", ("content",)), ("test_thing.z", ("id",))], id="and what that comes from"),
        pytest.param("test_thing.a.id", [("test_thing.a", ("id",))], id="but not what comes from elsewhere"),
        pytest.param("var.v", [], id="variable of the root module"),
        pytest.param('"x"', [], id="constant"),
    ],
)  # fmt: skip
def test_references_are_followed_as_far_as_they_lead(
    text: str, attributes: list[tuple[str, tuple[str | int, ...]]]
) -> None:
    assert relevant(text) == attributes


def test_outputs_are_followed_into_modules_and_variables_out_of_them() -> None:
    child = good_module(
        """
        variable "v" {}
        resource "test_thing" "inner" {
          content = var.v
        }
        output "o" {
          value = test_thing.inner.content
        }
        """
    )
    root = good_module(
        """
        resource "test_thing" "a" {}
        module "m" {
          source = "./m"
          count  = 2
          v      = test_thing.a.id
        }
        output "x" {
          value = module.m[1].o
        }
        """
    )
    root.children["m"] = child
    changed = OutputChange("x", Action.CREATE, None, UNKNOWN)
    assert [(item.resource, item.path) for item in relevant_attributes(root, (), [changed])] == [
        ("module.m[1].test_thing.inner", ("content",)),
        ("test_thing.a", ("id",)),
    ]
    assert told(root, "module.m[0].test_thing.inner") == [
        ("module.m[0].test_thing.inner", ("content",)),
        ("test_thing.a", ("id",)),
    ]


def test_what_stays_and_what_has_no_block_refers_to_nothing() -> None:
    module = good_module(RESOURCES)
    kept = Change(parse_resource_instance("test_thing.a"), Action.NO_OP, "test", {}, {})
    gone = Change(parse_resource_instance("module.x.test_thing.y"), Action.DELETE, "test", {}, None)
    assert relevant_attributes(module, [kept, gone], [OutputChange("old", Action.DELETE, "x", None)]) == ()
