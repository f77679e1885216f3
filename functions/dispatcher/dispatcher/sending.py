"""Render, send and record planned and claimed events, portion by portion."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import field
from datetime import UTC, datetime
from time import monotonic

from dispatcher.plan import Plan
from dispatcher.portions import portions
from notifications.core.errors import Unavailable
from notifications.core.event_records import EventRecord
from notifications.core.records import DELIVERY_STATUSES, DeliveryRecord, DeliveryStatus
from notifications.core.values import mutable, value
from notifications.delivering.deliverer import Deliverer
from notifications.delivering.invocation import tell
from notifications.store.events import EventStore
from notifications.store.vault import Vault

logger = logging.getLogger(__name__)


@value
class Result:
    """The result of one delivery, without the message, because all messages together may be large."""

    rule_id: str
    channel_id: str
    status: DeliveryStatus
    reason: str | None


@value
class Report:
    """The result of dispatching one event: its record, and the results of its deliveries.

    ``copy``: the message was a copy of an event that is or was dispatched elsewhere.
    """

    event: EventRecord
    deliveries: Sequence[Result] = ()
    copy: bool = False

    def log(self) -> None:
        """Log the result."""
        if self.copy:
            logger.info("event was dispatched before", extra={"event_id": self.event.id})
            return
        counts = Counter(result.status for result in self.deliveries)
        log = logger.warning if self.event.status == "refused" else logger.info
        log(
            "event dispatched",
            extra={
                "event_id": self.event.id,
                "rule_type": self.event.rule_type,
                "refused": self.event.reason if self.event.status == "refused" else None,
                **{status: counts[status] for status in DELIVERY_STATUSES},
            },
        )


@mutable
class Sent:
    """What was done, and what is left. ``error``: why it is left, None if only the time ran out."""

    reports: list[Report] = field(default_factory=list)
    left: list[Plan] = field(default_factory=list)
    error: Unavailable | None = None


class Sending:
    """Send and record planned events."""

    def __init__(self, vault: Vault, events: EventStore, deliverer: Deliverer) -> None:
        self._vault = vault
        self._events = events
        self._deliverer = deliverer

    def send(self, plans: Sequence[Plan], deadline: float) -> Sent:
        """Send portion by portion; an event ends when the last of its deliveries is recorded.

        ``deadline``: when (monotonic) the last exchange may begin. The first portion is always processed:
        deliveries that cannot start in time are recorded as pending and go to the delivery queue.
        """
        sent = Sent(left=[*plans])
        results: dict[str, list[Result]] = {plan.event.id: [] for plan in plans}
        rendering = portions(self._vault, plans)
        try:
            while (portion := next(rendering, None)) is not None:
                records = self._deliverer.deliver(
                    portion.outgoing, lane="fast", deadline=deadline, ended=portion.ended
                )
                tell(records)
                for record in records:
                    results[record.event_id].append(_result(record))
                completed = portion.completed
                del portion, records  # free this portion's memory before the next one is rendered
                self._end(completed, results, sent)
                if monotonic() >= deadline:
                    break
        except Unavailable as error:
            sent.error = error
        # An event whose deliveries are not all recorded must not end, or nobody would look for their records.
        missing = sum(len(plan.unrecorded) for plan in plans)
        if missing and sent.error is None:
            sent.error = Unavailable(f"what became of {missing} deliveries is not recorded yet")
        return sent

    def _end(self, completed: Sequence[Plan], results: dict[str, list[Result]], sent: Sent) -> None:
        now = datetime.now(UTC)
        plans = [plan for plan in completed if not plan.unrecorded]
        events = [plan.final_record(now) for plan in plans]
        self._events.put_ended(events)
        for plan, event in zip(plans, events, strict=True):
            sent.left.remove(plan)
            sent.reports.append(Report(event, results.pop(event.id)))


def _result(record: DeliveryRecord) -> Result:
    return Result(record.rule_id, record.channel_id, record.status, record.reason)
