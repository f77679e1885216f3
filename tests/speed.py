"""How much CPU something takes, beside a yardstick measured in the same moment.

Seconds would judge the machine and its other work: a shared core makes the same code take twice the CPU time.
"""

import sys
from collections.abc import Callable
from time import process_time

YARDSTICK_WORDS = 6_000
"""The yardstick is 1 ms of the machine that the limits were found on: they read as milliseconds there."""

ROUNDS = 3
"""How often something too dear is measured again: what it takes is the least, not the unluckiest."""


def yardsticks(action: Callable[[], object], limit: float) -> float:
    """Return the CPU time of an action in yardsticks; measure it again while it is over the limit.

    Under a tracer (`make coverage`) the action is only run, because counting lines distorts the ratio.
    """
    if sys.gettrace() is not None:
        action()
        return 0.0
    least = float("inf")
    for _ in range(ROUNDS):
        before = _seconds(_yardstick)
        taken = _seconds(action)
        least = min(least, 2 * taken / (before + _seconds(_yardstick)))
        if least < limit:
            break
    return least


def _yardstick() -> None:
    counts: dict[str, int] = {}
    for number in range(YARDSTICK_WORDS):
        word = f"{number % 97}"
        counts[word] = counts.get(word, 0) + len(word)


def _seconds(action: Callable[[], object]) -> float:
    started = process_time()
    action()
    return process_time() - started
