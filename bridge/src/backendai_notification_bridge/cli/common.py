"""What the commands share."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from backendai_notification_bridge.core.errors import BridgeError
from backendai_notification_bridge.spool.database import Database, visit


@contextmanager
def told() -> Iterator[None]:
    """Show a foreseen error as one line, and exit with 1."""
    try:
        yield
    except BridgeError as error:
        raise click.ClickException(error.reason) from None
    except sqlite3.DatabaseError as error:  # the spool is damaged, locked for long, or cannot be written
        raise click.ClickException(f"spool.file: the spool cannot be used: {error}") from None


@contextmanager
def opened(file: Path) -> Iterator[Database]:
    """Open the spool beside a running bridge."""
    with told():
        database = visit(file)
        try:
            yield database
        finally:
            database.close()
