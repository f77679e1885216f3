"""Pauses after repeated failures."""

import random
import time


class Backoff:
    """Pauses that double, with full jitter, measured by the monotonic clock."""

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._failures = 0
        self._until = 0.0

    @property
    def left(self) -> float:
        """How many seconds of the pause are left."""
        return max(0.0, self._until - time.monotonic())

    def failed(self) -> None:
        """Begin a pause, unless one is running."""
        if self.left:
            return
        bound = min(self._longest, self._first * 2**self._failures)
        self._failures = min(self._failures + 1, 32)
        # At least half of it, so that a server that is away for long is not flooded.
        self._until = time.monotonic() + bound * random.uniform(0.5, 1.0)  # noqa: S311 - no secret

    def went_well(self) -> None:
        """Start again with short pauses."""
        self._failures = 0
        self._until = 0.0
