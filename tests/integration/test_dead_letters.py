"""What reaches the dead letter queue is listed as an event, and leaves it when the event has ended."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.waiting import until
from notifications.core.errors import EntityNotFound, Unavailable
from notifications.core.event_records import EventRecord, claimed
from notifications.store.record_pages import Wanted
from redeliverer import dead_letters
from tests.cloud import pipeline as made
from tests.cloud.aws import client
from tests.cloud.pipeline import PAST, STAMP, Pipeline, document
from tests.cloud.services import services
from tests.integration.away import Away

URL = "https://sqs.us-east-1.amazonaws.com/123456789012/dead_letter"


@pytest.fixture(autouse=True)
def _seen_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.messaging.dead_letters.PEEK_SECONDS", 1)


def put(body: Any, **attributes: str) -> None:
    """Put a message on the queue, as SQS or EventBridge does."""
    text = body if isinstance(body, str) else json.dumps(body)
    told = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    client("sqs").send_message(QueueUrl=URL, MessageBody=text, MessageAttributes=told)


def left() -> int:
    """Count what is on the queue, also what is hidden."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = client("sqs").get_queue_attributes(QueueUrl=URL, AttributeNames=names)["Attributes"]
    return sum(map(int, found.values()))


def keep(status: Any, **changes: Any) -> EventRecord:
    """Store the record of an event."""
    text = made.text(document())
    record = EventRecord("e-1", "session.started", status, None, text, STAMP, STAMP, STAMP, **changes)
    services().events.put_ended([record])
    return replace(record, listed=True)


def test_what_sqs_has_moved_is_listed(pipeline: Pipeline) -> None:
    """A message whose dispatchers all died before they could claim it is listed, and stays on the queue."""
    put(document())
    pipeline.sweep()
    record = made.event()
    assert (record.status, record.reason) == ("dead_letter", "dispatching it ended without a result")
    assert json.loads(record.document or "") == document()
    assert left() == 1


def test_what_sqs_has_moved_after_it_was_claimed(pipeline: Pipeline) -> None:
    """An event that was only claimed, and whose message is here, is listed with the message's document."""
    new = EventRecord(
        "e-1", "session.started", "dispatching", None, made.text(document()), None, STAMP, STAMP
    )
    assert services().events.insert([claimed(new, PAST, PAST)]).made
    put(document())
    pipeline.sweep()
    record = made.event()
    assert (record.status, json.loads(record.document or "")) == ("dead_letter", document())


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"reason": "DynamoDB did not do it"}, "DynamoDB did not do it"),
        ({"ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": "no"}, "NO_PERMISSIONS: no"),
    ],
    ids=["the dispatcher's", "EventBridge's"],
)
def test_what_has_a_reason_stays_until_it_is_dispatched(
    pipeline: Pipeline, attributes: dict[str, str], reason: str
) -> None:
    """A dead letter is listed with its reason; its message stays until the event has been dispatched."""
    put(document(), **attributes)
    pipeline.sweep()
    record = made.event()
    assert (record.status, record.reason, record.rule_type) == ("dead_letter", reason, "session.started")
    assert left() == 1
    pipeline.dispatch(document())  # somebody has given it back to the event queue
    assert made.event().status == "unmatched"
    until("the queue is empty", lambda: pipeline.sweep() is not None and left() == 0)


@pytest.mark.parametrize("status", ["dispatched", "unmatched", "refused"])
def test_a_copy_of_what_has_ended_goes(pipeline: Pipeline, status: str) -> None:
    """A message about an event that has come to its end is taken away, and changes nothing."""
    kept = keep(status)
    put(document())
    pipeline.sweep()
    assert made.event() == kept
    assert left() == 0


def test_what_is_being_dispatched_is_left_alone(pipeline: Pipeline) -> None:
    """An event that somebody has, or that the sweeper will bring, stays as it is, and so does its message."""
    until = datetime.now(UTC) + timedelta(minutes=1)
    kept = keep("dispatching", claims=1, lease=until, look_at=until)
    put(document(), reason="away")
    pipeline.sweep()
    assert made.event() == kept
    assert left() == 1


def test_what_is_no_event(pipeline: Pipeline) -> None:
    """What is malformed is listed under its message's id, refused for that, and has left the queue."""
    put("not JSON")
    put(document("e-7", source="somebody.else"), reason="away")
    pipeline.sweep()
    assert left() == 0
    assert (made.event("e-7").status, made.event("e-7").reason or "") > ("refused", "malformed: source")
    listed = services().record_pages.events(Wanted(limit=10, status="refused")).records
    assert len(listed) == 2


def test_many(pipeline: Pipeline) -> None:
    """All of many letters are listed by one sweep."""
    for number in range(25):
        put(document(f"e-{number}"), reason="away")
    pipeline.sweep()
    assert {made.event(f"e-{number}").status for number in range(25)} == {"dead_letter"}
    assert left() == 25


def test_a_sweep_without_time(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep whose time is over looks at no more than one portion; a later one goes on."""
    monkeypatch.setattr(dead_letters, "PORTIONS", 3)
    for number in range(25):
        put(document(f"e-{number}"))
    pipeline.sweep(seconds=5)
    pages = services().record_pages
    wanted = Wanted(limit=100, status="dead_letter")
    assert len(pages.events(wanted).records) in range(1, 11)
    until("all are listed", lambda: pipeline.sweep() is not None and len(pages.events(wanted).records) == 25)


def test_without_its_configuration_an_event_is_a_dead_letter_in_the_end(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not even be claimed becomes a dead letter, too, with the reason."""
    Away(monkeypatch, lambda operation, asked: operation == "GetItem" and '"config"' in asked)
    with pytest.raises(Unavailable):
        pipeline.dispatch(document(), receives=made.MAX_RECEIVES - 1)
    with pytest.raises(EntityNotFound):
        made.event()
    pipeline.dispatch(document(), receives=made.MAX_RECEIVES)
    assert made.event().status == "dead_letter"
    assert "ThrottlingException" in (made.event().reason or "")


def test_while_the_dead_letter_queue_is_away_it_comes_again(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event is not let go before somebody else has it."""
    Away(
        monkeypatch,
        lambda operation, asked: (
            operation == "SendMessage" or (operation == "GetItem" and '"config"' in asked)
        ),
    )
    with pytest.raises(Unavailable):
        pipeline.dispatch(document(), receives=made.MAX_RECEIVES)
