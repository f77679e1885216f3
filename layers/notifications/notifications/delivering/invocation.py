"""The time that an invocation has for sending, and the log and metrics of what it did."""

import logging
import math
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self

from notifications import metrics
from notifications.core.channel_health import SLOW_SECONDS
from notifications.core.model import MAX_TIMEOUT_SECONDS
from notifications.core.records import DeliveryRecord, DeliveryStatus
from notifications.core.values import value
from notifications.delivering.outgoing import Lane
from notifications.metrics import Metric

LEASE_AFTER_END = timedelta(seconds=5)
"""How long a lease outlasts its invocation, so that nobody else sends while this one might."""

RECORD_SECONDS = 10.0
"""Time that is reserved, besides that of the last exchange, to record what was sent."""

_METRICS: dict[DeliveryStatus, Metric] = {
    "collected": "DeliveriesCollected",
    "delivered": "DeliveriesDelivered",
    "failed": "DeliveriesFailed",
    "held": "DeliveriesHeld",
    "observed": "DeliveriesObserved",
    "pending": "DeliveriesPending",
    "skipped": "DeliveriesSkipped",
}

logger = logging.getLogger(__name__)


class Context(Protocol):
    """The parts of Lambda's context object that are used."""

    @property
    def aws_request_id(self) -> str:
        """The invocation's id."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the invocation may still take."""


@value
class Invocation:
    """The limits of an invocation. ``lease``: until when its claims hold.

    ``deadline``, ``end``: when (monotonic) the last exchange may begin, and the invocation must have ended.
    """

    lease: datetime
    deadline: float
    end: float = math.inf

    @classmethod
    def of(cls, context: Context, lane: Lane) -> Self:
        """Derive them from Lambda's context; the fast lane needs less time for its last exchange."""
        reserve = (SLOW_SECONDS if lane == "fast" else MAX_TIMEOUT_SECONDS) + RECORD_SECONDS
        remaining = context.get_remaining_time_in_millis() / 1000
        now, end = datetime.now(UTC), time.monotonic() + remaining
        return cls(now + timedelta(seconds=remaining) + LEASE_AFTER_END, end - reserve, end)


def tell(deliveries: Iterable[DeliveryRecord]) -> None:
    """Log the deliveries that failed, and write metrics of all by status.

    Deliveries that mutes keep back are left out: they must not raise the alarm about suspended channels.
    """
    counts: Counter[Metric] = Counter()
    for record in deliveries:
        counts[_METRICS[record.status] if record.mute_id is None else "DeliveriesMuted"] += 1
        if record.status in {"failed", "pending"}:
            log = logger.warning if record.status == "failed" else logger.info
            log(
                "delivery failed" if record.status == "failed" else "delivery waits",
                extra={
                    "delivery_id": record.id,
                    "event_id": record.event_id,
                    "rule_id": record.rule_id,
                    "channel_id": record.channel_id,
                    "reason": record.reason,
                    "attempts": record.attempt_count,
                },
            )
    if counts:
        metrics.write(counts)
