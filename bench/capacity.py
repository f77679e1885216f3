"""What DynamoDB bills of a read or a write: request units, by the sizes of items and of their index entries.

Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html and, for indexes,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
"""

import math
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.template import resources

Item = Mapping[str, Any]

WRITE_BYTES = 1024
READ_BYTES = 4096
OVERHEAD_BYTES = 100
"""Stored with each item, and with each entry of a global index, and paid for like the rest."""

TABLE = "table"
"""What the table itself is called among its indexes."""


def size(item: Item) -> int:
    """Return an item's bytes, as DynamoDB counts them."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return math.ceil(len(content.strip("-0.")) / 2) + 1
        case "B":
            return len(b64decode(content))
        case "BOOL" | "NULL":
            return 1
    raise NotImplementedError(f"The size of an attribute of kind {kind}")


def entries(resource: str, item: Item) -> dict[str, Item]:
    """Return what is kept of an item: by TABLE the item, by the index's name what that one has of it.

    ``resource``: the table's name in template.yaml.
    """
    return {TABLE: item} | {
        index["IndexName"]: _entry(resource, index, item)
        for index in _indexes(resource)
        if all(key["AttributeName"] in item for key in index["KeySchema"])
    }


def stored(resource: str, item: Item) -> dict[str, int]:
    """Return the bytes that an item takes, by where."""
    return {where: size(entry) + OVERHEAD_BYTES for where, entry in entries(resource, item).items()}


def write_units(resource: str, old: Item | None, new: Item | None) -> Counter[str]:
    """Return the write units of a standard write, by where. None: there is no item before, or after."""
    before = entries(resource, old) if old is not None else {}
    after = entries(resource, new) if new is not None else {}
    units: Counter[str] = Counter()
    units[TABLE] = _written(before.get(TABLE, {}), after.get(TABLE, {}))
    for index in _indexes(resource):
        where, names = index["IndexName"], [key["AttributeName"] for key in index["KeySchema"]]
        was, will_be = before.get(where), after.get(where)
        if was == will_be:
            continue
        if was and will_be and all(was[name] == will_be[name] for name in names):
            units[where] = _written(was, will_be)
        else:  # an entry does not move: it is deleted, and another is put
            units[where] = sum(_written(entry) for entry in (was, will_be) if entry)
    return units


def read_units(sizes: Sequence[int], *, consistent: bool) -> float:
    """Return the read units for items of these sizes. What is not there costs as much as a small one."""
    units = sum(max(1, math.ceil(each / READ_BYTES)) for each in sizes)
    return units if consistent else units / 2


def _written(*versions: Item) -> int:
    return max(1, *(math.ceil(size(version) / WRITE_BYTES) for version in versions))


def _entry(resource: str, index: Mapping[str, Any], item: Item) -> Item:
    projection = index["Projection"]
    if projection["ProjectionType"] == "ALL":
        return item
    names = {*_keys(_properties(resource)), *_keys(index), *projection.get("NonKeyAttributes", ())}
    return {name: value for name, value in item.items() if name in names}


def _keys(described: Mapping[str, Any]) -> Iterator[str]:
    return (key["AttributeName"] for key in described["KeySchema"])


def _indexes(resource: str) -> list[Any]:
    properties = _properties(resource)
    kinds = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
    return [index for kind in kinds for index in properties.get(kind, ())]


def _properties(resource: str) -> dict[str, Any]:
    found: dict[str, Any] = resources()[resource]["Properties"]
    return found
