import pytest

from engine.diagnostics import (
    DiagnosticError,
    Diagnostics,
    Position,
    SourceFile,
    SourceRange,
    did_you_mean,
    error,
    warning,
)


@pytest.mark.parametrize(
    ("text", "offset", "position"),
    [
        pytest.param("ab\ncd", 0, Position(1, 1, 0), id="start"),
        pytest.param("ab\ncd", 4, Position(2, 2, 4), id="second line"),
        pytest.param("ab\ncd", 5, Position(2, 3, 5), id="end of the text"),
        pytest.param("é=1", 1, Position(1, 2, 2), id="columns are characters, bytes are bytes"),
        pytest.param("e\u0301x", 2, Position(1, 2, 3), id="a letter with its accent is one column"),
        pytest.param("👩‍👩‍👧x", 5, Position(1, 2, 18), id="a family is one column"),
        pytest.param("a\r\nb", 3, Position(2, 1, 3), id="carriage return"),
        pytest.param("", 0, Position(1, 1, 0), id="nothing"),
    ],
)
def test_a_position_is_told_as_editors_count(text: str, offset: int, position: Position) -> None:
    assert SourceFile("a.tf", text).position(offset) == position


def test_a_line_comes_without_its_end() -> None:
    file = SourceFile("a.tf", "one\r\ntwo\nthree")
    assert [file.line(number) for number in (1, 2, 3)] == ["one", "two", "three"]


def test_a_problem_is_told_once() -> None:
    found = Diagnostics()
    file = SourceFile("a.tf", "x")
    for _ in range(2):
        found.extend(error("Wrong", "It is.", SourceRange(file, 0, 1)).diagnostics)
        found.add(warning("Odd", "It is."))
    assert [item.summary for item in found] == ["Wrong", "Odd"]
    assert found.places() == {(file, 0)}


def test_warnings_do_not_stop_a_run() -> None:
    found = Diagnostics()
    found.add(warning("Odd", "It is."))
    found.raise_errors()
    assert not found.has_errors


def test_errors_are_raised_with_everything_collected() -> None:
    found = Diagnostics()
    found.add(warning("Odd", "It is."))
    with found.collecting():
        raise error("Wrong", "It is.")
    with pytest.raises(DiagnosticError, match=r"Odd: It is\.; Wrong: It is\.") as caught:
        found.raise_errors()
    assert len(caught.value.diagnostics) == 2


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("lenght", ' Did you mean "length"?', id="two letters swapped"),
        pytest.param("xyz", "", id="nothing like it"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_name_like_the_one_written_is_suggested(name: str, hint: str) -> None:
    assert did_you_mean(name, {"length", "lower", "join"}) == hint
