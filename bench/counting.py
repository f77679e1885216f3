"""What an event makes us call on AWS, and what it uses there, counted in steady state.

Steady state: the function is warm, the configuration and the channels' secrets are in memory, every receiver
answers at once with 200. The dispatcher's real code runs against moto's server and a receiver on loopback.
"""

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from bench.usage import Usage, counted
from local.receiver import Received, Receiver, Reply
from notifications.core import signatures
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, Digest, OncePer, Rule, WebhookSpec
from notifications.core.pacing import WAIT, Pace
from notifications.core.secrets import SigningSecret
from notifications.store import items
from notifications.store.dynamodb import BATCH_WRITE_SIZE
from tests.cloud import aws, values
from tests.cloud.pipeline import ACCOUNT, DATA, REGION, Pipeline, document
from tests.cloud.services import services

EVENT_BYTES = MESSAGE_BYTES = 1024
RATE = "1/s"
RETRY = (1,)
"""The schedule of the channel whose first attempt fails: it is tried once more."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a batch of events used. ``sent_bytes``: of the requests to the receivers, without TLS."""

    rules: int
    events: int
    usage: Usage
    sent_bytes: int


def steady(pipeline: Pipeline, rules: int, *, events: int = 1) -> Counted:
    """Count what a batch of events uses that meets so many rules, each with a channel of its own."""
    with Receiver() as receiver:
        prepare(rules, receiver.url)
        pipeline.dispatch(event())
        receiver.received.clear()
        with counted() as usage:
            pipeline.dispatch(*(event() for _ in range(events)))
        sent = receiver.received
    if len(sent) != rules * events:
        raise AssertionError(f"{len(sent)} of {rules * events} messages came")
    return Counted(rules, events, usage, sum(map(_bytes, sent)))


def retried(pipeline: Pipeline) -> Counted:
    """Count what an event with one rule uses whose receiver fails once: the difference is a retry's."""
    failing = [True]

    def reply(_: Received) -> Reply:
        return Reply(status=503 if failing and failing.pop() else 200)

    with Receiver(reply) as receiver:
        prepare(1, receiver.url)
        failing.clear()
        pipeline.dispatch(event())
        pipeline.redeliver({"delivery": "none_none", "revision": 0})  # what it reads only once
        failing.append(True)
        receiver.received.clear()
        with counted() as usage:
            pipeline.dispatch(event())
            pipeline.drain()
        return Counted(1, 1, usage, sum(map(_bytes, receiver.received)))


def paced(pipeline: Pipeline, *, waits: bool) -> Counted:
    """Count what an event with one rule uses whose channel is paced. ``waits``: it waits in the queue."""
    pace = Pace(WAIT + timedelta(seconds=1), RATE)
    with Receiver() as receiver:
        channel = prepare(1, receiver.url, RATE)[0]
        for _ in range(2):  # what is read only once
            services().paces.forget(channel.id)
            pipeline.dispatch(event())
            pipeline.redeliver({"delivery": "none_none", "revision": 0})
        services().paces.forget(channel.id)
        receiver.received.clear()
        if waits:
            services().paces.slots(channel.id, 1, pace, datetime.now(UTC))
        with counted() as usage:
            pipeline.dispatch(event())
            if waits:
                time.sleep(4.5)  # as long as the message is delayed
            pipeline.drain()
        return Counted(1, 1, usage, sum(map(_bytes, receiver.received)))


def repeated(pipeline: Pipeline, events: int) -> Counted:
    """Count what a batch of repeats uses whose first event has gone."""
    with Receiver() as receiver:
        prepare(1, receiver.url, once_per=OncePer(3_600))
        pipeline.dispatch(event())
        with counted() as usage:
            pipeline.dispatch(*(event() for _ in range(events)))
        return Counted(1, events, usage, 0)


def collected(pipeline: Pipeline, events: int, *, opens: bool, sends: bool = False) -> Counted:
    """Count what a batch of events uses that joins a digest, or ``opens`` one. ``sends``: and closes it."""
    with Receiver() as receiver:
        prepare(1, receiver.url, digest=Digest("5m"))
        pipeline.dispatch(event())
        if opens:
            pipeline.drain()
        with counted() as usage:
            pipeline.dispatch(*(event() for _ in range(events)))
            if sends:
                pipeline.drain()
        return Counted(1, events, usage, sum(map(_bytes, receiver.received)))


def swept(pipeline: Pipeline) -> Counted:
    """Count what the sweeper uses that finds nothing to do."""
    pipeline.sweep()
    with counted() as usage:
        pipeline.sweep()
    return Counted(0, 0, usage, 0)


def event() -> str:
    """Make an EventBridge document of EVENT_BYTES, as EventBridge writes it, with an id of its own."""
    envelope = {"version": "0", "account": ACCOUNT, "region": REGION, "resources": []}
    made = document(str(uuid4())) | envelope
    made["detail"] = {**made["detail"], "session_id": str(uuid4()), "session_name": ""}
    missing = EVENT_BYTES - len(json.dumps(made, separators=(",", ":")))
    made["detail"]["session_name"] = "s" * missing
    return json.dumps(made, separators=(",", ":"))


def prepare(rules: int, url: str, rate: str | None = None, **more: Any) -> list[Channel]:
    """Store rules, each with its channel, past the stores, whose transactions take their time.

    ``more``: attributes of the rules.
    """
    written: list[dict[str, Any]] = []
    channels = [replace(_channel(url), rate=rate) for _ in range(rules)]
    for number, channel in enumerate(channels):
        written += [items.channel_item(channel), items.rule_item(replace(_rule(channel, number), **more))]
    for start in range(0, len(written), BATCH_WRITE_SIZE):
        portion = [{"PutRequest": {"Item": item}} for item in written[start : start + BATCH_WRITE_SIZE]]
        services().client("dynamodb").call(
            "BatchWriteItem", RequestItems={os.environ["CONFIG_TABLE"]: portion}
        )
    return channels


def _channel(url: str) -> Channel:
    channel = values.channel(retry=RETRY)
    secret = SigningSecret(signatures.make_secret(os.urandom(signatures.SECRET_BYTES)))
    whole = WebhookSpec(f"{url}/hooks/{uuid4()}")
    spec, taken = kind_of(whole).take_secrets(whole)
    sealed = services().vault.seal(channel.id, replace(taken, signing=(secret,)))
    return replace(channel, spec=spec, sealed=sealed)


def _rule(channel: Channel, number: int) -> Rule:
    """Make a rule whose message has MESSAGE_BYTES: some of the event, and some of its own."""
    template = (
        f'{{"rule":"{number:05}","session":"{{{{ session_id }}}}","status":"{{{{ status }}}}","text":""}}'
    )
    rendered = template.replace("{{ session_id }}", str(uuid4())).replace("{{ status }}", DATA["status"])
    text = "t" * (MESSAGE_BYTES - len(rendered))
    return values.rule(channel, message_template=template.replace('""', f'"{text}"'))


def _bytes(request: Received) -> int:
    if len(request.body) != MESSAGE_BYTES:
        raise AssertionError(f"A message has {len(request.body)} bytes")
    lines = [f"{request.method} {request.path} HTTP/1.1", ""]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    return sum(len(line) + 2 for line in lines) + len(request.body)


@contextmanager
def cloud() -> Iterator[None]:
    """Have moto's server with nothing in it, and name it in the environment for the service's parts."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with aws.serving():
        os.environ["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        yield


def fresh() -> Pipeline:
    """Forget everything in the cloud, make what the functions need of it, and have the functions."""
    aws.forget()
    aws.create()
    return Pipeline()
