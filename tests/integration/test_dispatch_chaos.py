"""No event is lost, whatever fails and whoever dies: two dispatchers share a queue while AWS misbehaves."""

import json
import os
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from random import Random
from typing import Any

import pytest
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from local.receiver import Receiver
from notifications.core.errors import EntityNotFound, EventConflict, Unavailable
from notifications.core.event_records import MAX_CLAIMS, EventRecord
from notifications.core.model import Rule
from notifications.wiring import Services
from tests.cloud import pipeline as made
from tests.cloud.aws import client
from tests.cloud.pipeline import (
    ACCOUNT,
    DATA,
    MAX_RECEIVES,
    REGION,
    Pipeline,
    Timed,
    add_channel,
    add_rule,
    document,
)
from tests.cloud.services import services
from tests.integration.chaos import TOLD_THE_TIME, Clock, Faults, Player, Queue, Queued, Turns

SEEDS = int(os.environ.get("CHAOS_SEEDS", "20"))
FIRST_SEED = int(os.environ.get("CHAOS_FIRST_SEED", "30"))
"""Seeds 35, 36 and 42 lose an event if a dead letter may take the place of another event with its id."""

STEPS = 5
LAST_ROUNDS = 40
LARGE_BYTES = 500_000
DEAD_LETTERS = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/dead_letter"
UNMATCHED = "unmatched"


