"""Put the events in the spool, several requests at once, and delete only those that were taken."""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from backendai_notification_bridge.backoff import Backoff
from backendai_notification_bridge.putting.batches import batches
from backendai_notification_bridge.putting.bus import CONNECTIONS, Bus, Outcome
from backendai_notification_bridge.spool.rows import Outgoing
from backendai_notification_bridge.spool.spool import Spool

logger = logging.getLogger(__name__)

READ_AHEAD = 400
"""How many events are read from the spool at once."""

IDLE_SECONDS = 1.0
"""How long until the spool is checked again, if no thread signals that there is an event."""

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0


class Sender:
    """Empty the spool. ``made``: set by whoever adds to it. ``failing_since``: by the monotonic clock."""

    def __init__(self, spool: Spool, bus: Bus, made: threading.Event) -> None:
        self._spool = spool
        self._bus = bus
        self._made = made
        self._backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        self._ready: deque[list[Outgoing]] = deque()
        self._flights: dict[Future[Outcome], list[Outgoing]] = {}
        self.failing_since: float | None = None

    def run(self, stopped: Callable[[], bool]) -> None:
        """Put until stopped; then wait for the requests in flight."""
        with ThreadPoolExecutor(CONNECTIONS, "put") as pool:
            while not stopped():
                self._start(pool)
                if self._flights:
                    self._land(IDLE_SECONDS)
                else:
                    self._made.wait(min(self._backoff.left, IDLE_SECONDS) or IDLE_SECONDS)
                    self._made.clear()
            # An event that was put must be deleted from the spool, or it is put again after the restart.
            while self._flights:
                self._land(None)

    def _start(self, pool: ThreadPoolExecutor) -> None:
        if self._backoff.left:
            return
        if not self._ready:
            self._read()
        while self._ready and len(self._flights) < CONNECTIONS:
            batch = self._ready.popleft()
            self._flights[pool.submit(self._bus.put, batch)] = batch

    def _read(self) -> None:
        """Read the oldest events that are not in flight."""
        in_flight = {event.number for batch in self._flights.values() for event in batch}
        # From the first one on, not from the last one that was read: when this bridge takes over, events with
        # lower numbers become its own.
        events = self._spool.outgoing(0, READ_AHEAD + len(in_flight))
        self._ready.extend(batches(event for event in events if event.number not in in_flight))

    def _land(self, seconds: float | None) -> None:
        done, _ = wait(self._flights, seconds, FIRST_COMPLETED)
        outcome = Outcome()
        for flight in done:
            del self._flights[flight]
            outcome.add(flight.result())
        if outcome.taken or outcome.refused:
            self._settle(outcome)
        if outcome.later is not None:
            self._failed(outcome.later)
        elif outcome.taken:
            self._went_well()

    def _settle(self, outcome: Outcome) -> None:
        for event, reason in outcome.refused:
            logger.warning(
                "EventBridge refuses an event for good: it is in the quarantine",
                extra={"event_id": event.event_id, "event_type": event.detail_type, "reason": reason},
            )
        counts = Counter({"put": len(outcome.taken), "quarantined: event": len(outcome.refused)})
        self._spool.gone([event.number for event in outcome.taken], outcome.refused, counts)

    def _failed(self, reason: str) -> None:
        # The failed events are still in the spool. Read again, so that they come before younger ones.
        self._ready.clear()
        if not self._backoff.left:
            self._spool.keep([], {"put again": 1}, {})
        self._backoff.failed()
        if self.failing_since is None:
            self.failing_since = time.monotonic()
            logger.warning(
                "EventBridge does not take events: they stay in the spool", extra={"reason": reason}
            )

    def _went_well(self) -> None:
        self._backoff.went_well()
        if self.failing_since is not None:
            logger.info("EventBridge takes events again")
            self.failing_since = None
