"""Which elements of two lists Terraform 1.11.4 takes for the same; recorded from its plans."""

import pytest

from rtf.views.alignment import align


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        pytest.param("12", "13", "1 2>3", id="by position"),
        pytest.param("11", "44", "1>4 1>4", id="all others"),
        pytest.param("11", "12", "1 -1 +2", id="nothing is gone for good"),
        pytest.param("11", "21", "+2 1 -1", id="the first stays"),
        pytest.param("12", "21", "-1 2 +1", id="moved"),
        pytest.param("123", "213", "-1 2 +1 3", id="two moved"),
        pytest.param("1", "31", "+3 1", id="one more"),
        pytest.param("1", "43", "-1 +4 +3", id="none in common"),
        pytest.param("112", "2", "-1 -1 2", id="fewer"),
        pytest.param("1121", "12223", "1 -1 2 -1 +2 +2 +3", id="mixed"),
        pytest.param("1124", "2112", "1>2 1 2>1 4>2", id="one is gone for good"),
        pytest.param("", "12", "+1 +2", id="from nothing"),
        pytest.param("12", "", "-1 -2", id="to nothing"),
        pytest.param("ab1", "cd", "a>c b>d -1", id="objects become others"),
        pytest.param("a1", "1bb", "-a 1 +b +b", id="an object is not what comes after something kept"),
    ],
)
def test_elements_are_paired_as_terraform_pairs_them(before: str, after: str, lines: str) -> None:
    told = []
    for i, j in align(before, after, str.__eq__, str.isalpha):
        if i is not None and j is not None:
            told.append(before[i] if before[i] == after[j] else f"{before[i]}>{after[j]}")
        else:
            told.append(f"-{before[i]}" if i is not None else f"+{after[j or 0]}")
    assert " ".join(told) == lines


def test_long_lists_are_not_compared_pair_by_pair() -> None:
    before = [str(number) for number in range(3000)]
    compared = 0

    def same(one: str, other: str) -> bool:
        nonlocal compared
        compared += 1
        return one == other

    assert list(align(before, before[::-1], same, lambda item: False))
    assert compared == 0
