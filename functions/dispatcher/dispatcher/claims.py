"""Claim events, so that only one dispatcher at a time has each, and decide what a repeated message means.

A batch of new events is claimed in one call (``take``). An event whose message comes again is claimed by
itself (``take_again``), because its former dispatcher may have died over it.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime

from dispatcher.messages import Message
from dispatcher.plan import Plan
from dispatcher.sending import Report
from notifications.core import event_records
from notifications.core.errors import EntityNotFound, Unavailable
from notifications.core.event_records import NO_RESULT, EventRecord
from notifications.core.incoming import Reading, read
from notifications.core.values import mutable, value
from notifications.store.events import EventStore
from notifications.store.records import RecordStore

BEFORE = "an event with this id was dispatched before; with another id it is another event"

logger = logging.getLogger(__name__)


@mutable
class ClaimResult:
    """The result of claiming a batch.

    ``claimed``: the plans of the events to send. ``reports``: events that need no sending. ``open``: the ids
    of events whose former dispatcher died or handed them back. ``busy``: the ids of events that another
    dispatcher has, with the end of its lease. ``undone``: the ids of events whose claim DynamoDB did not
    write.
    """

    claimed: list[Plan] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    busy: dict[str, datetime] = field(default_factory=dict)
    undone: Collection[str] = ()


@value
class Claim:
    """An event that is claimed by itself.

    ``done``: the ids of rules whose deliveries are recorded. ``unrecorded``: those of rules whose deliveries
    were sent but are not recorded yet.
    """

    reading: Reading
    done: frozenset[str] = frozenset()
    unrecorded: frozenset[str] = frozenset()


@value
class Busy:
    """An event that another dispatcher has, ``until`` the end of its lease at the latest."""

    until: datetime


@value
class Spent:
    """An event over which too many dispatchers died."""

    reason: str


class Claims:
    """Claims events and releases them, by conditional writes of their records."""

    def __init__(self, events: EventStore, records: RecordStore) -> None:
        self._events = events
        self._records = records

    def take(self, plans: Sequence[Plan], lease: datetime) -> ClaimResult:
        """Claim the events that match rules, and record the others, all in one call.

        ``lease``: the time by which this invocation must have ended, when others may claim the events again.
        """
        now = datetime.now(UTC)
        for plan in plans:
            if plan.status == "dispatched":
                plan.event = event_records.claimed(plan.event, lease, now)
            else:
                plan.event = plan.final_record(now)
        inserted = self._events.insert([plan.event for plan in plans])
        result = ClaimResult(undone=inserted.undone)
        copies: list[Plan] = []
        for plan in plans:
            if plan.event.id in inserted.undone:
                continue
            if plan.event.id not in inserted.made:
                copies.append(plan)
            elif plan.status == "dispatched":
                result.claimed.append(plan)
            else:
                result.reports.append(Report(plan.event))
        self._look_at_copies(copies, result, lease, now)
        return result

    def in_order(self, messages: Sequence[Message]) -> list[Message]:
        """Order repeated messages: those over which dispatchers died come last."""
        if len(messages) <= 1:
            return [*messages]
        ids = {message.id: read(message.body, message.id).record.id for message in messages}
        try:
            known = self._events.standings([*{*ids.values()}])
        except Unavailable:  # the order is only a precaution: each is read again before its claim
            known = {}
        claims = {record.id: record.claims for record in known.values() if record.status == "dispatching"}
        return sorted(messages, key=lambda message: (claims.get(ids[message.id], 0), message.receives))

    def take_again(self, message: Message, lease: datetime) -> Claim | Report | Busy | Spent:
        """Claim the event of a repeated message, or return why it cannot be claimed.

        The event that was claimed first is the one that counts: a message with another document under the
        same id changes nothing.

        Raises:
            Unavailable: the deliveries table cannot be read or written.
        """
        now = datetime.now(UTC)
        reading = read(message.body, message.id)
        try:
            seen = self._events.get(reading.record.id)
        except EntityNotFound:
            return self._take_new(reading, lease, now)
        standing = event_records.standing_for(seen, reading.record.document, now)
        if standing == "ended":
            return _copy(seen)
        if standing == "spent":
            return Spent(f"{NO_RESULT} {seen.claims} times")
        claimed = event_records.claimed(seen, lease, now)
        if standing == "taken" or not (self._events.change_claim(claimed, seen) or self._is_ours(claimed)):
            return Busy(seen.lease or lease)
        try:
            done = frozenset(self._records.rules_met(seen.id))
        except Unavailable as error:  # no dispatcher died over the event, so this claim must not count
            self.hand_back(claimed, error.message, seen.unrecorded)
            raise
        kept = reading if seen.document is None else read(seen.document, seen.id)
        record = replace(claimed, document=kept.record.document, timestamp=kept.record.timestamp)
        return Claim(replace(kept, record=record), done, frozenset(seen.unrecorded) - done)

    def hand_back(self, event: EventRecord, reason: str | None, unrecorded: Collection[str] = ()) -> None:
        """Release a claim for a reason that is not the event's fault.

        If that cannot be written, the claim stays until its lease ends, and counts. ``unrecorded``: the rules
        whose deliveries were sent and will be recorded later.
        """
        free = event_records.handed_back(event, datetime.now(UTC), reason, unrecorded)
        try:
            self._events.change_claim(free, event)
        except Unavailable:
            logger.warning("claim stays", exc_info=True, extra={"event_id": event.id})

    def bury(self, message: Message, reason: str) -> None:
        """Record that an event is a dead letter; if that cannot be written now, the sweeper does it later."""
        now = datetime.now(UTC)
        try:
            record = read(message.body, message.id).record
            buried = event_records.buried(record, reason, now)
            if record.status == "refused" or record.id in self._events.insert([buried]).made:
                return
            seen = self._events.get(record.id)
            if event_records.standing_for(seen, record.document, now) in {"open", "spent"}:
                kept = replace(seen, document=seen.document or record.document, timestamp=record.timestamp)
                self._events.put_if(event_records.buried(kept, reason, now), seen)
        except (Unavailable, EntityNotFound):
            logger.warning("dead letter is not recorded", exc_info=True, extra={"message_id": message.id})

    def _take_new(self, reading: Reading, lease: datetime, now: datetime) -> Claim | Report | Busy:
        """Claim an event whose message is repeated although no dispatcher claimed it."""
        record = reading.record
        if reading.event is None:
            record = event_records.ended(record, now, "refused", record.reason)
        else:
            record = event_records.claimed(record, lease, now)
        inserted = self._events.insert([record])
        if inserted.undone:
            raise Unavailable("DynamoDB did not take the claim")
        if not inserted.made and not self._is_ours(record):
            return Busy(lease)  # another dispatcher was faster
        return Claim(replace(reading, record=record)) if reading.event is not None else Report(record)

    def _is_ours(self, claimed: EventRecord) -> bool:
        """Return whether a refused claim was written nevertheless.

        If the response to a write is lost, the client tries again, and its second try meets the item that the
        first one wrote.
        """
        seen = self._events.standings([claimed.id]).get(claimed.id)
        return seen is not None and claimed.lease is not None and seen.lease == claimed.lease

    def _look_at_copies(
        self, plans: Sequence[Plan], result: ClaimResult, lease: datetime, now: datetime
    ) -> None:
        """Read the records of events that already had one, and sort their plans into the result."""
        try:
            known = self._events.standings([plan.event.id for plan in plans])
        except Unavailable:  # the events that this call has claimed are sent nevertheless
            known = {}
        for plan in plans:
            seen = known.get(plan.event.id)
            if seen is None:  # the read failed or left it out; it is read again before it is claimed alone
                result.open.append(plan.event.id)
                continue
            standing = event_records.standing_for(seen, plan.event.document, now)
            if standing == "ended":
                result.reports.append(_copy(seen))
            elif seen.lease == lease:
                # It is our own claim, see ``_is_ours``.
                result.claimed.append(plan)
            elif seen.lease is not None and standing == "taken":
                result.busy[seen.id] = seen.lease
            else:
                result.open.append(seen.id)


def _copy(seen: EventRecord) -> Report:
    return Report(replace(seen, reason=BEFORE), copy=True)
