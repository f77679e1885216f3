"""When a part of AWS is away nothing is lost or refused, and what was sent is not sent again and again."""

import json
from typing import Any

import pytest

from local.receiver import Receiver, Reply
from notifications.core.errors import Unavailable
from notifications.delivering import health_keeper
from notifications.outbound.sender import Sender
from notifications.store import dynamodb as module
from notifications.store.dynamodb import BATCH_WRITE_SIZE
from tests.cloud import pipeline as made
from tests.cloud.aws import client
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.away import Away, Meets, all_writes, deliveries_only, kms

DEAD_LETTERS = "https://sqs.us-east-1.amazonaws.com/123456789012/dead_letter"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.0001)
    monkeypatch.setattr("notifications.awsapi.client.MAX_PAUSE_SECONDS", 0.0001)


def dispatch(pipeline: Pipeline, *, receives: int) -> None:
    """Have the event dispatched for the so-many-th time; it comes to nothing."""
    with pytest.raises(Unavailable):
        pipeline.dispatch(document(), receives=receives)


def write_late(pipeline: Pipeline) -> None:
    """Let the redeliverer work off what the delivery queue has."""
    pipeline.drain()


@pytest.mark.parametrize("away", [deliveries_only, all_writes], ids=["deliveries", "all writes"])
def test_what_was_sent_and_not_recorded_is_not_sent_again(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, away: Meets
) -> None:
    """What came of it waits on the queue and is recorded later; then the event ends as dispatched."""
    rules = [add_rule(add_channel(f"{receiver.url}/{number}")) for number in range(30)]
    outage = Away(monkeypatch, away)
    dispatch(pipeline, receives=1)
    assert receiver.received
    outage.is_away = False
    made.end_leases("e-1")
    write_late(pipeline)
    pipeline.dispatch(document(), receives=2)
    assert {made.delivery(rule).status for rule in rules} == {"delivered"}
    assert {made.delivery(rule).attempt_count for rule in rules} == {1}
    assert made.event().status == "dispatched"
    assert len(receiver.received) == 30


