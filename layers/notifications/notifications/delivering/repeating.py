"""Once-per: which events of rules are sent, and which are repeats of one that was.

Of the events of one group in a batch, only the first is sent at first. The others are decided when its result
is recorded: if its template fails, for example, the next one is sent.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from notifications.core.errors import EntityNotFound, Unavailable
from notifications.core.model import OncePer, Rule
from notifications.core.records import DeliveryStatus, delivery_id
from notifications.core.windows import repeats
from notifications.core.windows.grouping import Group, Place, group_of
from notifications.core.windows.outlooks import Outlook, repeated
from notifications.core.windows.repeats import Window
from notifications.delivering.candidates import LONGEST_PAUSE, TRIES, Again, Candidate, Fate, NotSent, Pass
from notifications.delivering.preparing import delivery
from notifications.store.dynamodb import pause
from notifications.store.events import EventStore
from notifications.store.records import RecordStore
from notifications.store.repeats import RepeatStore


class Repeating:
    """Decide about groups of events, each by what was read of its window."""

    def __init__(self, store: RepeatStore, records: RecordStore, events: EventStore) -> None:
        self._store = store
        self._records = records
        self._events = events

    def group(self, rule: Rule, data: Mapping[str, Any]) -> Group | None:
        """Return the group of an event with these fields, None if its rule sends as often as events come."""
        once_per = rule.once_per
        return None if once_per is None else group_of(data, once_per.by, once_per.period)

    def read(self, places: Sequence[Place]) -> dict[Place, Window]:
        """Read the last windows of groups.

        Raises:
            Unavailable: DynamoDB failed.
        """
        return self._store.windows(places)

    def outlook(self, rule: Rule, event_id: str, data: Mapping[str, Any], now: datetime) -> Outlook:
        """Tell what would become of an event, and change nothing.

        Raises:
            Unavailable: DynamoDB failed.
        """
        once_per, group = rule.once_per, self.group(rule, data)
        if once_per is None or group is None:
            return Outlook()
        place = rule.id, group.name
        seen = self._store.windows([place]).get(place)
        if seen is None:
            return Outlook()
        if seen.event_id == event_id:
            return Outlook(repeats=seen.before)
        gone = now < seen.until and self._is_gone(rule.id, seen, now)
        if now < seen.until and not gone:
            went = delivery_id(seen.event_id, rule.id)
            return repeated(repeats.reason(went, seen.repeats + 2, once_per))
        return Outlook(repeats=repeats.opened(seen, event_id, once_per, now, gone=gone).before)

    def decide(
        self, group: Group, seen: Window | None, candidates: Sequence[Candidate], now: datetime
    ) -> list[Fate]:
        """Decide about the events of a group; ``seen``: its last window, None if it had none.

        Raises:
            Unavailable: DynamoDB failed, or others changed the window ``TRIES`` times.
        """
        place = candidates[0].rule.id, group.name
        for tried in range(TRIES):
            fates = self._decided(place, seen, candidates, now)
            if fates is not None:
                return fates
            time.sleep(pause(min(tried, LONGEST_PAUSE)))
            seen = self._store.windows([place]).get(place)
        raise Unavailable("Too many dispatchers have events of this group at the same time")

    def _decided(
        self, place: Place, seen: Window | None, candidates: Sequence[Candidate], now: datetime
    ) -> list[Fate] | None:
        """Decide by what was seen; None if that has changed meanwhile."""
        own = next((each for each in candidates if seen and each.event.id == seen.event_id), None)
        if own is not None and seen is not None:
            # This event opened the window, but its dispatcher died or handed it back before it was sent. It
            # must not count as a repeat of itself.
            return _first(candidates, own, seen)
        gone = seen is not None and now < seen.until and self._is_gone(place[0], seen, now)
        if seen is not None and now < seen.until and not gone:
            return self._repeats(place, seen, candidates, now)
        first = candidates[0]
        once_per = _once_per(first)
        window = repeats.opened(seen, first.event.id, once_per, now, gone=gone)
        return _first(candidates, first, window) if self._store.open(place, window, seen) else None

    def _is_gone(self, rule_id: str, seen: Window, now: datetime) -> bool:
        """Return whether the event that opened a window was not sent and will not be."""
        sent_as = delivery_id(seen.event_id, rule_id)
        status = self._status(sent_as)
        if status is not None:
            return repeats.is_gone(status, None, now)
        try:
            event = self._events.get(seen.event_id)
        except EntityNotFound:
            return True
        if not repeats.is_gone(None, event, now):
            return False
        # Its dispatch has ended, maybe since the delivery was looked for, and the delivery is written first.
        return repeats.is_gone(self._status(sent_as), event, now)

    def _status(self, sent_as: str) -> DeliveryStatus | None:
        """Read the status of a delivery, or of the digest that it is in; None if there is neither."""
        status = self._records.statuses([sent_as]).get(sent_as)
        if status != "collected":
            return status
        member = self._records.delivery(sent_as)
        if member.digest_id is None:
            return status
        # What is collected has gone only if its digest has.
        digest = delivery_id(member.digest_id, member.rule_id)
        return self._records.statuses([digest]).get(digest, status)

    def _repeats(
        self, place: Place, seen: Window, candidates: Sequence[Candidate], now: datetime
    ) -> list[Fate] | None:
        count = len(candidates)
        total = self._store.count(place, seen, count)
        if total is None:
            return None
        of_hour = self._store.count_hour(place[0], repeats.hour_of(now), count, now)
        recorded = repeats.recordable(count, of_hour)
        went = delivery_id(seen.event_id, place[0])
        fates: list[Fate] = []
        for number, each in enumerate(candidates):
            # The first of the window is the one that went, so the first repeat is the second.
            reason = repeats.reason(went, total - count + number + 2, _once_per(each))
            record = delivery(each.event, each.rule, "skipped", reason)
            fates.append(NotSent(record, write=number < recorded))
        return fates


def _first(candidates: Sequence[Candidate], first: Candidate, window: Window) -> list[Fate]:
    return [Pass(window.before) if each is first else Again() for each in candidates]


def _once_per(candidate: Candidate) -> OncePer:
    once_per = candidate.rule.once_per
    assert once_per is not None, "who has none is not asked about"  # noqa: S101 - for the type checker
    return once_per
