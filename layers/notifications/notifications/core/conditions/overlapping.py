"""Check whether any number that a schema allows is within the bounds of a condition."""

from math import ceil, floor, inf

from notifications.core.conditions.model import Numeric
from notifications.core.conditions.ranges import Bound, bounds
from notifications.core.conditions.shapes import Shape


def overlap(numeric: Numeric, shape: Shape) -> bool:
    """Return whether any number of this shape is within the bounds."""
    lower, upper = bounds(numeric)
    if shape.values is not None:
        return any(_within(one, lower, upper) for one in shape.values)
    lower = max([lower, shape.lower or lower], key=lambda bound: (bound[0], not bound[1]))
    upper = min([upper, shape.upper or upper], key=lambda bound: (bound[0], bound[1]))
    if shape.whole:
        return _first_whole(lower) <= _last_whole(upper)
    return lower[0] < upper[0] or (lower[0] == upper[0] and lower[1] and upper[1])


def _within(number: float, lower: Bound, upper: Bound) -> bool:
    above = number > lower[0] or (number == lower[0] and lower[1])
    return above and (number < upper[0] or (number == upper[0] and upper[1]))


def _first_whole(lower: Bound) -> float:
    if lower[0] == -inf:
        return -inf
    first = ceil(lower[0])
    return first if first > lower[0] or lower[1] else first + 1


def _last_whole(upper: Bound) -> float:
    if upper[0] == inf:
        return inf
    last = floor(upper[0])
    return last if last < upper[0] or upper[1] else last - 1
