"""The queues of deliveries that wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from notifications.awsapi.client import Client
from notifications.core.errors import Unavailable
from notifications.core.records import MAX_QUEUE_DELAY
from notifications.messaging import queues
from tests.cloud.aws import client
from tests.cloud.pipeline import Message, Pipeline, hint
from tests.cloud.services import services
from tests.samples.records import delivery

MAX = MAX_QUEUE_DELAY.total_seconds()


def test_more_than_one_message_holds(pipeline: Pipeline) -> None:
    """Of any number of hints each is on the queue once, with its revision."""
    records = [delivery(event_id=f"e-{number}", revision=number) for number in range(1, 24)]
    services().delivery_queues.hint([(record, 0.0) for record in records])
    assert [message.body for message in pipeline.take("delivery")] == [hint(record) for record in records]
    assert pipeline.take("slow") == []


@pytest.mark.parametrize(
    ("wait", "delays"), [(-5.0, [0]), (0.0, [0]), (0.2, [1]), (MAX, [900]), (MAX + 0.001, [])]
)
def test_delay(pipeline: Pipeline, wait: float, delays: list[int]) -> None:
    """A message comes not before its time, never in the past, and not at all if SQS cannot wait so long."""
    services().delivery_queues.hint([(delivery(), wait)], slow=True)
    assert [message.delay for message in pipeline.take("slow")] == delays


def test_a_probe_goes_to_the_slow_queue(pipeline: Pipeline) -> None:
    """A probe goes to the slow queue and says what it is."""
    record = delivery(revision=7)
    services().delivery_queues.probe(record)
    assert pipeline.take("slow") == [Message({**hint(record), "probe": True}, 0)]


@pytest.mark.parametrize("last", [False, True])
def test_a_release(pipeline: Pipeline, *, last: bool) -> None:
    """A release names the channel, and whether its suspension ends with it."""
    services().delivery_queues.release("channel-1", last=last)
    assert pipeline.take("delivery") == [Message({"release": "channel-1", "last": last}, 0)]


def test_nothing_to_hint(pipeline: Pipeline) -> None:
    """Without anything that waits SQS is not asked: it takes no empty batch."""
    client("sqs").delete_queue(QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/delivery")
    services().delivery_queues.hint([])
    services().delivery_queues.hint([(delivery(), timedelta(hours=1).total_seconds())])
    assert pipeline.take("slow") == []


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Note what is logged as a warning."""
    found: list[dict[str, object]] = []
    monkeypatch.setattr(queues.logger, "warning", lambda _, extra: found.append(extra))
    return found


@pytest.mark.usefixtures("pipeline")
def test_a_hint_that_is_refused_is_told_and_no_error(told: list[dict[str, object]]) -> None:
    """When SQS refuses, the log says how many messages and why; nothing is raised: the sweeper finds them."""
    client("sqs").delete_queue(QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/delivery")
    services().delivery_queues.hint([(delivery(), 0.0)] * 3)
    services().delivery_queues.release("channel-1")
    assert [entry["count"] for entry in told] == [3, 1]


def test_a_part_of_a_batch_is_refused(
    pipeline: Pipeline, told: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What SQS takes of a batch is on the queue, though it refuses another message of it."""
    call = services().client("sqs").call

    def refusing_first(operation: str, **parameters: Any) -> dict[str, Any]:
        del parameters["Entries"][0]
        failed = [{"Id": "0", "Code": "InternalError", "SenderFault": False}]
        return call(operation, **parameters) | {"Failed": failed}

    with monkeypatch.context() as patch:
        patch.setattr(services().client("sqs"), "call", refusing_first)
        services().delivery_queues.hint([(delivery(event_id=name), 0.0) for name in ("e-1", "e-2")])
    assert [message.body["delivery"][:3] for message in pipeline.take("delivery")] == ["e-2"]
    assert told == [{"count": 1, "code": "InternalError"}]


def test_the_event_queue(pipeline: Pipeline) -> None:
    """An event comes back as it was, after the delay."""
    services().event_queue.put('{"id": "세션"}', 7)
    assert pipeline.take("event") == [Message({"id": "세션"}, 7)]


@pytest.mark.usefixtures("pipeline")
def test_an_event_that_is_refused_is_an_error() -> None:
    """The sweeper is told when an event could not be put back."""
    client("sqs").delete_queue(QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/event")
    with pytest.raises(Unavailable):
        services().event_queue.put("{}", 0)


def test_large_messages_are_kept_a_few_at_a_time(pipeline: Pipeline) -> None:
    """However large what could not be recorded is, no batch is more than SQS takes; all of it is kept."""
    bodies = [{"record": "x" * 400_000, "tries": number} for number in range(7)]
    with sizes() as batches:
        assert services().delivery_queues.keep(bodies, 15.0) == [True] * 7
    assert max(batches) <= 1024 * 1024
    assert pipeline.take("delivery") == [Message(body, 15) for body in bodies]


def test_what_sqs_does_not_keep_is_told(pipeline: Pipeline) -> None:  # noqa: ARG001
    """Of what SQS refuses it is told, so that nobody counts on it."""
    client("sqs").delete_queue(QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/delivery")
    assert services().delivery_queues.keep([{"record": "x", "tries": 0}] * 12, 15.0) == [False] * 12


@contextmanager
def sizes() -> Iterator[list[int]]:
    """Note how large each batch is."""
    found: list[int] = []
    call = Client.call

    def noted(aws_client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        if operation == "SendMessageBatch":
            found.append(sum(len(entry["MessageBody"]) for entry in parameters["Entries"]))
        return call(aws_client, operation, **parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "call", noted)
        yield found
