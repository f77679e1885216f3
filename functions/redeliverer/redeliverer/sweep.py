"""The sweeper's Lambda handler: once a minute it finds recorded work that is due and that nobody does.

A message may be lost, a function may die, a retry may be due later than SQS can delay a message, a suspended
receiver may have recovered. The records show all of this, so the sweeper queues whatever is due.
"""

import logging
import os
import time
from datetime import UTC, datetime
from typing import Any

from notifications.cold_start import loading

with loading():
    from notifications import metrics
    from notifications.delivering.invocation import Context
    from notifications.wiring import Services
    from redeliverer.dead_letters import list_dead_letters
    from redeliverer.sweeper import Sweeper
    from redeliverer.tend import Tender
    from redeliverer.unmuting import Unmuter

RESERVE_SECONDS = 10.0
"""How much time an invocation reserves to finish what it has begun. The rest is a minute, so that the next
invocation continues at once if more is due."""

logger = logging.getLogger(__name__)


class Handler:
    """Handle the schedule's invocations."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, _event: dict[str, Any], context: Context) -> dict[str, int]:
        """Queue due work; what there is no time for stays due."""
        deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
        swept = self._sweeper(datetime.now(UTC)).sweep(deadline)
        self._services.operators.tell()
        if not swept.complete:
            logger.warning("sweeper has no time for all that is due")
        logger.info("swept", extra=swept.counts)
        metrics.write(
            {"Sweeps": 1, "OldestPendingSeconds": swept.overdue_seconds, "SuspendedChannels": swept.suspended}
        )
        list_dead_letters(self._services.dead_letters, self._services.events, datetime.now(UTC), deadline)
        return swept.counts

    def _sweeper(self, now: datetime) -> Sweeper:
        given = self._services
        queues = given.delivery_queues
        tender = Tender(
            given.records,
            given.health_keeper,
            queues,
            given.rules,
            given.config_table,
            given.operators,
            now,
        )
        unmuter = Unmuter(given.config_table, given.records, queues, now)
        return Sweeper(
            given.records, given.events, given.health, queues, given.event_queue, (tender, unmuter), now
        )


with loading():
    handler = Handler(Services(os.environ))
