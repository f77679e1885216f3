"""What was recorded and is not done is found, whatever was lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.core.errors import EntityNotFound, Unavailable
from notifications.core.event_records import reopened
from notifications.core.model import Rule
from notifications.store import keys
from notifications.store.events import EventStore
from notifications.store.records import RecordStore
from tests.cloud import pipeline as made
from tests.cloud.aws import client
from tests.cloud.pipeline import PAST, Message, Pipeline, add_channel, add_rule, document, hint
from tests.cloud.services import services
from tests.integration.flapping import set_health
from tests.integration.recorded import event as recorded_event
from tests.integration.sockets import unused_url

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/"


@pytest.fixture
def rule(pipeline: Pipeline) -> Rule:
    """Make a rule on a channel that nobody listens to, with a retry after two hours."""
    del pipeline
    return add_rule(add_channel(unused_url(), retry=(7_200,)))


def sweep_later(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, by: timedelta) -> dict[str, int]:
    """Have the sweeper look some time later."""
    from redeliverer import sweep  # noqa: PLC0415

    with monkeypatch.context() as patch:
        patch.setattr(sweep, "datetime", made.later(by))
        return pipeline.sweep()


def test_nothing_to_do(pipeline: Pipeline) -> None:
    """When all is well the sweeper asks with a query a shard, one for health and a read of mutes."""
    with made.dynamodb_calls() as calls:
        assert pipeline.sweep() == {"events": 0, "deliveries": 0, "probes": 0, "releases": 0}
    assert calls == ["Query", "GetItem", *["Query"] * 4]


def test_a_lost_message(pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pending delivery whose message was lost is sent two minutes after its time, not before."""
    rule = add_rule(add_channel(receiver.url))
    pipeline.dispatch(document(), seconds=5)
    assert len(pipeline.take("delivery")) == 1
    assert sweep_later(pipeline, monkeypatch, timedelta(minutes=1))["deliveries"] == 0
    assert sweep_later(pipeline, monkeypatch, timedelta(minutes=2))["deliveries"] == 1
    pipeline.drain()
    assert made.delivery(rule).status == "delivered"


