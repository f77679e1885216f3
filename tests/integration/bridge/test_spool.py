"""The spool: what it keeps, what gives way, and what a death leaves."""

import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backendai_notification_bridge.core.errors import WrongSettings
from backendai_notification_bridge.core.events import Event
from backendai_notification_bridge.spool.bounds import shrink_quarantine
from backendai_notification_bridge.spool.database import Database, SpoolMissing, hold, visit
from backendai_notification_bridge.spool.memory import RoundMemory, tidy_memory
from backendai_notification_bridge.spool.quarantine import quarantined, retry
from backendai_notification_bridge.spool.rows import Raw, pack
from backendai_notification_bridge.spool.spool import Round, Spool

CAME = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


def raws(count: int, length: int = 10) -> list[Raw]:
    """Make entries."""
    return [Raw("pubsub", CAME, f"{number:010d}".encode() + b"x" * length) for number in range(count)]


def events(count: int, length: int = 10) -> list[Event]:
    """Make events."""
    return [Event("agent.lost", {"text": "x" * length}, f"id-{number}", CAME) for number in range(count)]


def make(spool: Spool, made: Sequence[Event], *, owned: bool = True) -> list[str]:
    """Write events as a round would; return what gave way."""
    dropped = spool.settle(Round(spool.memory(), events=[(each, owned) for each in made]))
    return [each.what for each in dropped]


def test_entries_come_back_as_they_went_in_the_oldest_first(spool: Spool) -> None:
    """A stream's binary fields survive as well."""
    fields = {b"name": b"agent_error", b"args": bytes(range(256))}
    spool.keep([Raw("stream", CAME, pack(fields)), *raws(2)], {"read: stream": 1}, {"stream.position": "5-0"})
    found = spool.fresh(10)
    assert [each.raw.via for each in found] == ["stream", "pubsub", "pubsub"]
    assert found[0].raw.came == CAME
    assert spool.marks() == {"stream.position": "5-0"}
    assert spool.counters() == {"read: stream": 1}


def test_a_round_is_written_whole(spool: Spool) -> None:
    """Events come, entries go, and what was remembered stays."""
    spool.keep(raws(3), {}, {})
    first, second, third = spool.fresh(10)
    memory = spool.memory()
    memory.put("seen", "yes", 60)
    memory.keep()
    memory.put("seen in vain", "yes", 60)
    memory.forget()
    spool.settle(
        Round(
            memory,
            done=[first.number],
            events=[(events(1)[0], True)],
            refused=[(second, "why")],
            later=[(third.number, 1)],
        )
    )
    assert spool.fresh(10) == []
    assert [(each.number, each.tries) for each in spool.put_off(0, 10)] == [(third.number, 1)]
    assert [each.event_id for each in spool.outgoing(0, 10)] == ["id-0"]
    assert spool.totals()["quarantine"].count == 1
    assert spool.memory().get("seen") == "yes"
    assert spool.memory().get("seen in vain") is None


def test_the_oldest_events_give_way_when_the_spool_is_full(spool: Spool) -> None:
    """They are named and counted, and the rest is within the bound."""
    assert make(spool, events(100, 200_000))[:2] == ["agent.lost id-0", "agent.lost id-1"]
    total = spool.totals()["events"]
    assert total.bytes <= 16 * 1024 * 1024
    assert spool.counters()["dropped: spool full"] == 100 - total.count


def test_the_quarantine_is_bounded_by_count_and_bytes(spool_file: Path) -> None:
    """The oldest give way."""
    database = hold(spool_file)
    spool = Spool(database, 1 << 30)
    spool.keep(raws(30, 1_000), {}, {})
    refused = [(each, "why") for each in spool.fresh(30)]
    spool.settle(Round(spool.memory(), refused=refused))
    with database.writing() as connection:
        assert len(shrink_quarantine(connection, rows=20)) == 10
        assert len(shrink_quarantine(connection, max_bytes=13_000)) >= 10
    assert spool.totals()["quarantine"].bytes <= 13_000
    spool.close()


def test_what_is_in_the_quarantine_can_be_tried_again_while_the_bridge_runs(spool_file: Path) -> None:
    """Another process sees it and gives it back: entries to be made, events to be put."""
    spool = Spool(hold(spool_file), 1 << 30)
    spool.keep(raws(2), {}, {})
    spool.settle(
        Round(
            spool.memory(), refused=[(each, "why") for each in spool.fresh(2)], events=[(events(1)[0], True)]
        )
    )
    spool.gone([], [(spool.outgoing(0, 1)[0], "malformed")])
    visitor = visit(spool_file)
    with visitor.writing() as connection:
        listed = quarantined(connection, 0, 10)
        assert [(each.what, each.reason) for each in listed] == [
            ("pubsub", "why"),
            ("pubsub", "why"),
            ("agent.lost id-0", "malformed"),
        ]
        assert retry(connection, [listed[0].number]) == 1
        assert retry(connection, None) == 2
    visitor.close()
    assert len(spool.fresh(10)) == 2
    assert len(spool.outgoing(0, 10)) == 1
    assert spool.totals()["quarantine"].count == 0
    spool.close()


