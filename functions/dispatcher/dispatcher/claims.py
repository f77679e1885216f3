"""Who may dispatch an event: claims on events, and what is made of a message whose event is somebody's."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from dispatcher.messages import Message
from dispatcher.plan import Plan
from dispatcher.sending import Report
from notifications.core import event_records
from notifications.core.errors import EntityNotFound, Unavailable
from notifications.core.event_records import NO_RESULT, EventRecord
from notifications.core.incoming import Reading, read
from notifications.core.values import value
from notifications.store.events import EventStore
from notifications.store.records import RecordStore

BEFORE = "an event with this id was dispatched before; with another id it is another event"

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Taken:
    """What came of a batch's claims. ``claimed``: what is to be sent; ``reports``: where nothing is.

    ``open``: events that somebody had before and has no more; ``busy``: those that somebody has, until when;
    ``undone``: events that DynamoDB did not take.
    """

    claimed: list[Plan] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    busy: dict[str, datetime] = field(default_factory=dict)
    undone: Collection[str] = ()


@value
class Claim:
    """An event that is claimed by itself. ``done``: the rules for which its delivery is recorded.

    ``unrecorded``: those for which it was sent, and is not recorded yet.
    """

    reading: Reading
    done: frozenset[str] = frozenset()
    unrecorded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Busy:
    """An event that somebody else has, ``until`` its lease is over at the latest."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Spent:
    """An event over which too many dispatchers have died."""

    reason: str


class Claims:
    """Claim events."""

    def __init__(self, events: EventStore, records: RecordStore) -> None:
        self._events = events
        self._records = records

    def take(self, plans: Sequence[Plan], lease: datetime) -> Taken:
        """Claim the events that meet rules, and record the others, all with one call.

        Raises:
            Unavailable: it cannot be read who has what is recorded already.
        """
        now = datetime.now(UTC)
        for plan in plans:
            if plan.status == "dispatched":
                plan.event = event_records.claimed(plan.event, lease, now)
            else:
                plan.event = event_records.ended(plan.event, now, plan.status, plan.reason)
        inserted = self._events.insert([plan.event for plan in plans])
        taken = Taken(undone=inserted.undone)
        copies: list[Plan] = []
        for plan in plans:
            if plan.event.id in inserted.undone:
                continue
            if plan.event.id not in inserted.made:
                copies.append(plan)
            elif plan.status == "dispatched":
                taken.claimed.append(plan)
            else:
                taken.reports.append(Report(plan.event))
        self._look_at_copies(copies, taken, lease, now)
        return taken

    def in_order(self, messages: Sequence[Message]) -> list[Message]:
        """Order messages that came before: what a process may have died over comes last."""
        if len(messages) <= 1:
            return [*messages]
        ids = {message.id: read(message.body, message.id).record.id for message in messages}
        try:
            known = self._events.standings([*{*ids.values()}])
        except Unavailable:  # each is read again before its claim
            known = {}
        claims = {record.id: record.claims for record in known.values() if record.status == "dispatching"}
        return sorted(messages, key=lambda message: (claims.get(ids[message.id], 0), message.receives))

    def take_again(self, message: Message, lease: datetime) -> Claim | Report | Busy | Spent:
        """Claim the event of a message that came before; or tell how it stands, if it cannot be claimed.

        What is recorded is what counts: a copy that says something else under the same id changes nothing.

        Raises:
            Unavailable: the deliveries table cannot be read or written.
        """
        now = datetime.now(UTC)
        reading = read(message.body, message.id)
        try:
            seen = self._events.get(reading.record.id)
        except EntityNotFound:
            return self._take_new(reading, lease, now)
        standing = event_records.standing(seen, now)
        if standing == "ended" or event_records.is_another(seen, reading.record.document):
            return _copy(seen)
        if standing == "spent":
            return Spent(f"{NO_RESULT} {seen.claims} times")
        claimed = event_records.claimed(seen, lease, now)
        if standing == "taken" or not self._events.change_claim(claimed, seen):
            return Busy(seen.lease or lease)
        done = frozenset(self._records.rules_met(seen.id))
        kept = reading if seen.document is None else read(seen.document, seen.id)
        record = replace(claimed, document=kept.record.document, timestamp=kept.record.timestamp)
        return Claim(replace(kept, record=record), done, frozenset(seen.unrecorded) - done)

    def hand_back(self, event: EventRecord, reason: str | None, unrecorded: Collection[str] = ()) -> None:
        """Give up a claim for a reason that is none of the event.

        If that cannot be written, the claim stays until the lease is over, and counts. ``unrecorded``: the
        rules whose deliveries were sent, and will be recorded later.
        """
        free = event_records.handed_back(event, datetime.now(UTC), reason, unrecorded)
        try:
            self._events.change_claim(free, event)
        except Unavailable:
            logger.warning("claim stays", exc_info=True, extra={"event_id": event.id})

    def bury(self, message: Message, reason: str) -> None:
        """Record that an event is a dead letter; if that cannot be written now, the sweeper does it."""
        now = datetime.now(UTC)
        try:
            record = read(message.body, message.id).record
            buried = event_records.buried(record, reason, now)
            if record.status == "refused" or record.id in self._events.insert([buried]).made:
                return
            seen = self._events.get(record.id)
            if event_records.standing(seen, now) in {"open", "spent"}:
                kept = replace(seen, document=seen.document or record.document, timestamp=record.timestamp)
                self._events.put_if(event_records.buried(kept, reason, now), seen)
        except (Unavailable, EntityNotFound):
            logger.warning("dead letter is not recorded", exc_info=True, extra={"message_id": message.id})

    def _take_new(self, reading: Reading, lease: datetime, now: datetime) -> Claim | Report | Busy:
        """Claim an event that nobody has claimed, though its message has come before."""
        record = reading.record
        if reading.event is None:
            record = event_records.ended(record, now, "refused", record.reason)
        else:
            record = event_records.claimed(record, lease, now)
        inserted = self._events.insert([record])
        if inserted.undone:
            raise Unavailable("DynamoDB did not take the claim")
        if not inserted.made:
            return Busy(lease)  # somebody was faster
        return Claim(replace(reading, record=record)) if reading.event is not None else Report(record)

    def _look_at_copies(self, plans: Sequence[Plan], taken: Taken, lease: datetime, now: datetime) -> None:
        """Look how those stand that are recorded already: their copies change nothing of that."""
        known = self._events.standings([plan.event.id for plan in plans])
        for plan in plans:
            seen = known.get(plan.event.id)
            if seen is None:  # it was not read: by itself it is read once more
                taken.open.append(plan.event.id)
            elif event_records.standing(seen, now) == "ended" or event_records.is_another(
                seen, plan.event.document
            ):
                taken.reports.append(_copy(seen))
            elif seen.lease == lease:
                # Ours: the response was lost, and the client's second try has met what its first one wrote.
                taken.claimed.append(plan)
            elif seen.lease is not None and event_records.standing(seen, now) == "taken":
                taken.busy[seen.id] = seen.lease
            else:
                taken.open.append(seen.id)


def _copy(seen: EventRecord) -> Report:
    return Report(replace(seen, reason=BEFORE), copy=True)
