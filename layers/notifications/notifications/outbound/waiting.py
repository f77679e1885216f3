"""The requests that a sender has not begun, and the work that is done while it waits."""

import math
from collections.abc import Callable, Iterator
from time import monotonic

from notifications.core.delivery import Request

IDLE_SECONDS = 0.5
"""When no exchange has ended for this long, the caller gets time for other work."""


class Later(float):
    """Given to a sender in place of a request: the next one may begin only after this many seconds."""


class Waiting:
    """The requests that have not begun. ``until``: when (monotonic) the next one may, if that is known."""

    def __init__(self, requests: Iterator[Request | Later]) -> None:
        self.until = 0.0
        self._requests = requests
        self._count = 0

    def next(self) -> tuple[int, Request] | None:
        """Return the next request and its position; None if there is none, or none that may begin now."""
        if self.until and monotonic() < self.until:
            return None
        found = next(self._requests, None)
        self.until = monotonic() + found if isinstance(found, Later) else 0.0
        if found is None or isinstance(found, Later):
            return None
        self._count += 1
        return self._count - 1, found

    def seconds(self) -> float:
        """Return how long nothing is to begin; infinite if nobody knows."""
        return max(0.0, self.until - monotonic()) if self.until else math.inf


class IdleTimer:
    """Call ``idle`` whenever no exchange has ended for ``IDLE_SECONDS``."""

    def __init__(self, idle: Callable[[], None], since: float) -> None:
        self.since = since
        self._idle = idle

    def look(self) -> None:
        """Call it if it is time."""
        if monotonic() - self.since >= IDLE_SECONDS:
            self._idle()
            self.since = monotonic()
