"""All functions from an event to its deliveries, and the queues between them, in one process."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto.sqs.models import sqs_backends

from notifications.awsapi.client import Client
from notifications.core.errors import EntityNotFound
from notifications.core.event_records import EventRecord
from notifications.core.model import Channel, EventType, Rule, WebhookSpec
from notifications.core.records import DeliveryRecord, delivery_id
from notifications.core.rule_types import BUILT_IN
from notifications.store.records import Due
from tests.cloud import values
from tests.cloud.gateway import Context
from tests.cloud.permissions import acting_as
from tests.cloud.services import services
from tests.template import resources

ACCOUNT, REGION = "123456789012", "us-east-1"
DATA = {"session_id": "s-1", "session_type": "batch", "cluster_mode": "single-node", "status": "RUNNING"}
MAX_RECEIVES = int(resources()["EventQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"])
"""How often the event queue gives a message."""

STAMP = "2026-01-15T10:30:00.000000Z"
PAST = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Timed(Context):
    """A Lambda's context with so much time left."""

    seconds: float = 120

    def get_remaining_time_in_millis(self) -> int:
        """Tell the time that is left."""
        return int(self.seconds * 1000)


class Death(BaseException):
    """The end of a process: nothing catches it, and whatever it had begun stays as it is."""


def die(*_: object, **__: object) -> NoReturn:
    """Die instead of what was called."""
    raise Death


@dataclass(frozen=True)
class Message:
    """A message on a queue, and for how many seconds it is kept back."""

    body: Any
    delay: int


class Pipeline:
    """The dispatcher, the redeliverer and the sweeper, remembering nothing of earlier tests."""

    def __init__(self) -> None:
        from dispatcher import app as dispatching  # noqa: PLC0415 - it makes clients, for moto to take over
        from redeliverer import app as redelivering  # noqa: PLC0415
        from redeliverer import sweep  # noqa: PLC0415

        self._dispatch = dispatching.Handler(services())
        self._redeliver = redelivering.Handler(services())
        self._sweep = sweep.Handler(services())

    def dispatch(self, *documents: Any, seconds: float = 60, receives: int = 1) -> dict[str, Any]:
        """Hand a batch of documents, or texts as they are, to the dispatcher for the ``receives``-th time."""
        bodies = [body if isinstance(body, str) else json.dumps(body) for body in documents]
        attributes = {"ApproximateReceiveCount": str(receives)}
        batch = [
            {
                "messageId": f"m-{number}",
                "body": body,
                "receiptHandle": f"r-{number}",
                "attributes": attributes,
            }
            for number, body in enumerate(bodies)
        ]
        return self.dispatch_records(batch, seconds)

    def dispatch_records(self, records: Sequence[Mapping[str, Any]], seconds: float = 60) -> dict[str, Any]:
        """Hand a batch of messages to the dispatcher, as Lambda does."""
        with acting_as("DispatcherFunction"):
            return self._dispatch({"Records": records}, cast(LambdaContext, Timed(seconds=seconds)))

    def redeliver(self, *bodies: Any, queue: str = "delivery") -> None:
        """Hand a batch of messages of a queue to the redeliverer."""
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"
        texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
        batch = [
            {"messageId": f"m-{number}", "body": text, "eventSourceARN": arn}
            for number, text in enumerate(texts)
        ]
        if batch:
            with acting_as("RedelivererFunction"):
                self._redeliver({"Records": batch}, cast(LambdaContext, Timed()))

    def sweep(self, seconds: float = 50) -> dict[str, int]:
        """Have the sweeper look once."""
        with acting_as("SweeperFunction"):
            return self._sweep({}, cast(LambdaContext, Timed(seconds=seconds)))

    def take(self, queue: str) -> list[Message]:
        """Take all messages off a queue, those too that are kept back."""
        held = sqs_backends[ACCOUNT][REGION].queues[queue]._messages  # noqa: SLF001
        taken = [
            Message(
                json.loads(message.body),
                max(0, round((message.delayed_until - (message.sent_timestamp or 0)) / 1000)),
            )
            for message in held
        ]
        held.clear()
        return taken

    def drain(self, rounds: int = 30) -> None:
        """Redeliver what is on both queues, and what comes of it, until nothing is."""
        for _ in range(rounds):
            batches = {queue: self.take(queue) for queue in ("delivery", "slow")}
            if not any(batches.values()):
                return
            for queue, messages in batches.items():
                self.redeliver(*(message.body for message in messages), queue=queue)
        raise AssertionError(f"after {rounds} rounds there are messages still")


