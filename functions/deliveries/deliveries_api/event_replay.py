"""Send recorded events through a rule that was made after them.

A delivery is recorded on condition that there is none yet, and then hinted to the queue. So a replay that is
repeated, or that continues after an interruption, sends nothing twice; and if a process dies between record
and hint, the sweeper finds the delivery. An event that is being dispatched again is left to its dispatcher,
which knows the rule: two writers of one delivery would send it twice.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from deliveries_api.clauses import meets
from deliveries_api.replay_models import EventReplayIn, EventReplayOut
from notifications.core import events, kinds, records
from notifications.core.batches import batches
from notifications.core.deciding import Decision, decide
from notifications.core.delivery import Content, Request
from notifications.core.eligibility import destination
from notifications.core.errors import EntityNotFound, MalformedEvent, RuleConflict
from notifications.core.event_records import EventRecord
from notifications.core.matching import IndexedRules
from notifications.core.model import Channel, Rule, timestamp
from notifications.core.records import DeliveryRecord, DeliveryStatus
from notifications.core.routing import Routing
from notifications.core.values import replace
from notifications.delivering.preparing import ended, prepared
from notifications.wiring import Services

RECORDED_TOGETHER = 10
"""How many events are looked up, recorded and hinted together."""

COUNTED: dict[DeliveryStatus, str] = {
    "pending": "replayed",
    "observed": "observed",
    "skipped": "skipped",
    "failed": "failed",
}
"""The name under which a delivery is counted, by its status."""

OTHERS = ("unreadable", "matched", "already", "dispatching")

logger = logging.getLogger(__name__)


def replay(services: Services, rule_id: str, request: EventReplayIn) -> EventReplayOut:
    """Send a page of recorded events of a rule's type through the rule.

    Raises:
        EntityNotFound: there is no such rule.
        RuleConflict: the rule or its channel is disabled or gone.
        ConditionError, InvalidRequest: a clause or the cursor cannot be parsed, or a clause can never be met.
        Unavailable: DynamoDB fails; deliveries that were recorded by then are sent.
    """
    rule = services.rules.get(rule_id)
    page = services.recorded_events.page(rule.rule_type, request.since, request.until, request.cursor)
    through = _Through(services, rule, request)
    for portion in batches(page, RECORDED_TOGETHER):
        through.take(portion)
    counts = through.counts
    if not request.dry_run:
        logger.info("events replayed", extra={"rule_id": rule_id, "searched": page.searched, **counts})
    return EventReplayOut(
        searched=page.searched,
        **{name: counts[name] for name in (*COUNTED.values(), *OTHERS)},
        next=page.next,
        reached_at=page.reached_at,
    )


class _Through:
    """Sends portions of events through a rule, and counts the results."""

    def __init__(self, services: Services, rule: Rule, request: EventReplayIn) -> None:
        self.counts: Counter[str] = Counter()
        self._services = services
        self._rule = rule
        self._is_dry = request.dry_run
        channel = _channel(services, rule)
        event_type = services.event_types.get(rule.rule_type)
        self._is_met = meets(request.where, event_type) if request.where else None
        self._routing = Routing(event_type, IndexedRules((rule,)), {channel.id: channel})

    def take(self, portion: Sequence[EventRecord]) -> None:
        """Record deliveries of events that have none yet, and have them sent."""
        decided = [(record, decision) for record in portion if (decision := self._decided(record))]
        ids = [record.id for record, _ in decided]
        # This look-up only saves rendering: the condition of each insert decides whether a delivery is new.
        known = self._services.records.which_recorded(ids, self._rule.id) if ids else set()
        self.counts["matched"] += len(decided)
        self.counts["already"] += len(known)
        now = datetime.now(UTC)
        made: list[DeliveryRecord] = []
        for record, decision in decided:
            if record.id in known:
                continue
            if record.status == "dispatching":
                self.counts["dispatching"] += 1
                continue
            delivery = self._delivery(record, decision, now)
            if self._is_dry or self._services.records.insert(delivery):
                self.counts[COUNTED[delivery.status]] += 1
                made.append(delivery)
            else:  # another replay, or a dispatcher, was faster
                self.counts["already"] += 1
        if not self._is_dry:
            self._hint(made)

    def _decided(self, record: EventRecord) -> Decision | None:
        """Decide about an event; None if the rule does not fire, or the event cannot be read."""
        try:
            event = events.read(record.document or "")
        except MalformedEvent:
            self.counts["unreadable"] += 1
            return None
        if self._is_met is not None and not self._is_met(record):
            return None
        decision = decide(event, self._routing, event.timestamp)
        self.counts["unreadable"] += decision.status == "refused"
        return decision if decision.status == "dispatched" else None

    def _delivery(self, record: EventRecord, decision: Decision, now: datetime) -> DeliveryRecord:
        """Make the delivery's record as a dispatcher would, but due now."""
        made = next(ended(record, decision), None) or prepared(
            record, decision.matches[0], decision.variables, _unsigned
        )
        if isinstance(made, DeliveryRecord):
            return replace(made, updated_at=timestamp(now))
        return records.waiting(replace(made.record, updated_at=timestamp(now)), now, now)

    def _hint(self, made: Iterable[DeliveryRecord]) -> None:
        self._services.delivery_queues.hint(
            [(delivery, 0) for delivery in made if delivery.status == "pending"]
        )


def _channel(services: Services, rule: Rule) -> Channel:
    """Return the channel that a rule sends to.

    Raises:
        RuleConflict: the rule or the channel is off, so its deliveries would end as skipped, which no later
            replay sends again.
    """
    try:
        stored = services.channels.get(rule.channel_id)
    except EntityNotFound:
        stored = None
    found = destination(rule, stored)
    if isinstance(found, str):
        what, _, state = found.partition("_")
        raise RuleConflict(f"The rule's {what} is {state}" if what == "channel" else f"The rule is {state}")
    return found


def _unsigned(channel: Channel, content: Content, message_id: str, now: datetime) -> Request:
    """Build a request only to see whether it can be built; the redeliverer signs it when it sends it."""
    return kinds.build_request(channel.spec, content, message_id, now)
