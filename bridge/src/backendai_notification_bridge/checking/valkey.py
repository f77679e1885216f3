"""Valkey: can it be reached, is it the master, are the commands allowed, is Backend.AI's stream there?"""

import secrets
from collections.abc import Iterator
from contextlib import suppress

from valkey.exceptions import ResponseError

from backendai_notification_bridge.checking.finding import Finding, good, limited, missing
from backendai_notification_bridge.reading.connection import AWAY, Connection, Connections, ValkeyEndpoint
from backendai_notification_bridge.reading.published import CHANNEL
from backendai_notification_bridge.reading.stream import STREAM

PROBE = "backendai-notification-bridge.check"
"""A key that is made and removed again."""


def look(endpoint: ValkeyEndpoint) -> Iterator[Finding]:
    """Check the server, the stream, the channel, and the database of the lock."""
    connections = Connections(endpoint)
    try:
        host, port = connections.master()
        connection = connections.open(endpoint.database, (host, port))
    except AWAY as error:
        yield missing(f"Valkey: {_said(error)}")
        return
    try:
        yield good(f"Valkey: {host}:{port} is the master, database {endpoint.database} is there")
        yield _stream(connection)
        yield from _commands(connection)
    finally:
        connection.close()
    yield _lock(connections, (host, port))


def _stream(connection: Connection) -> Finding:
    try:
        connection.ask("XINFO", "STREAM", STREAM)
    except ResponseError as error:
        if "no such key" in str(error).lower():
            return limited(
                f"Stream: there is no {STREAM!r} in this database. Is it Backend.AI's, with a manager?"
            )
        return missing(f"Stream: {_said(error)}")
    except AWAY as error:
        return missing(f"Stream: {_said(error)}")
    return good(f"Stream: {STREAM!r} is there")


def _commands(connection: Connection) -> Iterator[Finding]:
    """Try each command that the bridge uses; SUBSCRIBE last, because a connection can do little after it."""
    key = f"{PROBE}.{secrets.token_hex(4)}"
    tried: tuple[tuple[str | int, ...], ...] = (
        ("XGROUP", "CREATE", key, "check", "0", "MKSTREAM"),
        ("XREADGROUP", "GROUP", "check", "check", "NOACK", "COUNT", 1, "STREAMS", key, ">"),
        ("XGROUP", "DESTROY", key, "check"),
        ("PING",),
        ("INFO", "server"),
        ("MULTI",),
        ("EXEC",),
        ("SCAN", 0, "MATCH", "session_scheduler.*", "COUNT", 1),
        ("MGET", f"{key}.none"),
        ("DEL", key),
        ("SUBSCRIBE", CHANNEL),
    )
    refused = [f"{command[0]} ({said})" for command in tried if (said := _refusal(connection, command))]
    with suppress(*AWAY):
        connection.ask("UNSUBSCRIBE")
    if refused:
        yield missing(f"Commands: not allowed are {', '.join(refused)}")
    else:
        yield good(f"Commands: all that the bridge uses are allowed; channel {CHANNEL!r} can be heard")


def _refusal(connection: Connection, command: tuple[str | int, ...]) -> str | None:
    try:
        connection.ask(*command)
    except AWAY as error:
        return _said(error)
    return None


def _lock(connections: Connections, address: tuple[str, int]) -> Finding:
    database = connections.endpoint.lock_database
    try:
        connection = connections.open(database, address)
        try:
            connection.ask("EVAL", "return 1", 0)
        finally:
            connection.close()
    except AWAY as error:
        return missing(f"Lock: database {database}: {_said(error)}")
    return good(f"Lock: database {database} can be used, so that of two bridges one puts")


def _said(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