def document(event_id: str = "e-1", detail: Any = None, **changes: Any) -> dict[str, Any]:
    """Make an EventBridge document."""
    made = {
        "id": event_id,
        "source": "backend.ai.manager",
        "detail-type": "session.started",
        "time": "2026-01-15T10:30:00Z",
        "detail": DATA if detail is None else detail,
    }
    return made | changes


def text(document: Any) -> str:
    """Write a document as the queue has it."""
    return json.dumps(document)


def add_channel(url: str, **changes: Any) -> Channel:
    """Store a webhook channel; headers, timeout and method are its spec's."""
    of_spec = {name: changes.pop(name) for name in ("headers", "timeout", "method") if name in changes}
    channel = values.channel(**({"spec": WebhookSpec(url, **of_spec)} | changes))
    services().channels.create(channel)
    return channel


def add_rule(channel: Channel, kind: EventType = BUILT_IN["session.started"], **changes: Any) -> Rule:
    """Store a rule of an event type on a channel."""
    rule = values.rule(
        channel, **({"message_template": "{{ session_id }}", "rule_type": kind.name} | changes)
    )
    services().rules.create(rule, kind)
    return rule


def event(event_id: str = "e-1") -> EventRecord:
    """Read what became of an event."""
    return services().events.get(event_id)


def delivery(rule: Rule, event_id: str = "e-1") -> DeliveryRecord:
    """Read what became of an event for a rule."""
    return services().records.delivery(delivery_id(event_id, rule.id))


def pending(rule: Rule, event_id: str = "e-1", **changes: Any) -> DeliveryRecord:
    """Store a delivery that waits to be sent since long ago."""
    made = DeliveryRecord(
        event_id=event_id,
        rule_id=rule.id,
        channel_id=rule.channel_id,
        rule_type=rule.rule_type,
        status="pending",
        reason=None,
        created_at=rule.created_at,
        updated_at=rule.created_at,
        message="kept",
        next_attempt_at=PAST,
        look_at=PAST,
    )
    record = replace(made, **changes)
    services().records.put_many([record])
    return record


def hint(record: DeliveryRecord) -> dict[str, Any]:
    """Make the message that has a delivery sent."""
    return {"delivery": record.id, "revision": record.revision}


def end_leases(*event_ids: str) -> None:
    """Let the time of these events' dispatchers be over, if they have any."""
    for event_id in event_ids:
        with suppress(EntityNotFound):
            seen = event(event_id)
            if seen.lease not in {None, PAST}:
                over = replace(seen, lease=PAST, look_at=PAST if seen.listed else None)
                assert services().events.change_claim(over, seen)


def due(now: datetime) -> list[Due]:
    """List what the sweeper must look at by now, in all shards."""
    pages = [
        page for shard in range(services().records.shards) for page in services().records.due(now, shard)
    ]
    return [found for page in pages for found in page]


def later(by: timedelta) -> type[datetime]:
    """Make a clock that is ahead."""
    at = datetime.now(UTC) + by

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Clock":
            return cls.fromtimestamp(at.timestamp(), tz)

    return Clock


@contextmanager
def dynamodb_calls() -> Iterator[list[str]]:
    """Note the names of the operations that are asked of DynamoDB."""
    names: list[str] = []
    call = Client.call

    def noted(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        if client is services().client("dynamodb"):
            names.append(operation)
        return call(client, operation, **parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "call", noted)
        yield names
