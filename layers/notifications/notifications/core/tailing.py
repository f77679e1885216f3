"""Where somebody stands who follows events: what was read, and from which time on it is read again.

Events are read from an index that is sorted by the time at which they ended. They do not come into it in that
order: a dispatcher takes that time first and writes the event then, with more tries if DynamoDB is busy, and
each of the index's partitions lags behind the table for a while of its own. So whoever only asked for what is
newer than the last event would miss some. Each read begins ``OVERLAP`` before the present instead, and what
it finds again is known by a mark of its id and its last change. A read may also be older than the one before
and lack what that one had, so marks are kept until their time is not read any more.
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
"""How late an event may come into the index without being missed: who writes it has 90 s at most."""

MAX_SEEN = 5_000
"""How many events are read again at most: beyond 40 events a second the overlap is shorter for it."""

_MARK_BYTES = 6
_TIME_BYTES = 6
_ENTRY_BYTES = _MARK_BYTES + _TIME_BYTES


@value
class Position:
    """Where a follower stands. ``low``: from which time on events are read again, in ms since 1970.

    ``seen``: the marks of those that were read, with their times.
    """

    low: int
    seen: Mapping[bytes, int]


def beginning(now: datetime) -> Position:
    """Return the position of whoever has read nothing: what ended within the overlap is read first."""
    return Position(_milliseconds(now - OVERLAP), {})


def mark(record: EventRecord) -> bytes:
    """Tell an event, as it ended, from any other: one that is dispatched again ends once more."""
    return sha256(f"{record.id} {record.updated_at}".encode()).digest()[:_MARK_BYTES]


def ended_at(record: EventRecord) -> int:
    """Return the time at which an event is listed, in ms since 1970."""
    return _milliseconds(datetime.fromisoformat(record.created_at))


def advanced(position: Position, read: Mapping[bytes, int], reached: int | None, now: datetime) -> Position:
    """Return the position after a read. ``reached``: up to which time all was read, None for up to now."""
    seen = {**position.seen, **read}
    overlap = _milliseconds(now - OVERLAP)
    low = max(position.low, overlap if reached is None else min(overlap, reached))
    if len(seen) > MAX_SEEN:
        low = max(low, sorted(seen.values())[-MAX_SEEN])
    return Position(low, {key: at for key, at in seen.items() if at >= low})


def written(position: Position) -> str:
    """Write a position as text, of which clients know nothing."""
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
    """Write from which time on to read, as the beginning of the index's sort keys."""
    try:
        low = datetime.fromtimestamp(position.low / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise InvalidRequest("position: it was not given by a tail") from None
    return low.replace(tzinfo=None).isoformat(timespec="milliseconds")


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)
