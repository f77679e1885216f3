"""The recorded events of a type within a time range, with their documents, the oldest first."""

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic
from typing import Self

from notifications.core.batches import batches
from notifications.core.event_records import EventRecord
from notifications.core.values import mutable
from notifications.store import keys
from notifications.store.cursors import decoded, encoded
from notifications.store.event_search import READ_TOGETHER
from notifications.store.events import EventStore
from notifications.store.items import Item
from notifications.store.merging import END, LOOKED_AT, Merger, Span, equal
from notifications.store.record_items import event_from

PAGE_EVENTS = 200
"""How many events a page has at most."""

PAGE_SECONDS = 20.0
"""How long a page takes at most, but for its last event: API Gateway waits for 29 s."""

GROWTH = 4
"""How much more of each shard is read at once when few of its rows were wanted."""

_MILLENNIUM = "2"
"""The first character of every record's time."""


@mutable
class EventPass:
    """One page on the way through events: iterate over it, and then read how far it came.

    ``searched``: how many events were given. ``next``: the cursor of the next page, None if this is the last.
    ``reached_at``: the time up to which all was read, None if there was nothing.
    """

    events: EventStore
    span: Span
    merger: Merger
    searched: int = 0
    next: str | None = None
    reached_at: str | None = None

    @classmethod
    def of(
        cls, events: EventStore, rule_type: str, since: str, until: str | None, cursor: str | None
    ) -> Self:
        """Begin, or go on at a cursor. ``since``, ``until``: timestamps, the latter excluded.

        Raises:
            InvalidRequest: the cursor was not given by such a pass.
        """
        seen = decoded(cursor, _MILLENNIUM)
        low = max(since, seen or since)
        span = Span(
            keys.BY_TIME, "time_key", (keys.EVENT,), low, until or END, seen, equal(rule_type=rule_type)
        )
        return cls(events, span, Merger(events))

    def __iter__(self) -> Iterator[EventRecord]:
        """Read until the page is full or its time is over; an event whose document is gone has none.

        Raises:
            Unavailable: DynamoDB fails.
        """
        deadline = monotonic() + PAGE_SECONDS
        for rows, horizon in self._portions():
            for portion in batches(rows, READ_TOGETHER):
                listed = [*map(event_from, portion)]
                found = {record.id: record for record in self.events.get_many([each.id for each in listed])}
                for row, record in zip(portion, listed, strict=True):
                    yield found.get(record.id, record)
                    self.searched += 1
                    self._reach(str(row["moment"]["S"]))
                    if self.searched == PAGE_EVENTS or monotonic() >= deadline:
                        return
            if horizon is None:
                self.next = None
                return
            self._reach(horizon)
            if monotonic() >= deadline:
                return

    def _portions(self) -> Iterator[tuple[list[Item], str | None]]:
        """Read rows of the index, more at once the fewer of them are wanted."""
        span = self.span
        per_shard = 2 * PAGE_EVENTS // self.events.shards + 2
        while True:
            rows, horizon = self.merger.oldest(span, per_shard)
            yield rows, horizon
            if horizon is None:
                return
            span = replace(span, low=horizon, seen=horizon)
            per_shard = min(per_shard * GROWTH, LOOKED_AT)

    def _reach(self, moment: str) -> None:
        self.next = encoded(moment)
        self.reached_at = moment.partition("#")[0]