def test_a_long_retry(pipeline: Pipeline, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """A retry after hours is put on the queue a minute before its time, kept back for the rest of it."""
    pipeline.dispatch(document())
    record = made.delivery(rule)
    assert record.next_attempt_at is not None
    ahead = record.next_attempt_at - datetime.now(UTC)
    assert sweep_later(pipeline, monkeypatch, ahead - timedelta(seconds=70))["deliveries"] == 0
    assert sweep_later(pipeline, monkeypatch, ahead - timedelta(seconds=40))["deliveries"] == 1
    (message,) = pipeline.take("delivery")
    assert message.body == hint(record)
    assert message.delay in range(40, 42)


def test_nothing_is_brought_twice(pipeline: Pipeline, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was just put on the queue is left there for five minutes, then looked at again."""
    record = made.pending(rule)
    counts = [
        sweep_later(pipeline, monkeypatch, timedelta(minutes=minutes))["deliveries"]
        for minutes in (0, 1, 4, 6, 7)
    ]
    assert counts == [1, 0, 0, 1, 0]
    assert pipeline.take("delivery") == [Message(hint(record), 0)] * 2


def test_somebody_was_faster(pipeline: Pipeline, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was taken to be sent, or brought by another sweeper, since the sweeper found it is left alone."""
    made.pending(rule)
    found = [*services().records.due(datetime.now(UTC), keys.shard("e-1", services().records.shards))]
    claimed = services().records.claim_delivery("e-1", rule.id, 1, datetime.now(UTC) + timedelta(minutes=1))
    monkeypatch.setattr(RecordStore, "due", lambda _self, _now, shard: iter([] if shard else found))
    assert pipeline.sweep()["deliveries"] == 0
    assert made.delivery(rule) == claimed
    assert pipeline.take("delivery") == []


def test_an_event_whose_dispatcher_died(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event that is dispatched anew is put on the queue again, as it came, when its lease is over.

    The message of any other event is still on the queue.
    """
    rule = add_rule(add_channel(receiver.url))

    def die(*_: Any) -> None:
        raise made.Death

    recorded = replace(recorded_event(id="e-1", document=made.text(document())), status="refused")
    services().events.put_ended([reopened(recorded, datetime.now(UTC), datetime.now(UTC))])
    with monkeypatch.context() as patch:
        patch.setattr(RecordStore, "put_now", die)
        with pytest.raises(made.Death):
            pipeline.dispatch(document(), receives=2)
    assert pipeline.sweep()["events"] == 0, "the lease still runs"
    made.end_leases("e-1")
    assert pipeline.sweep()["events"] == 1
    (message,) = pipeline.take("event")
    assert message.body == document()
    assert 0 <= message.delay <= 10
    assert pipeline.sweep()["events"] == 0
    pipeline.dispatch(message.body)
    assert made.delivery(rule).status == "delivered"
    assert made.event().status == "dispatched"


def test_a_probe_that_died(pipeline: Pipeline, receiver: Receiver) -> None:
    """A held delivery whose prober died is found when the claim has run out, and goes on."""
    rule = add_rule(add_channel(receiver.url))
    made.pending(rule, status="held")
    claimed = services().records.claim_delivery("e-1", rule.id, 1, PAST)
    assert claimed is not None
    assert pipeline.sweep()["deliveries"] == 1
    pipeline.drain()
    assert made.delivery(rule).status == "delivered"


def test_sqs_refuses(pipeline: Pipeline, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """When SQS takes neither hints nor events, all of it is due again five minutes later."""
    made.pending(rule)
    client("sqs").delete_queue(QueueUrl=QUEUE + "delivery")
    assert pipeline.sweep()["deliveries"] == 1
    client("sqs").create_queue(QueueName="delivery")
    assert sweep_later(pipeline, monkeypatch, timedelta(minutes=4))["deliveries"] == 0
    assert sweep_later(pipeline, monkeypatch, timedelta(minutes=6))["deliveries"] == 1
    assert len(pipeline.take("delivery")) == 1


def test_the_event_queue_refuses(pipeline: Pipeline, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """When SQS takes no event the sweeper fails, which an alarm counts, and the event is due again."""
    del rule
    pipeline.dispatch(document())
    services().records.put_many([replace(made.event(), status="dispatching", lease=PAST, look_at=PAST)])
    client("sqs").delete_queue(QueueUrl=QUEUE + "event")
    with pytest.raises(Unavailable):
        pipeline.sweep()
    client("sqs").create_queue(QueueName="event")
    assert sweep_later(pipeline, monkeypatch, timedelta(minutes=6))["events"] == 1


def test_dynamodb_fails(pipeline: Pipeline, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the table cannot be written the sweeper fails, and what is due stays due."""
    made.pending(rule)

    def refuse(*_: Any) -> None:
        raise Unavailable("DynamoDB refused: ThrottlingException")

    with monkeypatch.context() as patch:
        patch.setattr(RecordStore, "put_off", refuse)
        with pytest.raises(Unavailable):
            pipeline.sweep()
    assert pipeline.sweep()["deliveries"] == 1


def test_no_time(pipeline: Pipeline, rule: Rule) -> None:
    """A sweeper whose time is over stops, and what it did not bring stays due."""
    made.pending(rule)
    assert pipeline.sweep(seconds=5)["deliveries"] == 0
    assert pipeline.sweep()["deliveries"] == 1


def test_gone_at_this_moment(pipeline: Pipeline, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record whose time ends while the sweeper looks at it stops no other."""
    made.pending(rule)
    pipeline.dispatch(document("e-2"))
    services().records.put_many([replace(made.event("e-2"), status="dispatching", lease=PAST, look_at=PAST)])

    def gone(*_: Any) -> None:
        raise EntityNotFound("There is no such record")

    monkeypatch.setattr(EventStore, "get", gone)
    counts = pipeline.sweep()
    assert (counts["events"], counts["deliveries"]) == (1, 1)
    assert (len(pipeline.take("event")), len(pipeline.take("delivery"))) == (0, 1)


def test_many_old_held_do_not_take_all_its_time(
    pipeline: Pipeline, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many held deliveries have to be given up, the sweeper does a part, and looks at what is due."""
    from redeliverer import tend  # noqa: PLC0415

    monkeypatch.setattr(tend, "PORTION", 2)
    set_health(rule.channel_id, suspended_at=PAST, failing_since=PAST, failures=100)
    for number in range(5):
        made.pending(rule, f"old-{number}", status="held")
    made.pending(rule, "e-9")
    assert pipeline.sweep()["deliveries"] == 1
    assert len([*services().records.held(rule.channel_id)]) == 3
