"""Plan what an event sends: what was decided of it, less what was sent before. Nothing is rendered here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from dispatcher.configuration import Configuration
from notifications.core import event_records
from notifications.core.deciding import Decision, decide
from notifications.core.event_records import EventRecord, EventStatus
from notifications.core.incoming import Reading, told
from notifications.core.matching import Match
from notifications.core.model import Rule
from notifications.core.records import DeliveryRecord, DeliveryStatus
from notifications.core.values import mutable
from notifications.store.vault import Vault


@mutable
class Plan:
    """The plan of an event: the final ``status`` and ``reason`` of its record, and what is to be sent.

    ``ended``: deliveries that end without being sent. ``variables``: what templates see. ``spent``: CPU
    seconds of its renderings so far. ``unrecorded``: rules whose deliveries were sent but not recorded yet;
    the event cannot end before they are. ``planned_at``: the time of the configuration that decided.
    """

    event: EventRecord
    status: EventStatus
    reason: str | None = None
    matches: Sequence[Match] = ()
    ended: list[DeliveryRecord] = field(default_factory=list)
    variables: Mapping[str, Any] = field(default_factory=dict)
    spent: float = 0.0
    unrecorded: frozenset[str] = frozenset()
    planned_at: str | None = None

    def final_record(self, now: datetime) -> EventRecord:
        """Return the event's record once all of this is done."""
        return event_records.ended(self.event, now, self.status, self.reason, self.planned_at)


def make_plan(
    configuration: Configuration,
    vault: Vault,
    reading: Reading,
    done: frozenset[str] = frozenset(),
    unrecorded: frozenset[str] = frozenset(),
) -> Plan:
    """Plan what an event sends. ``done``: rules whose deliveries are recorded already.

    Raises:
        Unavailable: the configuration cannot be read, or secrets cannot be decrypted.
    """
    record, event = reading.record, reading.event
    if event is None:
        return Plan(record, "refused", record.reason)
    routing = configuration.routing(event.rule_type)
    decision = decide(event, routing)
    plan = Plan(record, decision.status, decision.reason, planned_at=configuration.decided_at(routing))
    # An event may be dispatched again after a death or by hand; rules that have their delivery must not send
    # a second one.
    sent = done | unrecorded
    if sent and decision.status == "unmatched":
        plan.status, plan.reason = "dispatched", None
    if plan.status == "dispatched":
        plan.variables, plan.unrecorded = decision.variables, unrecorded
        plan.matches = [found for found in decision.matches if found.rule.id not in sent]
        plan.ended = [ended for ended in _ended(record, decision) if ended.rule_id not in sent]
        # Decrypt together, because each secret is a call to KMS of some milliseconds.
        vault.prepare(found.channel for found in plan.matches)
    return plan


def _ended(event: EventRecord, decision: Decision) -> Iterator[DeliveryRecord]:
    """Make the records of deliveries that are over before they began."""
    for skip in decision.skips:
        yield delivery(event, skip.rule, "skipped", skip.reason)
    for rule, reason in decision.undecided:
        yield delivery(event, rule, "failed", told(reason))


def delivery(
    event: EventRecord, rule: Rule, status: DeliveryStatus, reason: str | None, **more: Any
) -> DeliveryRecord:
    """Make the record of an event's delivery for a rule."""
    return DeliveryRecord(
        event_id=event.id,
        rule_id=rule.id,
        channel_id=rule.channel_id,
        rule_type=event.rule_type,
        status=status,
        reason=reason,
        created_at=event.created_at,
        updated_at=event.created_at,
        **more,
    )
