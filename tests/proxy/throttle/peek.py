"""What is there before a request: tables and items, read for nothing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from tests.proxy.throttle.buckets import Place
from tests.proxy.throttle.capacity import Item, Table
from tests.proxy.throttle.requests import Write, reading
from tests.proxy.throttle.responses import OK, Response

PEEKED = 100
"""DynamoDB's limit of keys in one BatchGetItem."""

Ask = Callable[[str, Mapping[str, Any]], Awaitable[Response]]
"""Does an operation of DynamoDB."""


class Peek:
    """Read what one request needs. ``tables``: those that are known, by name; it adds to them."""

    def __init__(self, ask: Ask, tables: dict[str, Table]) -> None:
        self._ask = ask
        self._tables = tables

    async def table(self, name: str) -> Table:
        """Look up a table's keys and indexes."""
        if name not in self._tables:
            response = await self._ask("DescribeTable", {"TableName": name})
            self._tables[name] = Table.of(response.document["Table"])
        return self._tables[name]

    async def demands(self, writes: Sequence[Write], factor: int = 1) -> list[dict[Place, float]]:
        """Return what each of some writes needs."""
        olds = await self.before(writes)
        return [
            write.demand(await self.table(write.table), old, factor)
            for write, old in zip(writes, olds, strict=True)
        ]

    async def readings(
        self, name: str, spec: Mapping[str, Any]
    ) -> list[tuple[dict[str, Any], dict[Place, float]]]:
        """Return the keys that a request reads of a table, each with what that needs."""
        table = await self.table(name)
        items = await self._items(name, spec["Keys"])
        consistent = spec.get("ConsistentRead", False)
        return [
            (key, reading(name, table, key, item, consistent=consistent))
            for key, item in zip(spec["Keys"], items, strict=True)
        ]

    async def before(self, writes: Sequence[Write]) -> list[Item | None]:
        """Read what is there before writes, in their order."""
        keys: dict[str, list[dict[str, Any]]] = {}
        for write in writes:
            keys.setdefault(write.table, []).append(write.key(await self.table(write.table)))
        found = {name: iter(await self._items(name, of_table)) for name, of_table in keys.items()}
        return [next(found[write.table]) for write in writes]

    async def _items(self, name: str, keys: Sequence[Mapping[str, Any]]) -> list[Item | None]:
        """Read items by their keys, in their order; None where there is none."""
        table = await self.table(name)
        wanted = [*{_values(table, key): key for key in keys}.values()]
        found: list[Item] = []
        while wanted:
            asked = {"Keys": wanted[:PEEKED], "ConsistentRead": True}
            response = await self._ask("BatchGetItem", {"RequestItems": {name: asked}})
            if response.status != OK:
                raise RuntimeError(f"It cannot be read what is there: {response}")
            found += response.document["Responses"].get(name, ())
            left = (response.document.get("UnprocessedKeys") or {}).get(name, {"Keys": []})["Keys"]
            wanted = [*left, *wanted[PEEKED:]]
        by_key = {_values(table, item): item for item in found}
        return [by_key.get(_values(table, key)) for key in keys]


def _values(table: Table, item: Item) -> tuple[str, ...]:
    return tuple(str(next(iter(item[name].values()))) for name in table.key)
