"""What DynamoDB counts of a read or a write: units, by the sizes of items and of their index entries.

Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html and, for indexes,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
"""

import math
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

Item = Mapping[str, Any]
"""An item as DynamoDB's JSON has it: ``{"pk": {"S": "EVENT#1"}}``."""

WRITE_BYTES = 1024
READ_BYTES = 4096

TABLE = "table"
"""What the table itself is called among its indexes."""

ELEMENT_BYTES = 1
DOCUMENT_BYTES = 3
"""What a list or a map takes besides its content: for each element, and for itself."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index: its key's attributes, partition first, and what it keeps of an item; None: all of it.

    A local index shares the partitions, and so the throughput, of its table.
    """

    name: str
    key: tuple[str, ...]
    kept: frozenset[str] | None
    local: bool = False

    def entry(self, item: Item) -> Item | None:
        """Return what the index has of an item; None if it has no entry for it."""
        if not all(name in item for name in self.key):
            return None
        if self.kept is None:
            return item
        return {name: value for name, value in item.items() if name in self.kept}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its key's attributes, partition first, and its indexes."""

    key: tuple[str, ...]
    indexes: tuple[Index, ...] = ()

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Self:
        """Read what template.yaml and DescribeTable say alike."""
        key = _names(described)
        kinds = {"GlobalSecondaryIndexes": False, "LocalSecondaryIndexes": True}
        indexes = (
            Index(index["IndexName"], _names(index), _kept(key, index), local)
            for kind, local in kinds.items()
            for index in described.get(kind) or ()
        )
        return cls(key, tuple(indexes))

    def entries(self, item: Item | None) -> dict[str, Item]:
        """Return what is kept of an item: by TABLE the item, by an index's name what that one has of it."""
        if item is None:
            return {}
        of_indexes = {index.name: index.entry(item) for index in self.indexes}
        return {TABLE: item} | {name: entry for name, entry in of_indexes.items() if entry is not None}

    def partition(self, where: str, item: Item) -> str:
        """Return the partition key's value that an entry has in the table or in an index."""
        index = next((index for index in self.indexes if index.name == where), None)
        name = (index or self).key[0]
        return str(next(iter(item[name].values())))

    def pays(self, where: str) -> str:
        """Name whose throughput an entry uses: that of the table, or of a global index."""
        local = any(index.local for index in self.indexes if index.name == where)
        return TABLE if local else where

    def write_units(self, old: Item | None, new: Item | None) -> Counter[tuple[str, str]]:
        """Return the units of a standard write, by the table or index and the partition key's value.

        None: there is no item before, or after.
        """
        before, after = self.entries(old), self.entries(new)
        units: Counter[tuple[str, str]] = Counter()
        if some := new or old:
            units[TABLE, self.partition(TABLE, some)] = _written(*filter(None, (old, new)))
        for index in self.indexes:
            for entry, count in _changed(index, before.get(index.name), after.get(index.name)):
                units[index.name, self.partition(index.name, entry)] += count
        return units


def size(item: Item) -> int:
    """Return an item's bytes, as DynamoDB counts them."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def read_units(sizes: Sequence[int], *, consistent: bool) -> float:
    """Return the read units for items of these sizes. What is not there costs as much as a small one."""
    units = sum(max(1, math.ceil(each / READ_BYTES)) for each in sizes)
    return units if consistent else units / 2


def _changed(index: Index, was: Item | None, will_be: Item | None) -> Iterator[tuple[Item, int]]:
    """Tell which entries are written for a change, and the units of each."""
    if was == will_be:
        return
    if was and will_be and all(was[name] == will_be[name] for name in index.key):
        yield will_be, _written(was, will_be)
        return
    for entry in (was, will_be):  # an entry does not move: it is deleted, and another is put
        if entry:
            yield entry, _written(entry)


def _written(*versions: Item) -> int:
    return max(1, *(math.ceil(size(version) / WRITE_BYTES) for version in versions))


def _value_size(value: Mapping[str, Any]) -> int:  # noqa: PLR0911 - one for each kind
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
        case "SS" | "NS" | "BS":
            return sum(_value_size({kind[0]: each}) for each in content)
        case "L":
            return DOCUMENT_BYTES + sum(ELEMENT_BYTES + _value_size(each) for each in content)
        case "M":
            return DOCUMENT_BYTES + size(content) + ELEMENT_BYTES * len(content)
    raise NotImplementedError(f"The size of an attribute of kind {kind}")


def _kept(key: tuple[str, ...], index: Mapping[str, Any]) -> frozenset[str] | None:
    projection = index["Projection"]
    if projection["ProjectionType"] == "ALL":
        return None
    return frozenset((*key, *_names(index), *projection.get("NonKeyAttributes", ())))


def _names(described: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the attributes of a key, that of the partition first."""
    ordered = sorted(described["KeySchema"], key=lambda part: part["KeyType"] != "HASH")
    return tuple(part["AttributeName"] for part in ordered)
