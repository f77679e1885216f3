"""The position of a client that follows events: which it has read, and from when on it reads again.

Events are read from an index that is sorted by the time at which they ended. They do not enter it in that
order: a dispatcher takes the time first and writes the event later, with more tries if DynamoDB is busy, and
each of the index's partitions lags behind the table by a time of its own. So a client that only asked for
events after its last one would miss some. Instead, each read begins ``OVERLAP`` before the present, and
events that it finds again are recognised by a mark made of their id and last change. A read may also be
staler than the previous one and lack events that it had, so a mark is kept for as long as its time is read.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from notifications.core.errors import InvalidRequest
from notifications.core.event_records import EventRecord
from notifications.core.values import value

OVERLAP = timedelta(minutes=2)
"""How late an event may enter the index without being missed: a dispatcher has at most 90 s to write it."""

MAX_SEEN = 5_000
"""How many events are read again at most. Beyond 40 events a second, the overlap is therefore shorter."""

_MARK_BYTES = 6
_TIME_BYTES = 6
_ENTRY_BYTES = _MARK_BYTES + _TIME_BYTES


@value
class Position:
    """A client's position.

    ``low``: the time from which on events are read again, in ms since 1970. ``seen``: the marks of events
    that were read, with their times in ms.
    """

    low: int
    seen: Mapping[bytes, int]


def beginning(now: datetime) -> Position:
    """Return the position of a client that has read nothing: it begins with events within the overlap."""
    return Position(_milliseconds(now - OVERLAP), {})


def mark(record: EventRecord) -> bytes:
    """Return a mark of an event and its end, because an event that is dispatched again ends once more."""
    return sha256(f"{record.id} {record.updated_at}".encode()).digest()[:_MARK_BYTES]


def ended_at(record: EventRecord) -> int:
    """Return the time at which an event is listed, in ms since 1970."""
    return _milliseconds(datetime.fromisoformat(record.created_at))


def advanced(position: Position, read: Mapping[bytes, int], reached: int | None, now: datetime) -> Position:
    """Return the position after a read.

    ``read``: the marks of the events, with their times in ms. ``reached``: up to which time everything was
    read, in ms; None for up to now.
    """
    seen = {**position.seen, **read}
    overlap = _milliseconds(now - OVERLAP)
    low = max(position.low, overlap if reached is None else min(overlap, reached))
    if len(seen) > MAX_SEEN:
        low = max(low, sorted(seen.values())[-MAX_SEEN])
    return Position(low, {key: at for key, at in seen.items() if at >= low})


def written(position: Position) -> str:
    """Write a position as text that is opaque to clients."""
    entries = (key + at.to_bytes(_TIME_BYTES) for key, at in position.seen.items())
    return base64.urlsafe_b64encode(b"".join([position.low.to_bytes(_TIME_BYTES), *entries])).decode()


def read(text: str) -> Position:
    """Read a position.

    Raises:
        InvalidRequest: it was not given by a tail.
    """
    try:
        packed = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        packed = b""
    if len(packed) % _ENTRY_BYTES != _TIME_BYTES:
        raise InvalidRequest("position: it was not given by a tail")
    entries = (packed[at : at + _ENTRY_BYTES] for at in range(_TIME_BYTES, len(packed), _ENTRY_BYTES))
    seen = {entry[:_MARK_BYTES]: int.from_bytes(entry[_MARK_BYTES:]) for entry in entries}
    return Position(int.from_bytes(packed[:_TIME_BYTES]), seen)


def moment(position: Position) -> str:
    """Write the time from which on to read, as the beginning of the index's sort keys."""
    try:
        low = datetime.fromtimestamp(position.low / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise InvalidRequest("position: it was not given by a tail") from None
    return low.replace(tzinfo=None).isoformat(timespec="milliseconds")


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)
