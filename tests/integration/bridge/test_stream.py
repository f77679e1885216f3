"""Reading the stream of a real Valkey."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_bridge.core.names import unwanted
from backendai_notification_bridge.reading.buffer import Buffer, Item, Portion
from backendai_notification_bridge.reading.connection import (
    Connection,
    Connections,
    NotMaster,
    ValkeyEndpoint,
)
from backendai_notification_bridge.reading.stream import Stream
from local.bridge_process import reading
from local.recordings import burst, recordings
from local.valkey import Valkey
from local.waiting import until
from tests.integration.bridge.reader import Taken, add, following


def stream(
    valkey: Valkey, marks: Mapping[str, str] | None = None, start: str = "new"
) -> tuple[Stream, Taken]:
    """Make a reader."""
    buffer = Buffer()
    endpoint = ValkeyEndpoint(address=("127.0.0.1", valkey.port), password=valkey.password)
    return Stream(Connections(endpoint), buffer, marks or {}, start, "test"), Taken(buffer)


def gaps(taken: Taken) -> list[int | None]:
    """Return how many entries were told to be missing, each time."""
    bodies = [json.loads(item.body) for item in taken.items("bridge") if isinstance(item.body, bytes)]
    return [json.loads(body["payload"])["lost"] for body in bodies]


def test_a_burst_is_read_without_loss(valkey: Valkey) -> None:
    """Five thousand real entries, sent in one go and trimmed as the producers do: in order, each once."""
    fields = [recording.fields for recording in recordings("stream")]
    entries = [{**fields[number % len(fields)], b"n": b"%d" % number} for number in range(5_000)]
    reader, taken = stream(valkey)
    with following(reader.follow):
        until("it reads", lambda: reading(valkey.client()))
        burst(valkey.client(), entries)
        until("all is read", lambda: taken.read() >= 5_000)
    wanted = [
        number for number, each in enumerate(entries) if unwanted(each[b"name"].decode(), "stream") is None
    ]
    assert taken.numbers() == wanted
    assert taken.read() == 5_000
    assert gaps(taken) == []


def test_reading_goes_on_where_it_was(valkey: Valkey) -> None:
    """After a stop, nothing comes twice and nothing is missing; no group stays behind."""
    reader, taken = stream(valkey)
    with following(reader.follow):
        until("it reads", lambda: reading(valkey.client()))
        add(valkey.client(), range(10))
        until("all is read", lambda: len(taken.items("stream")) == 10)
    reader.leave()
    assert valkey.client().xinfo_groups("events") == []
    add(valkey.client(), range(10, 20))
    later, taken_later = stream(valkey, taken.marks)
    with following(later.follow):
        until("all is read", lambda: len(taken_later.items("stream")) == 10)
    assert taken.numbers() + taken_later.numbers() == list(range(20))


def test_a_stop_in_a_burst_loses_nothing_that_was_read(valkey: Valkey) -> None:
    """Valkey answers many reads ahead; by the stop the stream has been trimmed of what they hold."""
    fields = next(iter(recordings("stream"))).fields
    filler = {b"filler": b"x" * 600}  # as large as real ones are: Valkey turns to the readers less often else
    reader, taken = stream(valkey)
    with following(reader.follow):
        until("it reads", lambda: reading(valkey.client()))
        burst(valkey.client(), [{**fields, **filler, b"n": b"%d" % number} for number in range(3_000)])
    reader.leave()
    first = taken.numbers()
    later, taken_later = stream(valkey, taken.marks)
    with following(later.follow):
        until("it reads", lambda: reading(valkey.client()))
        add(valkey.client(), range(3_000, 3_001))
        until("all is read", lambda: 3_000 in taken_later.numbers())
    assert first + taken_later.numbers() == list(range(3_001))


@pytest.mark.parametrize(("start", "expected"), [("new", [50]), ("oldest", list(range(51)))])
def test_the_first_start_begins_as_it_is_set(valkey: Valkey, start: str, expected: list[int]) -> None:
    """With what is new, or with what is still there."""
    add(valkey.client(), range(50))
    reader, taken = stream(valkey, start=start)
    with following(reader.follow):
        until("it reads", lambda: reading(valkey.client()))
        add(valkey.client(), range(50, 51))
        until("all is read", lambda: len(taken.items("stream")) == len(expected))
    assert taken.numbers() == expected
    assert gaps(taken) == []


def test_what_was_trimmed_meanwhile_is_counted(valkey: Valkey) -> None:
    """Entry by entry: read and missing together are what was added."""
    reader, taken = stream(valkey)
    with following(reader.follow):
        until("it reads", lambda: reading(valkey.client()))
        add(valkey.client(), range(10))
        until("all is read", lambda: len(taken.items("stream")) == 10)
    add(valkey.client(), range(10, 1_000))
    later, taken_later = stream(valkey, taken.marks)
    with following(later.follow):
        until("the gap is told", lambda: bool(gaps(taken_later)))
    (lost,) = gaps(taken_later)
    assert lost is not None
    assert lost + len(taken_later.numbers()) == 990
    assert taken_later.numbers()[-1] == 999


def test_a_stream_made_anew_with_lower_ids_is_read(valkey: Valkey) -> None:
    """The position is far above its ids: reading on from there would wait for ever."""
    client = valkey.client()
    client.xadd("events", {"name": "agent_error", "n": 0}, id="9999999999999-0")
    reader, taken = stream(valkey, start="oldest")
    with following(reader.follow):
        until("it reads", lambda: len(taken.items("stream")) == 1)
        client.delete("events")
        client.xadd("events", {"name": "agent_error", "n": 1}, id="5-0")
        until("the new one is read", lambda: len(taken.items("stream")) == 2)
    assert taken.numbers() == [0, 1]
    assert taken.marks["stream.position"] == "5-0"


def test_a_restarted_valkey_is_read(valkey: Valkey) -> None:
    """Its stream is gone with it; what comes then is read from the first entry on."""
    reader, taken = stream(valkey)
    with following(reader.follow):
        until("it reads", lambda: reading(valkey.client()))
        add(valkey.client(), range(5))
        until("it is read", lambda: len(taken.items("stream")) == 5)
        valkey.kill()
        valkey.start()
        add(valkey.client(), range(5, 10))
        until("it is read", lambda: len(taken.items("stream")) == 10)
    assert taken.numbers() == list(range(10))


def test_another_group_takes_nothing_away(valkey: Valkey) -> None:
    """Backend.AI's own groups and the bridge's see every entry each."""
    client = valkey.client()
    client.xgroup_create("events", "manager", "$", mkstream=True)
    reader, taken = stream(valkey)
    with following(reader.follow):
        until("it reads", lambda: reading(client, 2))
        add(client, range(10))
        theirs = client.xreadgroup("manager", "m", {"events": ">"})
        until("it is read", lambda: len(taken.items("stream")) == 10)
    assert len(theirs[0][1]) == 10
    reader.leave()
    assert [group["name"] for group in client.xinfo_groups("events")] == [b"manager"]


def test_a_group_that_somebody_removes_is_made_again(valkey: Valkey) -> None:
    """Nothing is lost: the position is the bridge's own."""
    client = valkey.client()
    reader, taken = stream(valkey)
    with following(reader.follow):
        until("it reads", lambda: reading(client))
        (group,) = client.xinfo_groups("events")
        client.xgroup_destroy("events", group["name"])
        add(client, range(10))
        until("it is read", lambda: len(taken.items("stream")) == 10)
    assert taken.numbers() == list(range(10))


