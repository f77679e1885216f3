"""Merge the rows of an index that is spread over shards, with one query per shard."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from functools import cached_property
from typing import Any

from notifications.core.values import value
from notifications.store import keys
from notifications.store.items import Item
from notifications.store.record_table import RecordTable

LOOKED_AT = 1_000
"""How many rows per shard a page with conditions beyond its index reads at most."""

THREADS = 16
"""How many queries are in flight at once."""

BEGINNING, END = "0", "9999"

Filters = dict[str, tuple[str, str]]
"""Conditions on attributes: by name, an operator and a value."""


@value
class Span:
    """The part of an index to read: its partitions, and the period, both ends included.

    ``attribute``, ``parts``: the index's partition key, and its value without the shard. ``seen``: the
    position of the last row of the previous page. ``filters``, ``kept``: conditions on rows. ``sort``: the
    attribute by which the index is sorted.
    """

    index: str
    attribute: str
    parts: tuple[str, ...]
    low: str = BEGINNING
    high: str = END
    seen: str | None = None
    filters: Filters = field(default_factory=dict)
    kept: Callable[[Item], bool] | None = None
    sort: str = "moment"

    def place(self, row: Item) -> str:
        """Return the position of a row, by which the index is sorted."""
        return str(row[self.sort]["S"])


class Merger:
    """Read the newest or the oldest rows of all shards."""

    def __init__(self, table: RecordTable) -> None:
        self._table = table

    @cached_property
    def pool(self) -> ThreadPoolExecutor:
        """Return the threads for queries, which are started when they are first needed."""
        return ThreadPoolExecutor(THREADS)

    def newest(self, span: Span, limit: int) -> tuple[list[Item], str | None]:
        """Read at most ``limit`` rows; return also the position after which more may follow, or None."""
        if span.low > span.high:
            return [], None
        pages = self.pool.map(lambda shard: self._page(span, shard, limit), range(self._table.shards))
        rows: list[Item] = []
        horizon = ""
        for items, last in pages:
            rows += items
            # A shard with more rows was read only down to its last key. Its rows below that key are unknown,
            # so an older row of another shard would jump ahead of them. The page therefore ends at the
            # highest of these keys, and the next page begins there.
            horizon = max(horizon, span.place(last) if last else "")
        # A query includes both ends, so the cursor's own row comes again.
        rows = [row for row in rows if span.place(row) >= horizon and span.place(row) != span.seen]
        if span.kept is not None:
            rows = [row for row in rows if span.kept(row)]
        rows.sort(key=span.place, reverse=True)
        if len(rows) > limit:
            return rows[:limit], span.place(rows[limit - 1])
        return rows, horizon or None

    def oldest(self, span: Span, per_shard: int) -> tuple[list[Item], str | None]:
        """Read the oldest rows, at most ``per_shard`` of each shard.

        Return also the position up to which everything was read; None if nothing follows.
        """
        if span.low > span.high:
            return [], None
        pages = [
            *self.pool.map(
                lambda shard: self._table.query_page(_asked(span, shard, per_shard, forward=True)),
                range(self._table.shards),
            )
        ]
        # As in ``newest``, but the page ends at the lowest of the last keys.
        horizon = min((span.place(last) for _, last in pages if last), default=None)
        rows = [
            row
            for items, _ in pages
            for row in items
            if span.place(row) != span.seen and (horizon is None or span.place(row) <= horizon)
        ]
        rows.sort(key=span.place)
        return rows, horizon

    def _page(self, span: Span, shard: int, limit: int) -> tuple[list[Item], Item | None]:
        # Read one more than wanted, because the cursor's row comes again. DynamoDB applies filters after the
        # limit, so a page with filters must read more.
        most = LOOKED_AT if span.filters or span.kept else limit + 1
        return self._table.query_page(_asked(span, shard, most, forward=False))


def _asked(span: Span, shard: int, most: int, *, forward: bool) -> dict[str, Any]:
    parameters = {
        "IndexName": span.index,
        "KeyConditionExpression": f"{span.attribute} = :key AND {span.sort} BETWEEN :low AND :high",
        "ExpressionAttributeValues": {
            ":key": {"S": keys.index_key(shard, *span.parts)},
            ":low": {"S": span.low},
            ":high": {"S": span.high},
        },
        "ScanIndexForward": forward,
        "Limit": most,
    }
    return filtered(parameters, span.filters)


def filtered(parameters: dict[str, Any], filters: Filters) -> dict[str, Any]:
    """Add filters to the parameters of a query."""
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


def equal(**values: str | None) -> Filters:
    """Make filters of the values that are given."""
    return {name: ("=", value) for name, value in values.items() if value is not None}
