"""The cost of comparing values: with those in ``enum`` and ``const``, and with bounds.

The checker keeps numbers as they are written. It compares and looks up 64-bit integers as fast as texts. All
other numbers, including fractions, it compares digit by digit and one by one, which costs a thousand times as
much.
"""

from collections.abc import Collection, Mapping
from typing import Any

COMPARED_STEPS = 6
"""Steps for each value in a list or object of the options, and for each constant."""

ODD_STEPS = 50
"""Steps to compare two numbers of which one is odd, see ``is_odd``."""

ODD_BOUND_STEPS = 25
MULTIPLE_OF_STEPS = 100
BITS_IN_A_STEP = 6
SCANNED_IN_A_STEP = 2
"""How many options are scanned in a step if they are of several kinds."""

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_BITS = 63

Cost = tuple[int, int]
"""The steps for each value that is compared, and for each odd number in it."""


def is_odd(value: Any) -> bool:
    """Return whether a value is a number that does not fit a 64-bit integer."""
    return isinstance(value, float) or (isinstance(value, int) and value.bit_length() > _BITS)


def cost(options: Collection[Any]) -> Cost:
    """Return the cost of finding a value among these."""
    found = [_compared(one) for one in options]
    steps = sum(steps for steps, _ in found)
    if not _looked_up(options):
        steps += COMPARED_STEPS + len(options) // SCANNED_IN_A_STEP
    return steps, sum(per_odd for _, per_odd in found)


def cost_of_bounds(schema: Mapping[str, Any]) -> int:
    """Return the cost of comparing a value with a schema's bounds."""
    odd = [schema[name] for name in _BOUNDS if is_odd(schema.get(name))]
    steps = sum(ODD_BOUND_STEPS + _digits(bound) for bound in odd)
    if "multipleOf" in schema:
        steps += MULTIPLE_OF_STEPS + _digits(schema["multipleOf"])
    return steps


def _looked_up(options: Collection[Any]) -> bool:
    return all(isinstance(one, str) for one in options) or (
        len(options) > 1 and all(type(one) is int and not is_odd(one) for one in options)
    )


def _digits(number: Any) -> int:
    return number.bit_length() // BITS_IN_A_STEP if isinstance(number, int) else 0


def _compared(one: Any) -> Cost:
    if isinstance(one, Mapping):
        return _all_compared(one.values())
    if isinstance(one, list):
        return _all_compared(one)
    if isinstance(one, (int, float)) and not isinstance(one, bool):
        steps = ODD_STEPS + _digits(one)
        return (steps if is_odd(one) else 0), steps
    return 0, 0


def _all_compared(values: Collection[Any]) -> Cost:
    found = [_compared(inner) for inner in values]
    steps = COMPARED_STEPS * (1 + len(found)) + sum(steps for steps, _ in found)
    return steps, sum(per_odd for _, per_odd in found)
