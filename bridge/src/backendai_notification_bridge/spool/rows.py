"""The rows of a spool's tables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgpack

from backendai_notification_bridge.core.events import Event
from backendai_notification_bridge.core.received import ReceivedEntry, Via
from backendai_notification_bridge.core.wire import decode_entry, decode_published

ROW_BYTES = 200
"""The bytes that count for each row besides its texts, with its share of the indexes."""


@dataclass(frozen=True, slots=True)
class Raw:
    """An entry as it was read. ``body``: a message, or a stream's entry as ``pack`` writes it."""

    via: Via
    came: datetime
    body: bytes

    @property
    def size(self) -> int:
        """The bytes that it counts in the spool."""
        return len(self.body) + ROW_BYTES

    def decode(self) -> ReceivedEntry:
        """Decode it.

        Raises:
            Undecodable: it cannot be.
        """
        if self.via == "stream":
            return decode_entry(unpack(self.body), self.came)
        return decode_published(self.body, self.via, self.came)


def pack(fields: Mapping[bytes, bytes]) -> bytes:
    """Encode a stream's entry for the spool."""
    packed: bytes = msgpack.packb(fields)
    return packed


def unpack(body: bytes) -> Mapping[bytes, bytes]:
    """Read what ``pack`` wrote."""
    fields: Mapping[bytes, bytes] = msgpack.unpackb(body, raw=True)
    return fields


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry of which no event was made yet. ``tries``: how often that was put off.

    ``owned``: whether it was read while this bridge led.
    """

    number: int
    raw: Raw
    tries: int
    owned: bool = True


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event that has not been put yet. ``detail``: JSON text."""

    number: int
    event_id: str
    detail_type: str
    detail: str
    came: datetime

    def event(self) -> Event:
        """Return the event itself."""
        return Event(self.detail_type, json.loads(self.detail), self.event_id, self.came)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row of the quarantine. ``what``: an event's type and id, or the source of an entry."""

    number: int
    at: datetime
    reason: str
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Total:
    """How much a table holds."""

    count: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that was dropped because the spool is full."""

    what: str
    came: str
