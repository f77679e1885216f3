"""Digests: events of a group come as one message, each in exactly one."""

from datetime import timedelta
from importlib import import_module

import pytest

from local.receiver import Receiver
from notifications.core.errors import EntityNotFound
from notifications.core.event_records import EventRecord
from notifications.core.model import OncePer
from notifications.core.records import MAX_QUEUE_DELAY
from notifications.core.rule_types import BUILT_IN
from notifications.store.events import EventStore
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, dynamodb_calls
from tests.cloud.services import services
from tests.integration.collapsing import AT, clock, die_at, digest, dispatch, later, own, texts
from tests.samples.configuration import noise

__all__ = ["clock"]

STARTED = BUILT_IN["session.started"]


def close(pipeline: Pipeline) -> None:
    """Have the digests closed whose messages are on the queue."""
    pipeline.drain()


def test_events_come_as_one_message(pipeline: Pipeline, receiver: Receiver) -> None:
    """Members are recorded as collected; the digest has a delivery of its own, whose id is the webhook-id."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1", "e-2")
    dispatch(pipeline, "e-3")
    assert texts(receiver) == []
    waiting = own(rule, "e-1")
    assert (waiting.status, waiting.next_attempt_at) == ("pending", AT + timedelta(minutes=5))
    (message,) = pipeline.take("delivery")
    assert message.delay == 300
    pipeline.redeliver(message.body)
    assert texts(receiver) == ["3: e-1 e-2 e-3 "]
    (request,) = receiver.received
    sent = own(rule, "e-3")
    assert (sent.status, sent.id) == ("delivered", request.headers["webhook-id"])
    for event_id in ("e-1", "e-2", "e-3"):
        record = made.delivery(rule, event_id)
        assert (record.status, record.digest_id) == ("collected", sent.event_id)


def test_the_next_event_opens_the_next_digest(pipeline: Pipeline, receiver: Receiver) -> None:
    """What comes after a digest has closed is in another one."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1")
    close(pipeline)
    dispatch(pipeline, "e-2")
    close(pipeline)
    assert texts(receiver) == ["1: e-1 ", "1: e-2 "]
    assert own(rule, "e-1").event_id != own(rule, "e-2").event_id


def test_a_digest_shows_its_events(pipeline: Pipeline, receiver: Receiver) -> None:
    """Templates see the events by their times, how many, in what they agree, and the last one's fields."""
    digest(
        receiver.url,
        by=("session_type", "context.project"),
        message_template='{"count": {{ count }}, "first": "{{ first.session_id }} {{ first.timestamp }}",'
        ' "last": "{{ last.session_id }}", "key": {{ key | tojson }}, "project": "{{ key.context.project }}",'
        ' "plain": "{{ session_id }}", "data": "{{ last.data.session_id }}", "left_out": {{ left_out }}}',
    )
    for number, at in ((1, "10:02"), (2, "10:01"), (3, "10:03")):
        fields = made.DATA | {"session_id": f"e-{number}", "context": {"project": "ml"}}
        pipeline.dispatch(made.document(f"e-{number}", fields, time=f"2026-01-15T{at}:00Z"))
    dispatch(pipeline, "other", session_type="interactive")
    close(pipeline)
    shown = next(each for each in texts(receiver) if each["count"] == 3)
    assert shown == {
        "count": 3,
        "first": "e-2 2026-01-15 10:01:00+00:00",
        "last": "e-3",
        "key": {"session_type": "batch", "context": {"project": "ml"}},
        "project": "ml",
        "plain": "e-3",
        "data": "e-3",
        "left_out": 0,
    }


def test_a_full_digest_closes_at_once_and_the_next_opens(pipeline: Pipeline, receiver: Receiver) -> None:
    """With the most events a digest is sent without waiting; the others of the batch are in the next."""
    rule = digest(receiver.url, most=3)
    dispatch(pipeline, "e-1", "e-2")
    dispatch(pipeline, "e-3", "e-4", "e-5", "e-6", "e-7")
    messages = pipeline.take("delivery")
    assert sorted(message.delay for message in messages) == [0, 0, 300, 300]
    pipeline.redeliver(*(message.body for message in messages))
    assert sorted(texts(receiver)) == ["1: e-7 ", "3: e-1 e-2 e-3 ", "3: e-4 e-5 e-6 "]
    assert len({own(rule, f"e-{number}").event_id for number in range(1, 8)}) == 3


def test_a_daily_digest_is_left_to_the_sweeper(pipeline: Pipeline, receiver: Receiver) -> None:
    """What closes later than a message can wait is found by the sweeper when it is due."""
    rule = digest(receiver.url, period="daily@09:00[Asia/Seoul]")
    dispatch(pipeline, "e-1")
    waiting = own(rule, "e-1")
    assert waiting.next_attempt_at is not None
    assert waiting.next_attempt_at.isoformat() == "2026-01-16T00:00:00+00:00"
    assert waiting.next_attempt_at - AT > MAX_QUEUE_DELAY
    assert pipeline.take("delivery") == []
    pipeline.sweep()  # by the clock on the wall it is long due
    pipeline.drain()
    assert texts(receiver) == ["1: e-1 "]


