"""The stream, read through a consumer group of the bridge's own, with many reads asked for in advance.

Producers trim the stream to some 128 entries, and a client that sends its commands in one go adds more than
that between two turns of a loop that reads and asks again. So this asks for hundreds of reads in advance.
Valkey serves one whenever it turns from one client to the next, so that the pace is its own, and what was
read waits in its output buffer. That needs Valkey to know where each read begins: a consumer group does, and
sends nothing twice.

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
from backendai_notification_bridge.reading.connection import AWAY, Connection, Connections
from backendai_notification_bridge.reading.gaps import Begin, Meter, Position, StreamInfo, begin, key
from backendai_notification_bridge.reading.hand import Hand, Portion
from backendai_notification_bridge.reading.sieve import Sieve

STREAM = "events"
GROUP = "backendai-notification-bridge"
BLOCK_MILLISECONDS = 250
COUNT = 250
"""So many entries come with one read at most: somewhat more than a trimmed stream has, and not so many that
the reads that are asked for in advance fill Valkey's memory with a stream that nobody trims."""

CHUNK = 64
"""So many reads are asked for at a time; the first of them counts what is missing."""

CHUNKS = 8
PORTION = 500
"""So many entries are handed over at a time, if there are more."""

USELESS_SECONDS = 1.0
"""So often it is written down how far was read, while nothing of use comes."""

DRAIN_SECONDS = 2.0
DRAIN_PAUSE_SECONDS = 0.05
"""At a stop the replies that are under way are read for so long, or until none comes for a moment."""

AWAY_SECONDS = 5.0
"""After a shorter time without a connection it was Valkey that was away, so that nothing was missed."""


class Stream:
    """Reads the stream. ``alive``: when Valkey last answered, by the monotonic clock."""

    def __init__(
        self, connections: Connections, hand: Hand, marks: Mapping[str, str], start: str, identity: str
    ) -> None:
        self._connections = connections
        self._hand = hand
        self._start = start
        self._prefix = f"{GROUP}:{identity}:"
        self._position = _position(marks)
        self.alive: float | None = None
        self._sieve = Sieve()
        self._over_at = 0.0

    def follow(self, stopped: Callable[[], bool]) -> None:
        """Read on one connection until stopped.

        Raises:
            ValkeyError, OSError: the connection ends, or the node is no master any more.
        """
        connection = self._connections.open(self._connections.place.database)
        try:
            group = self._prefix + secrets.token_hex(4)
            begun, run = self._enter(connection, group)
            self._read(connection, group, begun, run, stopped)
        finally:
            self._over()
            connection.close()

    def leave(self) -> None:
        """Remove the group."""
        with suppress(*AWAY):
            connection = self._connections.open(self._connections.place.database)
            try:
                self._remove_groups(connection)
            finally:
                connection.close()

    def _enter(self, connection: Connection, group: str) -> tuple[Begin, str]:
        """Make the group where reading has to go on; return where, and which server this is."""
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
        before = self._position
        if before is None or begun.id != before.id:
            self._position = Position(begun.id, begun.added, run)
            if not begun.unknown:
                self._hand.over(Portion(marks=_marks(self._position)))
        if before is not None and begun.unknown:
            self._tell_gap(None, before.id, info.first if info else None)
        return begun, run

    def _remove_groups(self, connection: Connection) -> None:
        """Remove what a killed bridge or a broken connection has left: its reads may still be waiting."""
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
            while len(expected) <= (CHUNKS - 1) * CHUNK:
                connection.send(chunk)
                expected += [True] + [False] * (CHUNK - 1)
            checked = self._next(connection, expected, meter, checked, run)
        # What Valkey has answered already is in no list of pending entries, and by now it may be trimmed.
        until = time.monotonic() + DRAIN_SECONDS
        while expected and time.monotonic() < until and connection.readable(DRAIN_PAUSE_SECONDS):
            checked = self._next(connection, expected, meter, checked, run)

    def _next(
        self, connection: Connection, expected: deque[bool], meter: Meter, checked: str, run: str
    ) -> str:
        """Read the reply that comes next; tell up to where it was counted."""
        if expected.popleft():
            checked = self._check(connection, meter, checked, run)
        else:
            self._take(connection.read(), meter, run)
        self.alive = time.monotonic()
        if self._is_due(connection):
            self._over()
        return checked

    def _is_due(self, connection: Connection) -> bool:
        """Return whether to hand over: what is of use at once, that nothing else came only now and then."""
        if self._sieve.items:
            return self._sieve.seen >= PORTION or not connection.readable()
        return self._sieve.seen > 0 and time.monotonic() - self._over_at > USELESS_SECONDS

    def _take(self, reply: Any, meter: Meter, run: str) -> None:
        """Take the entries of one read."""
        for entry_id, fields in reply[0][1] if reply else ():
            milliseconds = int(entry_id.partition(b"-")[0])
            body = dict(zip(fields[::2], fields[1::2], strict=True))
            self._sieve.add("stream", milliseconds, body)
            meter.read(1)
            self._position = Position(entry_id.decode(), meter.added, run)

    def _check(self, connection: Connection, meter: Meter, checked: str, run: str) -> str:
        """Read and count in one transaction, so that nothing comes between; tell up to where it counted."""
        for _ in range(3):
            connection.read()
        entries, told = connection.read()
        for reply in (entries, told):
            if isinstance(reply, ResponseError):
                raise reply
        self._take(entries, meter, run)
        info = StreamInfo.read(told)
        if self._position is None or key(info.last) != key(self._position.id):
            return checked  # there is more than one read takes
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
        self._sieve.add("bridge", now, body)
        self._sieve.count("gaps", 1)
        self._sieve.count("lost in gaps", lost or 0)
        self._over()

    def _over(self) -> None:
        """Hand over what was read, and with it how far: a gap is written along with the count behind it."""
        if self._sieve.seen and self._position is not None:
            self._hand.over(self._sieve.portion(_marks(self._position)))
        self._over_at = time.monotonic()


def _chunk(connection: Connection, group: str) -> list[bytes]:
    """Write the commands that are sent at a time."""
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
