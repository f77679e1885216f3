"""A spool that is locked or damaged: told in one line, by whichever command."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from backendai_notification_bridge.cli import main
from backendai_notification_bridge.cli.run import endpoint_of
from backendai_notification_bridge.core.errors import WrongSettings
from backendai_notification_bridge.spool import database
from backendai_notification_bridge.spool.database import hold

NOBODY = 65_534
"""A user without rights of its own, on every Linux."""


def test_a_spool_that_cannot_be_written_is_no_start(
    spool_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that another program has locked is not taken for a full disk, which would be waited for."""
    hold(spool_file).close()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.01)
    other = sqlite3.connect(spool_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(WrongSettings, match=r"^spool\.file: .*spool\.db cannot be used: database is locked"):
        hold(spool_file)
    other.execute("COMMIT")
    other.close()
    hold(spool_file).close()


@contextmanager
def bound_by_permissions(directory: Path) -> Iterator[None]:
    """Be a user whom permissions bind, and who owns this directory: root may write any file."""
    user = os.geteuid()
    if user == 0:
        os.chown(directory, NOBODY, -1)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_read_only_spool_is_no_start() -> None:
    """A spool that may be opened and not written is told at the start."""
    with TemporaryDirectory() as directory, bound_by_permissions(Path(directory)):
        file = Path(directory) / "spool.db"
        hold(file).close()
        file.chmod(0o444)
        with pytest.raises(WrongSettings, match="cannot be used: attempt to write a readonly database"):
            hold(file)


@pytest.mark.parametrize(
    "command", [("run",), ("stats",), ("tail",), ("quarantine", "list"), ("quarantine", "retry", "--all")]
)
def test_a_damaged_spool_is_told_in_one_line(
    spool_file: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By each command, though its first page is whole, so that it opens."""
    hold(spool_file).close()
    content = spool_file.read_bytes()
    spool_file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    monkeypatch.setattr(sys.modules[endpoint_of.__module__], "log_to_stderr", lambda: None)
    places = ("--spool", str(spool_file), "--valkey", "127.0.0.1:1", "--bus", "b", "--region", "us-east-1")
    ended = CliRunner().invoke(main, [*command, *places])
    assert (ended.exit_code, ended.stderr.splitlines()[1:]) == (1, [])
    assert ended.stderr.startswith("Error: spool.file: ")
    assert "malformed" in ended.stderr
