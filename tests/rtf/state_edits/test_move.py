import pytest

from engine.address import parse_target
from engine.diagnostics import DiagnosticError
from rtf.state_edits.move import ModuleTaken, move
from state.snapshot import Snapshot
from tests.rtf.state_edits.states import holding, ids

STATE = holding(
    "a.one", "a.many[0]", "a.many[1]", "data.a.d", "module.m.a.x", "module.m.module.n.a.y", "module.k[0].a.x"
)


def moved(state: Snapshot, source: str, destination: str) -> tuple[dict[str, object], list[str]]:
    """Return the ids of the objects by their addresses after a move, and what was moved."""
    after = state.copy()
    done = move(after, after, parse_target(source), parse_target(destination))
    return ids(after), [f"{old} -> {new}" for old, new in done]


@pytest.mark.parametrize(
    ("source", "destination", "becomes", "told"),
    [
        pytest.param("a.one", "a.uno", {"a.uno": "a.one"}, None, id="resource"),
        pytest.param("a.many", "a.most", {"a.most[0]": "a.many[0]", "a.most[1]": "a.many[1]"}, None, id="all instances"),
        pytest.param("a.one", "a.most[3]", {"a.most[3]": "a.one"}, None, id="to an instance"),
        pytest.param("a.many[0]", "a.few", {"a.few": "a.many[0]"}, None, id="from an instance"),
        pytest.param("a.many[0]", "a.many", {"a.many": "a.many[0]"}, None, id="to the same resource without a key"),
        pytest.param("a.many[0]", 'a.many["k"]', {'a.many["k"]': "a.many[0]"}, None, id="to a text as a key"),
        pytest.param("a.one", "module.new.a.one", {"module.new.a.one": "a.one"}, None, id="into a module"),
        pytest.param("module.m.a.x", "a.x", {"a.x": "module.m.a.x"}, None, id="out of a module"),
        pytest.param("data.a.d", "data.a.e", {"data.a.e": "data.a.d"}, None, id="data source"),
        pytest.param(
            "module.m",
            "module.new[1]",
            {"module.new[1].a.x": "module.m.a.x", "module.new[1].module.n.a.y": "module.m.module.n.a.y"},
            ["module.m -> module.new[1]", "module.m.module.n -> module.new[1].module.n"],
            id="module with those in it",
        ),
        pytest.param("module.m.module.n", "module.o", {"module.o.a.y": "module.m.module.n.a.y"}, None, id="inner module"),
        pytest.param("module.k[0]", "module.k", {"module.k.a.x": "module.k[0].a.x"}, None, id="module instance"),
    ],
)  # fmt: skip
def test_objects_go_where_they_are_sent(
    source: str, destination: str, becomes: dict[str, object], told: list[str] | None
) -> None:
    kept = {address: id for address, id in ids(STATE).items() if id not in becomes.values()}
    found, done = moved(STATE, source, destination)
    assert found == {**kept, **becomes}
    assert done == (told or [f"{source} -> {destination}"])


@pytest.mark.parametrize(
    ("source", "destination", "problems"),
    [
        pytest.param("a.none", "a.b", ["Invalid source address"], id="no resource"),
        pytest.param("a.many[7]", "a.b", ["Invalid source address"], id="no instance"),
        pytest.param("module.q", "module.r", ["Invalid source address"], id="no module"),
        pytest.param("module.k", "module.r", ["Invalid source address"], id="a module that has only instances"),
        pytest.param("a.one", "a.many[0]", ["Invalid target address"], id="onto an instance"),
        pytest.param("a.one", "a.one", ["Invalid target address"], id="onto itself"),
        pytest.param("a.many", "a.one", ["Invalid target address"], id="onto a resource"),
        pytest.param("a.many", "a.b[0]", ["Invalid target address"], id="many onto an instance"),
        pytest.param("a.many", "module.r", ["Invalid target address"], id="resource to a module"),
        pytest.param("a.one", "module.r", ["Invalid target address"], id="instance to a module"),
        pytest.param("module.m", "a.b", ["Invalid target address"], id="module to a resource"),
        pytest.param("a.one", "b.one", ["Invalid state move request"], id="another type"),
        pytest.param("a.one", "data.a.one", ["Invalid state move request"], id="another mode"),
        pytest.param("data.a.d", "b.d", ["Invalid state move request"] * 2, id="another mode and type"),
    ],
)
def test_what_cannot_be_moved_is_told(source: str, destination: str, problems: list[str]) -> None:
    with pytest.raises(DiagnosticError) as raised:
        moved(STATE, source, destination)
    assert [one.summary for one in raised.value.diagnostics] == problems


def test_a_module_does_not_take_the_place_of_another() -> None:
    with pytest.raises(ModuleTaken):
        moved(STATE, "module.m", "module.k[0]")
    assert "module.k.a.x" not in moved(STATE, "module.m", "module.k")[0].values(), "which is another place"


def test_old_objects_go_with_their_instance() -> None:
    state = holding("a.b", deposed=("a.b",))
    move(state, state, parse_target("a.b"), parse_target("a.c[0]"))
    assert list(state.resources) == ["a.c"]
    assert set(state.resources["a.c"].instances) == {(0, None), (0, "0a1b2c3d")}


def test_objects_go_to_another_state() -> None:
    origin, target = STATE.copy(), Snapshot.empty()
    move(origin, target, parse_target("module.m"), parse_target("module.m"))
    assert set(ids(target)) == {"module.m.a.x", "module.m.module.n.a.y"}
    assert not set(ids(target)) & set(ids(origin))


@pytest.mark.parametrize(
    ("source", "needs", "kept"),
    [
        ("a.one", ["a.one", "a.other"], False),
        ("a.one", ["a.other"], True),
        ("a.many[0]", ["a.many"], False),
        ("module.m", ["module.m.a.x"], False),
        ("module.m", ["module.m.module.n.a.y"], False),
        ("module.k[0]", ["module.k.a.x"], True),
    ],
)
def test_dependencies_on_what_was_moved_are_forgotten(source: str, needs: list[str], kept: bool) -> None:
    state = holding(
        "a.one", "a.many[0]", "module.m.a.x", "module.m.module.n.a.y", "module.k[0].a.x", "a.user",
        dependencies={"a.user": needs},
    )  # fmt: skip
    destination = "module.new" if source.startswith("module") else "a.new"
    move(state, state, parse_target(source), parse_target(destination))
    user = state.find("a.user")
    assert user is not None
    assert user.dependencies == (needs if kept else [])
