"""Waiting for what happens on the stack."""

import time
from collections.abc import Callable
from typing import TypeVar

WAIT_SECONDS = 60.0
POLL_SECONDS = 0.1

T = TypeVar("T")


def until(look: Callable[[], T | None], seconds: float = WAIT_SECONDS) -> T:
    """Look until there is something to see, and return it.

    Raises:
        AssertionError: there was nothing in that time.
    """
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, f"nothing within {seconds:g} s"
        time.sleep(POLL_SECONDS)
    return seen
