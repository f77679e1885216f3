"""Pauses between tries."""

MAX_DOUBLINGS = 16
"""More would only overflow, and the pause has reached its maximum by then."""


def doubled(first: float, last: float, times: int) -> float:
    """Return the pause after so many tries: ``first`` after none, doubled each time, up to ``last``."""
    return min(first * 2.0 ** min(times, MAX_DOUBLINGS), last)
