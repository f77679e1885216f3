"""Drop the oldest rows when the spool or its quarantine is full."""

import sqlite3

from backendai_notification_bridge.spool.rows import Dropped

QUARANTINE_ROWS = 10_000
QUARANTINE_BYTES = 64 * 1024 * 1024
STEP = 100
"""How many rows are dropped at once."""

_OLDEST = {
    "heard": "SELECT number, via, came FROM heard ORDER BY number LIMIT ?",
    "events": "SELECT number, detail_type || ' ' || event_id, came FROM events ORDER BY number LIMIT ?",
    "quarantine": (
        "SELECT number, COALESCE(detail_type || ' ' || event_id, via), came FROM quarantine"
        " ORDER BY number LIMIT ?"
    ),
}
_DELETE = {
    "heard": "DELETE FROM heard WHERE number <= ?",
    "events": "DELETE FROM events WHERE number <= ?",
    "quarantine": "DELETE FROM quarantine WHERE number <= ?",
}


def shrink(connection: sqlite3.Connection, max_bytes: int) -> list[Dropped]:
    """Drop the oldest entries and events until at most so many bytes are left; return them."""
    dropped: list[Dropped] = []
    while True:
        bytes_of = dict(
            connection.execute("SELECT name, bytes FROM totals WHERE name IN ('heard', 'events')").fetchall()
        )
        if sum(bytes_of.values()) <= max_bytes:
            return dropped
        dropped += _drop(connection, max(bytes_of, key=lambda name: bytes_of[name]), STEP)


def shrink_quarantine(
    connection: sqlite3.Connection, rows: int = QUARANTINE_ROWS, max_bytes: int = QUARANTINE_BYTES
) -> list[Dropped]:
    """Drop the oldest rows of the quarantine until it is within its bounds; return them."""
    dropped: list[Dropped] = []
    while True:
        count, size = connection.execute(
            "SELECT count, bytes FROM totals WHERE name = 'quarantine'"
        ).fetchone()
        if count <= rows and size <= max_bytes:
            return dropped
        dropped += _drop(connection, "quarantine", max(1, min(STEP, count - rows)))


def _drop(connection: sqlite3.Connection, table: str, count: int) -> list[Dropped]:
    rows = connection.execute(_OLDEST[table], (count,)).fetchall()
    connection.execute(_DELETE[table], (rows[-1][0],))
    return [Dropped(what, came) for _, what, came in rows]
