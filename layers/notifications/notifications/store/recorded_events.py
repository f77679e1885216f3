"""The recorded events of a type within a time range, with their documents, oldest first."""

from collections.abc import Iterator, Sequence
from dataclasses import field
from time import monotonic

from notifications.core.event_records import EventRecord
from notifications.core.values import mutable, replace
from notifications.store import keys
from notifications.store.cursors import MILLENNIUM, decoded, encoded
from notifications.store.events import EventStore
from notifications.store.items import Item
from notifications.store.merging import END, LOOKED_AT, Merger, Span, equal
from notifications.store.record_items import event_from

PAGE_EVENTS = 200
"""How many events a page has at most."""

PAGE_SECONDS = 20.0
"""After how long a page begins no further event, because API Gateway waits 29 s for a response."""

ROWS_AHEAD = 2_000
"""How many rows of all the index's partitions together are read at once, if all of them are wanted."""

AHEAD_SECONDS = 60.0
"""How long the rows that did not fit into a page are kept for the next one."""

GROWTH = 4
"""How much more of each partition is read at once when few of its rows were wanted."""


@mutable
class Ahead:
    """Rows that follow a position, in order.

    ``horizon``: the moment up to which these are all rows; None if no more follow. ``until``: the monotonic
    time until which they may be used.
    """

    rows: Sequence[Item]
    horizon: str | None
    until: float


@mutable
class RecordedEventsPage:
    """One page of recorded events: iterate over it, and then read how far it got.

    ``searched``: how many events it has yielded so far. ``next``: the cursor of the next page; None if this
    is the last. ``reached_at``: the timestamp up to which all events were read; None if there were none.
    """

    events: EventStore
    merger: Merger
    span: Span
    ahead: dict[str, Ahead] = field(default_factory=dict)
    searched: int = 0
    next: str | None = None
    reached_at: str | None = None

    def __iter__(self) -> Iterator[EventRecord]:
        """Yield events until the page is full or its time is over; expired documents are None.

        Raises:
            Unavailable: DynamoDB fails.
        """
        deadline = monotonic() + PAGE_SECONDS
        for rows, horizon in self._portions():
            wanted = rows[: PAGE_EVENTS - self.searched]
            for given, record in enumerate(self.events.in_full(map(event_from, wanted)), 1):
                yield record
                self.searched += 1
                self._reach(str(rows[given - 1]["moment"]["S"]))
                if self.searched == PAGE_EVENTS or monotonic() >= deadline:
                    self._leave(rows[given:], horizon)
                    return
            if horizon is None:
                self.next = None
                return
            # No wanted row is left up to here, so the next page need not read these rows again.
            self._reach(horizon)
            if monotonic() >= deadline:
                return

    def _portions(self) -> Iterator[tuple[Sequence[Item], str | None]]:
        """Yield portions of rows of the index, with their horizons; larger ones if few rows are wanted."""
        per_shard = ROWS_AHEAD // self.events.shards
        kept = self.ahead.pop(_place(self.span), None)
        rows, horizon = (
            (kept.rows, kept.horizon)
            if kept is not None and kept.until > monotonic()
            else self.merger.oldest(self.span, per_shard)
        )
        while True:
            yield rows, horizon
            if horizon is None:
                return
            self.span = replace(self.span, low=horizon, seen=horizon)
            rows, horizon = self.merger.oldest(self.span, per_shard)
            per_shard = min(per_shard * GROWTH, LOOKED_AT)

    def _reach(self, moment: str) -> None:
        self.next = encoded(moment)
        self.reached_at = moment.partition("#")[0]

    def _leave(self, rows: Sequence[Item], horizon: str | None) -> None:
        """Keep the rows that were read but not yielded, and drop those that other pages have kept."""
        self.ahead.clear()
        seen = decoded(self.next, MILLENNIUM)
        following = replace(self.span, seen=seen)
        self.ahead[_place(following)] = Ahead(rows, horizon, monotonic() + AHEAD_SECONDS)


def _place(span: Span) -> str:
    """Return the key under which the rows after a position are kept."""
    return f"{span.filters['rule_type'][1]} {span.high} {span.seen}"


class RecordedEvents:
    """Read the recorded events of a type, page by page.

    A page reads rows of all the index's partitions, so most of them do not fit into it. The next request
    nearly always reaches the same process, so the process keeps the other rows for the next page.
    """

    def __init__(self, events: EventStore) -> None:
        self._events = events
        self._merger = Merger(events)
        self._ahead: dict[str, Ahead] = {}

    def page(self, rule_type: str, since: str, until: str | None, cursor: str | None) -> RecordedEventsPage:
        """Begin, or continue at a cursor. ``since``, ``until``: timestamps, the latter excluded.

        Raises:
            InvalidRequest: the cursor does not come from such a page.
        """
        seen = decoded(cursor, MILLENNIUM)
        low = max(since, seen or since)
        filters = equal(rule_type=rule_type)
        span = Span(keys.BY_TIME, "time_key", (keys.EVENT,), low, until or END, seen, filters)
        return RecordedEventsPage(self._events, self._merger, span, self._ahead)