@pytest.fixture(autouse=True)
def _clock(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - it imports them
    for name in TOLD_THE_TIME:
        monkeypatch.setattr(import_module(name), "datetime", Clock)
    monkeypatch.setattr("notifications.awsapi.client.MAX_PAUSE_SECONDS", 0.0001)
    monkeypatch.setattr("notifications.store.dynamodb.FIRST_PAUSE_SECONDS", 0.0001)
    monkeypatch.setattr("notifications.messaging.dead_letters.PEEK_SECONDS", 0)
    monkeypatch.setattr("redeliverer.dead_letters.PORTIONS", 1)


class World:
    """Events on a queue, two dispatchers, a sweeper and an operator."""

    def __init__(self, pipeline: Pipeline, receiver: Receiver, patch: pytest.MonkeyPatch, seed: int) -> None:
        self.random = random = Random(seed)  # noqa: S311 - a failure must repeat
        self.queue = Queue(random)
        self.pipeline = pipeline
        self.turns = Turns(random)
        self.faults = Faults(patch, random, self.turns, self.queue)
        self.harmed: Counter[str] = Counter()
        self.sent = [add_rule(add_channel(f"{receiver.url}/{number}")) for number in range(2)]
        self.skipped = add_rule(add_channel(receiver.url, enabled=False))
        self.passing = add_rule(add_channel(f"{receiver.url}/passing"))
        self.bodies = {f"e-{number}": self._body(f"e-{number}") for number in range(5)}
        self.tired = {event_id for event_id in self.bodies if random.random() < 0.1}
        for event_id, body in self.bodies.items():
            self.queue.put(body, receives=MAX_RECEIVES - 3 if event_id in self.tired else 0)
        self.queue.put(made.text(document(UNMATCHED, **{"detail-type": "session.terminated"})))
        self.queue.put("no JSON")
        self._handlers: dict[int, Any] = {}

    def play(self) -> None:
        """Let all of them act at the same time, and fail, for a while."""
        gone = self.random.randrange(STEPS)
        for step in range(STEPS):
            self.faults.rate = self.random.choice((0.03, 0.1, 0.2))
            if step == gone:
                services().rules.delete(self.passing.id)
            self._add_others()
            self.step(twice=0.2)
            if self.random.random() < 0.3:
                self.pipeline.drain()

    def end(self) -> None:
        """Let the queue run empty, with nothing that fails."""
        self.faults.rate = 0.0
        for _ in range(LAST_ROUNDS):
            Clock.at += timedelta(minutes=10)
            self.step(twice=0.0, acting=False)
            self.pipeline.drain()
            self.sweep()
            if not (self.queue.messages or made.due(Clock.at + timedelta(days=1))):
                return
        raise AssertionError(f"after {LAST_ROUNDS} rounds there is still something to do")

    def step(self, *, twice: float, acting: bool = True) -> None:
        """Have both dispatchers receive, and others act meanwhile; then some time passes."""
        jobs = [self._dispatcher(number, self.queue.receive(4, twice)) for number in range(2)]
        if acting and self.random.random() < 0.5:
            jobs.append(self._operator)
        if acting and self.random.random() < 0.3:
            jobs.append(lambda _player: self.sweep())
        self.turns.play(jobs)
        Clock.at += timedelta(seconds=self.random.choice((1, 30, 61, 100)))
        self.move()

    def sweep(self) -> None:
        """Have the sweeper look once."""
        sweep = import_module("redeliverer.sweep")
        with suppress(Unavailable):
            sweep.Handler(services())({}, Timed(seconds=50))

    def dispatch_again(self, event_id: str) -> None:
        """Ask for an event's dispatch, as an operator does."""
        with suppress(EntityNotFound, EventConflict, Unavailable):
            import_module("deliveries_api.dispatching").dispatch(services(), event_id)

    def _dispatcher(self, number: int, batch: list[Queued]) -> Any:
        app = import_module("dispatcher.app")

        # Each has its own time left, because the clock stands still and a lease tells whose a claim is.
        def job(player: Player) -> None:
            if not batch:
                return
            handler = self._handlers.pop(number, None) or app.Handler(Services(os.environ))
            try:
                time_left = Timed(seconds=60 - number / 2)
                answer = handler({"Records": [message.record for message in batch]}, time_left)
            except Unavailable:  # none is deleted
                answer = {"batchItemFailures": [{"itemIdentifier": message.id} for message in batch]}
            finally:
                if player.harmed:
                    self.harmed.update(self._named(message) for message in batch)
            self._handlers[number] = handler
            back = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
            for message in batch:
                if message.id not in back and self.random.random() >= self.faults.rate:
                    self.queue.messages.pop(message.id, None)

        return job

    def _operator(self, _player: Player) -> None:
        self.dispatch_again(self.random.choice([*self.bodies]))

    def _add_others(self) -> None:
        """Put copies, and other events with ids that are somebody's already, on the queues."""
        for event_id in services().events.standings([*self.bodies]):
            other = self.random.choice((document(event_id, DATA | {"session_id": "other"}), {"id": event_id}))
            match self.random.randrange(8):
                case 0:
                    self.queue.put(self.bodies[event_id])
                case 1:
                    self.queue.put(made.text(other))
                case 2:
                    client("sqs").send_message(QueueUrl=DEAD_LETTERS, MessageBody=made.text(other))

    def move(self) -> None:
        """Move what others put on the event queue to ours, and what ours has given up."""
        put = sqs_backends[ACCOUNT][REGION].queues["event"]._messages  # noqa: SLF001
        for message in put:
            self.queue.put(message.body, again=True)
        put.clear()
        for buried in self.queue.buried:
            client("sqs").send_message(QueueUrl=DEAD_LETTERS, MessageBody=buried.body)
        self.queue.buried.clear()

    def _named(self, message: Queued) -> str:
        return str(json.loads(message.body)["id"]) if message.body.startswith("{") else message.id

    def _body(self, event_id: str) -> str:
        size = LARGE_BYTES if self.random.random() < 0.05 else 0
        data = DATA | {"session_id": event_id}
        return made.text(document(event_id, data, resources=[self.random.randbytes(size).hex()]))


def letters() -> list[str]:
    """List what is on the dead letter queue."""
    return [message.body for message in sqs_backends[ACCOUNT][REGION].queues["dead_letter"]._messages]  # noqa: SLF001


def recorded(event_id: str, body: str) -> EventRecord:
    """Read an event's record, which is what was sent, and nobody's."""
    record = made.event(event_id)
    assert (record.document, record.lease, record.look_at, record.listed) == (body, None, None, True)
    return record


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS))
def test_nothing_is_lost(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Every event is dispatched, or a dead letter if many died over it, and then it can be dispatched."""
    world = World(pipeline, receiver, monkeypatch, seed)
    world.play()
    world.end()
    for event_id, body in world.bodies.items():
        record = recorded(event_id, body)
        if record.status == "dead_letter":
            assert world.harmed[event_id] >= MAX_CLAIMS or event_id in world.tired
            assert body in letters()
            world.dispatch_again(event_id)
        else:
            assert record.status == "dispatched"
    world.move()
    world.end()
    assert {recorded(*each).status for each in world.bodies.items()} == {"dispatched"}
    assert made.event(UNMATCHED).status == "unmatched"
    kept = dynamodb_backends[ACCOUNT][REGION].tables["deliveries"].all_items()
    assert not [item for item in kept if "lease" in item.attrs]
    _all_arrived(world, receiver, world.sent)


def _all_arrived(world: World, receiver: Receiver, rules: list[Rule]) -> None:
    for number, rule in enumerate(rules):
        came = {
            request.headers["webhook-id"]: json.loads(request.text) for request in receiver.at(f"/{number}")
        }
        assert came == {f"{event_id}_{rule.id}": event_id for event_id in world.bodies}
        assert {made.delivery(rule, event_id).status for event_id in world.bodies} == {"delivered"}
    assert {made.delivery(world.skipped, event_id).status for event_id in world.bodies} == {"skipped"}
