"""What DynamoDB bills of a read or a write to a table of template.yaml: request units, and bytes kept."""

from collections import Counter
from functools import cache

from tests.proxy.throttle.capacity import TABLE, Item, Table, read_units, size
from tests.template import resources

__all__ = ["TABLE", "Item", "entries", "read_units", "size", "stored", "write_units"]

OVERHEAD_BYTES = 100
"""Stored with each item, and with each entry of a global index, and paid for like the rest."""


def entries(resource: str, item: Item) -> dict[str, Item]:
    """Return what is kept of an item: by TABLE the item, by the index's name what that one has of it.

    ``resource``: the table's name in template.yaml.
    """
    return _table(resource).entries(item)


def stored(resource: str, item: Item) -> dict[str, int]:
    """Return the bytes that an item takes, by where."""
    return {where: size(entry) + OVERHEAD_BYTES for where, entry in entries(resource, item).items()}


def write_units(resource: str, old: Item | None, new: Item | None) -> Counter[str]:
    """Return the write units of a standard write, by where. None: there is no item before, or after."""
    units: Counter[str] = Counter()
    for (where, _), count in _table(resource).write_units(old, new).items():
        units[where] += count
    return units


@cache
def _table(resource: str) -> Table:
    return Table.of(resources()[resource]["Properties"])
