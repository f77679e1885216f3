"""Entries and events that cannot be processed, until somebody has them tried again."""

import sqlite3
from datetime import UTC, datetime

from backendai_notification_bridge.spool.rows import ROW_BYTES, Outgoing, Quarantined, Raw, unpack

SHOWN = 500
"""How many characters of a quarantined text are shown."""


def refuse_raw(connection: sqlite3.Connection, raw: Raw, reason: str) -> None:
    """Put an entry into the quarantine."""
    connection.execute(
        "INSERT INTO quarantine (at, reason, came, via, body, size) VALUES (?, ?, ?, ?, ?, ?)",
        (_now(), reason, raw.came.isoformat(), raw.via, raw.body, raw.size),
    )


def refuse_event(connection: sqlite3.Connection, event: Outgoing, reason: str) -> None:
    """Put an event into the quarantine."""
    size = len(event.detail.encode()) + ROW_BYTES
    connection.execute(
        "INSERT INTO quarantine (at, reason, came, event_id, detail_type, detail, size)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (_now(), reason, event.came.isoformat(), event.event_id, event.detail_type, event.detail, size),
    )


def quarantined(connection: sqlite3.Connection, after: int, limit: int) -> list[Quarantined]:
    """List the quarantine, the oldest first."""
    rows = connection.execute(
        "SELECT number, at, reason, via, body, event_id, detail_type, detail FROM quarantine"
        " WHERE number > ? ORDER BY number LIMIT ?",
        (after, limit),
    )
    return [_quarantined(*row) for row in rows]


def retry(connection: sqlite3.Connection, numbers: list[int] | None) -> int:
    """Return some, or all, to the spool to be tried again; return how many there were."""
    chosen = "1" if numbers is None else f"number IN ({','.join('?' * len(numbers))})"
    values = numbers or []
    found: int = connection.execute(f"SELECT COUNT(*) FROM quarantine WHERE {chosen}", values).fetchone()[0]  # noqa: S608 - only marks
    connection.execute(
        "INSERT INTO heard (via, came, body, size)"  # noqa: S608
        f" SELECT via, came, body, size FROM quarantine WHERE via IS NOT NULL AND {chosen} ORDER BY number",
        values,
    )
    connection.execute(
        "INSERT INTO events (event_id, detail_type, detail, came, owned, size)"  # noqa: S608
        " SELECT event_id, detail_type, detail, came, 1, size FROM quarantine"
        f" WHERE via IS NULL AND {chosen} ORDER BY number",
        values,
    )
    connection.execute(f"DELETE FROM quarantine WHERE {chosen}", values)  # noqa: S608
    return found


def _quarantined(
    number: int,
    at: str,
    reason: str,
    via: str | None,
    body: bytes | None,
    event_id: str | None,
    detail_type: str | None,
    detail: str | None,
) -> Quarantined:
    what = via or f"{detail_type} {event_id}"
    return Quarantined(number, datetime.fromisoformat(at), reason, what, detail or _text(via, body or b""))


def _text(via: str | None, body: bytes) -> str:
    if via == "stream":
        fields = unpack(body)
        return " ".join(f"{_short(name)}={_short(value)}" for name, value in fields.items())
    return _short(body)


def _short(value: bytes) -> str:
    return value[:SHOWN].decode(errors="backslashreplace")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
