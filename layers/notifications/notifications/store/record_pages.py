"""Pages of records, newest first. Nothing is scanned.

A cursor is the position of the last row. Rows are sorted by the time of their creation, which never changes,
so rows that are added during paging come before those that were read, and no row is read twice or left out.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Generic, TypeVar

from notifications.core.event_records import EventRecord
from notifications.core.records import DeliveryRecord
from notifications.core.values import value
from notifications.store import keys
from notifications.store.cursors import MILLENNIUM, decoded, encoded
from notifications.store.items import Item
from notifications.store.merging import BEGINNING, END, Filters, Merger, Span, equal, filtered
from notifications.store.record_items import ORDINARY, delivery_from, event_from
from notifications.store.records import RecordStore

COUNTED = 10_000
"""How many deliveries of one event are counted at most."""

EVENTS_AT_ONCE = 64
"""How many events' deliveries are read together, for the list of all deliveries."""

EVENTS_LOOKED_AT = 512
"""How many events' deliveries a page of all deliveries reads at most."""

T = TypeVar("T")


@value
class Wanted:
    """Which records to find; all given conditions must hold. ``since``, ``until``: timestamps."""

    limit: int
    cursor: str | None = None
    status: str | None = None
    since: str | None = None
    until: str | None = None
    event_id: str | None = None
    channel_id: str | None = None
    rule_id: str | None = None
    rule_type: str | None = None
    mute_id: str | None = None

    def is_met(self, record: DeliveryRecord) -> bool:
        """Return whether a delivery meets the conditions, except those on its time and its event."""
        return all(
            wanted in {None, found}
            for wanted, found in (
                (self.status, record.status),
                (self.channel_id, record.channel_id),
                (self.rule_id, record.rule_id),
                (self.rule_type, record.rule_type),
                (self.mute_id, record.mute_id),
            )
        )


@value
class RecordPage(Generic[T]):
    """Some records, and the cursor of the next page; None if this is the last.

    ``searched``, ``reached_at``: how many events a search read, and down to which time.
    """

    records: Sequence[T]
    next: str | None
    searched: int | None = None
    reached_at: str | None = None


