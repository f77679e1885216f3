"""Read the stream through a consumer group of the bridge's own, with many reads requested in advance.

Producers trim the stream to some 128 entries, and a client that sends its commands in one go adds more than
that between two turns of a loop that reads and asks again. So this requests hundreds of reads in advance.
Valkey serves one whenever it turns from one client to the next, so it reads at its own pace, and the replies
wait in its output buffer. For that, Valkey itself must know where each read begins: a consumer group does,
and sends nothing twice.

Of 5,000 entries added in one go, a loop of XREAD got 500 to 2,000, this 5,000. To undo it, read with XREAD
from ``Position.id``: the position in the spool stays what counts, the group is made from it at each connect,
has no list of pending entries (NOACK), and is removed at the end.
"""

import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from valkey.exceptions import ResponseError

from backendai_notification_bridge.core.gap import gap_message
from backendai_notification_bridge.core.times import of_milliseconds
from backendai_notification_bridge.reading.buffer import Buffer, Portion
from backendai_notification_bridge.reading.connection import AWAY, Connection, Connections
from backendai_notification_bridge.reading.filtering import EntryFilter
from backendai_notification_bridge.reading.gaps import Begin, Meter, Position, StreamInfo, begin, key

STREAM = "events"
GROUP = "backendai-notification-bridge"
BLOCK_MILLISECONDS = 250
COUNT = 250
"""The most entries of one read: somewhat more than a trimmed stream has, but not so many that the reads in
advance fill Valkey's memory from a stream that nobody trims."""

CHUNK = 64
"""How many reads are requested at a time; the first of them also counts what is missing."""

CHUNKS = 8
PORTION = 500
"""How many entries are passed on at a time, if there are more."""

USELESS_SECONDS = 1.0
"""How often the position is recorded while no wanted entry comes."""

DRAIN_SECONDS = 2.0
DRAIN_PAUSE_SECONDS = 0.05
"""How long outstanding replies are still read at a stop, unless none comes for a moment."""

AWAY_SECONDS = 5.0
"""After a shorter time without a connection, Valkey itself was away, so nothing was missed."""


