"""The clocks of paced channels in DynamoDB: the same slots as ``core.pacing`` gives, each to one process."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Lock
from typing import Any

import pytest

from notifications.awsapi.client import Client
from notifications.core import pacing
from notifications.core.pacing import MARGIN, MAX_AHEAD, WAIT, Pace
from notifications.store.paces import PaceStore
from tests.cloud.aws import client
from tests.cloud.pipeline import dynamodb_calls
from tests.cloud.services import services
from tests.samples.records import NOW

PACE = Pace(timedelta(seconds=MARGIN), "1/s")


@pytest.fixture
def store(cloud: None) -> PaceStore:  # noqa: ARG001
    """Open the store as a process does that knows no clock yet."""
    return opened()


def opened() -> PaceStore:
    """Open the store as another process does."""
    return PaceStore(services().client("dynamodb"), "deliveries")


def test_as_decided(store: PaceStore) -> None:
    """Whatever is reserved when, by whom, the slots are those of the core."""
    stores = [store, opened(), opened()]
    drawn = random.Random(17)  # noqa: S311 - not for secrets
    now, clock = NOW, None
    for _ in range(40):
        now += timedelta(seconds=drawn.choice([0, 0.001, 1, 5, 60]))
        count = drawn.choice([1, 2, 10])
        expected = pacing.reserve(clock, count, PACE.interval, now, now + MAX_AHEAD)
        clock = expected[-1] + PACE.interval
        assert drawn.choice(stores).slots("c", count, PACE, now) == expected
    assert store.get("c") == clock


def test_turns_as_decided(store: PaceStore) -> None:
    """As many turns are given as there are within the time asked for, whatever slots are reserved."""
    stores = [store, opened(), opened()]
    drawn = random.Random(18)  # noqa: S311 - not for secrets
    now, clock = NOW, None
    for _ in range(60):
        now += timedelta(seconds=drawn.choice([0, 0.001, 1, 5]))
        count = drawn.choice([1, 2, 10])
        expected = pacing.reserve(clock, count, PACE.gap, now, now + WAIT)
        clock = expected[-1] + PACE.gap if expected else clock
        assert drawn.choice(stores).turns("c", count, PACE, now, now + WAIT) == expected
        drawn.choice(stores).slots("c", 1, PACE, now)


def test_too_far_ahead(store: PaceStore) -> None:
    """Beyond a day no slot is given, and the clock stays where it is."""
    hourly = Pace(timedelta(hours=1), "1/h")
    assert len(store.slots("c", 100, hourly, NOW)) == 25
    clock = store.get("c")
    assert clock == NOW + timedelta(hours=25)
    assert opened().slots("c", 1, hourly, NOW) == []
    assert store.slots("c", 1, hourly, NOW) == []
    assert store.get("c") == clock
    assert store.slots("c", 1, hourly, clock - MAX_AHEAD) == [clock]


def test_at_once_from_many(store: PaceStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty processes that reserve at the same moment get a slot each, all of them apart."""
    del store
    called, one_by_one = Client.call, Lock()

    def call(self: Client, *args: Any, **parameters: Any) -> Any:
        with one_by_one:  # moto does not write as atomically as DynamoDB
            return called(self, *args, **parameters)

    monkeypatch.setattr(Client, "call", call)
    with ThreadPoolExecutor(20) as pool:
        got = [*pool.map(lambda _: opened().slots("c", 3, PACE, NOW), range(20))]
    slots = sorted(slot for each in got for slot in each)
    assert len(slots) == 60
    assert {after - before for before, after in pairwise(slots)} == {PACE.interval}


def test_one_write_for_a_batch(store: PaceStore) -> None:
    """A batch takes one write, whether the channel is idle or busy."""
    with dynamodb_calls() as calls:
        store.slots("c", 10, PACE, NOW)
        store.slots("c", 10, PACE, NOW)
        store.slots("c", 10, PACE, NOW + timedelta(minutes=1))
    assert calls == ["UpdateItem"] * 3


def test_another_rate(store: PaceStore) -> None:
    """A clock that is forgotten starts anew."""
    store.slots("c", 100, PACE, NOW)
    store.forget("c")
    assert store.get("c") is None
    assert store.slots("c", 1, PACE, NOW) == [NOW]


def test_a_clock_expires(store: PaceStore) -> None:
    """What nobody uses any more goes away by itself."""
    store.slots("c", 1, PACE, NOW)
    item = client("dynamodb").get_item(
        TableName="deliveries", Key={"pk": {"S": "PACE#c"}, "sk": {"S": "PACE"}}
    )["Item"]
    assert datetime.fromtimestamp(int(item["expires"]["N"]), NOW.tzinfo) == NOW + timedelta(days=3)