class RecordPages:
    """Find records."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._merger = Merger(store)

    def events(self, wanted: Wanted) -> RecordPage[EventRecord]:
        """Find events that are recorded, or that wait for another dispatcher.

        Raises:
            InvalidRequest: the cursor is none of this list's.
        """
        rows, following = self._merger.newest(events_span(wanted), wanted.limit)
        return RecordPage([event_from(row) for row in rows], following and encoded(following))

    def deliveries(self, wanted: Wanted) -> RecordPage[DeliveryRecord]:
        """Find deliveries. Those of a rule are found fastest with the rule's channel.

        Raises:
            InvalidRequest: the cursor is none of this list's.
        """
        if wanted.event_id is not None:
            return self._of_event(wanted, wanted.event_id)
        seen = decoded(wanted.cursor, MILLENNIUM)
        if wanted.mute_id is not None:
            return self._of_mute(wanted, wanted.mute_id, seen)
        if wanted.channel_id is not None:
            span = _span(wanted, keys.BY_CHANNEL, "channel_key", (wanted.channel_id,), seen)
            return self._indexed(replace(span, filters=equal(status=wanted.status)), wanted)
        if wanted.status is not None and wanted.status not in ORDINARY:
            return self._indexed(_by_status(wanted, keys.DELIVERY, wanted.status, seen), wanted)
        return self._by_events(wanted, seen or "")

    def counts(self, event_id: str) -> dict[str, int]:
        """Count an event's deliveries by status, the first ``COUNTED`` of them."""
        rows = self._store.query(
            {
                "KeyConditionExpression": "pk = :pk AND begins_with(sk, :deliveries)",
                "ExpressionAttributeValues": {
                    ":pk": keys.event(event_id)[keys.PARTITION_KEY],
                    ":deliveries": {"S": keys.DELIVERY_PREFIX},
                },
                "ProjectionExpression": "#status",
                "ExpressionAttributeNames": {"#status": "status"},
                "ConsistentRead": True,
            }
        )
        return dict(Counter(str(row["status"]["S"]) for row in islice(rows, COUNTED)))

    def _indexed(self, span: Span, wanted: Wanted) -> RecordPage[DeliveryRecord]:
        if wanted.rule_id is not None:
            sort_key = keys.DELIVERY_PREFIX + wanted.rule_id
            # DynamoDB cannot filter by a key attribute, and a filter would read as much anyway.
            span = replace(span, kept=lambda row: bool(row[keys.SORT_KEY]["S"] == sort_key))
        span = replace(span, filters=span.filters | equal(rule_type=wanted.rule_type))
        rows, following = self._merger.newest(span, wanted.limit)
        return RecordPage([delivery_from(row) for row in rows], following and encoded(following))

    def _of_mute(self, wanted: Wanted, mute_id: str, seen: str | None) -> RecordPage[DeliveryRecord]:
        span = replace(_span(wanted, keys.DUE, "due_key", (keys.HELD, mute_id), seen), sort="due_at")
        rows, following = self._merger.newest(span, wanted.limit)
        found = self._store.read_all(rows)  # the index has only their keys
        return RecordPage([each for each in found if wanted.is_met(each)], following and encoded(following))

    def _of_event(self, wanted: Wanted, event_id: str) -> RecordPage[DeliveryRecord]:
        filters = equal(status=wanted.status, mute_id=wanted.mute_id, rule_type=wanted.rule_type)
        filters |= _channel_filter(wanted.channel_id)
        filters |= {"moment": (">=", wanted.since)} if wanted.since else {}
        seen = decoded(wanted.cursor, keys.DELIVERY_PREFIX)
        low = seen or keys.DELIVERY_PREFIX + (wanted.rule_id or "")
        high = keys.DELIVERY_PREFIX + (wanted.rule_id or "~")
        if low > high:
            return RecordPage([], None)
        parameters = _sorted_between(keys.event(event_id), low, high) | {"Limit": wanted.limit + 1}
        items, last = self._store.query_page(filtered(parameters, filters))
        found = [item for item in items if item[keys.SORT_KEY]["S"] != seen]
        if wanted.until:
            found = [item for item in found if item["moment"]["S"] < wanted.until]
        following = encoded(last[keys.SORT_KEY]["S"]) if last else None
        if len(found) > wanted.limit:
            found = found[: wanted.limit]
            following = encoded(found[-1][keys.SORT_KEY]["S"])
        return RecordPage([delivery_from(item) for item in found], following)

    def _by_events(self, wanted: Wanted, position: str) -> RecordPage[DeliveryRecord]:
        """Read the newest events and their deliveries, because no index has all deliveries by time.

        A position is that of an event, followed by a rule if a page ends among the event's deliveries.
        """
        moment, _, rule_id = position.partition("|")
        found: list[DeliveryRecord] = []
        positions: list[str] = []
        looked_at = 0
        following: str | None = moment
        while following is not None and looked_at < EVENTS_LOOKED_AT and len(found) <= wanted.limit:
            span = _by_time(wanted, following or None)
            rows, after = self._merger.newest(
                replace(span, seen=None if rule_id else following), EVENTS_AT_ONCE
            )
            for row, record in self._deliveries_of(rows, wanted, moment, rule_id):
                found.append(record)
                positions.append(f"{row}|{record.rule_id}")
            looked_at += len(rows)
            following, rule_id = after, ""
        if len(found) > wanted.limit:
            return RecordPage(found[: wanted.limit], encoded(positions[wanted.limit - 1]))
        return RecordPage(found, following and encoded(following))

    def _deliveries_of(
        self, events: Sequence[Item], wanted: Wanted, moment: str, rule_id: str
    ) -> Iterator[tuple[str, DeliveryRecord]]:
        """Read the deliveries of events; for the event at ``moment``, only those after ``rule_id``."""

        def read(event: Item) -> list[Item]:
            # An unmatched event may have deliveries too, of rules through which it was replayed.
            seen = rule_id if event["moment"]["S"] == moment else ""
            if wanted.rule_id is not None and seen:
                return []
            low = keys.DELIVERY_PREFIX + (wanted.rule_id or "")
            high = keys.DELIVERY_PREFIX + (wanted.rule_id or seen or "~")
            parameters = _sorted_between(event, low, high) | {"ScanIndexForward": False}
            filters = equal(status=wanted.status, rule_type=wanted.rule_type)
            if not filters:
                parameters["Limit"] = wanted.limit + 2  # the row of the cursor comes again
            found = self._store.query(filtered(parameters, filters))
            news = (row for row in found if row[keys.SORT_KEY]["S"] != keys.DELIVERY_PREFIX + seen)
            return [*islice(news, wanted.limit + 1)]

        for event, rows in zip(events, self._merger.pool.map(read, events), strict=True):
            for row in rows:
                yield str(event["moment"]["S"]), delivery_from(row)


def events_span(wanted: Wanted) -> Span:
    """Choose the index, and the part of it, that has the wanted events."""
    seen = decoded(wanted.cursor, MILLENNIUM)
    if wanted.status is not None and wanted.status not in ORDINARY:
        span = _by_status(wanted, keys.EVENT, wanted.status, seen)
    else:
        span = replace(_by_time(wanted, seen), filters=equal(status=wanted.status))
    return replace(span, filters=span.filters | equal(rule_type=wanted.rule_type))


def _by_time(wanted: Wanted, seen: str | None) -> Span:
    return _span(wanted, keys.BY_TIME, "time_key", (keys.EVENT,), seen)


def _by_status(wanted: Wanted, kind: str, status: str, seen: str | None) -> Span:
    return _span(wanted, keys.BY_STATUS, "status_key", (kind, status), seen)


def _span(wanted: Wanted, index: str, attribute: str, parts: tuple[str, ...], seen: str | None) -> Span:
    high = min(filter(None, (seen, wanted.until, END)))
    return Span(index, attribute, parts, wanted.since or BEGINNING, high, seen)


def _sorted_between(key: Item, low: str, high: str) -> dict[str, Any]:
    """Make the parameters of a query of an event's items."""
    return {
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
        "ExpressionAttributeValues": {
            ":pk": key[keys.PARTITION_KEY],
            ":low": {"S": low},
            ":high": {"S": high},
        },
        "ConsistentRead": True,
    }


def _channel_filter(channel_id: str | None) -> Filters:
    return {} if channel_id is None else {"channel_key": ("begins_with", f"{channel_id}#")}
