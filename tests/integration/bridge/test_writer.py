"""From memory to the disk, also when the disk is full."""

import sqlite3
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from backendai_notification_bridge.reading.buffer import Buffer, Item, Portion
from backendai_notification_bridge.running.writer import Writer, together
from backendai_notification_bridge.spool.spool import Spool
from local.bridge_process import entry
from local.waiting import until


def item(number: int) -> Item:
    """Make an entry that is wanted."""
    return Item("stream", 1_000 + number, entry(number))


def test_a_time_that_no_calendar_has_stops_nothing() -> None:
    """Whoever adds an entry to the stream may choose its id, and would end the bridge at each start."""
    before = datetime.now(UTC)
    raws, _, _ = together([Portion([Item("stream", 2**64 - 1, entry(1))])])
    assert before <= raws[0].came <= datetime.now(UTC)


def test_a_full_disk_makes_reading_wait(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is dropped; all is written, in order, when there is room again."""
    real = spool.keep
    full = threading.Event()
    full.set()

    def keep(*arguments: object, owned: bool) -> Sequence[object]:
        if full.is_set():
            raise sqlite3.OperationalError("database or disk is full")
        return real(*arguments, owned=owned)  # type: ignore[arg-type]

    monkeypatch.setattr(spool, "keep", keep)
    buffer, stopped = Buffer(), threading.Event()
    writer = Writer(spool, buffer, lambda: True, threading.Event())
    thread = threading.Thread(target=writer.run, args=(stopped.is_set,))
    thread.start()
    for number in range(10):
        buffer.put(Portion([item(number)], {"stream.position": f"{number}-0"}))
    until("it is noticed", lambda: writer.failing_since is not None)
    full.clear()
    until("all is written", lambda: spool.totals()["heard"].count == 10)
    stopped.set()
    thread.join()
    assert [each.raw.came.microsecond for each in spool.fresh(10)] == [1_000 * number for number in range(10)]
    assert writer.failing_since is None


def test_a_stop_with_a_full_disk_ends(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not written is read again at the next start, since the position is not written either."""

    def keep(*_: object, owned: bool) -> None:
        del owned
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(spool, "keep", keep)
    buffer = Buffer()
    buffer.put(Portion([item(1)], {"stream.position": "1-0"}))
    Writer(spool, buffer, lambda: True, threading.Event()).run(lambda: True)
    assert spool.marks() == {}
