"""Plan what an event sends: what was decided about it, less what was sent before.

Nothing is rendered here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import datetime

from dispatcher.configuration import Configuration
from notifications.core import event_records
from notifications.core.deciding import Decision, decide
from notifications.core.event_records import EventRecord, EventStatus
from notifications.core.incoming import Reading
from notifications.core.matching import Match
from notifications.core.model import Event
from notifications.core.records import DeliveryRecord
from notifications.core.values import mutable
from notifications.core.variables import Variables
from notifications.delivering.preparing import ended
from notifications.store.vault import Vault


@mutable
class Plan:
    """The plan of an event: the final ``status`` and ``reason`` of its record, and what is to be sent.

    ``later``: matches that wait for the results of other events of the batch. ``ended``: deliveries that end
    without being sent. ``variables``: those of templates. ``spent``: CPU seconds of its renderings so far.
    ``unrecorded``: the ids of rules whose deliveries were sent but are not recorded yet; the event cannot end
    before they are. ``planned_at``: the time of the configuration that decided, as a timestamp.
    """

    event: EventRecord
    status: EventStatus
    reason: str | None = None
    matches: Sequence[Match] = ()
    later: Sequence[Match] = ()
    ended: list[DeliveryRecord] = field(default_factory=list)
    variables: Variables = field(default_factory=Variables)
    spent: float = 0.0
    unrecorded: frozenset[str] = frozenset()
    planned_at: str | None = None

    def final_record(self, now: datetime) -> EventRecord:
        """Return the record that the event gets once all of the plan is done."""
        return event_records.ended(self.event, now, self.status, self.reason, self.planned_at)


def make_plan(
    configuration: Configuration,
    vault: Vault,
    reading: Reading,
    done: frozenset[str] = frozenset(),
    unrecorded: frozenset[str] = frozenset(),
) -> Plan:
    """Plan what an event sends.

    ``done``: the ids of rules whose deliveries are recorded already. ``unrecorded``: see ``Plan``.

    Raises:
        Unavailable: the configuration cannot be read, or secrets cannot be decrypted.
    """
    record, event = reading.record, reading.event
    if event is None:
        return Plan(record, "refused", record.reason)
    decision, at = _decided(configuration, event)
    plan = Plan(record, decision.status, decision.reason, planned_at=at)
    # An event may be dispatched again, by hand or after a dispatcher died: rules that already have a delivery
    # of it must not send a second one.
    sent = done | unrecorded
    if sent and decision.status == "unmatched":
        plan.status, plan.reason = "dispatched", None
    if plan.status == "dispatched":
        plan.variables, plan.unrecorded = decision.variables, unrecorded
        plan.matches = [found for found in _rendered(decision) if found.rule.id not in sent]
        plan.ended = [each for each in ended(record, decision) if each.rule_id not in sent]
        # Decrypt together, because each secret takes a call to KMS of some milliseconds.
        vault.prepare(found.channel for found in plan.matches)
    return plan


def _decided(configuration: Configuration, event: Event) -> tuple[Decision, str]:
    """Decide about an event; return also the time of the configuration that decided."""
    routing = configuration.routing(event.rule_type)
    at = configuration.decided_at(routing)
    # At the time that is recorded, so that an explanation finds the same mutes in force.
    return decide(event, routing, datetime.fromisoformat(at)), at


def _rendered(decision: Decision) -> Iterator[Match]:
    """Yield the matches to render now: those that are sent, and those that a mute holds.

    A held message is rendered when its event comes, so that it is later sent as it would have been then.
    """
    yield from decision.matches
    for muted in decision.muted:
        if muted.mute.hold:
            yield Match(muted.rule, muted.channel, muted=muted)
