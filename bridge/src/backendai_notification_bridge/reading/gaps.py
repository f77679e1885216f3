"""Count entries that were gone before they were read: those added to the stream, less those read."""

from dataclasses import dataclass
from typing import Any

OLDEST = "0-0"


def key(entry_id: str) -> tuple[int, int]:
    """Return the sort key of an entry id."""
    milliseconds, _, number = entry_id.partition("-")
    return int(milliseconds), int(number)


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """Valkey's data of the stream. ``added``: how many entries it ever had. ``first``: the oldest left."""

    length: int
    added: int
    last: str
    first: str | None

    @classmethod
    def read(cls, reply: list[Any]) -> "StreamInfo":
        """Parse a reply to XINFO STREAM."""
        fields = dict(zip(reply[::2], reply[1::2], strict=True))
        first = fields[b"first-entry"]
        return cls(
            fields[b"length"],
            fields.get(b"entries-added", 0),  # Redis before 7 does not count, so no gap is reported there
            fields[b"last-generated-id"].decode(),
            first[0].decode() if first else None,
        )


@dataclass(frozen=True, slots=True)
class Position:
    """How far was read. ``added``: how many entries the stream ever had then, on the server ``run``."""

    id: str
    added: int | None = None
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """Where to continue. ``unknown``: whether entries may be lost that nobody can count."""

    id: str
    added: int | None
    unknown: bool = False


def begin(position: Position | None, info: StreamInfo | None, run: str, start: str, *, away: bool) -> Begin:
    """Decide where to continue.

    ``info``: None if there is no stream. ``start``: ``new`` or ``oldest``, for the first time. ``away``:
    whether the bridge has not read for a while.
    """
    if position is None:
        if info is None:
            return Begin(OLDEST, 0)
        return Begin(info.last, info.added) if start == "new" else Begin(OLDEST, info.added - info.length)
    # Ids only grow, so a smaller last id means that the stream was created again, and counts from zero.
    if info is None or key(info.last) < key(position.id):
        return Begin(OLDEST, 0, unknown=away)
    if position.run == run and position.added is not None and info.added >= position.added:
        return Begin(position.id, position.added)
    # Another server's count cannot be compared with ours. Only the entries that it still has can show whether
    # any is missing.
    whole = info.length == info.added or (info.first is not None and key(info.first) <= key(position.id))
    return Begin(position.id, None, unknown=away and not whole)


class Meter:
    """Count the entries while the stream is read."""

    def __init__(self, begun: Begin) -> None:
        self._added = begun.added
        self._read = 0

    @property
    def added(self) -> int | None:
        """How many entries the stream had ever had when the last read one was added, if none is missing."""
        return None if self._added is None else self._added + self._read

    def read(self, count: int) -> None:
        """Count entries that were read."""
        self._read += count

    def check(self, added: int) -> int:
        """Compare with the stream's own count when all was read; return how many entries are missing."""
        lost = 0 if self._added is None else max(0, added - self._added - self._read)
        self._added, self._read = added, 0
        return lost
