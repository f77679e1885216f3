"""Plan what an event sends: validate it and match rules. Nothing is rendered, sent or written here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from dispatcher.configuration import Configuration
from notifications.core import rendering
from notifications.core.errors import SchemaMismatch
from notifications.core.event_records import EventRecord, EventStatus
from notifications.core.incoming import Reading, told
from notifications.core.matching import Match, Met, Skip, match, none_met
from notifications.core.model import Rule
from notifications.core.records import DeliveryRecord, DeliveryStatus
from notifications.core.values import mutable
from notifications.store.vault import Vault


@mutable
class Plan:
    """The plan of an event: the final ``status`` and ``reason`` of its record, and what is to be sent.

    ``ended``: deliveries that end without being sent. ``variables``: what templates see. ``spent``: CPU
    seconds of its renderings so far. ``unrecorded``: rules whose deliveries were sent but not recorded yet;
    the event cannot end before they are.
    """

    event: EventRecord
    status: EventStatus
    reason: str | None = None
    matches: Sequence[Match] = ()
    ended: list[DeliveryRecord] = field(default_factory=list)
    variables: Mapping[str, Any] = field(default_factory=dict)
    spent: float = 0.0
    unrecorded: frozenset[str] = frozenset()


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
    if routing.event_type is None:
        return Plan(record, "refused", "unknown event type")
    try:
        variables = rendering.variables(event, routing.event_type)
    except SchemaMismatch as error:
        return Plan(record, "refused", told(error.message))
    met = routing.rules.met(event.data)
    # An event may be dispatched again after a death or by hand; rules that have their delivery must not send
    # a second one.
    sent = done | unrecorded
    if not (met.rules or met.undecided or sent):
        return Plan(record, "unmatched", none_met(len(routing.rules)) if len(routing.rules) else None)
    matches, skips = match(met.rules, routing.channels)
    plan = Plan(record, "dispatched", variables=variables, unrecorded=unrecorded)
    plan.matches = [found for found in matches if found.rule.id not in sent]
    plan.ended = [ended for ended in _ended(record, skips, met) if ended.rule_id not in sent]
    # Decrypt together, because each secret is a call to KMS of some milliseconds.
    vault.prepare(found.channel for found in plan.matches)
    return plan


def _ended(event: EventRecord, skips: Sequence[Skip], met: Met) -> Iterator[DeliveryRecord]:
    """Make the records of deliveries that are over before they began."""
    for skip in skips:
        yield delivery(event, skip.rule, "skipped", skip.reason)
    for rule, reason in met.undecided:
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
