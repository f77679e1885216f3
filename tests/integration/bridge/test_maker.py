"""Making events of what is in the spool: what waits, what is set aside, and what goes on."""

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from backendai_notification_bridge.core.errors import ManagerUnavailable
from backendai_notification_bridge.core.making import MakeOptions, make
from backendai_notification_bridge.core.sessions import Session
from backendai_notification_bridge.reading.published import CATCH_UP
from backendai_notification_bridge.running import catching, maker
from backendai_notification_bridge.running.catching import Catching
from backendai_notification_bridge.running.maker import Maker
from backendai_notification_bridge.spool.counting import UNKNOWN_NAMES
from backendai_notification_bridge.spool.rows import Raw, pack
from backendai_notification_bridge.spool.spool import Spool
from local.bridge_process import entry
from local.waiting import until

NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


class Manager:
    """A manager that can be away; it knows all sessions but those whose number is above ``known``."""

    def __init__(self) -> None:
        self.away = False
        self.known = 1 << 60
        self.asked = 0
        self.warmed: list[str] = []

    def session(self, session_id: str) -> Session | None:
        """Return a session."""
        self.asked += 1
        if self.away:
            raise ManagerUnavailable("no response")
        if UUID(session_id).int > self.known:
            return None
        return Session(session_id, "train", "interactive", "single-node", "RUNNING", started_at=NOW)

    def warm(self, session_ids: Sequence[str]) -> None:
        """Know them already."""
        self.warmed += session_ids

    def started_since(self, at: datetime) -> Iterator[Session]:
        """List three."""
        if self.away:
            raise ManagerUnavailable("no response")
        for number in range(3):
            yield Session(str(UUID(int=number)), started_at=at)

    def ended_since(self, at: datetime) -> Iterator[Session]:
        """List none."""
        del at
        yield from ()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maker, "AGAIN_SECONDS", 0.02)
    for module in (maker, catching):
        monkeypatch.setattr(module, "FIRST_PAUSE", 0.02)
        monkeypatch.setattr(module, "LONGEST_PAUSE", 0.04)


@pytest.fixture
def manager() -> Manager:
    """A manager that is there."""
    return Manager()


@pytest.fixture
def making(spool: Spool, manager: Manager) -> Maker:
    """A maker."""
    return Maker(spool, manager, MakeOptions(), lambda: True, threading.Event())


def running(number: int) -> Raw:
    """Say that a session runs."""
    payload = {
        "session_id": str(UUID(int=number)),
        "status_transition": "RUNNING",
        "reason": "",
        "creation_id": "c",
    }
    message = {"name": "scheduling", "source": "i-manager01", "payload": json.dumps(payload)}
    return Raw("pubsub", NOW, json.dumps(message).encode())


def notified(number: int) -> Raw:
    """Say that an artifact is there."""
    return Raw("stream", NOW, pack(entry(number)))


def waits(spool: Spool) -> int:
    """Count what has not been made yet."""
    return spool.totals()["heard"].count


def made(spool: Spool) -> list[str]:
    """Return the types of the events that were made."""
    return [event.detail_type for event in spool.outgoing(0, 1_000)]


