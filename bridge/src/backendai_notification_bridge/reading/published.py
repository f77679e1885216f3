"""Read the channel of broadcasts, and the cache keys that hold the last of them."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from valkey.exceptions import TimeoutError as NoAnswer

from backendai_notification_bridge.core.received import Via
from backendai_notification_bridge.reading.buffer import Buffer, Portion
from backendai_notification_bridge.reading.connection import Connection, Connections
from backendai_notification_bridge.reading.filtering import EntryFilter

CHANNEL = "events_all"
KEYS = ("session_scheduler.*", "bgtask.*")
SCAN_COUNT = 500
PORTION = 500
PING_SECONDS = 5.0
DEAD_SECONDS = 15.0
DRAIN_SECONDS = 2.0
"""How long arrived messages are still read at a stop, unless none comes for a moment."""

ALIVE = "pubsub.alive"
CATCH_UP = "catch-up.since"
ALIVE_SECONDS = 10.0
"""How often the spool records that no message was missed."""

KEYS_SECONDS = 45.0
"""After a longer absence the cache keys may be gone, and the manager is asked. 25.11 keeps them for 60 s."""

OVERLAP = timedelta(seconds=30)
"""How much earlier than the absence the manager is asked for, because clocks differ."""


class Published:
    """Listen to the channel. ``alive``: when (monotonic) Valkey last replied."""

    def __init__(
        self, connections: Connections, buffer: Buffer, marks: Mapping[str, str], start: str
    ) -> None:
        self._connections = connections
        self._buffer = buffer
        self._heard_until = datetime.fromisoformat(marks[ALIVE]) if ALIVE in marks else None
        self._first = ALIVE not in marks and start == "new"
        self.alive: float | None = None

    def follow(self, stopped: Callable[[], bool]) -> None:
        """Listen on one connection until stopped.

        Raises:
            ValkeyError, OSError: the connection ends.
        """
        address = self._connections.master()
        connection = self._connections.open(self._connections.endpoint.database, address)
        try:
            connection.ask("SUBSCRIBE", CHANNEL)
            self.alive = time.monotonic()
            self._look_back(address)
            self._listen(connection, stopped)
        finally:
            connection.close()

    def _look_back(self, address: tuple[str, int]) -> None:
        """Read the cache keys for the time without a subscription; note if they are not enough."""
        now = datetime.now(UTC)
        if not self._first:
            connection = self._connections.open(self._connections.endpoint.database, address)
            try:
                for portion in _portions(_cached(connection)):
                    self._buffer.put(portion)
            finally:
                connection.close()
        until = self._heard_until
        if until is not None and not 0 <= (now - until).total_seconds() <= KEYS_SECONDS:
            self._buffer.put(Portion(marks={CATCH_UP: (min(until, now) - OVERLAP).isoformat()}))
        self._first = False
        self._note_alive(now)

    def _note_alive(self, now: datetime) -> None:
        self._heard_until = now
        self._buffer.put(Portion(marks={ALIVE: now.isoformat()}))

    def _listen(self, connection: Connection, stopped: Callable[[], bool]) -> None:
        noted = pinged = last_reply = time.monotonic()
        while not stopped():
            messages, answered = _receive(connection)
            now = time.monotonic()
            if answered:
                self.alive = last_reply = now
            for portion in _portions(iter(messages)):
                self._buffer.put(portion)
            if now - last_reply > DEAD_SECONDS:
                raise NoAnswer("Nothing comes on the subscription any more, not even a response to PING")
            if now - pinged > PING_SECONDS:
                connection.send(connection.pack([("PING",)]))
                pinged = now
            if now - noted > ALIVE_SECONDS and now - last_reply < ALIVE_SECONDS:
                self._note_alive(datetime.now(UTC))
                noted = now
        # What is not read before the end is lost, because nobody publishes it again.
        until = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < until and (messages := _receive(connection)[0]):
            for portion in _portions(iter(messages)):
                self._buffer.put(portion)


def _receive(connection: Connection) -> tuple[list[tuple[Via, bytes]], bool]:
    """Return the messages that have come, and whether anything came at all, even a reply to PING."""
    messages: list[tuple[Via, bytes]] = []
    answered = False
    seconds = 0.25
    while len(messages) < PORTION and connection.readable(seconds):
        reply: list[Any] = connection.read()
        answered, seconds = True, 0
        if reply[0] == b"message":
            messages.append(("pubsub", reply[2]))
    return messages, answered


def _cached(connection: Connection) -> Iterator[tuple[Via, bytes]]:
    for pattern in KEYS:
        cursor = b"0"
        while True:
            cursor, names = connection.ask("SCAN", cursor.decode(), "MATCH", pattern, "COUNT", SCAN_COUNT)
            for message in connection.ask("MGET", *names) if names else ():
                if message is not None:  # it has just expired
                    yield "key", message
            if cursor == b"0":
                break


def _portions(items: Iterator[tuple[Via, bytes]]) -> Iterator[Portion]:
    wanted = EntryFilter()
    for via, message in items:
        wanted.add(via, _now(), message)
        if wanted.seen == PORTION:
            yield wanted.portion({})
    if wanted.seen:
        yield wanted.portion({})


def _now() -> int:
    return time.time_ns() // 1_000_000
