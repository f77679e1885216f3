"""Sweeps of very much: nothing is left behind, nothing brought twice, and it is fast enough."""

import json
import threading
from datetime import timedelta
from itertools import chain, count
from typing import Any, cast

import pytest

from bench import sweeping
from bench.sweeping import CALL_SECONDS, MIN_RATE, NOW, SHARDS, Cloud, deliveries, swept
from notifications.awsapi.client import Client
from notifications.core.errors import Unavailable
from notifications.store import keys, records
from notifications.store.records import RecordStore
from redeliverer import sweeper as module
from redeliverer.sweeper import LOOK_AGAIN, THREADS
from tests.cloud.pipeline import PAST, Pipeline, add_channel, add_rule, pending
from tests.cloud.services import services
from tests.integration.flapping import set_health
from tests.integration.sockets import unused_url

MANY = 20_000


def brought(cloud: Cloud) -> dict[str, int]:
    """Tell how often each delivery was put on its queue."""
    return {json.loads(body)["delivery"]: times for body, times in cloud.hints.items()}


def once(number: int) -> dict[str, int]:
    """Tell that each of so many deliveries was put on its queue once."""
    return {record.id: 1 for record in deliveries(number)}


def in_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time pass by one second whenever a sweeper looks at the clock."""
    ticks = count()
    for place in (module, sweeping):
        monkeypatch.setattr(place, "monotonic", lambda: float(next(ticks)))


@pytest.mark.parametrize("page", [1, 3, 100])
def test_the_stand_in_answers_as_dynamodb_does(
    cloud: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
    page: int,
) -> None:
    """What is due is found page by page, and put off once, in the same way."""
    monkeypatch.setattr(records, "DUE_PAGE", page)
    made = [*deliveries(9), *deliveries(0, NOW + timedelta(hours=1))]
    services().records.put_many(made)
    stand_in = RecordStore(cast(Client, Cloud(made)), "deliveries", timedelta(days=30), SHARDS)

    for store in (services().records, stand_in):
        first = made[0]
        assert store.put_off(first.event_id, first.rule_id, NOW, NOW + LOOK_AGAIN) is not None
        assert store.put_off(first.event_id, first.rule_id, NOW, NOW + LOOK_AGAIN) is None
        assert store.put_off("nobody", "nothing", NOW, NOW + LOOK_AGAIN) is None
    for now in (NOW, NOW + LOOK_AGAIN):
        for shard in range(SHARDS):
            real, stood_in = ([*store.due(now, shard)] for store in (services().records, stand_in))
            assert [len(part) for part in real] == [len(part) for part in stood_in]
            assert {*chain(*real)} == {*chain(*stood_in)}


def test_very_much_is_due() -> None:
    """All is brought once, with few calls and many at a time: on paper more than a thousand a second."""
    stand_in = Cloud(deliveries(MANY), CALL_SECONDS)
    result = swept(stand_in, seconds=600)
    assert (result.complete, result.counts["deliveries"]) == (True, MANY)
    assert brought(stand_in) == once(MANY)
    calls = sum(stand_in.calls.values())
    assert calls < 1.2 * MANY
    assert stand_in.peak > 0.8 * THREADS
    assert 0.8 * THREADS * MANY / (calls * CALL_SECONDS) > MIN_RATE


def test_what_there_is_no_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep whose time is over says so; the next one goes on at once, and brings nothing twice."""
    in_ticks(monkeypatch)
    stand_in = Cloud(deliveries(2_000))
    sweeps = 1
    while not swept(stand_in, seconds=50).complete:
        sweeps += 1
    assert sweeps == 2_000 // (50 * 10) + 1
    assert brought(stand_in) == once(2_000)


def test_no_shard_starves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is more than there is time for, each shard has its part."""
    in_ticks(monkeypatch)
    stand_in = Cloud(deliveries(4_000))
    assert not swept(stand_in, seconds=80).complete
    shards = [keys.shard(delivery_id.partition("_")[0], SHARDS) for delivery_id in brought(stand_in)]
    assert {shard: shards.count(shard) for shard in range(SHARDS)} == dict.fromkeys(
        range(SHARDS), pytest.approx(200, abs=105)
    )


def test_two_sweepers() -> None:
    """Two that are at work at the same time share what is due."""
    stand_in = Cloud(deliveries(3_000), 0.0005)
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(swept(stand_in).counts["deliveries"])) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(counts) == 3_000
    assert brought(stand_in) == once(3_000)


def test_dynamodb_fails_in_the_midst(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep that fails ends what it has begun, and leaves the rest due."""
    stand_in = Cloud(deliveries(3_000))
    put_off, calls = RecordStore.put_off, count()

    def fail(*given: Any) -> Any:
        if next(calls) == 777:
            raise Unavailable("DynamoDB did not do it")
        return put_off(*given)

    with monkeypatch.context() as patch:
        patch.setattr(RecordStore, "put_off", fail)
        with pytest.raises(Unavailable):
            swept(stand_in)
    assert len(stand_in.hints) < 3_000
    swept(stand_in)
    # A portion whose hints were not sent is looked at again, like everything that was brought.
    swept(stand_in, NOW + LOOK_AGAIN)
    assert brought(stand_in).keys() == once(3_000).keys()


def test_the_bench_measures_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark's figures have as many rounds as were asked for."""
    monkeypatch.setattr(sweeping, "ITEMS", 500)
    figures = sweeping.figures(2, lambda _: None)
    assert [len(figure.rounds) for figure in figures] == [2, 2, 2]


def test_metrics_of_a_sweep(pipeline: Pipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """A sweep that came to its end tells so, how many channels are suspended, and how old the oldest is."""
    rule = add_rule(add_channel(unused_url()))
    set_health("another", suspended_at=PAST, failing_since=PAST, failures=100)
    pending(rule)
    capsys.readouterr()
    assert pipeline.sweep()["deliveries"] == 1
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert (line["Sweeps"], line["SuspendedChannels"]) == (1, 1)
    assert line["OldestPendingSeconds"] > timedelta(days=1).total_seconds()
