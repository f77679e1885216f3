"""Putting: what EventBridge does not take, and what becomes of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from backendai_notification_bridge.core.events import Event
from backendai_notification_bridge.putting import sender as putting
from backendai_notification_bridge.putting.eventbridge import event_bridge
from backendai_notification_bridge.putting.sender import Sender
from backendai_notification_bridge.spool.spool import Round, Spool
from local.waiting import until
from tests.cloud.bus import Answer, Bus, standing_in

CAME = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setattr(putting, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(putting, "LONGEST_PAUSE", 0.1)


def fill(spool: Spool, count: int, length: int = 10) -> list[str]:
    """Have so many events to put; return their ids."""
    ids = [f"id-{number}" for number in range(count)]
    made = [(Event("agent.lost", {"text": "x" * length}, each, CAME), True) for each in ids]
    spool.settle(Round(spool.memory(), events=made))
    return ids


@contextmanager
def sender(spool: Spool, url: str) -> Iterator[Sender]:
    """Run one."""
    stopped, woken = threading.Event(), threading.Event()
    made = Sender(spool, event_bridge("bus", "us-east-1", url), woken)
    thread = threading.Thread(target=made.run, args=(stopped.is_set,))
    thread.start()
    try:
        yield made
    finally:
        stopped.set()
        woken.set()
        thread.join()


def empty(spool: Spool) -> bool:
    """Tell whether there is nothing left to put."""
    return spool.totals()["events"].count == 0


def test_all_is_put_once_as_the_service_wants_it(spool: Spool, bus: Bus) -> None:
    """With the id that makes a repeat one event."""
    ids = fill(spool, 95)
    with sender(spool, bus.url):
        until("all is put", lambda: empty(spool))
    assert sorted(bus.ids()) == sorted(ids)
    assert bus.entries[0]["Source"] == "backend.ai.bridge"
    assert bus.entries[0]["EventBusName"] == "bus"
    assert bus.requests == 10
    assert spool.counters()["put"] == 95


def test_what_a_request_leaves_is_put_again(spool: Spool, bus: Bus) -> None:
    """Throttled and failed entries of a request stay; the others are not put twice."""
    ids = fill(spool, 40)

    def partly(entries: list[dict[str, Any]]) -> Answer | None:
        if bus.requests > 6:
            return None
        results = [
            {"EventId": "x"} if number % 2 else {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow"}
            for number in range(len(entries))
        ]
        return 200, {"FailedEntryCount": len(entries) // 2, "Entries": results}

    bus.behave = partly
    with sender(spool, bus.url):
        until("all is put", lambda: empty(spool))
    assert sorted(bus.ids()) == sorted(ids)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "ThrottlingException"),
        (500, "InternalFailure"),
        (400, "AccessDeniedException"),
        (403, "ExpiredToken"),
    ],
)
def test_a_refusal_that_passes_keeps_everything(spool: Spool, bus: Bus, status: int, code: str) -> None:
    """Nothing goes to the quarantine for what is no event's fault."""
    ids = fill(spool, 25)
    bus.behave = lambda _: (status, {"__type": code, "message": "no"}) if bus.requests <= 5 else None
    with sender(spool, bus.url) as made:
        until("it fails", lambda: made.failing_since is not None or empty(spool))
        until("all is put", lambda: empty(spool))
        until("it is well again", lambda: made.failing_since is None)
    assert sorted(bus.ids()) == sorted(ids)
    assert spool.totals()["quarantine"].count == 0


def test_a_malformed_event_is_set_aside_and_nothing_else(spool: Spool, bus: Bus) -> None:
    """Whether EventBridge says so of the event or of the whole request."""
    ids = fill(spool, 30)

    def malformed(entries: list[dict[str, Any]]) -> Answer | None:
        bad = [entry["Resources"][0].endswith(("id-3", "id-14")) for entry in entries]
        if not any(bad):
            return None
        if any(entry["Resources"][0].endswith("id-14") for entry in entries):
            return 400, {"__type": "ValidationException", "message": "one of them is wrong"}
        error = {"ErrorCode": "MalformedDetail", "ErrorMessage": "wrong"}
        return 200, {"FailedEntryCount": 1, "Entries": [error if each else {"EventId": "x"} for each in bad]}

    bus.behave = malformed
    with sender(spool, bus.url):
        until("all is put", lambda: empty(spool))
    assert sorted(bus.ids()) == sorted(set(ids) - {"id-3", "id-14"})
    assert spool.totals()["quarantine"].count == 2
    assert spool.counters()["quarantined: event"] == 2


def test_an_event_that_is_too_large_is_never_sent(spool: Spool, bus: Bus) -> None:
    """It is set aside; what follows goes on."""
    fill(spool, 1, 1_100_000)
    fill(spool, 3)
    with sender(spool, bus.url):
        until("all is put", lambda: empty(spool))
    assert len(bus.entries) == 3
    assert spool.totals()["quarantine"].count == 1


def test_an_eventbridge_that_is_away_loses_nothing(spool: Spool) -> None:
    """Everything is put when it is back, at the same address."""
    ids = fill(spool, 25)
    with standing_in() as first:
        port = int(first.url.rpartition(":")[2])
    with sender(spool, first.url) as made:
        until("it is noticed", lambda: made.failing_since is not None)
        with standing_in(port) as bus:
            until("all is put", lambda: empty(spool))
            assert sorted(bus.ids()) == sorted(ids)