def test_a_lost_message_only_delays_a_digest(pipeline: Pipeline, receiver: Receiver) -> None:
    """The records know of a digest whose message is lost, and the sweeper brings it."""
    digest(receiver.url)
    dispatch(pipeline, "e-1")
    pipeline.take("delivery")
    pipeline.sweep()
    pipeline.drain()
    assert texts(receiver) == ["1: e-1 "]


def test_what_is_too_large_is_left_out_and_told(pipeline: Pipeline, receiver: Receiver) -> None:
    """If all events are too much for a message, the first are sent, and the record says what is missing."""
    template = '["{{ count }} {{ left_out }}"{% for each in events %}, "{{ each.session_name }}"{% endfor %}]'
    rule = digest(receiver.url, message_template=template)
    for number in range(4):
        dispatch(pipeline, f"e-{number}", session_name=f"{number}" * 100_000)
    close(pipeline)
    (told,) = texts(receiver)
    assert [each[:3] for each in told] == ["4 2", "000", "111"]
    reason = made.event(own(rule, "e-0").event_id).reason
    assert reason == "2 of 4 events are left out of the message, which would be too large"


def test_a_digest_without_its_own_record_is_sent(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the record that would say what is left out has expired, the message goes all the same."""
    rule = digest(
        receiver.url,
        message_template='"{{ count }}{% for each in events %}{{ each.session_name }}{% endfor %}"',
    )
    dispatch(pipeline, "e-1", session_name="x" * 200_000)
    dispatch(pipeline, "e-2", session_name="x" * 200_000)
    digest_id = made.delivery(rule, "e-1").digest_id
    get = EventStore.get

    def expired(store: EventStore, event_id: str) -> EventRecord:
        if event_id == digest_id:
            raise EntityNotFound("It has expired")
        return get(store, event_id)

    monkeypatch.setattr(EventStore, "get", expired)
    pipeline.drain()
    assert own(rule, "e-1").status == "delivered"


def test_a_large_event_is_read_from_its_record(pipeline: Pipeline, receiver: Receiver) -> None:
    """A document that the digest does not keep is the event's own."""
    rule = digest(receiver.url, message_template="{{ (first.session_name | length) + count }}")
    dispatch(pipeline, "e-1", session_name=noise(150_000))
    assert next(services().digests.members(own(rule, "e-1").event_id)).document is None
    close(pipeline)
    assert texts(receiver) == [150_001]


def test_an_event_that_is_dispatched_anew_stays_where_it_is(pipeline: Pipeline, receiver: Receiver) -> None:
    """A copy, or a dispatch by hand, changes nothing about an event that is in a digest."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1")
    first = own(rule, "e-1")
    dispatch(pipeline, "e-1")
    import_module("deliveries_api.dispatching").dispatch(services(), "e-1")
    for message in pipeline.take("event"):
        pipeline.dispatch(message.body, receives=2)
    assert own(rule, "e-1") == first
    close(pipeline)
    assert texts(receiver) == ["1: e-1 "]


def test_an_event_whose_dispatcher_died_after_joining(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the digest though its own record was never written; when it comes again it only ends."""
    rule = digest(receiver.url)
    die_at("notifications.store.events.EventStore.put_ended", pipeline, monkeypatch)
    close(pipeline)
    assert texts(receiver) == ["1: e-1 "]
    made.end_leases("e-1")
    pipeline.dispatch(made.document("e-1", made.DATA | {"session_id": "e-1"}), receives=2)
    assert made.event("e-1").status == "dispatched"
    assert (own(rule, "e-1").status, texts(receiver)) == ("delivered", ["1: e-1 "])


def test_repeats_join_no_digest_and_are_told_by_their_first(pipeline: Pipeline, receiver: Receiver) -> None:
    """With both, once-per comes first: a digest has the events that would have gone."""
    template = (
        '[{% for each in events %}"{{ each.session_id }} {{ each.repeats }}",{% endfor %} {{ repeats }}]'
    )
    rule = digest(receiver.url, period="1h", message_template=template, once_per=OncePer(60))
    dispatch(pipeline, "e-1", "e-2", "e-3")
    later(minutes=1)
    dispatch(pipeline, "e-4")
    assert made.delivery(rule, "e-2").reason == f"repeat of e-1_{rule.id} (2nd in 1m)"
    pipeline.sweep()
    close(pipeline)
    assert texts(receiver) == [["e-1 0", "e-4 2", 2]]


def test_what_a_digest_costs(pipeline: Pipeline, receiver: Receiver) -> None:
    """To join is one read and one transaction for a batch, besides the event's own calls."""
    digest(receiver.url)
    dispatch(pipeline, "e-1")
    with dynamodb_calls() as calls:
        dispatch(pipeline, "e-2", "e-3")
    assert calls == [
        "GetItem",
        "BatchExecuteStatement",
        "BatchGetItem",
        "TransactWriteItems",
        "BatchWriteItem",
    ]