def test_what_is_of_no_use_moves_the_position_on(valkey: Valkey) -> None:
    """It is counted, and not read again after a restart."""
    reader, taken = stream(valkey)
    with following(reader.follow):
        until("it reads", lambda: reading(valkey.client()))
        last = valkey.client().xadd("events", {"name": "agent_heartbeat", "args": b"x" * 10_000})
        position = last.decode()
        until("it is told", lambda: taken.items() == [] and taken.marks["stream.position"] == position)
    assert taken.counts == {"read: stream": 1, "dropped: noise": 1}


def test_a_replica_is_not_read(valkey: Valkey, tmp_path: Path) -> None:
    """It may be cut off from what is new, and would not say so."""
    with Valkey(tmp_path / "replica", replica_of=valkey.port) as replica:
        endpoint = ValkeyEndpoint(address=("127.0.0.1", replica.port))
        with pytest.raises(NotMaster):
            Connections(endpoint).open(4)


def test_a_full_hand_makes_readers_wait() -> None:
    """Memory is bounded, whatever comes."""
    buffer = Buffer(max_bytes=100)
    item: Any = Item("pubsub", 0, b"x")
    buffer.put(Portion([item], size=100))
    buffer.close()
    buffer.put(Portion([item], size=100))  # a closed one holds up nobody
    assert [portion.size for portion in buffer.take(0.0)] == [100, 100]


def test_a_line_reads_what_it_asked_for(valkey: Valkey) -> None:
    """Commands that are sent together are answered in order."""
    connection: Connection = Connections(ValkeyEndpoint(address=("127.0.0.1", valkey.port))).open(0)
    connection.send(connection.pack([("SET", "a", "1"), ("GET", "a")]))
    assert [connection.read(), connection.read()] == [b"OK", b"1"]
    assert not connection.readable()
    connection.close()
