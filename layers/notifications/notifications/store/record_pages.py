"""Pages of records, newest first. Each page is one query per shard; nothing is scanned.

A cursor is the moment of the last row: rows are sorted by the moment of their creation, which never changes,
so rows that come in while somebody pages are before what was read, and nothing is read twice or left out.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

from notifications.core.errors import InvalidRequest
from notifications.core.event_records import EventRecord
from notifications.core.records import DeliveryRecord
from notifications.core.values import value
from notifications.store import keys
from notifications.store.items import Item
from notifications.store.record_items import ORDINARY, delivery_from, event_from
from notifications.store.records import RecordStore

LOOKED_AT = 1_000
"""Rows per shard that a page with conditions beyond its index looks through at most."""

COUNTED = 10_000
"""Deliveries of one event that are counted at most."""

_BEGINNING, _END = "0", "9999"
_MILLENNIUM = "2"
"""What all moments of records begin with."""

MAX_CURSOR_CHARS = 512

T = TypeVar("T")


@value
class Wanted:
    """Which records to find; all conditions that are given must hold. ``since``, ``until``: timestamps."""

    limit: int
    cursor: str | None = None
    status: str | None = None
    since: str | None = None
    until: str | None = None
    event_id: str | None = None
    channel_id: str | None = None
    rule_id: str | None = None
    rule_type: str | None = None


@value
class RecordPage(Generic[T]):
    """Some records, and the cursor of the next page, None if this is the last."""

    records: Sequence[T]
    next: str | None


class RecordPages:
    """Find records."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store

    def events(self, wanted: Wanted) -> RecordPage[EventRecord]:
        """Find events.

        Raises:
            InvalidRequest: the cursor is none of this list's.
        """
        index, attribute, parts, rest = _by_status_or_time(keys.EVENT, wanted.status)
        filters = rest | _given(rule_type=wanted.rule_type)
        return self._merged(wanted, index, attribute, parts, filters, event_from)

    def deliveries(self, wanted: Wanted) -> RecordPage[DeliveryRecord]:
        """Find deliveries.

        Raises:
            InvalidRequest: the cursor is none of this list's.
        """
        if wanted.event_id is not None:
            return self._of_event(wanted, wanted.event_id)
        if wanted.rule_id is not None:
            filters = _given(status=wanted.status) | _channel_filter(wanted.channel_id)
            return self._merged(wanted, keys.BY_RULE, "rule_key", (wanted.rule_id,), filters, delivery_from)
        if wanted.channel_id is not None:
            filters = _given(status=wanted.status)
            parts: tuple[str, ...] = (wanted.channel_id,)
            return self._merged(wanted, keys.BY_CHANNEL, "channel_key", parts, filters, delivery_from)
        index, attribute, parts, rest = _by_status_or_time(keys.DELIVERY, wanted.status)
        return self._merged(wanted, index, attribute, parts, rest, delivery_from)

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

    def _of_event(self, wanted: Wanted, event_id: str) -> RecordPage[DeliveryRecord]:
        filters = _given(status=wanted.status) | _channel_filter(wanted.channel_id)
        filters |= {"moment": (">=", wanted.since)} if wanted.since else {}
        seen = _decoded(wanted.cursor, keys.DELIVERY_PREFIX)
        low = seen or keys.DELIVERY_PREFIX + (wanted.rule_id or "")
        high = keys.DELIVERY_PREFIX + (wanted.rule_id or "~")
        if low > high:
            return RecordPage([], None)
        parameters = {
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
            "ExpressionAttributeValues": {
                ":pk": keys.event(event_id)[keys.PARTITION_KEY],
                ":low": {"S": low},
                ":high": {"S": high},
            },
            "ConsistentRead": True,
            "Limit": wanted.limit + 1,  # the row of the cursor comes again
        }
        items, last = self._store.query_page(_filtered(parameters, filters))
        found = [item for item in items if item[keys.SORT_KEY]["S"] != seen]
        if wanted.until:
            found = [item for item in found if item["moment"]["S"] < wanted.until]
        following = _encoded(last[keys.SORT_KEY]["S"]) if last else None
        if len(found) > wanted.limit:
            found = found[: wanted.limit]
            following = _encoded(found[-1][keys.SORT_KEY]["S"])
        return RecordPage([delivery_from(item) for item in found], following)

    def _merged(
        self,
        wanted: Wanted,
        index: str,
        attribute: str,
        parts: tuple[str, ...],
        filters: dict[str, tuple[str, str]],
        read: Callable[[Item], T],
    ) -> RecordPage[T]:
        """Merge the shards' newest rows: down to where the shard that was read least far has ended."""
        seen = _decoded(wanted.cursor, _MILLENNIUM)
        high = min(filter(None, (seen, wanted.until, _END)))
        low = wanted.since or _BEGINNING
        if low > high:
            return RecordPage([], None)
        rows: list[Item] = []
        horizon = ""
        for shard in range(keys.SHARDS):
            parameters = {
                "IndexName": index,
                "KeyConditionExpression": f"{attribute} = :key AND moment BETWEEN :low AND :high",
                "ExpressionAttributeValues": {
                    ":key": {"S": keys.index_key(shard, *parts)},
                    ":low": {"S": low},
                    ":high": {"S": high},
                },
                "ScanIndexForward": False,
                "Limit": LOOKED_AT if filters else wanted.limit + 1,
            }
            items, last = self._store.query_page(_filtered(parameters, filters))
            rows += items
            horizon = max(horizon, last["moment"]["S"] if last else "")
        rows = [row for row in rows if row["moment"]["S"] >= horizon and row["moment"]["S"] != seen]
        rows.sort(key=lambda row: str(row["moment"]["S"]), reverse=True)
        following = horizon or None
        if len(rows) > wanted.limit:
            rows = rows[: wanted.limit]
            following = rows[-1]["moment"]["S"]
        return RecordPage([read(row) for row in rows], following and _encoded(following))


def _by_status_or_time(
    kind: str, status: str | None
) -> tuple[str, str, tuple[str, ...], dict[str, tuple[str, str]]]:
    if status is not None and status not in ORDINARY:
        return keys.BY_STATUS, "status_key", (kind, status), {}
    return keys.BY_TIME, "time_key", (kind,), _given(status=status)


def _given(**conditions: str | None) -> dict[str, tuple[str, str]]:
    return {name: ("=", value) for name, value in conditions.items() if value is not None}


def _channel_filter(channel_id: str | None) -> dict[str, tuple[str, str]]:
    return {} if channel_id is None else {"channel_key": ("begins_with", f"{channel_id}#")}


def _filtered(parameters: dict[str, Any], filters: dict[str, tuple[str, str]]) -> dict[str, Any]:
    if not filters:
        return parameters
    texts = [
        f"begins_with(#{name}, :{name})" if operator == "begins_with" else f"#{name} {operator} :{name}"
        for name, (operator, _) in filters.items()
    ]
    return parameters | {
        "FilterExpression": " AND ".join(texts),
        "ExpressionAttributeNames": {f"#{name}": name for name in filters},
        "ExpressionAttributeValues": parameters["ExpressionAttributeValues"]
        | {f":{name}": {"S": value} for name, (_, value) in filters.items()},
    }


def _encoded(position: str) -> str:
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def _decoded(cursor: str | None, prefix: str) -> str | None:
    """Read the position that a cursor stands for; ``prefix``: what positions of its list begin with."""
    if cursor is None:
        return None
    try:
        position = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        position = ""
    if not position.startswith(prefix) or len(cursor) > MAX_CURSOR_CHARS:
        raise InvalidRequest("cursor: it is none that a list has given")
    return position
