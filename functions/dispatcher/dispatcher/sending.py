"""What is planned and claimed goes out: portion by portion it is rendered, sent and recorded."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from dispatcher.plan import Plan
from dispatcher.portions import portions
from notifications.core import event_records
from notifications.core.errors import Unavailable
from notifications.core.event_records import EventRecord
from notifications.core.records import DELIVERY_STATUSES, DeliveryRecord, DeliveryStatus
from notifications.core.values import value
from notifications.delivering.deliverer import Deliverer
from notifications.delivering.invocation import tell
from notifications.store.records import RecordStore
from notifications.store.vault import Vault

logger = logging.getLogger(__name__)


@value
class Result:
    """What became of an event for one rule, without what was sent: of that there may be much."""

    rule_id: str
    channel_id: str
    status: DeliveryStatus
    reason: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one event: its record, and the results of its deliveries.

    ``copy``: somebody else has seen to it, now or before.
    """

    event: EventRecord
    deliveries: Sequence[Result] = ()
    copy: bool = False

    def log(self) -> None:
        """Write the line that says what became of the event."""
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
                "refused": self.event.reason,
                **{status: counts[status] for status in DELIVERY_STATUSES},
            },
        )


@dataclass(slots=True)
class Sent:
    """What was done, and what is left. ``error``: why it is, None if only the time is over."""

    reports: list[Report] = field(default_factory=list)
    left: list[Plan] = field(default_factory=list)
    error: Unavailable | None = None


class Sending:
    """Send what events make, and record it."""

    def __init__(self, vault: Vault, records: RecordStore, deliverer: Deliverer) -> None:
        self._vault = vault
        self._records = records
        self._deliverer = deliverer

    def send(self, plans: Sequence[Plan], deadline: float) -> Sent:
        """Send a portion at once; an event's record is ended when the last of its deliveries is recorded.

        ``deadline``: when the last exchange may begin, by the monotonic clock. The first portion is always
        taken: what cannot be begun in time is recorded as waiting, and goes out by the delivery queue.
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
                del portion, records  # the next portion must not find this one still in memory
                self._end(completed, results, sent)
                if monotonic() >= deadline:
                    break
        except Unavailable as error:
            sent.error = error
        missing = sum(len(plan.unrecorded) for plan in plans)
        if missing and sent.error is None:
            sent.error = Unavailable(f"what became of {missing} deliveries is not recorded yet")
        return sent

    def _end(self, completed: Sequence[Plan], results: dict[str, list[Result]], sent: Sent) -> None:
        now = datetime.now(UTC)
        plans = [plan for plan in completed if not plan.unrecorded]
        events = [event_records.ended(plan.event, now, plan.status, plan.reason) for plan in plans]
        self._records.put_many(events)
        for plan, event in zip(plans, events, strict=True):
            sent.left.remove(plan)
            sent.reports.append(Report(event, results.pop(event.id)))


def _result(record: DeliveryRecord) -> Result:
    return Result(record.rule_id, record.channel_id, record.status, record.reason)
