"""Which elements of two sequences belong together."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")

_LARGEST = 1_000_000
"""How many pairs are compared to find the longest common part; beyond that, elements are paired by position."""

Same = Callable[[_Item, _Item], bool]


def align(
    before: Sequence[_Item],
    after: Sequence[_Item],
    same: Same[_Item],
    is_object: Callable[[_Item], bool],
) -> Iterator[tuple[int | None, int | None]]:
    """Yield pairs of positions that belong together; None stands where an element has no counterpart.

    Sequences of one length pair by position, unless the second has all that the first has: then elements were moved.
    Else what both have in common, in order, stays, and what lies between is gone or new, except that an object is
    taken to have become the object in its place.
    """
    large = len(before) * len(after) > _LARGEST
    if len(before) == len(after) and (large or not _has_all(before, after, same)):
        yield from ((i, i) for i in range(len(before)))
        return
    common = [] if large else _common(before, after, same)
    i = j = 0
    for kept in range(len(common) + 1):
        ends = kept == len(common)

        def is_kept(item: _Item, kept: int = kept, ends: bool = ends) -> bool:
            return not ends and same(item, common[kept])

        while i < len(before) and not is_kept(before[i]):
            replaced = j < len(after) and is_object(before[i]) and is_object(after[j]) and not is_kept(after[j])
            yield i, (j if replaced else None)
            i, j = i + 1, j + replaced
        while j < len(after) and not is_kept(after[j]):
            yield None, j
            j += 1
        if not ends:
            yield i, j
            i, j = i + 1, j + 1


def _has_all(before: Sequence[_Item], after: Sequence[_Item], same: Same[_Item]) -> bool:
    """Return whether each element of the first is somewhere in the second, which is as long."""
    pairs = zip(before, after, strict=True)
    return all(same(item, opposite) or any(same(item, other) for other in after) for item, opposite in pairs)


def _common(before: Sequence[_Item], after: Sequence[_Item], same: Same[_Item]) -> list[_Item]:
    """Return the longest sequence of elements that both have in order; of several, the one found from the end."""
    tail = 0
    while tail < min(len(before), len(after)) and same(before[-1 - tail], after[-1 - tail]):
        tail += 1
    end = before[len(before) - tail :]
    before, after = before[: len(before) - tail], after[: len(after) - tail]
    # lengths[i][j]: how long the longest common sequence of before[:i] and after[:j] is
    lengths = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    equal = [[same(old, new) for new in after] for old in before]
    for i in range(len(before)):
        for j in range(len(after)):
            shorter = max(lengths[i][j + 1], lengths[i + 1][j])
            lengths[i + 1][j + 1] = lengths[i][j] + 1 if equal[i][j] else shorter
    found: list[_Item] = []
    i, j = len(before), len(after)
    while i and j:
        if equal[i - 1][j - 1]:
            i, j = i - 1, j - 1
            found.append(before[i])
        elif lengths[i - 1][j] > lengths[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return [*reversed(found), *end]
