"""Render, send and record planned and claimed events, portion by portion."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from dispatcher.rounds import Round
    from notifications.delivering.collapsing import Collapsing

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
    """The reports of dispatched events, and the plans left. ``error``: why; None if only time ran out."""

    reports: list[Report] = field(default_factory=list)
    left: list[Plan] = field(default_factory=list)
    error: Unavailable | None = None


class Sending:
    """Send and record planned events."""

    def __init__(
        self,
        vault: Vault,
        events: EventStore,
        deliverer: Deliverer,
        collapsing: Callable[[], "Collapsing"],
    ) -> None:
        self._vault = vault
        self._events = events
        self._deliverer = deliverer
        self._collapsing = collapsing

    def send(self, plans: Sequence[Plan], deadline: float) -> Sent:
        """Send portion by portion; an event ends when the last of its deliveries is recorded.

        ``deadline``: the last time (monotonic, in seconds) at which an exchange may begin. The first portion
        is always processed: deliveries that cannot begin in time are recorded as pending and go to the
        delivery queue.
        """
        sent = Sent(left=[*plans])
        results: dict[str, list[Result]] = {plan.event.id: [] for plan in plans}
        try:
            if any(found.is_in_windows for plan in plans for found in plan.matches):
                self._send_in_rounds(plans, deadline, results, sent)
            else:
                self._send(plans, deadline, results, sent)
        except Unavailable as error:
            sent.error = error
        # An event must not end before all of its deliveries are recorded, or nobody would look for them.
        missing = sum(len(plan.unrecorded) for plan in plans)
        if missing and sent.error is None:
            sent.error = Unavailable(f"the results of {missing} deliveries are not recorded yet")
        return sent

    def _send_in_rounds(
        self, plans: Sequence[Plan], deadline: float, results: dict[str, list[Result]], sent: Sent
    ) -> None:
        from dispatcher import rounds  # noqa: PLC0415 - for who has once-per or a digest

        collapsing = self._collapsing()
        following: Round | None = rounds.first(plans, collapsing, deadline)
        while following is not None:
            sent.error = sent.error or following.error
            _note(following.unwritten, results)
            self._send(following.plans, deadline, results, sent)
            if monotonic() >= deadline:
                return
            following = rounds.following(following.plans, collapsing, deadline)

    def _send(
        self, plans: Sequence[Plan], deadline: float, results: dict[str, list[Result]], sent: Sent
    ) -> None:
        rendering = portions(self._vault, plans)
        while (portion := next(rendering, None)) is not None:
            records = self._deliverer.deliver(
                portion.outgoing, lane="fast", deadline=deadline, ended=portion.ended
            )
            _note(records, results)
            completed = portion.completed
            del portion, records  # free this portion's memory before the next one is rendered
            self._end(completed, results, sent)
            if monotonic() >= deadline:
                break

    def _end(self, completed: Sequence[Plan], results: dict[str, list[Result]], sent: Sent) -> None:
        now = datetime.now(UTC)
        plans = [plan for plan in completed if not (plan.unrecorded or plan.later)]
        events = [plan.final_record(now) for plan in plans]
        self._events.put_ended(events)
        for plan, event in zip(plans, events, strict=True):
            sent.left.remove(plan)
            sent.reports.append(Report(event, results.pop(event.id)))


def _note(records: Sequence[DeliveryRecord], results: dict[str, list[Result]]) -> None:
    """Log and count records, and add their results to the reports."""
    tell(records)
    for record in records:
        results[record.event_id].append(_result(record))


def _result(record: DeliveryRecord) -> Result:
    return Result(record.rule_id, record.channel_id, record.status, record.reason)
