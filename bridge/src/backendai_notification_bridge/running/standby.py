"""What a bridge does that does not lead: it keeps what it makes for a while, in case the leader dies."""

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

STANDBY_SECONDS = 300.0
"""So long a standby keeps what the leader should have put."""

MARK_SECONDS = 10.0


class Kept(Protocol):
    """The spool's events, as far as a standby knows them."""

    def newest(self) -> int:
        """Return the number of the newest."""

    def drop_foreign(self, until: int) -> int:
        """Drop those that are not this bridge's to put, up to a number; return how many."""

    def drop_foreign_gaps(self) -> int:
        """Drop the gaps that are not this bridge's to tell; return how many."""

    def own_all(self) -> int:
        """Make all this bridge's to put; return how many were not."""


class Standby:
    """Drops what another bridge has put. Age is counted by the monotonic clock, which no clock step moves."""

    def __init__(
        self, spool: Kept, seconds: float = STANDBY_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._spool = spool
        self._seconds = seconds
        self._clock = clock
        self._ages: deque[tuple[float, int]] = deque()

    def look(self, *, leads: bool, other_leads: bool) -> int:
        """Take over if this bridge leads; drop what is old if another one does; return how many events."""
        if leads:
            self._ages.clear()
            return self._spool.own_all()
        if not other_leads:
            return 0  # nobody puts it, as far as is known
        gaps = self._spool.drop_foreign_gaps()  # the leader has read what this bridge could not
        now = self._clock()
        if not self._ages or now - self._ages[-1][0] >= min(MARK_SECONDS, self._seconds):
            self._ages.append((now, self._spool.newest()))
        until = None
        while self._ages and now - self._ages[0][0] >= self._seconds:
            until = self._ages.popleft()[1]
        return gaps if until is None else gaps + self._spool.drop_foreign(until)
