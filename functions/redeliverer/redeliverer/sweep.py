"""The sweeper's Lambda: once a minute it finds what was recorded and is not done.

A message may be lost, a function may die, a retry may be hours away, a suspended channel may be well again:
the records know, and whatever is due is brought on its way here.
"""

import logging
import time
from datetime import UTC, datetime
from typing import Any

from notifications.startup import loading

with loading():
    from notifications import aws, metrics
    from notifications.delivering.invocation import Context
    from redeliverer.dead_letters import list_dead_letters
    from redeliverer.sweeper import Sweeper
    from redeliverer.tend import Tender

RESERVE_SECONDS = 10.0
"""What an invocation keeps of its time to end what it has begun. The rest is a minute: when there is more to
do than that, the next invocation goes on at once."""

logger = logging.getLogger(__name__)


def handler(_event: dict[str, Any], context: Context) -> dict[str, int]:
    """Bring on its way what is due; what there is no time for stays due."""
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    swept = _sweeper(datetime.now(UTC)).sweep(deadline)
    if not swept.complete:
        logger.warning("sweeper has no time for all that is due")
    logger.info("swept", extra=swept.counts)
    metrics.write(
        {"Sweeps": 1, "OldestPendingSeconds": swept.overdue_seconds, "SuspendedChannels": swept.suspended}
    )
    list_dead_letters(aws.dead_letters(), aws.events(), datetime.now(UTC), deadline)
    return swept.counts


def _sweeper(now: datetime) -> Sweeper:
    queues = aws.delivery_queues()
    tender = Tender(aws.records(), aws.health_keeper(), queues, aws.rules(), aws.config_table(), now)
    return Sweeper(aws.records(), aws.events(), aws.health(), queues, aws.event_queue(), tender, now)
