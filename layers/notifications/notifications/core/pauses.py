"""Pauses between tries."""

MAX_DOUBLINGS = 16
"""More would only overflow, and the pause has reached its maximum by then."""


def doubled(first: float, last: float, times: int) -> float:
    """Return a pause in seconds: ``first``, doubled ``times`` times, up to ``last``."""
    return min(first * 2.0 ** min(times, MAX_DOUBLINGS), last)
