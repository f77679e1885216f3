"""The spool's file: SQLite, written through to the disk, and held by one bridge at a time."""

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from backendai_notification_bridge.core.errors import BridgeError, WrongSettings
from backendai_notification_bridge.spool.schema import SCRIPT, VERSION

BUSY_SECONDS = 5.0
"""How long a change waits for one that another process makes. A stop may wait for it in each part."""


class SpoolMissing(BridgeError):
    """There is no spool at that path."""


class Database:
    """A connection that threads share, one transaction at a time."""

    def __init__(self, connection: sqlite3.Connection, held: IO[bytes] | None = None) -> None:
        self._connection = connection
        self._held = held
        self._lock = threading.RLock()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Make all changes or none; afterwards they are on the disk."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.commit()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read, while no other thread of this process writes."""
        with self._lock:
            yield self._connection

    def close(self) -> None:
        """Close the file and release its lock."""
        with self._lock:
            self._connection.close()
            if self._held is not None:
                self._held.close()


def hold(file: Path) -> Database:
    """Open a spool for a running bridge, and create it if necessary.

    Raises:
        WrongSettings: another bridge has it, or it cannot be opened.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = _lock(file.with_name(file.name + ".lock"))
        file.touch(mode=0o600)
    except OSError as error:
        raise WrongSettings(f"spool.file: {file} cannot be opened: {error.strerror}") from None
    try:
        connection = _connect(file)
        if connection.execute("PRAGMA user_version").fetchone() == (0,):
            connection.executescript(SCRIPT)
        _check_version(connection, file)
        # A spool that cannot be written at the start is a wrong setting, not a full disk. BEGIN alone would
        # not show it.
        connection.execute(f"PRAGMA user_version = {VERSION}")
    except sqlite3.DatabaseError as error:
        held.close()
        raise _unusable(file, error) from None
    return Database(connection, held)


def visit(file: Path) -> Database:
    """Open a spool that a running bridge may have, too.

    Raises:
        SpoolMissing: there is none.
        WrongSettings: it is not a spool.
    """
    if not file.exists():
        raise SpoolMissing(f"There is no spool at {file}: the bridge has not run with these settings yet")
    try:
        connection = _connect(file)
        _check_version(connection, file)
    except sqlite3.DatabaseError as error:
        raise _unusable(file, error) from None
    return Database(connection)


def _unusable(file: Path, error: sqlite3.DatabaseError) -> WrongSettings:
    """Return the error for a spool that cannot be used: locked, read-only, damaged, or no spool."""
    what = "cannot be used" if isinstance(error, sqlite3.OperationalError) else "is not a spool"
    return WrongSettings(f"spool.file: {file} {what}: {error}")


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _check_version(connection: sqlite3.Connection, file: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        raise WrongSettings(f"spool.file: {file} is not a spool, or is just being made")
    if version != VERSION:
        raise WrongSettings(f"spool.file: {file} was written by another release (its version is {version})")


def _lock(path: Path) -> IO[bytes]:
    """Lock a file beside the spool. The kernel releases the lock however the process dies."""
    held = path.open("ab")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise WrongSettings(
            f"spool.file: another bridge is running on {path.with_suffix('')}; "
            "stop it, or give each bridge a spool of its own"
        ) from None
    return held