def test_what_needs_no_manager_goes_on_without_it(
    spool: Spool, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what does is made when it is back; nobody asks a dead manager for each entry."""
    monkeypatch.setattr(maker, "FIRST_PAUSE", 2.0)
    monkeypatch.setattr(maker, "LONGEST_PAUSE", 2.0)
    making = Maker(spool, manager, MakeOptions(), lambda: True, threading.Event())
    manager.away = True
    spool.keep([each for number in range(50) for each in (running(number), notified(number))], {}, {})
    making.round()
    assert made(spool) == ["artifact.download.completed"] * 50
    assert manager.asked == 1
    manager.away = False
    until("all is made", lambda: not making.round() and waits(spool) == 0)
    assert made(spool).count("session.started") == 50
    assert spool.totals()["quarantine"].count == 0


def test_an_outage_of_any_length_refuses_nothing(spool: Spool, making: Maker, manager: Manager) -> None:
    """Tries are not used up by a manager that does not answer."""
    manager.away = True
    spool.keep([running(1)], {}, {})
    while manager.asked < 30:
        making.round()
    manager.away = False
    until("it is made", lambda: not making.round() and waits(spool) == 0)
    assert made(spool) == ["session.started"]


def test_an_unknown_session_is_set_aside_in_the_end(spool: Spool, making: Maker, manager: Manager) -> None:
    """It is asked for several times first, and holds up nobody."""
    manager.known = 5
    spool.keep([running(9), running(1)], {}, {})
    until("it is given up", lambda: not making.round() and waits(spool) == 0)
    assert made(spool) == ["session.started"]
    assert manager.asked > 5
    assert spool.counters()["quarantined: entry"] == 1


def test_what_cannot_be_decoded_is_set_aside(spool: Spool, making: Maker) -> None:
    """Whatever it is."""
    bad = [b"", b"\xff\xfe", b"[]", b'{"name": "scheduling"}', b"{" * 100_000]
    nameless = Raw("stream", NOW, pack({b"name": b"agent_error", b"args": b"\xc1"}))
    spool.keep([*(Raw("pubsub", NOW, body) for body in bad), nameless, notified(1)], {}, {})
    making.round()
    assert made(spool) == ["artifact.download.completed"]
    assert spool.totals()["quarantine"].count == len(bad) + 1
    assert waits(spool) == 0


def test_a_fault_of_the_maker_sets_aside_one_entry(
    spool: Spool, making: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of this program is no reason to stop."""
    real = make

    def faulty(*arguments: object) -> object:
        if arguments[0].body["notification_data"]["artifact_name"] == "model-1":  # type: ignore[attr-defined]
            raise KeyError("fault")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(maker, "make", faulty)
    spool.keep([notified(number) for number in range(3)], {}, {})
    making.round()
    assert len(made(spool)) == 2
    assert spool.totals()["quarantine"].count == 1


def test_a_repeat_is_dropped_over_a_restart(spool: Spool, making: Maker, manager: Manager) -> None:
    """The memory is in the spool."""
    spool.keep([notified(1), running(1)], {}, {})
    making.round()
    again = Maker(spool, manager, MakeOptions(), lambda: True, threading.Event())
    spool.keep([notified(1), running(1)], {}, {})
    again.round()
    assert len(made(spool)) == 2
    assert spool.counters()["dropped: repeat"] == 2


def test_what_was_read_by_the_leader_is_its_own(spool: Spool, manager: Manager) -> None:
    """A leader that was killed before it made anything of it comes back as a standby, and puts it still."""
    spool.keep([notified(1)], {}, {}, owned=True)
    spool.keep([notified(2)], {}, {}, owned=False)
    Maker(spool, manager, MakeOptions(), lambda: False, threading.Event()).round()
    assert [json.loads(each.detail)["artifact_name"] for each in spool.outgoing(0, 10)] == ["model-1"]
    assert spool.own_all() == 1


def test_an_absence_is_made_up_for_by_the_manager(spool: Spool, manager: Manager) -> None:
    """When it answers; the mark is there until then, so that a death does not matter."""
    manager.away = True
    spool.keep([], {}, {CATCH_UP: (NOW - timedelta(hours=1)).isoformat()})
    catch = Catching(spool, manager, lambda: True, threading.Event())
    catch.look()
    assert CATCH_UP in spool.marks()
    manager.away = False
    until("it has caught up", lambda: catch.look() > 0 and CATCH_UP not in spool.marks())
    assert [each.raw.via for each in spool.fresh(10)] == ["api"] * 3


def test_without_a_manager_an_absence_is_told_as_a_gap(spool: Spool) -> None:
    """Nobody can know what happened."""
    spool.keep([], {}, {CATCH_UP: NOW.isoformat()})
    Catching(spool, None, lambda: True, threading.Event()).look()
    (gap,) = spool.fresh(10)
    assert gap.raw.decode().body["place"] == "pubsub"
    assert gap.raw.decode().body["lost"] is None


def test_the_sessions_of_a_round_are_looked_up_together(
    spool: Spool, making: Maker, manager: Manager
) -> None:
    """The manager is told the ids of all of them before the first is asked for, and no others."""
    spool.keep([running(1), notified(1), running(2), Raw("pubsub", NOW, b"no JSON")], {}, {})
    making.round()
    assert manager.warmed == [str(UUID(int=1)), str(UUID(int=2))]
    assert made(spool) == ["session.started", "artifact.download.completed", "session.started"]
    assert spool.totals()["quarantine"].count == 1


def test_unknown_fields_are_counted(spool: Spool, making: Maker) -> None:
    """By name, up to a bound; those beyond it together, since names come from outside."""
    for number in range(UNKNOWN_NAMES + 5):
        body = {"session_id": str(UUID(int=1)), "status_transition": "PENDING", f"new{number}": 1}
        message = {"name": "scheduling", "source": "i-manager01", "payload": json.dumps(body)}
        spool.keep([Raw("pubsub", NOW, json.dumps(message).encode())], {}, {})
    while making.round():
        pass
    counters = spool.counters()
    assert counters["unknown field: scheduling.new0"] == 1
    assert counters["unknown field: (others)"] == 5
    assert sum(name.startswith("unknown field: ") for name in counters) == UNKNOWN_NAMES + 1
