"""The makers' memory, kept across restarts."""

import sqlite3
import time

from backendai_notification_bridge.spool.database import Database

MEMORY_ROWS = 200_000
"""With more rows, those that expire first are forgotten early."""


class RoundMemory:
    """The memory as one round sees it, with its own changes, which are not written yet."""

    def __init__(self, database: Database, now: float | None = None) -> None:
        self._database = database
        self._now = time.time() if now is None else now
        self._round: dict[str, tuple[str, float]] = {}
        self._entry: dict[str, tuple[str, float]] = {}

    def get(self, key: str) -> str | None:
        """Return the last text, None if there is none or it has expired."""
        for kept in (self._entry, self._round):
            if key in kept:
                return kept[key][0]
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT value FROM memory WHERE key = ? AND until > ?", (key, self._now)
            ).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, value: str, seconds: int) -> None:
        """Remember a text for a time."""
        self._entry[key] = (value, self._now + seconds)

    def keep(self) -> None:
        """Keep what was put for the entry that was just processed."""
        self._round |= self._entry
        self._entry = {}

    def forget(self) -> None:
        """Discard what was put, because the entry will be tried again."""
        self._entry = {}

    def write(self, connection: sqlite3.Connection) -> None:
        """Write what was kept, in the open transaction."""
        connection.executemany(
            "INSERT OR REPLACE INTO memory VALUES (?, ?, ?)",
            [(key, value, until) for key, (value, until) in self._round.items()],
        )


def tidy_memory(connection: sqlite3.Connection, now: float, rows: int = MEMORY_ROWS) -> None:
    """Delete expired rows, and rows beyond the bound."""
    connection.execute("DELETE FROM memory WHERE until <= ?", (now,))
    (count,) = connection.execute("SELECT COUNT(*) FROM memory").fetchone()
    if count > rows:
        connection.execute(
            "DELETE FROM memory WHERE key IN (SELECT key FROM memory ORDER BY until LIMIT ?)", (count - rows,)
        )
