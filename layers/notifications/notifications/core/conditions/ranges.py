"""Ranges of numbers, and the search for those that a number is in."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from math import inf

from notifications.core.conditions.model import Numeric

Bound = tuple[float, bool]
"""A number, and whether it is itself within the range."""


def bounds(numeric: Numeric) -> tuple[Bound, Bound]:
    """Return the lower and the upper bound."""
    lower: Bound = (-inf, False)
    upper: Bound = (inf, False)
    for comparator, number in numeric.comparisons:
        if comparator in (">", ">=", "="):
            lower = (number, comparator != ">")
        if comparator in ("<", "<=", "="):
            upper = (number, comparator != "<")
    return lower, upper


class Ranges:
    """Many ranges, each with a position, searched for those that a number may be in.

    They are sorted by their lower bounds, and a tree over them has the highest upper bound of each part, so
    that a part whose ranges all end below the number is skipped as a whole.
    """

    def __init__(self, ranges: Sequence[tuple[float, float, int]]) -> None:
        ordered = sorted(ranges)
        self._lowers = [lower for lower, _, _ in ordered]
        self._positions = [position for _, _, position in ordered]
        self._size = 1 << max(0, len(ordered) - 1).bit_length()
        self._highest = [-inf] * self._size + [upper for _, upper, _ in ordered]
        self._highest += [-inf] * (2 * self._size - len(self._highest))
        for node in range(self._size - 1, 0, -1):
            self._highest[node] = max(self._highest[2 * node], self._highest[2 * node + 1])

    def around(self, number: float) -> Iterator[int]:
        """Yield the positions of the ranges that a number is in, bounds included."""
        end = bisect_right(self._lowers, number)
        waiting = [(1, 0, self._size)]
        while waiting:
            node, first, size = waiting.pop()
            if first >= end or self._highest[node] < number:
                continue
            if size == 1:
                yield self._positions[first]
            else:
                half = size // 2
                waiting += [(2 * node, first, half), (2 * node + 1, first + half, half)]
