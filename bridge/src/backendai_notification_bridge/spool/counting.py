"""Counters, marks and the lines for ``tail``, written in the same transaction as what they describe."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

RECENT_LINES = 1_000
"""How many lines ``tail`` can look back."""

UNKNOWN = "unknown name: "
UNKNOWN_FIELD = "unknown field: "
UNKNOWN_NAMES = 200
"""How many unknown names, and unknown fields, are counted one by one; the others only together."""


def count(connection: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    """Add to the counters."""
    connection.executemany(
        "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
        [(name, number) for name, number in _bounded(connection, counts).items() if number],
    )


def _bounded(connection: sqlite3.Connection, counts: Mapping[str, int]) -> Mapping[str, int]:
    """Count under one name if there are too many names, because they come from outside."""
    for prefix in (UNKNOWN, UNKNOWN_FIELD):
        if any(name.startswith(prefix) for name in counts):
            counts = _bounded_by(connection, counts, prefix)
    return counts


def _bounded_by(connection: sqlite3.Connection, counts: Mapping[str, int], prefix: str) -> Counter[str]:
    rows = connection.execute("SELECT name FROM counters WHERE name LIKE ? || '%'", (prefix,)).fetchall()
    known = {name for (name,) in rows}
    bounded: Counter[str] = Counter()
    for name, number in counts.items():
        if name.startswith(prefix) and name not in known:
            if len(known) >= UNKNOWN_NAMES:
                bounded[f"{prefix}(others)"] += number
                continue
            known.add(name)
        bounded[name] += number
    return bounded


def counters(connection: sqlite3.Connection) -> dict[str, int]:
    """Return all counters."""
    return dict(connection.execute("SELECT name, value FROM counters ORDER BY name").fetchall())


def mark(connection: sqlite3.Connection, marks: Mapping[str, str | None]) -> None:
    """Set marks; None removes one."""
    for name, value in marks.items():
        if value is None:
            connection.execute("DELETE FROM marks WHERE name = ?", (name,))
        else:
            connection.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (name, value))


def marks(connection: sqlite3.Connection) -> dict[str, str]:
    """Return all marks."""
    return dict(connection.execute("SELECT name, value FROM marks").fetchall())


def tell(connection: sqlite3.Connection, lines: Iterable[Mapping[str, Any]]) -> None:
    """Add to the lines for ``tail``."""
    texts = [(json.dumps(line, ensure_ascii=False),) for line in lines]
    if not texts:
        return
    connection.executemany("INSERT INTO recent (line) VALUES (?)", texts)
    connection.execute(
        "DELETE FROM recent WHERE number <= (SELECT MAX(number) FROM recent) - ?", (RECENT_LINES,)
    )


def told(connection: sqlite3.Connection, after: int) -> list[tuple[int, dict[str, Any]]]:
    """Return the lines after a number, and their numbers."""
    rows = connection.execute(
        "SELECT number, line FROM recent WHERE number > ? ORDER BY number", (after,)
    ).fetchall()
    return [(number, json.loads(line)) for number, line in rows]
