"""Which elements of two sequences belong together."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")

_LARGEST = 1_000_000
"""How many pairs are compared to find the longest common part; beyond that, elements are paired by position."""


def align(
    before: Sequence[_Item],
    after: Sequence[_Item],
    same: Callable[[_Item, _Item], bool],
    is_object: Callable[[_Item], bool],
) -> Iterator[tuple[int | None, int | None]]:
    """Yield pairs of positions that belong together; None stands where an element has no counterpart.

    Sequences of one length pair by position. Else what both have in common, in order, stays, and what lies between
    is gone or new, except that an object is taken to have become the object in its place.
    """
    if len(before) == len(after):
        yield from zip(range(len(before)), range(len(after)), strict=True)
        return
    i = j = 0
    for common_i, common_j in [*common_positions(before, after, same), (len(before), len(after))]:
        while i < common_i and j < common_j and is_object(before[i]) and is_object(after[j]):
            yield i, j
            i, j = i + 1, j + 1
        yield from ((gone, None) for gone in range(i, common_i))
        yield from ((None, new) for new in range(j, common_j))
        if common_i < len(before):
            yield common_i, common_j
        i, j = common_i + 1, common_j + 1


def common_positions(
    before: Sequence[_Item], after: Sequence[_Item], same: Callable[[_Item, _Item], bool]
) -> list[tuple[int, int]]:
    """Return the positions of the longest sequence of elements that both have in order."""
    start = 0
    while start < min(len(before), len(after)) and same(before[start], after[start]):
        start += 1
    old, new = before[start:], after[start:]
    tail = 0
    while tail < min(len(old), len(new)) and same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    middle = _longest(old[: len(old) - tail], new[: len(new) - tail], same)
    head = [(i, i) for i in range(start)]
    end = [(len(before) - k, len(after) - k) for k in range(tail, 0, -1)]
    return [*head, *((start + i, start + j) for i, j in middle), *end]


def _longest(
    old: Sequence[_Item], new: Sequence[_Item], same: Callable[[_Item, _Item], bool]
) -> Iterator[tuple[int, int]]:
    if len(old) * len(new) > _LARGEST:
        yield from ((i, i) for i, (one, other) in enumerate(zip(old, new, strict=False)) if same(one, other))
        return
    # lengths[i][j]: how long the longest common sequence of old[i:] and new[j:] is
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            if same(old[i], new[j]):
                lengths[i][j] = lengths[i + 1][j + 1] + 1
            else:
                lengths[i][j] = max(lengths[i + 1][j], lengths[i][j + 1])
    i = j = 0
    while i < len(old) and j < len(new):
        if same(old[i], new[j]):
            yield i, j
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
