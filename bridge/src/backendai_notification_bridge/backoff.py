"""How long to wait after something went wrong again."""

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
        """Begin a pause, unless one is under way."""
        if self.left:
            return
        bound = min(self._longest, self._first * 2**self._failures)
        self._failures = min(self._failures + 1, 32)
        # Not less than half, so that what is away for long is not asked in a rush.
        self._until = time.monotonic() + bound * random.uniform(0.5, 1.0)  # noqa: S311 - no secret

    def went_well(self) -> None:
        """Begin with short pauses the next time."""
        self._failures = 0
        self._until = 0.0