def test_however_long_it_lasts_it_is_sent_once(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While deliveries cannot be recorded, an event comes again and again, and nothing of it goes out."""
    rule = add_rule(add_channel(receiver.url))
    outage = Away(monkeypatch, deliveries_only)
    for receives in range(1, 12):
        dispatch(pipeline, receives=receives)
        pipeline.redeliver(*(message.body for message in pipeline.take("delivery")))
    assert len(receiver.received) == 1
    record = made.event()
    assert (record.status, record.claims, record.lease) == ("dispatching", 0, None)
    assert record.reason == "the results of 1 deliveries are not recorded yet"
    outage.is_away = False
    write_late(pipeline)
    pipeline.dispatch(document(), receives=12)
    assert (made.event().status, made.event().reason) == ("dispatched", None)
    assert made.delivery(rule).status == "delivered"


def test_if_nothing_at_all_can_be_written_it_is_sent_twice_at_most(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the event cannot be handed back, its dispatcher knows when it comes again what was sent."""
    rule = add_rule(add_channel(receiver.url))
    outage = Away(monkeypatch, all_writes)
    dispatch(pipeline, receives=1)
    made_of_it = made.event()
    assert (made_of_it.status, made_of_it.claims) == ("dispatching", 1)
    outage.is_away = False
    made.end_leases("e-1")
    pipeline.dispatch(document(), receives=2)
    assert made.event().status == "dispatched"
    write_late(pipeline)
    assert len(receiver.received) <= 2
    assert made.delivery(rule).status == "delivered"


def test_a_failed_attempt_that_was_recorded_late_is_retried(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The schedule goes on from the attempt whose record came late."""
    statuses = iter([503, 200])
    with Receiver(lambda _: Reply(status=next(statuses))) as receiver:
        rule = add_rule(add_channel(receiver.url, retry=(1,)))
        outage = Away(monkeypatch, deliveries_only)
        dispatch(pipeline, receives=1)
        outage.is_away = False
        write_late(pipeline)
        pipeline.dispatch(document(), receives=2)
        write_late(pipeline)
        assert len(receiver.received) == 2
    record = made.delivery(rule)
    assert (record.status, record.attempt_count) == ("delivered", 2)


def test_a_retry_that_can_not_be_recorded_is_not_repeated(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a redeliverer sent and could not record is recorded late, too."""
    record = made.pending(rule := add_rule(add_channel(receiver.url)))
    outage = Away(monkeypatch, deliveries_only)
    with pytest.raises(Unavailable):
        pipeline.redeliver(made.hint(record))
    outage.is_away = False
    write_late(pipeline)
    assert made.delivery(rule).status == "delivered"
    assert pipeline.sweep()["deliveries"] == 0
    assert len(receiver.received) == 1


def test_what_a_later_sender_knows_is_not_overwritten(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late record of a failure changes nothing if the delivery has been delivered since."""
    record = made.pending(rule := add_rule(add_channel("http://127.0.0.1:9")))
    outage = Away(monkeypatch, deliveries_only)
    with pytest.raises(Unavailable):
        pipeline.redeliver(made.hint(record))
    outage.is_away = False
    late = pipeline.take("delivery")
    claimed = made.delivery(rule)
    services().channels.update(rule.channel_id, {"spec": services().channels.get(rule.channel_id).spec})
    delivered = made.pending(rule, status="delivered", revision=claimed.revision + 1, look_at=None)
    pipeline.redeliver(*(message.body for message in late))
    assert made.delivery(rule) == delivered
    assert receiver.received == []


@pytest.mark.parametrize("away", [deliveries_only, kms], ids=["records", "secrets"])
def test_in_the_end_it_is_a_dead_letter_with_its_reason(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, away: Meets
) -> None:
    """An event that cannot be dispatched for hours is a dead letter, and listed so; it is never refused."""
    add_rule(add_channel(receiver.url, sealed=b"" if away is deliveries_only else b"sealed"))
    Away(monkeypatch, away)
    for receives in (*range(1, 5), made.MAX_RECEIVES - 1):
        dispatch(pipeline, receives=receives)
    assert pipeline.dispatch(document(), receives=made.MAX_RECEIVES) == {"batchItemFailures": []}
    (letter,) = client("sqs").receive_message(QueueUrl=DEAD_LETTERS, MessageAttributeNames=["All"])[
        "Messages"
    ]
    assert json.loads(letter["Body"]) == document()
    record = made.event()
    assert record.status == "dead_letter"
    assert letter["MessageAttributes"]["reason"]["StringValue"] == record.reason
    assert record.reason
    assert len(receiver.received) <= 1


def test_unavailable_is_no_death(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often an event could not be dispatched because KMS was away, it is dispatched in the end."""
    rule = add_rule(add_channel(receiver.url))
    monkeypatch.setattr(health_keeper, "KNOWN_SECONDS", 0.0)
    pipeline.dispatch(document("warm"))
    receiver.received.clear()
    rule = add_rule(add_channel(receiver.url))
    outage = Away(monkeypatch, lambda operation, asked: operation == "Query" and "HEALTH" in asked)
    for receives in range(1, 8):
        dispatch(pipeline, receives=receives)
    assert receiver.received == []
    outage.is_away = False
    pipeline.dispatch(document(), receives=8)
    assert made.event().status == "dispatched"
    assert made.delivery(rule).status == "delivered"


@pytest.mark.usefixtures("cloud")
def test_no_more_is_sent_than_can_be_recorded(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the first records are left unwritten, what was not begun by then is not sent before they are."""
    monkeypatch.setattr(services(), "sender", Sender(4, policy=services().target_policy))
    pipeline = Pipeline()
    channel = add_channel(receiver.url)
    rules = [add_rule(channel) for _ in range(60)]
    outage = Away(monkeypatch, deliveries_only)
    dispatch(pipeline, receives=1)
    assert len(receiver.received) < BATCH_WRITE_SIZE + 2 * 4
    outage.is_away = False
    dispatch(pipeline, receives=2)  # the others go out, and what was sent before is still to be recorded
    write_late(pipeline)
    pipeline.dispatch(document(), receives=3)
    assert made.event().status == "dispatched"
    assert len(receiver.received) == len(rules)
    assert {made.delivery(rule).status for rule in rules} == {"delivered"}


def test_answers_are_read_while_records_wait(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy table keeps no response from being read in time: what one try leaves is written afterwards."""
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.05)
    outage = Away(monkeypatch, deliveries_only)
    answered: list[str] = []

    def reply(_: Any) -> Reply:
        answered.append("")
        if len(answered) == 40:
            outage.is_away = False
        return Reply(status=200)

    with Receiver(reply) as receiver:
        rules = [add_rule(add_channel(f"{receiver.url}/{number}")) for number in range(40)]
        pipeline.dispatch(document())
    assert {made.delivery(rule).status for rule in rules} == {"delivered"}
    assert len(answered) == 40