class Stream:
    """Read the stream. ``alive``: when (monotonic) Valkey last replied."""

    def __init__(
        self, connections: Connections, buffer: Buffer, marks: Mapping[str, str], start: str, identity: str
    ) -> None:
        self._connections = connections
        self._buffer = buffer
        self._start = start
        self._prefix = f"{GROUP}:{identity}:"
        self._position = _position(marks)
        self.alive: float | None = None
        self._filter = EntryFilter()
        self._over_at = 0.0

    def follow(self, stopped: Callable[[], bool]) -> None:
        """Read on one connection until stopped.

        Raises:
            ValkeyError, OSError: the connection ends, or the node is no master any more.
        """
        connection = self._connections.open(self._connections.endpoint.database)
        try:
            # A new group for each connection: reads of a broken one may still wait in Valkey, and would take
            # entries away from this one.
            group = self._prefix + secrets.token_hex(4)
            begun, run = self._enter(connection, group)
            self._read(connection, group, begun, run, stopped)
        finally:
            self._over()
            connection.close()

    def leave(self) -> None:
        """Remove the group."""
        with suppress(*AWAY):
            connection = self._connections.open(self._connections.endpoint.database)
            try:
                self._remove_groups(connection)
            finally:
                connection.close()

    def _enter(self, connection: Connection, group: str) -> tuple[Begin, str]:
        """Create the group where reading continues; return that position and the server's run id."""
        run = connection.ask("INFO", "server").split(b"run_id:")[1].split()[0].decode()
        try:
            info = StreamInfo.read(connection.ask("XINFO", "STREAM", STREAM))
            self._remove_groups(connection)
        except ResponseError as error:
            if "no such key" not in str(error):
                raise
            info = None
        away = self.alive is None or time.monotonic() - self.alive > AWAY_SECONDS
        begun = begin(self._position, info, run, self._start, away=away)
        connection.ask("XGROUP", "CREATE", STREAM, group, begun.id, "MKSTREAM")
        # Record a new position before anything is read from it. If entries may be lost, it is recorded only
        # together with the gap, so that a crash in between cannot hide the gap.
        before = self._position
        if before is None or begun.id != before.id:
            self._position = Position(begun.id, begun.added, run)
            if not begun.unknown:
                self._buffer.put(Portion(marks=_marks(self._position)))
        if before is not None and begun.unknown:
            self._tell_gap(None, before.id, info.first if info else None)
        return begun, run

    def _remove_groups(self, connection: Connection) -> None:
        """Remove the groups of killed bridges and broken connections, whose reads may still be waiting."""
        for group in connection.ask("XINFO", "GROUPS", STREAM):
            name = group[1].decode()
            if name.startswith(self._prefix):
                connection.ask("XGROUP", "DESTROY", STREAM, name)

    def _read(
        self, connection: Connection, group: str, begun: Begin, run: str, stopped: Callable[[], bool]
    ) -> None:
        chunk = _chunk(connection, group)
        expected: deque[bool] = deque()
        meter = Meter(begun)
        checked = begun.id
        while not stopped():
            # Keep hundreds of reads requested, so that Valkey never waits for this loop.
            while len(expected) <= (CHUNKS - 1) * CHUNK:
                connection.send(chunk)
                expected += [True] + [False] * (CHUNK - 1)
            checked = self._next(connection, expected, meter, checked, run)
        # At a stop, read the replies that Valkey has sent already: they are in no list of pending entries,
        # and may be trimmed from the stream by now.
        until = time.monotonic() + DRAIN_SECONDS
        while expected and time.monotonic() < until and connection.readable(DRAIN_PAUSE_SECONDS):
            checked = self._next(connection, expected, meter, checked, run)

    def _next(
        self, connection: Connection, expected: deque[bool], meter: Meter, checked: str, run: str
    ) -> str:
        """Read the next reply; return up to which entry the count was compared."""
        if expected.popleft():
            checked = self._check(connection, meter, checked, run)
        else:
            self._take(connection.read(), meter, run)
        self.alive = time.monotonic()
        if self._is_due(connection):
            self._over()
        return checked

    def _is_due(self, connection: Connection) -> bool:
        """Return whether to pass on what was read: wanted entries at once, mere positions now and then."""
        if self._filter.items:
            return self._filter.seen >= PORTION or not connection.readable()
        return self._filter.seen > 0 and time.monotonic() - self._over_at > USELESS_SECONDS

    def _take(self, reply: Any, meter: Meter, run: str) -> None:
        """Take the entries of one read."""
        for entry_id, fields in reply[0][1] if reply else ():
            milliseconds = int(entry_id.partition(b"-")[0])
            body = dict(zip(fields[::2], fields[1::2], strict=True))
            self._filter.add("stream", milliseconds, body)
            meter.read(1)
            self._position = Position(entry_id.decode(), meter.added, run)

    def _check(self, connection: Connection, meter: Meter, checked: str, run: str) -> str:
        """Read and count in one transaction, so that no entry comes in between.

        Returns up to which entry it counted.
        """
        for _ in range(3):
            connection.read()
        entries, told = connection.read()
        for reply in (entries, told):
            if isinstance(reply, ResponseError):
                raise reply
        self._take(entries, meter, run)
        info = StreamInfo.read(told)
        if self._position is None or key(info.last) != key(self._position.id):
            return checked  # more entries follow, so the counts cannot be compared yet
        lost = meter.check(info.added)
        self._position = Position(info.last, info.added, run)
        if lost:
            self._tell_gap(lost, checked, info.last)
        return info.last

    def _tell_gap(self, lost: int | None, since: str, until: str | None) -> None:
        now = time.time_ns() // 1_000_000
        began = _time(key(since)[0]) if key(since)[0] else _time(now)
        ended = _time(key(until)[0] if until else now)
        body = gap_message(lost, min(began, ended), ended, "stream")
        self._filter.add("bridge", now, body)
        self._filter.count("gaps", 1)
        self._filter.count("lost in gaps", lost or 0)
        self._over()

    def _over(self) -> None:
        """Pass on what was read and how far, so that a gap is written together with its count."""
        if self._filter.seen and self._position is not None:
            self._buffer.put(self._filter.portion(_marks(self._position)))
        self._over_at = time.monotonic()


def _chunk(connection: Connection, group: str) -> list[bytes]:
    """Encode the commands that are sent at a time."""
    named = ("XREADGROUP", "GROUP", group, "bridge", "COUNT", str(COUNT))
    read = (*named, "BLOCK", str(BLOCK_MILLISECONDS), "NOACK", "STREAMS", STREAM, ">")
    now = (*named, "NOACK", "STREAMS", STREAM, ">")
    check = [("MULTI",), now, ("XINFO", "STREAM", STREAM), ("EXEC",)]
    return connection.pack([*check, *[read] * (CHUNK - 1)])


def _marks(position: Position) -> dict[str, str | None]:
    added = None if position.added is None else str(position.added)
    return {"stream.position": position.id, "stream.added": added, "stream.run": position.run}


def _position(marks: Mapping[str, str]) -> Position | None:
    if "stream.position" not in marks:
        return None
    added = marks.get("stream.added")
    return Position(marks["stream.position"], int(added) if added else None, marks.get("stream.run"))


def _time(milliseconds: int) -> datetime:
    return of_milliseconds(milliseconds) or datetime.now(UTC)
