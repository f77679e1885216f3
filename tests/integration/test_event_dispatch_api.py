"""POST /notifications/events/{id}/dispatch: a recorded event is dispatched again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.core.event_records import EventRecord
from notifications.messaging.queues import BATCH_SIZE
from tests.cloud import pipeline as made
from tests.cloud.aws import client
from tests.cloud.gateway import Answer, call
from tests.cloud.pipeline import STAMP, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.cloud.values import USED_UP

LATER = timedelta(minutes=3)
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/event"


def keep(status: Any, **changes: Any) -> EventRecord:
    """Store the record of an event."""
    text = made.text(document())
    record = EventRecord("e-1", "session.started", status, "why", text, STAMP, STAMP, STAMP)
    changed = replace(record, **changes)
    services().events.put_ended([changed])
    return replace(changed, listed=True)


def ask(event_id: str) -> Answer:
    """Ask for an event to be dispatched anew."""
    return call("POST", f"/notifications/events/{event_id}/dispatch")


def dispatch_what_is_queued(pipeline: Pipeline) -> None:
    """Hand what is on the event queue to the dispatcher, as Lambda does."""
    found = client("sqs").receive_message(
        QueueUrl=QUEUE, MaxNumberOfMessages=BATCH_SIZE, MessageAttributeNames=["All"]
    )
    records = [
        {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {name: {"stringValue": "1"} for name in message["MessageAttributes"]},
        }
        for message in found["Messages"]
    ]
    assert pipeline.dispatch_records(records) == {"batchItemFailures": []}


@pytest.mark.parametrize("status", ["refused", "dead_letter", "unmatched", "dispatched", "dispatching"])
def test_it_goes_to_the_rules_that_there_are_now(pipeline: Pipeline, receiver: Receiver, status: str) -> None:
    """Whatever became of an event, it is dispatched with the configuration as it is now, as one new claim."""
    rule = add_rule(add_channel(receiver.url))
    kept = keep(status, claims=3)
    answer = ask("e-1")
    assert answer.status == 202
    assert (answer.json["event"]["status"], answer.json["event"]["reason"]) == ("dispatching", None)
    assert answer.json["event"]["created_at"] == kept.created_at
    dispatch_what_is_queued(pipeline)
    record = made.event()
    assert (record.status, record.claims, record.document) == ("dispatched", 1, kept.document)
    assert made.delivery(rule).status == "delivered"


def test_what_was_delivered_is_not_delivered_again(pipeline: Pipeline, receiver: Receiver) -> None:
    """A rule that has a delivery of the event gets no second one; a rule that is new gets its first."""
    add_rule(add_channel(f"{receiver.url}/old"))
    pipeline.dispatch(document())
    add_rule(add_channel(f"{receiver.url}/new"))
    assert ask("e-1").status == 202
    dispatch_what_is_queued(pipeline)
    assert [request.path for request in receiver.received] == ["/old", "/new"]


def test_an_event_that_was_refused_for_its_schema(pipeline: Pipeline, receiver: Receiver) -> None:
    """When the schema was mended, the events that were refused for it can be dispatched."""
    services().event_types.create(USED_UP)
    add_rule(add_channel(receiver.url), kind=USED_UP, message_template="{{ share }}")
    event = document("e-1", {"share": 0.1}, **{"detail-type": USED_UP.name})
    pipeline.dispatch(event)
    assert made.event().status == "refused"
    ask("e-1")
    dispatch_what_is_queued(pipeline)
    assert made.event().status == "refused"
    schema = {"type": "object", "properties": {"share": {"type": "number"}}}
    services().event_types.update(USED_UP.name, {"json_schema": schema}, 1)
    ask("e-1")
    dispatch_what_is_queued(pipeline)
    assert made.event().status == "dispatched"
    assert len(receiver.received) == 1


def test_while_somebody_dispatches_it(pipeline: Pipeline) -> None:  # noqa: ARG001
    """An event that a dispatcher has is left to that."""
    until = datetime.now(UTC) + LATER
    kept = keep("dispatching", claims=1, lease=until, look_at=until)
    answer = ask("e-1")
    assert answer.status == 409
    assert "is being dispatched" in answer.json["msg"]
    assert made.event() == kept


def test_what_cannot_be_dispatched(pipeline: Pipeline) -> None:
    """A document that is malformed stays refused, with the reason."""
    pipeline.dispatch(document(source="somebody.else"))
    kept = made.event()
    answer = ask("e-1")
    assert answer.status == 409
    assert "malformed: source" in answer.json["msg"]
    assert made.event() == kept


def test_unknown(pipeline: Pipeline) -> None:  # noqa: ARG001
    """An event of which there is no record is not found."""
    assert ask("e-9").status == 404


def test_a_message_that_is_lost(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the queue does not take the event, the sweeper finds it, and it is dispatched."""
    rule = add_rule(add_channel(receiver.url))
    keep("refused")
    client("sqs").delete_queue(QueueUrl=QUEUE)
    assert ask("e-1").status == 202
    client("sqs").create_queue(QueueName="event")
    seen = made.event()
    assert services().events.put_if(replace(seen, look_at=made.PAST), seen)
    monkeypatch.setattr("redeliverer.sweeper.SPREAD_SECONDS", 0)
    assert pipeline.sweep()["events"] == 1
    dispatch_what_is_queued(pipeline)
    assert made.delivery(rule).status == "delivered"
