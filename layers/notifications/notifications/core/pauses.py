"""How long to wait before what was in vain is tried again."""

MAX_DOUBLINGS = 16
"""More would only overflow: by then a pause is as long as it may be."""


def doubled(first: float, last: float, times: int) -> float:
    """Return the pause after so many tries: ``first`` after none, twice as long each time, up to ``last``."""
    return min(first * 2.0 ** min(times, MAX_DOUBLINGS), last)
