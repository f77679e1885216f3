"""What a function that delivers has of its invocation, and what it tells of it."""

import logging
import math
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self

from notifications import metrics
from notifications.core.channel_health import SLOW_SECONDS
from notifications.core.model import MAX_TIMEOUT_SECONDS
from notifications.core.records import DeliveryRecord, DeliveryStatus
from notifications.delivering.outgoing import Lane
from notifications.metrics import Metric

LEASE_AFTER_END = timedelta(seconds=5)
"""A lease ends so long after the invocation must have: by then nobody sends any more."""

RECORD_SECONDS = 10.0
"""What an invocation keeps, besides the time of an exchange, to record what it has sent."""

_METRICS: dict[DeliveryStatus, Metric] = {
    "delivered": "DeliveriesDelivered",
    "failed": "DeliveriesFailed",
    "held": "DeliveriesHeld",
    "pending": "DeliveriesPending",
    "skipped": "DeliveriesSkipped",
}

logger = logging.getLogger(__name__)


class Context(Protocol):
    """What Lambda tells a function of its invocation, as far as it is used."""

    @property
    def aws_request_id(self) -> str:
        """The invocation's id."""

    def get_remaining_time_in_millis(self) -> int:
        """Tell how long it may still take."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """Until when what is claimed is claimed, and when (monotonic) the last exchange may begin.

    ``end``: when (monotonic) it must have ended.
    """

    lease: datetime
    deadline: float
    end: float = math.inf

    @classmethod
    def of(cls, context: Context, lane: Lane) -> Self:
        """Read them off the context."""
        reserve = (SLOW_SECONDS if lane == "fast" else MAX_TIMEOUT_SECONDS) + RECORD_SECONDS
        remaining = context.get_remaining_time_in_millis() / 1000
        now, end = datetime.now(UTC), time.monotonic() + remaining
        return cls(now + timedelta(seconds=remaining) + LEASE_AFTER_END, end - reserve, end)


def tell(deliveries: Iterable[DeliveryRecord]) -> None:
    """Log what failed, and count what became of deliveries as metrics."""
    counts: Counter[DeliveryStatus] = Counter()
    for record in deliveries:
        counts[record.status] += 1
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
        metrics.write({_METRICS[status]: count for status, count in counts.items()})
