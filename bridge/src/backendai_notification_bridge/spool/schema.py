"""The tables of a spool file."""

VERSION = 1

TABLES = """
CREATE TABLE heard (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    via TEXT NOT NULL,
    came TEXT NOT NULL,
    body BLOB NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    waits INTEGER NOT NULL DEFAULT 0,
    owned INTEGER NOT NULL DEFAULT 1,
    size INTEGER NOT NULL
);
CREATE INDEX heard_fresh ON heard (number) WHERE waits = 0;
CREATE INDEX heard_waiting ON heard (number) WHERE waits = 1;

CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    detail_type TEXT NOT NULL,
    detail TEXT NOT NULL,
    came TEXT NOT NULL,
    owned INTEGER NOT NULL,
    size INTEGER NOT NULL
);
CREATE INDEX events_owned ON events (number) WHERE owned = 1;
CREATE INDEX events_foreign ON events (number) WHERE owned = 0;

CREATE TABLE quarantine (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    came TEXT NOT NULL,
    via TEXT,
    body BLOB,
    event_id TEXT,
    detail_type TEXT,
    detail TEXT,
    size INTEGER NOT NULL
);

CREATE TABLE memory (key TEXT PRIMARY KEY, value TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX memory_until ON memory (until);
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE recent (number INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL);
CREATE TABLE totals (name TEXT PRIMARY KEY, count INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
"""

# Triggers, because commands change these tables, too, while the bridge runs.
_COUNTED = """
INSERT INTO totals VALUES ('{table}', 0, 0);
CREATE TRIGGER {table}_in AFTER INSERT ON {table} BEGIN
    UPDATE totals SET count = count + 1, bytes = bytes + NEW.size WHERE name = '{table}';
END;
CREATE TRIGGER {table}_out AFTER DELETE ON {table} BEGIN
    UPDATE totals SET count = count - 1, bytes = bytes - OLD.size WHERE name = '{table}';
END;
"""

COUNTED = ("heard", "events", "quarantine")

SCRIPT = (
    "BEGIN IMMEDIATE;"
    + TABLES
    + "".join(_COUNTED.format(table=table) for table in COUNTED)
    + f"PRAGMA user_version = {VERSION}; COMMIT;"
)
