"""Waiting for what other processes do, never longer than a limit."""

import time
from collections.abc import Callable
from typing import TypeVar

from local.common import StackError

WAIT_SECONDS = 60.0
FIRST_POLL_SECONDS, LAST_POLL_SECONDS = 0.02, 0.2
"""What is quick is seen at once, and what is slow is not asked for too often."""

T = TypeVar("T")


class WaitError(StackError, TimeoutError):
    """What was waited for did not come in time."""


def until(what: str, look: Callable[[], T | None], seconds: float = WAIT_SECONDS) -> T:
    """Look until there is something to see, and return it.

    Raises:
        WaitError: there was nothing within ``seconds``.
    """
    deadline = time.monotonic() + seconds
    pause = FIRST_POLL_SECONDS
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise WaitError(f"Waited {seconds:g} s in vain: {what}")
        time.sleep(pause)
        pause = min(2 * pause, LAST_POLL_SECONDS)
    return seen
