import pytest

from engine.address import parse_target
from engine.diagnostics import DiagnosticError
from rtf.state_edits.instances import all_instances, instances_named
from state.snapshot import Resource
from tests.rtf.state_edits.states import PROVIDER, holding

STATE = holding(
    "a.b[10]",
    "a.b[2]",
    "a.a",
    "data.z.z",
    "module.m.a.a",
    "module.m.module.n.a.a",
    "module.k[10].a.a",
    "module.k[2].a.a",
    'a.f["$${x}"]',
    deposed=("a.old",),
)
STATE.resources["a.none"] = Resource("a", "none", PROVIDER)


def test_instances_come_in_terraforms_order() -> None:
    assert [str(one) for one in all_instances(STATE)] == [
        "data.z.z",
        "a.a",
        "a.b[2]",
        "a.b[10]",
        'a.f["$${x}"]',
        "a.old",
        "module.k[2].a.a",
        "module.k[10].a.a",
        "module.m.a.a",
        "module.m.module.n.a.a",
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a.b", ["a.b[2]", "a.b[10]"]),
        ("a.b[2]", ["a.b[2]"]),
        ("a.none", []),
        ("a.old", ["a.old"]),
        ('a.f["$${x}"]', ['a.f["$${x}"]']),
        ("module.m", ["module.m.a.a", "module.m.module.n.a.a"]),
        ("module.m.module.n", ["module.m.module.n.a.a"]),
        ("module.k", ["module.k[2].a.a", "module.k[10].a.a"]),
        ("module.k[2]", ["module.k[2].a.a"]),
        ("data.z.z", ["data.z.z"]),
    ],
)
def test_an_address_names_the_instances_below_it(text: str, named: list[str]) -> None:
    assert [str(one) for one in instances_named(STATE, parse_target(text))] == named


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("a.c", "Unknown resource"),
        ("module.k.a.a", "Unknown resource"),
        ("a.b[3]", "Unknown resource instance"),
        ("module.q", "Unknown module"),
        ("module.k[3]", "Unknown module"),
    ],
)
def test_an_address_that_names_nothing_is_told(text: str, summary: str) -> None:
    with pytest.raises(DiagnosticError) as raised:
        instances_named(STATE, parse_target(text))
    assert [one.summary for one in raised.value.diagnostics] == [summary]
    assert text in raised.value.diagnostics[0].detail
