"""Counters that show which cached configuration is out of date. Each write raises those that it concerns.

All are in one item, so that a batch of events of whatever types costs one small read. The item has no room
for a counter per event type and channel, so these share ``BUCKETS`` counters of each kind by a hash of their
names. That is precise enough for channels, each of which is read again alone. But an event type may have a
thousand rules, so it also has an item of its own, and its rules are read again only if that item has changed.
"""

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from notifications.core.values import value
from notifications.store import keys

BUCKETS = 64
"""An item with these, twice, is smaller than 1 KB, and so costs one unit to read or write."""

EVERYTHING = "ALL"
"""The counter that makes everything out of date, for when the table is restored or changed by hand."""

COUNT = "writes"
"""The attribute that counts all writes; in an event type's item, the writes that concern the type."""


@value
class Concern:
    """The cached configuration that a write makes out of date.

    ``kind``: the partition (CHANNEL, RULE, …) whose list changes, if any. ``event_types``: those whose rules
    or schema change. ``channels``: those that change; a new one is in no cache yet.
    """

    kind: str | None = None
    event_types: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()

    def updates(self) -> Iterator[dict[str, Any]]:
        """Make the parameters of the updates that raise the counters."""
        names = {COUNT, *map(type_counter, self.event_types), *map(channel_counter, self.channels)}
        yield _raised(keys.version(), names | ({self.kind} if self.kind else set()))
        for event_type in self.event_types:
            yield _raised(keys.type_version(event_type), {COUNT})


@value
class Versions:
    """The counters by name, as they were read at one time."""

    counters: Mapping[str, int]

    @property
    def writes(self) -> int:
        """Return the number of writes of any configuration."""
        return self.counters.get(COUNT, 0)

    @property
    def everything(self) -> int:
        """Return how often the table was changed by other means than the stores."""
        return self.counters.get(EVERYTHING, 0)

    def of_kind(self, kind: str) -> int:
        """Return the number of writes of a kind of object, by any means."""
        return self.counters.get(kind, 0) + self.everything

    def of_event_type(self, name: str) -> int:
        """Return the number of writes that concern an event type, or one that shares its counter."""
        return self.counters.get(type_counter(name), 0)

    def of_channel(self, channel_id: str) -> int:
        """Return the number of changes of a channel, or of one that shares its counter."""
        return self.counters.get(channel_counter(channel_id), 0)


def type_counter(name: str) -> str:
    """Return the name of an event type's counter."""
    return f"t{_bucket(name):x}"


def channel_counter(channel_id: str) -> str:
    """Return the name of a channel's counter."""
    return f"c{_bucket(channel_id):x}"


def _bucket(name: str) -> int:
    return zlib.crc32(name.encode(errors="replace")) % BUCKETS


def _raised(key: dict[str, Any], counters: set[str]) -> dict[str, Any]:
    names = {f"#{index}": name for index, name in enumerate(sorted(counters))}
    return {
        "Key": key,
        "UpdateExpression": "ADD " + ", ".join(f"{name} :one" for name in names),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
