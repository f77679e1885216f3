"""Who is woken by a write of configuration: counters, of which each write raises those that it concerns.

One item has them, since that is one small read for a batch of events, whatever is in it. It has no room for a
counter of each event type and channel, so they share ``BUCKETS`` of each kind by a hash of their names. That
is enough for channels, which are read again one by one. An event type may have a thousand rules, so it also
has an item of its own: only if that one has changed, its rules have.
"""

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from notifications.core.values import value
from notifications.store import keys

BUCKETS = 64
"""Two times so many counters are an item of less than 1 KB: one unit to read, and to write."""

EVERYTHING = "ALL"
"""The counter that wakes everybody: somebody changed the table by hand, or restored it."""

COUNT = "writes"
"""The attribute that counts all writes; in the item of an event type, those that concern it."""


@value
class Concern:
    """What a write concerns.

    ``kind``: CHANNEL or RULE if lists of them change. ``event_types``: whose rules or schema change.
    ``channels``: which of them change; those that are new concern nobody yet.
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
    """The counters as they were at one time."""

    counters: Mapping[str, int]

    @property
    def writes(self) -> int:
        """How often any configuration was written."""
        return self.counters.get(COUNT, 0)

    @property
    def everything(self) -> int:
        """How often the table was changed by other ways than its stores."""
        return self.counters.get(EVERYTHING, 0)

    def of_kind(self, kind: str) -> int:
        """How often channels, or rules, were written, by whatever way."""
        return self.counters.get(kind, 0) + self.everything

    def of_event_type(self, name: str) -> int:
        """Count the writes that concern an event type, or one that shares its counter."""
        return self.counters.get(type_counter(name), 0)

    def of_channel(self, channel_id: str) -> int:
        """Count the changes of a channel, or of one that shares its counter."""
        return self.counters.get(channel_counter(channel_id), 0)


def type_counter(name: str) -> str:
    """Name the counter of an event type."""
    return f"t{_bucket(name):x}"


def channel_counter(channel_id: str) -> str:
    """Name the counter of a channel."""
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