def test_memory_forgets_what_is_over_and_what_is_too_much(spool_file: Path) -> None:
    """By the time that it was to be remembered for; the soonest to be forgotten goes first."""
    database = hold(spool_file)
    memory = RoundMemory(database, now=1_000.0)
    for number in range(10):
        memory.put(f"key-{number}", "value", 10 * (number + 1))
    memory.keep()
    with database.writing() as connection:
        memory.write(connection)
    assert RoundMemory(database, now=1_009.0).get("key-0") == "value"
    assert RoundMemory(database, now=1_010.0).get("key-0") is None
    with database.writing() as connection:
        tidy_memory(connection, 1_015.0, rows=3)
    assert [RoundMemory(database, now=1_020.0).get(f"key-{number}") for number in (1, 6, 7, 9)] == [
        None,
        None,
        "value",
        "value",
    ]
    database.close()


def test_a_standby_owns_nothing_until_it_leads(spool: Spool) -> None:
    """What it made is put only after it has taken over, or dropped."""
    make(spool, events(3), owned=False)
    assert spool.outgoing(0, 10) == []
    assert spool.drop_foreign(spool.newest() - 1) == 2
    assert spool.own_all() == 1
    assert [each.event_id for each in spool.outgoing(0, 10)] == ["id-2"]
    assert spool.counters()["dropped: other bridge leads"] == 2


def test_a_standby_tells_no_gap_of_its_own(spool: Spool) -> None:
    """What it could not read, the leader has read; a gap that it read as the leader stays."""
    gap = Event("bridge.gap", {"place": "stream", "lost": 5}, "gap", CAME)
    make(spool, [gap, *events(1)], owned=False)
    make(spool, [gap], owned=True)
    assert spool.drop_foreign_gaps() == 1
    assert spool.own_all() == 1
    assert [each.event_id for each in spool.outgoing(0, 10)] == ["id-0", "gap"]


def test_one_bridge_at_a_time_has_a_spool(spool_file: Path, spool: Spool) -> None:
    """The second is told in one line what is wrong."""
    with pytest.raises(WrongSettings, match=r"^spool\.file: another bridge is running on .*spool\.db; "):
        hold(spool_file)
    spool.close()
    hold(spool_file).close()


def test_what_is_no_spool_is_said_to_be_none(tmp_path: Path) -> None:
    """Whichever way it is opened."""
    other = tmp_path / "other"
    with pytest.raises(SpoolMissing, match="the bridge has not run"):
        visit(other)
    other.write_bytes(b"no database at all, but long enough to be looked at as one" * 20)
    for opened in (hold, visit):
        with pytest.raises(WrongSettings, match="is not a spool"):
            opened(other)


WRITES = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from backendai_notification_bridge.spool.database import hold
from backendai_notification_bridge.spool.rows import Raw
from backendai_notification_bridge.spool.spool import Spool
spool = Spool(hold(Path(sys.argv[1])), 1 << 30)
for number in range(1_000_000):
    raws = [Raw("pubsub", datetime.now(UTC), b"%d" % each) for each in range(10 * number, 10 * number + 10)]
    spool.keep(raws, {"read": 10}, {"stream.position": str(10 * number + 10)})
    print(number, flush=True)
"""


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.13])
def test_what_was_written_survives_a_kill(spool_file: Path, seconds: float) -> None:
    """All that was said to be written is there; entries, position and counters agree."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITES, str(spool_file)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(seconds)  # the moment of the kill is what is tried
    process.kill()
    said = [int(line) for line in process.stdout.read().splitlines() if line.endswith(tuple("0123456789"))]
    process.stdout.close()
    process.wait()
    spool = Spool(hold(spool_file), 1 << 30)
    position = int(spool.marks()["stream.position"])
    assert position >= 10 * (max(said, default=0) + 1) - 10
    assert [each.raw.body for each in spool.fresh(1_000_000)] == [b"%d" % each for each in range(position)]
    assert spool.counters()["read"] == position == spool.totals()["heard"].count
    spool.close()


def test_a_database_shared_by_threads_is_closed_once(spool_file: Path) -> None:
    """Whoever opens it next finds it unlocked."""
    database: Database = hold(spool_file)
    with pytest.raises(WrongSettings):
        hold(spool_file)
    database.close()
    hold(spool_file).close()
