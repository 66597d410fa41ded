from itertools import pairwise

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.address import ResourceAddress
from engine.apply.operations import Operation, build_operations
from engine.plan.changes import Action, Change, Plan
from engine.plan.options import PlanOptions

Block = dict[str, list[str]]


def change(name: str, action: Action, needs: list[str], deposed: str | None = None, key: int | None = None) -> Change:
    address = ResourceAddress("t", name).instance(key)
    return Change(address, action, "x", dependencies=tuple(f"t.{need}" for need in needs), deposed=deposed)


def graph_of(needs: Block) -> "networkx.DiGraph[str]":
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    for name, needed in needs.items():
        graph.add_edge("provider.x", f"t.{name}")
        graph.add_edges_from((f"t.{need}", f"t.{name}") for need in needed)
    return graph


def steps(needs: Block, *changes: Change, destroy: bool = False) -> list[str]:
    """Return the steps of a plan that has only one order, less the evaluations."""
    operations = build_operations(
        graph_of(needs), Plan("", 0, tuple(changes), options=PlanOptions("destroy" if destroy else "normal"))
    )
    ordered = [step for step in networkx.topological_sort(operations) if step.kind != "evaluate"]
    for before, after in pairwise(ordered):
        assert networkx.has_path(operations, before, after), f"{before.name} and {after.name} may run at once"
    return [f"{step.kind} {step.name.removeprefix('t.')}" for step in ordered]


C, U, D, DC, CD, N = (
    Action.CREATE, Action.UPDATE, Action.DELETE, Action.DELETE_THEN_CREATE, Action.CREATE_THEN_DELETE, Action.NO_OP
)  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(C, C, ["write a", "write b"], id="create"),
        pytest.param(U, U, ["write a", "write b"], id="update"),
        pytest.param(D, D, ["delete b", "delete a"], id="delete"),
        pytest.param(DC, DC, ["delete b", "delete a", "write a", "write b"], id="both replaced"),
        pytest.param(CD, CD, ["write a", "write b", "delete b", "delete a"], id="both replaced, new ones first"),
        pytest.param(CD, DC, ["delete b", "write a", "write b", "delete a"], id="the needed one first") ,
        pytest.param(CD, U, ["write a", "write b", "delete a"], id="the other updated before the old one goes"),
        pytest.param(DC, U, ["delete a", "write a", "write b"], id="the other updated afterwards"),
        pytest.param(DC, N, ["delete a", "write a"], id="the other stays"),
        pytest.param(D, U, ["write b", "delete a"], id="the other has to do without it"),
        pytest.param(N, C, ["write b"], id="one stays"),
    ],
)  # fmt: skip
def test_what_is_needed_is_made_first_and_goes_last(a: Action, b: Action, expected: list[str]) -> None:
    needs: Block = {"a": [], "b": ["a"]}
    if (a, b) == (CD, DC):  # two of these may run at once
        operations = build_operations(graph_of(needs), Plan("", 0, (change("a", a, []), change("b", b, ["a"]))))
        for first, second in (
            ("delete b", "write b"),
            ("write a", "write b"),
            ("write b", "delete a"),
            ("delete b", "delete a"),
        ):
            one, other = (Operation(*_named(step)) for step in (first, second))
            assert networkx.has_path(operations, one, other)
        return
    assert steps(needs, change("a", a, []), change("b", b, ["a"])) == expected


def _named(step: str):  # type: ignore[no-untyped-def]
    kind, _, name = step.partition(" ")
    return kind, f"t.{name}"


def test_a_chain_is_made_one_way_and_taken_away_the_other() -> None:
    needs: Block = {"a": [], "b": ["a"], "c": ["b"]}
    made = [change(name, C, needs[name]) for name in needs]
    gone = [change(name, D, needs[name]) for name in needs]
    assert steps(needs, *made) == ["write a", "write b", "write c"]
    assert steps(needs, *gone, destroy=True) == ["delete c", "delete b", "delete a"]
    assert steps({}, *gone) == ["delete c", "delete b", "delete a"]  # no longer configured


def test_an_old_object_goes_after_whatever_may_still_use_it() -> None:
    needs: Block = {"a": [], "b": ["a"]}
    assert steps(needs, change("a", D, [], deposed="0123abcd"), change("b", U, ["a"])) == [
        "write b", "delete a (deposed object 0123abcd)",
    ]  # fmt: skip


