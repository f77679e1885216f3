"""Dispatchers, a redeliverer and a sweeper over events that windows collapse, while AWS fails."""

import os
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from random import Random
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.core.errors import Unavailable
from notifications.core.model import Digest, OncePer
from notifications.core.records import DeliveryRecord
from notifications.wiring import Services
from tests.cloud import pipeline as made
from tests.cloud.pipeline import DATA, Pipeline, Timed, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.chaos import TOLD_THE_TIME, Clock, Faults, Player, Queue, Queued, Turns

TEMPLATE = '[{% for each in events %}"{{ each.session_id }}",{% endfor %} {{ count }}]'
LAST_ROUNDS = 40
MODULES = (*TOLD_THE_TIME, "dispatcher.rounds")
ARN = f"arn:aws:sqs:{made.REGION}:{made.ACCOUNT}:"


def set_clock(patch: pytest.MonkeyPatch) -> None:
    """Have all of them look at the clock that goes on only when it is told to, and pause for no time."""
    for name in MODULES:
        patch.setattr(import_module(name), "datetime", Clock)
    patch.setattr("notifications.awsapi.client.MAX_PAUSE_SECONDS", 0.0001)
    patch.setattr("notifications.store.dynamodb.FIRST_PAUSE_SECONDS", 0.0001)


def body(event_id: str, **data: Any) -> str:
    """Write the document of an event whose session has its id."""
    return made.text(document(event_id, DATA | {"session_id": event_id} | data))


class Crowd:
    """Dispatchers that take turns, call by call. Each has a handler, which a death makes anew."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self._handlers: dict[Any, Any] = {}

    def dispatcher(self, number: int, batch: list[Queued], queue: Queue) -> Any:
        """Make the job of one that has a batch; what it has done is deleted from the queue."""
        return lambda _player: self._dispatch(number, batch, queue)

    def _dispatch(self, number: int, batch: list[Queued], queue: Queue) -> None:
        if not batch:
            return
        app = import_module("dispatcher.app")
        handler = self._handlers.pop(number, None) or app.Handler(Services(os.environ))
        try:
            # Each has its own time left, because the clock stands still and a lease tells whose a claim is.
            time_left = Timed(seconds=60 - number / 2)
            answer = handler({"Records": [message.record for message in batch]}, time_left)
        except Unavailable:  # none is deleted
            answer = {"batchItemFailures": [{"itemIdentifier": message.id} for message in batch]}
        self._handlers[number] = handler
        back = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message in batch:
            if message.id not in back:
                queue.messages.pop(message.id, None)


class World:
    """Two dispatchers, a redeliverer and a sweeper, and faults by a seed."""

    def __init__(self, pipeline: Pipeline, receiver: Receiver, patch: pytest.MonkeyPatch, seed: int) -> None:
        self.random = random = Random(seed)  # noqa: S311 - a failure must repeat
        self.queue = Queue(random)
        self.pipeline = pipeline
        self.crowd = Crowd(Turns(random))
        self.faults = Faults(patch, random, self.crowd.turns, self.queue)
        most = random.choice((2, 3, 100))
        self.digest = add_rule(
            add_channel(f"{receiver.url}/digest"), digest=Digest("1m", (), most), message_template=TEMPLATE
        )
        self.once = add_rule(add_channel(f"{receiver.url}/once"), once_per=OncePer(7 * 24 * 3_600))
        self.events = [f"e-{number}" for number in range(8)]
        for event_id in self.events:
            self.queue.put(body(event_id))

    def play(self, steps: int = 6) -> None:
        """Let all of them act at the same time, and fail, for a while; events come twice."""
        for _ in range(steps):
            self.faults.rate = self.random.choice((0.03, 0.1, 0.2))
            if self.random.random() < 0.3:
                self.queue.put(body(self.random.choice(self.events)))
            jobs = [self._dispatcher(number, twice=0.2) for number in range(2)]
            jobs.append(self._redeliverer)
            if self.random.random() < 0.4:
                jobs.append(lambda _player: self.sweep())
            self.crowd.turns.play(jobs)
            Clock.at += timedelta(seconds=self.random.choice((1, 30, 61, 100)))

    def end(self) -> None:
        """Let everything come to its end, with nothing that fails."""
        self.faults.rate = 0.0
        for _ in range(LAST_ROUNDS):
            Clock.at += timedelta(minutes=10)
            self.crowd.turns.play([self._dispatcher(number, twice=0.0) for number in range(2)])
            self.pipeline.drain()
            self.sweep()
            for message in self.pipeline.take("event"):
                self.queue.put(made.text(message.body), again=True)
            if not (self.queue.messages or made.due(Clock.at + timedelta(days=1))):
                return
        raise AssertionError(f"after {LAST_ROUNDS} rounds there is still something to do")

    def sweep(self) -> None:
        """Have the sweeper look once."""
        sweep = import_module("redeliverer.sweep")
        with suppress(Unavailable):
            sweep.Handler(services())({}, Timed(seconds=50))

    def own(self, event_id: str) -> DeliveryRecord:
        """Read the delivery of the digest that an event is in."""
        return made.delivery(self.digest, made.delivery(self.digest, event_id).digest_id or "")

    def _dispatcher(self, number: int, *, twice: float) -> Any:
        return self.crowd.dispatcher(number, self.queue.receive(4, twice), self.queue)

    def _redeliverer(self, _player: Player) -> None:
        """Take what is on the delivery queue, at whatever time; the messages are gone if it dies."""
        handler = import_module("redeliverer.app").Handler(Services(os.environ))
        batch = [
            {"messageId": str(number), "body": made.text(message.body), "eventSourceARN": f"{ARN}delivery"}
            for number, message in enumerate(self.pipeline.take("delivery"))
            if message.delay == 0 or self.random.random() < 0.5
        ]
        if batch:
            with suppress(Unavailable):
                handler({"Records": batch}, Timed(seconds=60))
