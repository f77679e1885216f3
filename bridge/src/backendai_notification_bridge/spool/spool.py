"""The spool: entries, the events made of them, and what belongs to both."""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backendai_notification_bridge.core.events import Event
from backendai_notification_bridge.core.names import GAP
from backendai_notification_bridge.spool import counting
from backendai_notification_bridge.spool.bounds import shrink, shrink_quarantine
from backendai_notification_bridge.spool.database import Database
from backendai_notification_bridge.spool.memory import RoundMemory, tidy_memory
from backendai_notification_bridge.spool.quarantine import refuse_event, refuse_raw
from backendai_notification_bridge.spool.rows import ROW_BYTES, Dropped, Outgoing, Raw, Total, Waiting


@dataclass
class Round:
    """The results of one round, written all together or not at all.

    ``memory``: the makers' changes. ``events``: each with whether it is this bridge's to put. ``later``:
    entries that wait for the manager, with their number of tries.
    """

    memory: RoundMemory
    done: list[int] = field(default_factory=list)
    events: list[tuple[Event, bool]] = field(default_factory=list)
    refused: list[tuple[Waiting, str]] = field(default_factory=list)
    later: list[tuple[int, int]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[Mapping[str, Any]] = field(default_factory=list)


class Spool:
    """A spool file; each change is one transaction."""

    def __init__(self, database: Database, max_bytes: int) -> None:
        self._database = database
        self._max_bytes = max_bytes

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def keep(
        self,
        raws: Iterable[Raw],
        counts: Mapping[str, int],
        marks: Mapping[str, str | None],
        *,
        owned: bool = True,
    ) -> list[Dropped]:
        """Keep entries together with the marks of how far was read; return what was dropped."""
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT INTO heard (via, came, body, owned, size) VALUES (?, ?, ?, ?, ?)",
                [(raw.via, raw.came.isoformat(), raw.body, int(owned), raw.size) for raw in raws],
            )
            counting.mark(connection, marks)
            return self._finish(connection, Counter(counts))

    def _finish(self, connection: sqlite3.Connection, counts: Counter[str]) -> list[Dropped]:
        full = shrink(connection, self._max_bytes)
        quarantine = shrink_quarantine(connection)
        counts["dropped: spool full"] += len(full)
        counts["dropped: quarantine full"] += len(quarantine)
        counting.count(connection, counts)
        return full + quarantine

    def fresh(self, limit: int) -> list[Waiting]:
        """Return the oldest entries that were not put off."""
        return self._waiting("waits = 0", 0, limit)

    def put_off(self, after: int, limit: int) -> list[Waiting]:
        """Return the oldest entries that wait for the manager, from a number on."""
        return self._waiting("waits = 1", after, limit)

    def _waiting(self, lane: str, after: int, limit: int) -> list[Waiting]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT number, via, came, body, tries, owned FROM heard WHERE {lane} AND number > ?"  # noqa: S608
                " ORDER BY number LIMIT ?",
                (after, limit),
            ).fetchall()
        return [
            Waiting(number, Raw(via, datetime.fromisoformat(came), body), tries, bool(owned))
            for number, via, came, body, tries, owned in rows
        ]

    def memory(self) -> RoundMemory:
        """Return the memory for one round."""
        return RoundMemory(self._database)

    def settle(self, settled: Round) -> list[Dropped]:
        """Write the results of a round; return what was dropped."""
        # One transaction for entries, events and memory: after a crash an entry is either still there, with
        # nothing made of it, or gone together with its events in place.
        with self._database.writing() as connection:
            _delete_heard(connection, settled.done + [waiting.number for waiting, _ in settled.refused])
            connection.executemany(
                "UPDATE heard SET waits = 1, tries = ? WHERE number = ?",
                [(tries, number) for number, tries in settled.later],
            )
            connection.executemany(
                "INSERT INTO events (event_id, detail_type, detail, came, owned, size)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [_row(event, owned) for event, owned in settled.events],
            )
            for waiting, reason in settled.refused:
                refuse_raw(connection, waiting.raw, reason)
            settled.memory.write(connection)
            counting.tell(connection, settled.lines)
            return self._finish(connection, settled.counts)

    def outgoing(self, after: int, limit: int) -> list[Outgoing]:
        """Return the oldest events that are this bridge's to put, from a number on."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT number, event_id, detail_type, detail, came FROM events"
                " WHERE owned = 1 AND number > ? ORDER BY number LIMIT ?",
                (after, limit),
            ).fetchall()
        return [
            Outgoing(number, event_id, detail_type, detail, datetime.fromisoformat(came))
            for number, event_id, detail_type, detail, came in rows
        ]

    def gone(
        self,
        numbers: Sequence[int],
        refused: Sequence[tuple[Outgoing, str]] = (),
        counts: Mapping[str, int] | None = None,
    ) -> list[Dropped]:
        """Delete events that the bus has taken or refused; return what was dropped."""
        with self._database.writing() as connection:
            every = [*numbers, *(event.number for event, _ in refused)]
            connection.executemany("DELETE FROM events WHERE number = ?", [(number,) for number in every])
            for event, reason in refused:
                refuse_event(connection, event, reason)
            return self._finish(connection, Counter(counts or {}))

    def own_all(self) -> int:
        """Make all events this bridge's to put; return how many were not."""
        return self._foreign("UPDATE events SET owned = 1 WHERE owned = 0", {})

    def newest(self) -> int:
        """Return the number of the newest event."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        return int(row[0]) if row else 0

    def drop_foreign(self, until: int) -> int:
        """Drop events that another bridge has put, up to a number; return how many there were."""
        return self._foreign("DELETE FROM events WHERE owned = 0 AND number <= :until", {"until": until})

    def drop_foreign_gaps(self) -> int:
        """Drop gaps of this bridge while another one read; return how many there were."""
        return self._foreign("DELETE FROM events WHERE owned = 0 AND detail_type = :gap", {"gap": GAP})

    def _foreign(self, change: str, values: Mapping[str, int | str]) -> int:
        with self._database.reading() as connection:  # usually there is none, and then nothing is written
            if connection.execute("SELECT 1 FROM events WHERE owned = 0 LIMIT 1").fetchone() is None:
                return 0
        with self._database.writing() as connection:
            changed = connection.execute(change, values).rowcount
            if "DELETE" in change:
                counting.count(connection, {"dropped: other bridge leads": changed})
            return changed

    def unmark(self, name: str, value: str) -> None:
        """Remove a mark, unless it has another value by now."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM marks WHERE name = ? AND value = ?", (name, value))

    def tidy(self) -> None:
        """Delete expired memory."""
        with self._database.writing() as connection:
            tidy_memory(connection, time.time())

    def marks(self) -> dict[str, str]:
        """Return all marks."""
        with self._database.reading() as connection:
            return counting.marks(connection)

    def counters(self) -> dict[str, int]:
        """Return all counters."""
        with self._database.reading() as connection:
            return counting.counters(connection)

    def totals(self) -> dict[str, Total]:
        """Return the size of each table."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT name, count, bytes FROM totals").fetchall()
        return {name: Total(count, size) for name, count, size in rows}

    def oldest(self) -> datetime | None:
        """Return the time of the oldest entry or event that is still to be put."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT came FROM (SELECT came FROM heard ORDER BY number LIMIT 1) UNION ALL"
                " SELECT came FROM (SELECT came FROM events WHERE owned = 1 ORDER BY number LIMIT 1)"
            ).fetchall()
        return min((datetime.fromisoformat(came) for (came,) in rows), default=None)


def _delete_heard(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    connection.executemany("DELETE FROM heard WHERE number = ?", [(number,) for number in numbers])


def _row(event: Event, owned: bool) -> tuple[object, ...]:  # noqa: FBT001 - as the column has it
    detail = json.dumps(event.detail, ensure_ascii=False, separators=(",", ":"))
    size = len(detail.encode()) + ROW_BYTES
    return event.event_id, event.detail_type, detail, event.came.isoformat(), int(owned), size
