"""What becomes of events of rules with once-per or a digest: after their claims, before they are rendered.

Once-per comes first, so that no repeat joins a digest. Whatever is decided is written on condition that
nobody else has decided meanwhile; otherwise it is read and decided again.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from notifications.core.errors import Unavailable
from notifications.core.model import Rule
from notifications.core.values import replace
from notifications.core.windows.grouping import Group, Place
from notifications.delivering.candidates import Again, Candidate, Fate, Pass
from notifications.delivering.collecting import Collecting
from notifications.delivering.repeating import Repeating
from notifications.messaging.queues import DeliveryQueues
from notifications.store.digests import DigestStore
from notifications.store.events import EventStore
from notifications.store.records import RecordStore
from notifications.store.repeats import RepeatStore

T = TypeVar("T")


class Decider(Protocol[T]):
    """Once-per, or digests: both look at what is kept for a group, and decide about its events."""

    def group(self, rule: Rule, data: Mapping[str, Any]) -> Group | None:
        """Return the group of an event with these fields, None if its rule does without."""

    def read(self, places: Sequence[Place]) -> Mapping[Place, T]:
        """Read what is kept for groups; groups without anything are left out."""

    def decide(
        self, group: Group, seen: T | None, candidates: Sequence[Candidate], now: datetime
    ) -> Sequence[Fate]:
        """Decide about the events of a group by what was read of it."""


class Collapsing:
    """Decide what becomes of the events of a batch."""

    def __init__(
        self,
        repeats: RepeatStore,
        digests: DigestStore,
        records: RecordStore,
        events: EventStore,
        queues: DeliveryQueues,
    ) -> None:
        self._repeating = Repeating(repeats, records, events)
        self._collecting = Collecting(digests, records, queues)

    def collapse(self, candidates: Sequence[Candidate], now: datetime, deadline: float) -> list[Fate]:
        """Return what becomes of each; after ``deadline`` (monotonic) no more groups are decided about."""
        fates: list[Fate] = [Pass() for _ in candidates]
        _ask(self._repeating, dict(enumerate(candidates)), fates, now, deadline)
        passed = {
            at: replace(candidates[at], repeats=fate.repeats)
            for at, fate in enumerate(fates)
            if isinstance(fate, Pass)
        }
        _ask(self._collecting, passed, fates, now, deadline)
        return fates


def _ask(
    decider: Decider[T], asked: Mapping[int, Candidate], fates: list[Fate], now: datetime, deadline: float
) -> None:
    """Decide group by group, and note the fates. If DynamoDB fails for one, the others are still decided."""
    groups: dict[Place, tuple[Group, list[int]]] = {}
    for at, each in asked.items():
        group = decider.group(each.rule, each.data)
        if group is not None:
            groups.setdefault((each.rule.id, group.name), (group, []))[1].append(at)
    if not groups:
        return
    try:
        known: Mapping[Place, T] | Unavailable = decider.read([*groups])
    except Unavailable as error:
        known = error
    for place, (group, positions) in groups.items():
        members = [asked[at] for at in positions]
        if isinstance(known, Unavailable):
            decided: Sequence[Fate] = [known] * len(members)
        elif time.monotonic() >= deadline:
            # Each group may wait for others some seconds, and the invocation must not end meanwhile.
            decided = [Again()] * len(members)
        else:
            decided = _decided(decider, group, known.get(place), members, now)
        for at, fate in zip(positions, decided, strict=True):
            fates[at] = fate


def _decided(
    decider: Decider[T], group: Group, seen: T | None, members: Sequence[Candidate], now: datetime
) -> Sequence[Fate]:
    try:
        return decider.decide(group, seen, members, now)
    except Unavailable as error:
        return [error] * len(members)
