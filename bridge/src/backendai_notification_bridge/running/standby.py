"""The work of a standby: it keeps its events for a while, in case the leader dies."""

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

STANDBY_SECONDS = 300.0
"""How long a standby keeps events that the leader should have put."""

MARK_SECONDS = 10.0


class Kept(Protocol):
    """The part of the spool that a standby uses."""

    def newest(self) -> int:
        """Return the number of the newest event."""

    def drop_foreign(self, until: int) -> int:
        """Drop events that are not this bridge's to put, up to a number; return how many."""

    def drop_foreign_gaps(self) -> int:
        """Drop gaps that are not this bridge's to report; return how many."""

    def own_all(self) -> int:
        """Make all events this bridge's to put; return how many were not."""


class Standby:
    """Drop what another bridge has put. Ages are measured by the monotonic clock."""

    def __init__(
        self, spool: Kept, seconds: float = STANDBY_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._spool = spool
        self._seconds = seconds
        self._clock = clock
        self._ages: deque[tuple[float, int]] = deque()

    def look(self, *, leads: bool, other_leads: bool) -> int:
        """Take over if this bridge leads, drop old events if another one does; return how many events."""
        if leads:
            self._ages.clear()
            return self._spool.own_all()
        if not other_leads:
            return 0  # as far as is known, nobody puts them
        gaps = self._spool.drop_foreign_gaps()  # the leader has read the entries that this bridge missed
        now = self._clock()
        if not self._ages or now - self._ages[-1][0] >= min(MARK_SECONDS, self._seconds):
            self._ages.append((now, self._spool.newest()))
        until = None
        while self._ages and now - self._ages[0][0] >= self._seconds:
            until = self._ages.popleft()[1]
        return gaps if until is None else gaps + self._spool.drop_foreign(until)
