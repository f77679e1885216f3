"""Whatever fails and whoever dies, each event is in exactly one digest, and one of a group goes."""

import json
import os
from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from local.receiver import Receiver
from notifications.core.model import Digest, OncePer
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_channel, add_rule
from tests.cloud.services import services
from tests.integration.chaos import Clock, Faults, Queue, Turns
from tests.integration.collapsing_chaos import Crowd, World, body, set_clock

SEEDS = int(os.environ.get("CHAOS_SEEDS", "15"))
FIRST_SEED = int(os.environ.get("CHAOS_FIRST_SEED", "1"))

ROUNDS = 100
DISPATCHERS = 4
BATCH = 10


@pytest.fixture(autouse=True)
def _clock(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - it imports them
    set_clock(monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS))
def test_each_event_is_in_one_digest_and_one_goes(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Under deaths, copies, lost responses and throttling nothing is lost, and nothing is told twice."""
    world = World(pipeline, receiver, monkeypatch, seed)
    world.play()
    world.end()
    buried = {each for each in world.events if made.event(each).status == "dead_letter"}
    _check_digests(world, receiver, buried)
    _check_once_per(world, receiver, buried)


def _check_digests(world: World, receiver: Receiver, buried: set[str]) -> None:
    came: dict[str, list[object]] = {}
    for request in receiver.at("/digest"):
        told = json.loads(request.text)
        assert came.setdefault(request.headers["webhook-id"], told) == told, "a copy says the same"
    inside: Counter[object] = Counter()
    for *events, count in came.values():
        assert len(events) == count
        inside.update(events)
    assert set(inside.values()) <= {1}
    assert inside.keys() <= {*world.events}
    assert {*world.events} - buried <= inside.keys()
    for event_id in inside:
        record = made.delivery(world.digest, str(event_id))
        assert (record.status, record.lease) == ("collected", None)
        sent = world.own(str(event_id))
        assert (sent.status, event_id in came[sent.id]) == ("delivered", True)
    assert not services().digests.open_ones(
        [(world.digest.id, sent.group or "") for sent in map(world.own, map(str, inside))]
    )


def _check_once_per(world: World, receiver: Receiver, buried: set[str]) -> None:
    went = {request.headers["webhook-id"].partition("_")[0] for request in receiver.at("/once")}
    assert len(went - buried) == 1, "one goes; another one only if the first was given up"
    (first,) = went - buried
    for event_id in {*world.events} - buried - {first}:
        record = made.delivery(world.once, event_id)
        assert record.status == "skipped"
        assert (record.reason or "").startswith("repeat of e-")


@pytest.mark.slow
def test_a_thousand_events_of_a_group_are_one_message(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a second, over four dispatchers: one is sent, 999 are its repeats, and the next one says so."""
    random = Random(1)  # noqa: S311 - a failure must repeat
    queue, crowd = Queue(random), Crowd(Turns(random))
    Faults(monkeypatch, random, crowd.turns, queue)
    rule = add_rule(
        add_channel(receiver.url),
        once_per=OncePer(600, ("session_type",)),
        message_template='"{{ session_id }} {{ repeats }}"',
    )
    ids = [f"e-{number}" for number in range(1_000)]
    for event_id in ids:
        queue.put(body(event_id))
    while queue.messages:
        batches = [queue.receive(BATCH, 0.0) for _ in range(DISPATCHERS)]
        crowd.turns.play([crowd.dispatcher(number, batch, queue) for number, batch in enumerate(batches)])
    (sent,) = receiver.received
    first = sent.headers["webhook-id"]
    records = [made.delivery(rule, event_id) for event_id in ids]
    assert Counter(record.status for record in records) == {"delivered": 1, "skipped": 999}
    reasons = {record.reason for record in records if record.status == "skipped"}
    assert len(reasons) == 999, "each has its number"
    assert f"repeat of {first} (3rd in 10m)" in reasons
    assert f"repeat of {first} (1000th in 10m)" in reasons
    Clock.at += timedelta(minutes=10)
    pipeline.dispatch(body("next"))
    assert json.loads(receiver.received[-1].text) == "next 999"


@pytest.mark.slow
def test_two_that_open_a_digest_at_the_same_time_make_one(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a hundred rounds of two dispatchers whose calls come in any order, each round makes one digest."""
    random = Random(2)  # noqa: S311 - a failure must repeat
    queue, crowd = Queue(random), Crowd(Turns(random))
    Faults(monkeypatch, random, crowd.turns, queue)
    rule = add_rule(
        add_channel(receiver.url), digest=Digest("5m", ("session_name",)), message_template="{{ count }}"
    )
    for number in range(ROUNDS):
        jobs = []
        for dispatcher in range(2):
            queue.put(body(f"e-{number}-{dispatcher}", session_name=f"round {number}"))
            jobs.append(crowd.dispatcher(dispatcher, queue.receive(1, 0.0), queue))
        crowd.turns.play(jobs)
        one, other = (made.delivery(rule, f"e-{number}-{dispatcher}") for dispatcher in range(2))
        assert one.digest_id == other.digest_id
    assert len(pipeline.take("delivery")) == ROUNDS
