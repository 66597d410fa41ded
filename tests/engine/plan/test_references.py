"""References to attributes that no resource of the type has."""

import pytest

from engine.diagnostics import Diagnostics
from engine.plan.references import check_attributes
from tests.engine.config.texts import good_module
from tests.engine.plan.things import Thing

TEXT = """
resource "test_thing" "a" {
  for_each = { k = 1 }
}
resource "test_thing" "b" {}
output "o" {
  value = %s
}
"""


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        pytest.param("test_thing.b.id", [], id="attribute"),
        pytest.param("test_thing.b.zzz", [".zzz"], id="no attribute"),
        pytest.param('test_thing.a["k"].zzz.y', [".zzz"], id="of an instance"),
        pytest.param("try(test_thing.b.zzz, 1)", [".zzz"], id="in a try"),
        pytest.param("true ? 1 : test_thing.b.zzz", [".zzz"], id="in the arm that is not chosen"),
        pytest.param("[test_thing.b.zzz, test_thing.b.yyy]", [".zzz", ".yyy"], id="two"),
        pytest.param("test_thing.b.inner.zzz", [".zzz"], id="in an object of known shape"),
        pytest.param("test_thing.b.content.zzz", [], id="in a value of any type"),
        pytest.param("test_thing.b[0].id", [], id="a key is for others to look at"),
        pytest.param("[for test_thing in [1] : test_thing.b.zzz]", [], id="a name of a for"),
        pytest.param("nope_thing.b.zzz", [], id="no such resource"),
    ],
)
def test_an_attribute_that_is_not_there_is_told_at_its_name(expression: str, told: list[str]) -> None:
    found = Diagnostics()
    check_attributes(good_module(TEXT % expression), {"test_thing": Thing}, found)
    places = [item.subject for item in found]
    assert [where.file.text[where.start : where.end] for where in places if where is not None] == told
    assert {item.summary for item in found} <= {"Unsupported attribute"}
