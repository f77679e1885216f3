"""The sweeper's Lambda: once a minute it finds what was recorded and is not done.

A message may be lost, a function may die, a retry may be hours away, a suspended channel may be well again:
the records know, and whatever is due is brought on its way here.
"""

import logging
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from notifications.startup import loading

with loading():
    from notifications import aws
    from notifications.chance import chance
    from notifications.core import health, records
    from notifications.core.errors import EntityNotFound
    from notifications.core.health import Health
    from notifications.core.records import DeliveryRecord, delivery_id
    from notifications.delivering.invocation import Context
    from notifications.store.records import Due

LOOK_AGAIN = timedelta(minutes=5)
"""When what was brought on its way is looked at again: so long it may wait in a queue."""

SPREAD_SECONDS = 10
"""Events that died with one dispatcher go out so far apart, lest one takes the others with it again."""

PORTION = 250
"""So many of one channel's held deliveries are given up in one sweep: others wait too."""

RESERVE_SECONDS = 10.0

logger = logging.getLogger(__name__)


def handler(_event: dict[str, Any], context: Context) -> dict[str, int]:
    """Bring on its way what is due; what there is no time for is due in a minute still."""
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    now = datetime.now(UTC)
    counts = {"events": 0, "deliveries": 0, "probes": 0, "releases": 0}
    for known in aws.health().all().values():
        _tend(known, now, counts)
    for due in aws.records().due(now):
        if time.monotonic() > deadline:
            logger.warning("sweeper has no time for all that is due")
            break
        _bring(due, now, counts)
    logger.info("swept", extra=counts)
    return counts


def _bring(due: Due, now: datetime, counts: dict[str, int]) -> None:
    if not aws.records().look_later(due, now, now + LOOK_AGAIN):
        return  # somebody has it
    if due.rule_id is None:
        _bring_event(due.event_id)
        counts["events"] += 1
    else:
        _bring_delivery(due.event_id, due.rule_id, now)
        counts["deliveries"] += 1


def _bring_event(event_id: str) -> None:
    try:
        event = aws.events().get(event_id)
    except EntityNotFound:
        return
    delay = chance.randint(0, SPREAD_SECONDS)
    aws.event_queue().put(event.document, delay)


def _bring_delivery(event_id: str, rule_id: str, now: datetime) -> None:
    try:
        record = aws.records().delivery(delivery_id(event_id, rule_id))
    except EntityNotFound:
        return
    delay = (record.next_attempt_at - now).total_seconds() if record.next_attempt_at else 0.0
    aws.delivery_queues().hint([(record, delay)])


def _tend(known: Health, now: datetime, counts: dict[str, int]) -> None:
    if known.releasing:
        aws.delivery_queues().release(known.channel_id, last=True)
        counts["releases"] += 1
    if not known.suspended:
        return
    _give_up_old(known.channel_id, now)
    if known.probe_at is None or known.probe_at > now:
        return
    oldest: DeliveryRecord | None = next(aws.records().held(known.channel_id), None)
    if oldest is None:
        return  # the next event for it will be the probe
    aws.health().set(known.channel_id, probe_at=now + health.pause(known.probes + 1), probes=known.probes + 1)
    aws.delivery_queues().probe(oldest)
    counts["probes"] += 1


def _give_up_old(channel_id: str, now: datetime) -> None:
    for record in islice(aws.records().held(channel_id, until=now - health.MAX_HELD), PORTION):
        reason = f"the channel was suspended for more than {health.MAX_HELD.days} days"
        aws.records().put_if(records.ended(record, "failed", reason, now), record.revision)
