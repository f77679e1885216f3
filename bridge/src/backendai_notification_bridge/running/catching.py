"""Ask the manager what happened while the bridge did not read, if cache keys are not enough."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice

from backendai_notification_bridge.backoff import Backoff
from backendai_notification_bridge.core.errors import ManagerUnavailable
from backendai_notification_bridge.core.gap import gap_message
from backendai_notification_bridge.core.sessions import Sessions
from backendai_notification_bridge.manager.catch_up import catch_up
from backendai_notification_bridge.reading.published import CATCH_UP
from backendai_notification_bridge.running.told import tell_dropped
from backendai_notification_bridge.spool.rows import Raw
from backendai_notification_bridge.spool.spool import Spool

logger = logging.getLogger(__name__)

PORTION = 200
LOOK_SECONDS = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0


class Catching:
    """Execute the catch-up that a mark in the spool asks for; after a crash it is simply repeated."""

    def __init__(
        self, spool: Spool, sessions: Sessions | None, owns: Callable[[], bool], arrived: threading.Event
    ) -> None:
        self._spool = spool
        self._sessions = sessions
        self._owns = owns
        self._arrived = arrived
        self._backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)

    def look(self) -> float:
        """Catch up if the mark asks for it; return how long to wait until the next look."""
        asked = self._spool.marks().get(CATCH_UP)
        if asked is None or self._backoff.left:
            return max(LOOK_SECONDS, self._backoff.left)
        try:
            self._catch_up(datetime.fromisoformat(asked))
        except ManagerUnavailable as error:
            self._backoff.failed()
            logger.warning("The manager does not answer: catching up waits", extra={"reason": error.reason})
        else:
            self._backoff.went_well()
            self._spool.unmark(CATCH_UP, asked)
        return LOOK_SECONDS

    def _catch_up(self, since: datetime) -> None:
        if self._sessions is None:  # the manager is not configured, so nobody can know
            gap = gap_message(None, since, datetime.now(UTC), "pubsub")
            self._keep([Raw("bridge", datetime.now(UTC), gap)])
            return
        messages = catch_up(self._sessions, since)
        count = 0
        while raws := [Raw("api", datetime.now(UTC), message) for message in islice(messages, PORTION)]:
            self._keep(raws)
            count += len(raws)
        logger.info("Caught up with the manager", extra={"since": since.isoformat(), "sessions": count})

    def _keep(self, raws: list[Raw]) -> None:
        counts = {f"read: {raws[0].via}": len(raws)}
        tell_dropped(self._spool.keep(raws, counts, {}, owned=self._owns()))
        self._arrived.set()
