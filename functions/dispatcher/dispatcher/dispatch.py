"""Events in, webhooks out: claim, send all at once, record."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from dispatcher.configuration import Configuration
from dispatcher.plan import Plan, make_plan
from notifications.core.model import timestamp
from notifications.core.records import DeliveryRecord, EventRecord
from notifications.delivering.deliverer import Deliverer
from notifications.store.records import RecordStore
from notifications.store.vault import Vault

MAX_CLAIMS = 5
"""How often an event is dispatched whose dispatcher ends without a result; then it is refused."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one event: its record, and those of its deliveries."""

    event: EventRecord
    deliveries: Sequence[DeliveryRecord]


class Dispatcher:
    """Dispatch events with what the configuration says at that moment."""

    def __init__(
        self, configuration: Configuration, vault: Vault, store: RecordStore, deliverer: Deliverer
    ) -> None:
        self._configuration = configuration
        self._vault = vault
        self._store = store
        self._deliverer = deliverer

    def refresh(self) -> None:
        """Look whether the configuration has changed, once for what is planned next.

        Raises:
            Unavailable: the configuration can not be read.
        """
        self._configuration.refresh()

    def plan(self, document: Mapping[str, Any], text: str, message_id: str) -> Plan:
        """Find out what an EventBridge document makes to send; nothing is sent.

        Raises:
            Unavailable: the configuration can not be read, or its secrets not be decrypted.
        """
        return make_plan(self._configuration, self._vault, document, text, message_id)

    def claim(self, plan: Plan, lease: datetime) -> Plan | None:
        """Take an event that met rules; None if it is another's, or done. ``lease``: until when it is taken.

        Of an event that an earlier dispatcher has not brought to its end, the plan is what that one left.

        Raises:
            Unavailable: the deliveries table can not be read or written.
            EntityNotFound: the event's record came to the end of its time at this moment.
        """
        if not plan.met_rules:
            return plan
        claimed = replace(plan.event, status="dispatching", lease=lease, claims=1)
        if self._store.claim_event(claimed, None):
            return replace(plan, event=claimed)
        return self._claim_again(plan, lease)

    def _claim_again(self, plan: Plan, lease: datetime) -> Plan | None:
        seen = self._store.event(plan.event.id)
        now = datetime.now(UTC)
        if seen.status != "dispatching" or seen.lease is None or seen.lease > now:
            return None
        if seen.claims >= MAX_CLAIMS:
            reason = f"dispatching it has ended without a result {MAX_CLAIMS} times"
            return Plan(replace(seen, status="refused", reason=reason, lease=None, updated_at=timestamp(now)))
        claimed = replace(seen, lease=lease, claims=seen.claims + 1, updated_at=timestamp(now))
        if not self._store.claim_event(claimed, seen):
            return None
        done = self._store.rules_met(seen.id)
        return Plan(
            claimed,
            [item for item in plan.outgoing if item.record.rule_id not in done],
            [record for record in plan.ended if record.rule_id not in done],
        )

    def send(self, plans: Sequence[Plan], deadline: float) -> list[Report]:
        """Send what was planned and claimed, all at once; one report each, in their order.

        ``deadline``: when the last may be begun, by the monotonic clock.

        Raises:
            Unavailable: DynamoDB did not take a record; what is not recorded is dispatched again.
        """
        deliveries = self._deliverer.deliver(
            [item for plan in plans for item in plan.outgoing],
            lane="fast",
            deadline=deadline,
            ended=[record for plan in plans for record in plan.ended],
        )
        events = [_final(plan.event) for plan in plans]
        self._store.put_many(events)
        by_event: dict[str, list[DeliveryRecord]] = {event.id: [] for event in events}
        for record in deliveries:
            by_event[record.event_id].append(record)
        reports = [Report(event, by_event[event.id]) for event in events]
        for report in reports:
            _log(report)
        return reports


def _final(event: EventRecord) -> EventRecord:
    if event.status != "dispatching":
        return event
    return replace(event, status="dispatched", lease=None, updated_at=timestamp(datetime.now(UTC)))


def _log(report: Report) -> None:
    counts = {"delivered": 0, "failed": 0, "skipped": 0, "pending": 0, "held": 0}
    for record in report.deliveries:
        counts[record.status] += 1
    log = logger.warning if report.event.status == "refused" else logger.info
    log(
        "event dispatched",
        extra={
            "event_id": report.event.id,
            "rule_type": report.event.rule_type,
            "refused": report.event.reason,
            **counts,
        },
    )
