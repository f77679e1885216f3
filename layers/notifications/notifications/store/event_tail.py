"""The events that have ended since a client last asked, oldest first."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain

from notifications.core import tailing
from notifications.core.event_records import EventRecord
from notifications.core.records import DeliveryRecord
from notifications.core.tailing import Position
from notifications.core.values import value
from notifications.store import keys
from notifications.store.events import EventStore
from notifications.store.merging import Merger, Span
from notifications.store.record_items import delivery_from, event_from

PAGE_EVENTS = 100
"""How many events a page has at most, because the deliveries of each are read with a query of their own."""

ROWS_TOGETHER = 500
"""How many rows of a shard are read at once."""

SHOWN_DELIVERIES = 20
"""How many deliveries of an event are shown at most."""

Test = Callable[[EventRecord], bool]


@value
class TailPage:
    """The next events, and the position after them. ``more``: whether others follow already."""

    events: Sequence[EventRecord]
    position: Position
    more: bool


class EventTail:
    """Follows events as they end. Every method raises ``Unavailable`` if DynamoDB fails."""

    def __init__(self, events: EventStore) -> None:
        self._events = events
        self._merger = Merger(events)

    def beginning(self, now: datetime) -> Position:
        """Return the position of a client that wants only events that end from now on."""
        first = tailing.beginning(now)
        span = Span(keys.BY_TIME, "time_key", (keys.EVENT,), tailing.moment(first))
        rows, _ = self._merger.newest(span, tailing.MAX_SEEN)
        records = [*map(event_from, rows)]
        # With this many, older ones may not have been read, so the position begins after the last one.
        low = tailing.ended_at(records[-1]) + 1 if len(records) == tailing.MAX_SEEN else None
        read = {tailing.mark(record): tailing.ended_at(record) for record in records}
        return tailing.advanced(Position(low or first.low, {}), read, None, now)

    def page(self, position: Position, is_wanted: Test, is_met: Test | None, now: datetime) -> TailPage:
        """Read the events after a position.

        ``is_wanted``: a predicate on records without documents. ``is_met``: one on records with documents.

        Raises:
            InvalidRequest: the position is malformed.
        """
        rows, reached = self._rows(position)
        news = [row for row in rows if tailing.mark(row) not in position.seen]
        # An event that is being dispatched again is returned once that dispatch has ended.
        found = [row for row in news if row.status != "dispatching" and is_wanted(row)]
        if len(found) > PAGE_EVENTS:
            # Rows after the page's last event are not marked as read, so that the next page has them.
            found = found[:PAGE_EVENTS]
            reached = found[-1]
            rows = rows[: rows.index(reached) + 1]
        read = {tailing.mark(row): tailing.ended_at(row) for row in rows}
        until = None if reached is None else tailing.ended_at(reached)
        after = tailing.advanced(position, read, until, now)
        if is_met is not None:
            found = [
                row for row, full in zip(found, self._events.in_full(found), strict=True) if is_met(full)
            ]
        return TailPage(found, after, more=reached is not None)

    def deliveries(self, events: Sequence[EventRecord]) -> list[list[DeliveryRecord]]:
        """Read the first deliveries of each of these events, without messages.

        There may be one more than are shown, which means that there are more.
        """
        return [*self._merger.pool.map(self._deliveries_of, events)]

    def _rows(self, position: Position) -> tuple[list[EventRecord], EventRecord | None]:
        """Read the rows after a position, in order; return also the last of them if more follow."""
        shards = [
            *self._merger.pool.map(lambda shard: self._ahead(shard, position), range(self._events.shards))
        ]
        rows = sorted(chain.from_iterable(rows for rows, _ in shards), key=_place)
        # If a shard has more rows, its next one is unknown. No newer row of another shard may be returned
        # before it, because the position has one end for all shards.
        ends = [found[-1] for found, is_all in shards if not is_all]
        if not ends:
            return rows, None
        reached = min(ends, key=_place)
        return rows[: rows.index(reached) + 1], reached

    def _ahead(self, shard: int, position: Position) -> tuple[list[EventRecord], bool]:
        """Read a shard's rows until enough of them are new; return also whether these are all."""
        asked = {
            "IndexName": keys.BY_TIME,
            "KeyConditionExpression": "time_key = :key AND moment >= :low",
            "ExpressionAttributeValues": {
                ":key": {"S": keys.index_key(shard, keys.EVENT)},
                ":low": {"S": tailing.moment(position)},
            },
            "Limit": ROWS_TOGETHER,
        }
        rows: list[EventRecord] = []
        news = 0
        while True:
            items, last = self._events.query_page(asked)
            portion = [*map(event_from, items)]
            rows += portion
            news += sum(tailing.mark(row) not in position.seen for row in portion)
            if last is None or news >= PAGE_EVENTS:
                return rows, last is None
            asked["ExclusiveStartKey"] = last

    def _deliveries_of(self, event: EventRecord) -> list[DeliveryRecord]:
        if event.status == "unmatched":  # it has just ended, and was hardly replayed since
            return []
        asked = {
            "KeyConditionExpression": "pk = :event AND begins_with(sk, :deliveries)",
            "ExpressionAttributeValues": {
                ":event": keys.event(event.id)[keys.PARTITION_KEY],
                ":deliveries": {"S": keys.DELIVERY_PREFIX},
            },
            "ProjectionExpression": "pk, sk, #status, reason, channel_key, rule_type, moment, updated_at",
            "ExpressionAttributeNames": {"#status": "status"},
            "ConsistentRead": True,
            "Limit": SHOWN_DELIVERIES + 1,
        }
        items, _ = self._events.query_page(asked)
        return [*map(delivery_from, items)]


def _place(record: EventRecord) -> tuple[str, str]:
    """Return the values by which the index is sorted."""
    return record.created_at, record.id
