"""Count the records of the last day, by status and by minute, from the indexes and up to a limit."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from notifications.core.model import timestamp
from notifications.core.values import value
from notifications.store import keys
from notifications.store.items import Item
from notifications.store.merging import THREADS
from notifications.store.record_table import RecordTable
from notifications.store.records import Due, due_from

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

BY_MINUTE = timedelta(hours=3)
"""How far back records are also counted by minute."""

_MINUTE_CHARS = len("2026-01-15T11:00")

ROWS_OF_A_PARTITION = 1_000
"""How many rows of one partition of an index are counted at most: the newest ones."""

ROWS = 60_000
"""How many rows of all partitions together are counted at most; with more partitions, fewer rows of each."""


@value
class Recent:
    """How many records of one kind there are, by status, created within the last hour and the last day.

    ``since``: a timestamp; all records from then on are counted, and none before. ``last_success``: the
    timestamp of the newest delivery that succeeded. ``minutes``: the counts of each whole minute of the last
    hours that has any, by the beginning of the minute's timestamps.
    """

    hour: Mapping[str, int]
    day: Mapping[str, int]
    since: str
    last_success: str | None = None
    minutes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@value
class Overdue:
    """The record that has been due for longest. ``since``: the timestamp at which it became due."""

    due: Due
    since: str

    def seconds(self, now: datetime) -> float:
        """Return for how long it has been due."""
        return (now - datetime.fromisoformat(self.since)).total_seconds()


class RecentRecords:
    """Count records. Every method raises ``Unavailable`` when DynamoDB fails."""

    def __init__(self, table: RecordTable) -> None:
        self._table = table

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(THREADS)

    def events(self, now: datetime) -> Recent:
        """Count events."""
        return self._counted([(keys.EVENT,)], keys.BY_TIME, "time_key", now)[keys.EVENT,]

    def deliveries(self, channel_ids: Sequence[str], now: datetime) -> dict[str, Recent]:
        """Count deliveries, by channel."""
        parts = [(channel_id,) for channel_id in channel_ids]
        found = self._counted(parts, keys.BY_CHANNEL, "channel_key", now)
        return {channel_id: recent for (channel_id,), recent in found.items()}

    def overdue(self, now: datetime) -> Overdue | None:
        """Find the record that has been due for longest; None if none is due."""
        until = timestamp(now)

        def oldest(shard: int) -> list[Item]:
            asked = {
                "IndexName": keys.DUE,
                "KeyConditionExpression": "due_key = :key AND due_at <= :until",
                "ExpressionAttributeValues": {
                    ":key": {"S": keys.index_key(shard, "DUE")},
                    ":until": {"S": until},
                },
                "Limit": 1,
            }
            rows, _ = self._table.query_page(asked)
            return [*rows]

        found = [row for rows in self._pool.map(oldest, range(self._table.shards)) for row in rows]
        if not found:
            return None
        first = min(found, key=lambda row: str(row["due_at"]["S"]))
        return Overdue(due_from(first), str(first["due_at"]["S"]))

    def _counted(
        self, partitions: Sequence[tuple[str, ...]], index: str, attribute: str, now: datetime
    ) -> dict[tuple[str, ...], Recent]:
        since = timestamp(now - DAY)
        places = [(parts, shard) for parts in partitions for shard in range(self._table.shards)]
        most = min(ROWS_OF_A_PARTITION, max(1, ROWS // max(1, len(places))))
        asked = [
            (parts, _asked(index, attribute, keys.index_key(shard, *parts), since) | {"Limit": most})
            for parts, shard in places
        ]
        pages = self._pool.map(lambda one: self._table.query_page(one[1]), asked)
        rows: dict[tuple[str, ...], list[Item]] = {parts: [] for parts in partitions}
        known_since = dict.fromkeys(partitions, since)
        for (parts, _), (items, last) in zip(asked, pages, strict=True):
            rows[parts] += items
            # If a partition has more rows, those before its last key are unknown. So rows of other partitions
            # before that time are not counted either, and the counts are exact from that time on.
            if last:
                known_since[parts] = max(known_since[parts], str(last["moment"]["S"].partition("#")[0]))
        return {parts: _recent(rows[parts], known_since[parts], now) for parts in partitions}


def _asked(index: str, attribute: str, key: str, since: str) -> dict[str, Any]:
    return {
        "IndexName": index,
        "KeyConditionExpression": f"{attribute} = :key AND moment >= :since",
        "ExpressionAttributeValues": {":key": {"S": key}, ":since": {"S": since}},
        "ProjectionExpression": "#status, moment, updated_at",
        "ExpressionAttributeNames": {"#status": "status"},
        "ScanIndexForward": False,
    }


def _recent(rows: Iterable[Item], since: str, now: datetime) -> Recent:
    hour, by_minute = timestamp(now - HOUR), max(since, timestamp(now - BY_MINUTE))
    counted = [row for row in rows if row["moment"]["S"] >= since]
    delivered = [str(row["updated_at"]["S"]) for row in counted if row["status"]["S"] == "delivered"]
    return Recent(
        hour=_by_status(row for row in counted if row["moment"]["S"] >= hour),
        day=_by_status(counted),
        since=since,
        last_success=max(delivered, default=None),
        minutes=_by_minute(counted, by_minute),
    )


def _by_minute(rows: Iterable[Item], since: str) -> dict[str, dict[str, int]]:
    """Count the rows of each minute by status, without the minute of ``since``, which is incomplete."""
    minutes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        minutes[str(row["moment"]["S"])[:_MINUTE_CHARS]][str(row["status"]["S"])] += 1
    return {minute: dict(counts) for minute, counts in minutes.items() if minute >= since}


def _by_status(rows: Iterable[Item]) -> dict[str, int]:
    return dict(Counter(str(row["status"]["S"]) for row in rows))