def test_records_that_contradict_each_other_do_not_hold_up_the_run() -> None:
    assert sorted(steps_of({}, change("a", D, ["b"]), change("b", D, ["a"]))) == ["delete t.a", "delete t.b"]
    turned = steps_of({"a": [], "b": ["a"]}, change("a", D, ["b"], key=1), change("b", DC, ["a"]))
    assert turned.index("delete t.b") < turned.index("write t.b")


def test_an_object_that_records_itself_as_needed_does_not_hold_up_the_run() -> None:
    assert steps_of({}, change("a", D, ["a"])) == ["delete t.a"]


def steps_of(needs: Block, *changes: Change) -> list[str]:
    operations = build_operations(graph_of(needs), Plan("", 0, changes))
    return [f"{step.kind} {step.name}" for step in networkx.topological_sort(operations) if step.kind != "evaluate"]


def test_to_destroy_only_providers_and_what_they_need_are_evaluated() -> None:
    graph = graph_of({"a": [], "b": ["a"]})
    graph.add_edges_from([("local.x", "provider.x"), ("t.b", "output.o"), ("local.y", "t.b")])
    operations = build_operations(graph, Plan("", 0, (change("a", D, []),), options=PlanOptions("destroy")))
    assert {step.name for step in operations if step.kind == "evaluate"} == {"provider.x", "local.x"}


NAMES = "abcde"


@st.composite
def situations(draw: st.DrawFn) -> tuple[Block, list[Change]]:
    """Return blocks that need only those before them, and changes whose records may say anything."""
    needs: Block = {
        name: draw(st.lists(st.sampled_from(NAMES[:place]), unique=True, max_size=2)) if place else []
        for place, name in enumerate(NAMES)
    }
    changes = []
    for name in NAMES:
        for key in range(draw(st.integers(0, 2))):
            action = draw(st.sampled_from(list(set(Action) - {Action.READ})))
            recorded = action is D or draw(st.booleans())
            deps = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3)) if recorded else needs[name]
            deposed = "0123abcd" if action is D and draw(st.booleans()) else None
            changes.append(change(name, action, deps, deposed, key))
    configured = {name: needs[name] for name in NAMES if draw(st.booleans()) or any(
        one.address.resource.name == name and one.action is not D for one in changes)}  # fmt: skip
    return {name: [need for need in needed if need in configured] for name, needed in configured.items()}, changes


@settings(max_examples=300, deadline=None)
@given(situations())
def test_there_is_always_an_order_in_which_everything_can_be_done(situation: tuple[Block, list[Change]]) -> None:
    needs, changes = situation
    operations = build_operations(graph_of(needs), Plan("", 0, tuple(changes)))
    place = {(step.kind, step.name): number for number, step in enumerate(networkx.topological_sort(operations))}
    for one in changes:
        write, delete = place.get(("write", one.name)), place.get(("delete", one.name))
        assert (write is not None) == (one.action in (C, U, DC, CD))
        assert (delete is not None) == (one.action in (D, DC, CD))
        if write is not None:
            block = str(one.address.resource)
            assert place["evaluate", "provider.x"] < write < place["evaluate", block]
            assert all(place["evaluate", f"t.{need}"] < write for need in needs[one.address.resource.name])
        if write is not None and delete is not None:
            assert (delete < write) == (one.action is DC)


@settings(max_examples=200, deadline=None)
@given(situations())
def test_records_that_agree_with_the_configuration_decide_the_order_of_deletions(
    situation: tuple[Block, list[Change]],
) -> None:
    needs, drawn = situation
    changes = [
        change(one.address.resource.name, one.action, needs[one.address.resource.name], one.deposed, one.address.key)  # type: ignore[arg-type]
        for one in drawn
        if one.address.resource.name in needs and one.action in (C, D, DC, N)
    ]
    operations = build_operations(graph_of(needs), Plan("", 0, tuple(changes)))
    place = {(step.kind, step.name): number for number, step in enumerate(networkx.topological_sort(operations))}
    for one in changes:
        for other in changes:
            if other.address.resource.name in needs[one.address.resource.name]:
                mine, theirs = place.get(("delete", one.name)), place.get(("delete", other.name))
                assert mine is None or theirs is None or mine < theirs


def test_an_object_fewer_while_another_is_replaced_keeps_the_order_of_deletions() -> None:
    needs: Block = {"a": [], "b": ["a"], "c": ["b"]}
    done = steps_of(
        needs, change("a", DC, []), change("b", DC, ["a"], key=0), change("b", D, ["a"], key=1), change("c", U, ["b"])
    )
    assert done.index("delete t.b[1]") < done.index("delete t.a") < done.index("write t.b[0]") < done.index("write t.c")
