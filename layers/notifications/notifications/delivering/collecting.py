"""Digests: have events join the one that is open for their group, or open one."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from notifications.core.errors import Unavailable
from notifications.core.model import Digest, Rule
from notifications.core.records import DeliveryRecord, delivery_id, waiting
from notifications.core.values import replace
from notifications.core.windows import digests, schedules
from notifications.core.windows.digests import OpenDigest
from notifications.core.windows.grouping import Group, Place, group_of
from notifications.delivering.candidates import LONGEST_PAUSE, TRIES, Candidate, Fate, NotSent
from notifications.delivering.preparing import delivery
from notifications.messaging.queues import DeliveryQueues
from notifications.store.digests import JOINED_TOGETHER, Conflict, DigestStore, Joining
from notifications.store.dynamodb import pause
from notifications.store.records import RecordStore


class Collecting:
    """Have groups of events join digests."""

    def __init__(self, store: DigestStore, records: RecordStore, queues: DeliveryQueues) -> None:
        self._store = store
        self._records = records
        self._queues = queues

    def group(self, rule: Rule, data: Mapping[str, Any]) -> Group | None:
        """Return the group of an event with these fields, None if its rule collects none."""
        digest = rule.digest
        return None if digest is None else group_of(data, digest.by, digest.period)

    def read(self, places: Sequence[Place]) -> dict[Place, OpenDigest]:
        """Read the digests that are open for groups.

        Raises:
            Unavailable: DynamoDB failed.
        """
        return self._store.open_ones(places)

    def decide(
        self, group: Group, seen: OpenDigest | None, candidates: Sequence[Candidate], now: datetime
    ) -> list[Fate]:
        """Have the events of a group join a digest; ``seen``: the one that is open for it, None without one.

        Raises:
            Unavailable: DynamoDB failed, or others changed the digest ``TRIES`` times. Those that have joined
                stay in it, and are passed over when they come again.
        """
        rule = candidates[0].rule
        place = rule.id, group.name
        joined: dict[str, DeliveryRecord] = {}
        left = [*candidates]
        tried = 0
        while True:
            step = _Step(group, seen, left, now)
            conflict = step.open(self._store) if seen is None else step.join(self._store, seen)
            joined |= step.joined if conflict is None else self._there(rule.id, conflict)
            # If only the response to a write was lost, its second try conflicts with the first: the events
            # are in this digest, and nobody has told the queue yet when it is due.
            if conflict is None or any(each.digest_id == step.digest_id for each in joined.values()):
                self._queues.hint(step.hints)
            left = [each for each in left if each.event.id not in joined]
            if not left:
                return [NotSent(joined[each.event.id], write=False) for each in candidates]
            if conflict is not None:
                tried += 1
                if tried == TRIES:
                    raise Unavailable("Too many dispatchers have events of this digest at the same time")
                time.sleep(pause(min(tried, LONGEST_PAUSE)))
            seen = self._store.open_ones([place]).get(place)

    def _there(self, rule_id: str, conflict: Conflict) -> dict[str, DeliveryRecord]:
        """Read the deliveries that events have already, by event."""
        return {
            event_id: self._records.delivery(delivery_id(event_id, rule_id)) for event_id in conflict.there
        }


class _Step:
    """One try to have events join: as many as one transaction takes, and as the digest has room for.

    ``joined``: their deliveries, by event. ``hints``: the digest's delivery, and in how many seconds it is
    sent, if that is not on a queue yet.
    """

    def __init__(
        self, group: Group, seen: OpenDigest | None, left: Sequence[Candidate], now: datetime
    ) -> None:
        self._group = group
        self._rule = left[0].rule
        self._digest = _digest(left[0])
        self._now = now
        self._new = seen or OpenDigest(
            f"{digests.ID_PREFIX}{uuid4().hex}",
            schedules.closes_at(schedules.parse(self._digest.period), now),
        )
        # Nothing joins a full one: the rule may have had a higher limit when it was opened.
        room = max(0, self._digest.max - self._new.count)
        self._portion = left[: min(room, JOINED_TOGETHER)]
        self._is_full = len(self._portion) >= room
        self.digest_id = self._new.id
        self.hints: list[tuple[DeliveryRecord, float]] = []
        self.joined = {each.event.id: self._collected(each) for each in self._portion}

    def open(self, store: DigestStore) -> Conflict | None:
        """Open a digest with them."""
        event = digests.event_of(self._rule, self._digest, self._new, self._group, self._now)
        record = self._sent_at(self._now if self._is_full else self._new.closes_at)
        self._hint(record)
        return store.open(self._place, self._new, (event, record), self._joining, full=self._is_full)

    def join(self, store: DigestStore, seen: OpenDigest) -> Conflict | None:
        """Have them join a digest, and close it if it is full."""
        if not self._is_full:
            return store.join(self._place, seen, self._joining)
        # The store advances the digest's delivery from the revision that ``open`` wrote. A hint that names
        # another revision would be dropped.
        self._hint(replace(self._sent_at(self._now), revision=2))
        return store.join(self._place, seen, self._joining, due=self._now)

    @property
    def _place(self) -> Place:
        return self._rule.id, self._group.name

    @property
    def _joining(self) -> list[Joining]:
        return [
            Joining(self.joined[each.event.id], each.event.document, each.repeats) for each in self._portion
        ]

    def _collected(self, each: Candidate) -> DeliveryRecord:
        return delivery(each.event, each.rule, "collected", f"in {self._new.id}", digest_id=self._new.id)

    def _sent_at(self, until: datetime) -> DeliveryRecord:
        return waiting(digests.delivery_of(self._rule, self._new, self._group, self._now), until, self._now)

    def _hint(self, record: DeliveryRecord) -> None:
        until = record.next_attempt_at or self._now
        self.hints.append((record, (until - self._now).total_seconds()))


def _digest(candidate: Candidate) -> Digest:
    digest = candidate.rule.digest
    assert digest is not None, "who has none is not asked about"  # noqa: S101 - for the type checker
    return digest
