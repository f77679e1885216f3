"""What requests read and write, and what that demands of which bucket."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.proxy.throttle.buckets import Demand, Place
from tests.proxy.throttle.capacity import TABLE, Item, Table, read_units, size
from tests.proxy.throttle.updates import updated

TRANSACTION_FACTOR = 2
"""Each write of a transaction is prepared, and then done."""

WRITES: Mapping[str, str] = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete"}
"""The verbs of the operations that write one item."""

UNSHORTENED = ("ProjectionExpression", "FilterExpression", "Select")
"""What shortens an answer and not what it costs."""

_EQUAL = re.compile(r"([#\w]+)\s*=\s*(:\w+)")


@dataclass(frozen=True, slots=True)
class Write:
    """A write of one item. ``verb``: Put, Update, Delete or ConditionCheck."""

    table: str
    verb: str
    request: Mapping[str, Any]

    def key(self, table: Table) -> dict[str, Any]:
        """Return the key of the item."""
        whole = self.request["Item"] if self.verb == "Put" else self.request["Key"]
        return {name: whole[name] for name in table.key}

    def demand(self, table: Table, old: Item | None, factor: int = 1) -> dict[Place, float]:
        """Return what the write needs, by what was there before.

        Raises:
            UnknownExpressionError: of an update it is not known what it does.
        """
        demand: dict[Place, float] = {}
        for (where, key), units in table.write_units(old or None, self._after(old)).items():
            place = Place(self.table, table.pays(where), key, "write")
            demand[place] = demand.get(place, 0) + factor * units
        if not demand:  # there is nothing, and nothing comes
            return {Place(self.table, TABLE, table.partition(TABLE, self.key(table)), "write"): factor}
        return demand

    def _after(self, old: Item | None) -> Item | None:
        match self.verb:
            case "Put":
                item: Item = self.request["Item"]
                return item
            case "Update":
                return updated(self.request, old)
            case "Delete":
                return None
        return old


def index_part(demand: Demand) -> dict[Place, float]:
    """Return what a write does not use whose condition does not hold: it has still met the table."""
    return {place: units for place, units in demand.items() if place.where != TABLE}


def table_part(demand: Demand) -> dict[Place, float]:
    """Return what a write uses that meets an item which it may not change."""
    return {place: units for place, units in demand.items() if place.where == TABLE}


def of_batch(table: str, entry: Mapping[str, Any]) -> Write:
    """Read one entry of a BatchWriteItem."""
    ((kind, request),) = entry.items()
    return Write(table, kind.removesuffix("Request"), request)


def reading(name: str, table: Table, key: Item, item: Item | None, *, consistent: bool) -> dict[Place, float]:
    """Return what it needs to read one item by its key. None: it is not there."""
    units = read_units([size(item or {})], consistent=consistent)
    return {Place(name, TABLE, table.partition(TABLE, key), "read"): units}


def querying(request: Mapping[str, Any], table: Table, items: Iterable[Item]) -> dict[Place, float]:
    """Return what a page of a query or a scan needs; ``items``: all of it that was looked at."""
    where = request.get("IndexName", TABLE)
    units = read_units([sum(map(size, items))], consistent=request.get("ConsistentRead", False))
    return {Place(request["TableName"], table.pays(where), _partition(request, table, where), "read"): units}


def unshortened(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a query that answers with all that it looks at."""
    bare = {name: value for name, value in request.items() if name not in UNSHORTENED}
    used = " ".join(filter(None, (bare.get("KeyConditionExpression"),)))
    for kind in ("ExpressionAttributeNames", "ExpressionAttributeValues"):  # what is not used is refused
        left = {name: value for name, value in (bare.pop(kind, None) or {}).items() if name in used}
        if left:
            bare[kind] = left
    return bare


def combined(demands: Sequence[Demand]) -> dict[Place, float]:
    """Add up what several writes need."""
    summed: dict[Place, float] = {}
    for demand in demands:
        for place, units in demand.items():
            summed[place] = summed.get(place, 0) + units
    return summed


def _partition(request: Mapping[str, Any], table: Table, where: str) -> str | None:
    """Find which partition a query is about; None for a scan."""
    index = next((index for index in table.indexes if index.name == where), None)
    wanted = (index or table).key[0]
    names = request.get("ExpressionAttributeNames") or {}
    for path, value in _EQUAL.findall(request.get("KeyConditionExpression", "")):
        if names.get(path, path) == wanted:
            found: str = next(iter(request["ExpressionAttributeValues"][value].values()))
            return found
    return None
