"""Listening to the channel of a real Valkey, and looking back after an absence."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from backendai_notification_bridge.reading import published as listening
from backendai_notification_bridge.reading.buffer import Buffer
from backendai_notification_bridge.reading.connection import Connections, ValkeyEndpoint
from backendai_notification_bridge.reading.published import ALIVE, CATCH_UP, Published
from local.valkey import Valkey
from local.waiting import until
from tests.integration.bridge.reader import Taken, following


def published(valkey: Valkey, marks: Mapping[str, str] | None = None) -> tuple[Published, Taken]:
    """Make a listener."""
    buffer = Buffer()
    endpoint = ValkeyEndpoint(address=("127.0.0.1", valkey.port))
    return Published(Connections(endpoint), buffer, marks or {}, "new"), Taken(buffer)


def listens(valkey: Valkey) -> bool:
    """Tell whether somebody does."""
    return bool(valkey.client().pubsub_numsub("events_all")[0][1])


def absent(seconds: float) -> dict[str, str]:
    """Write the marks of a bridge that has been away for so long."""
    return {ALIVE: (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()}


def test_messages_are_handed_over_in_order(valkey: Valkey) -> None:
    """As they were published, each once; whichever database they were published in."""
    reader, taken = published(valkey)
    with following(reader.follow):
        until("it listens", lambda: listens(valkey))
        for number in range(1_000):
            valkey.client(0).publish("events_all", f"{number}")
        until("all has come", lambda: len(taken.items("pubsub")) == 1_000)
    assert [item.body for item in taken.items("pubsub")] == [b"%d" % number for number in range(1_000)]
    assert ALIVE in taken.marks


def test_the_first_start_does_not_look_back(valkey: Valkey) -> None:
    """What happened before the bridge was is not its business, unless it is set so."""
    valkey.client().set("session_scheduler.1", b"old")
    reader, taken = published(valkey)
    with following(reader.follow):
        until("it listens", lambda: ALIVE in ((taken.items() and taken.marks) or taken.marks))
    assert taken.items() == []


def test_a_short_absence_is_made_up_for_by_the_cache_keys(valkey: Valkey) -> None:
    """The last change of each session and the end of each task, no other keys; nor is the manager asked."""
    client = valkey.client()
    for number in range(1_200):
        client.set(f"session_scheduler.{number}", b"s%d" % number, ex=300)
    client.set("bgtask.1", b"task", ex=300)
    client.set("other.1", b"other")
    reader, taken = published(valkey, absent(20))
    with following(reader.follow):
        until("all is read", lambda: len(taken.items("key")) == 1_201)
        until("it is noted", lambda: bool(taken.items()) and ALIVE in taken.marks)
    assert {item.body for item in taken.items("key")} == {
        b"task",
        *(b"s%d" % number for number in range(1_200)),
    }
    assert CATCH_UP not in taken.marks


@pytest.mark.parametrize("seconds", [3_600.0, -3_600.0])
def test_a_long_absence_asks_the_manager(valkey: Valkey, seconds: float) -> None:
    """So does a clock that went back, since nobody knows how long the absence was."""
    reader, taken = published(valkey, absent(seconds))
    before = datetime.now(UTC)
    with following(reader.follow):
        until("it is noted", lambda: taken.items() == [] and CATCH_UP in taken.marks)
    since = datetime.fromisoformat(taken.marks[CATCH_UP])
    assert since < before - timedelta(seconds=max(0.0, seconds))


def test_a_lost_connection_is_made_up_for(valkey: Valkey) -> None:
    """Between two subscriptions the cache keys tell."""
    client = valkey.client()
    reader, taken = published(valkey)
    with following(reader.follow):
        until("it listens", lambda: listens(valkey))
        client.set("session_scheduler.1", b"meanwhile", ex=300)
        client.client_kill_filter(_type="pubsub")
        until("it has looked back", lambda: len(taken.items("key")) == 1)
        until("it listens again", lambda: listens(valkey))
        client.publish("events_all", b"then")
        until("it has come", lambda: len(taken.items("pubsub")) == 1)
    assert len(taken.items("key")) == 1


def test_a_silent_connection_is_given_up(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that hangs answers no PING; when it is back the bridge listens again."""
    monkeypatch.setattr(listening, "PING_SECONDS", 0.1)
    monkeypatch.setattr(listening, "DEAD_SECONDS", 0.5)
    reader, taken = published(valkey)
    with following(reader.follow):
        until("it listens", lambda: listens(valkey))
        until("it has been heard", lambda: reader.alive is not None)
        client = valkey.client()
        client.client_pause(2_000)
        until("it listens again", lambda: listens(valkey))
        client.publish("events_all", b"then")
        until("it has come", lambda: bool(taken.items("pubsub")))
    assert [item.body for item in taken.items("pubsub")] == [b"then"]
