"""Who waits for whom: the fast lane, the slow one, the deadline, and queues that refuse."""

import socket
import threading
from datetime import UTC, datetime

import pytest

from local.receiver import Receiver, Reply
from notifications.core import channel_health
from notifications.core.model import EmailSpec
from notifications.delivering import health_keeper, outgoing
from tests.cloud import pipeline as made
from tests.cloud.aws import client
from tests.cloud.pipeline import Message, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.flapping import set_health
from tests.integration.sockets import hang, raw_server, unused_url


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the fast lane little time."""
    for module in (outgoing, channel_health):
        monkeypatch.setattr(module, "SLOW_SECONDS", 0.2)


@pytest.mark.usefixtures("hurry")
def test_a_slow_receiver_moves_to_the_slow_lane(pipeline: Pipeline) -> None:
    """What the fast lane gave up on is delivered by the slow one; its next message goes there at once."""
    gate = threading.Event()
    with Receiver(lambda _: Reply(status=200 if gate.wait(5) else 500)) as receiver:
        channel = add_channel(receiver.url)
        rule = add_rule(channel)
        pipeline.dispatch(document())
        waiting = made.delivery(rule)
        assert (waiting.status, waiting.tries, waiting.attempt_count) == ("pending", 0, 1)
        known = services().health.get(channel.id)
        assert known is not None
        assert (known.slow, known.failures) == (True, 0)
        assert pipeline.take("delivery") == []
        (message,) = pipeline.take("slow")
        assert message == Message(made.hint(waiting), 0)
        pipeline.dispatch(document("e-2"))
        assert made.delivery(rule, "e-2").attempt_count == 0
        (next_message,) = pipeline.take("slow")
        gate.set()
        pipeline.redeliver(message.body, next_message.body, queue="slow")
    done = [made.delivery(rule, event_id) for event_id in ("e-1", "e-2")]
    assert [(record.status, record.attempt_count) for record in done] == [("delivered", 2), ("delivered", 1)]


@pytest.mark.usefixtures("hurry")
def test_a_channel_that_wants_no_patience(pipeline: Pipeline) -> None:
    """A channel whose own timeout is shorter than the lane's has simply failed, and is not slow."""
    with raw_server(hang) as server:
        channel = add_channel(server.url, timeout=0.1)
        rule = add_rule(channel)
        pipeline.dispatch(document())
    record = made.delivery(rule)
    assert (record.status, record.tries, record.error_class) == ("pending", 1, "timeout")
    known = services().health.get(channel.id)
    assert known is not None
    assert (known.slow, known.failures) == (False, 1)


def test_a_quick_answer_ends_slowness(pipeline: Pipeline, receiver: Receiver) -> None:
    """A slow receiver that answers at once goes back to the fast lane."""
    channel = add_channel(receiver.url)
    rule = add_rule(channel)
    set_health(channel.id, slow=True)
    pipeline.dispatch(document())
    pipeline.drain()
    assert made.delivery(rule).status == "delivered"
    assert services().health.get(channel.id) is None


def test_mail_takes_the_slow_way(pipeline: Pipeline) -> None:
    """Mail is not sent by the dispatcher: it is recorded, and the slow queue has it."""
    spec = EmailSpec(host="127.0.0.1", port=1, from_email="a@b.c", to_emails=("d@e.f",), use_tls=False)
    rule = add_rule(add_channel("", spec=spec), message_template="Subject\nText")
    pipeline.dispatch(document())
    record = made.delivery(rule)
    assert (record.status, record.subject, record.message) == ("pending", "Subject", "Subject\nText")
    assert pipeline.take("slow") == [Message(made.hint(record), 0)]
    pipeline.redeliver(made.hint(record), queue="slow")
    assert made.delivery(rule).error_class == "connect"


@pytest.mark.parametrize("dripping", [False, True], ids=["silent", "dripping"])
def test_neighbours_are_recorded_before_a_slow_one_ends(
    pipeline: Pipeline, receiver: Receiver, *, dripping: bool
) -> None:
    """While one receiver keeps its response back, or sends it byte by byte, the others are recorded."""

    def answer_when_recorded(connection: socket.socket, ended: threading.Event) -> None:
        connection.recv(65_536)
        if dripping:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        for _ in range(90):
            if ended.wait(0.02):
                return
            if dripping:
                connection.sendall(b".")
            found = services().records.rules_met("e-1")
            if rule.id in found:
                first = b"" if dripping else b"HTTP/1.1 200 OK"
                connection.sendall(first + b"\r\nContent-Length: 0\r\n\r\n")
                return

    rule = add_rule(add_channel(receiver.url))
    with raw_server(answer_when_recorded) as server:
        slow = add_rule(add_channel(server.url))
        pipeline.dispatch(document())
    assert made.delivery(slow).status == "delivered"
    assert made.delivery(rule).status == "delivered"


def test_what_can_not_be_begun_in_time_goes_on_the_queue(pipeline: Pipeline, receiver: Receiver) -> None:
    """Without time left nothing is sent by the dispatcher, and everything by the redeliverer."""
    rules = [add_rule(add_channel(receiver.url)) for _ in range(3)]
    pipeline.dispatch(document(), seconds=5)
    assert receiver.received == []
    records = [made.delivery(rule) for rule in rules]
    assert {(record.status, record.attempt_count) for record in records} == {("pending", 0)}
    assert made.event().status == "dispatched"
    messages = pipeline.take("delivery")
    assert len(messages) == 3
    pipeline.redeliver(*(message.body for message in messages))
    assert {made.delivery(rule).status for rule in rules} == {"delivered"}


@pytest.mark.parametrize("way", ["retry", "slow", "late"])
def test_queues_that_refuse_lose_nothing(pipeline: Pipeline, way: str) -> None:
    """When SQS takes no message, the event ends all the same and its delivery is pending and due."""
    channel = add_channel(unused_url())
    rule = add_rule(channel)
    if way == "slow":
        set_health(channel.id, slow=True)
    for queue in ("delivery", "slow"):
        client("sqs").delete_queue(QueueUrl=f"https://sqs.us-east-1.amazonaws.com/123456789012/{queue}")
    assert pipeline.dispatch(document(), seconds=5 if way == "late" else 60) == {"batchItemFailures": []}
    record = made.delivery(rule)
    assert record.status == "pending"
    assert record.look_at is not None
    assert [due.rule_id for due in made.due(record.look_at)] == [rule.id]


def test_retry_after_reaches_the_queue(pipeline: Pipeline) -> None:
    """A receiver that asks for a minute is sent again when the minute is over: the message is kept back."""
    with Receiver(lambda _: Reply(status=429, headers={"Retry-After": "60"})) as receiver:
        rule = add_rule(add_channel(receiver.url))
        pipeline.dispatch(document())
    (message,) = pipeline.take("delivery")
    assert message.body == made.hint(made.delivery(rule))
    assert message.delay in range(59, 62)


def test_a_wait_of_hours_gets_no_message(pipeline: Pipeline) -> None:
    """What waits longer than a message can is left to the sweeper, a minute before its time."""
    rule = add_rule(add_channel(unused_url(), retry=(7_200,)))
    pipeline.dispatch(document())
    record = made.delivery(rule)
    assert pipeline.take("delivery") == []
    assert record.next_attempt_at is not None
    assert record.look_at is not None
    assert 59 <= (record.next_attempt_at - record.look_at).total_seconds() <= 61


@pytest.mark.parametrize(("known_seconds", "queries"), [(0.0, 1), (3600.0, 0)])
def test_health_is_read_once_for_a_batch(
    pipeline: Pipeline,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    known_seconds: float,
    queries: int,
) -> None:
    """However many deliveries a batch has, health is one query, and none if it was read just before."""
    monkeypatch.setattr(health_keeper, "KNOWN_SECONDS", known_seconds)
    channel = add_channel(receiver.url)
    for _ in range(5):
        add_rule(channel)
    pipeline.dispatch(document())
    with made.dynamodb_calls() as calls:
        pipeline.dispatch(document("e-2"), document("e-3"))
    assert calls.count("Query") == queries, calls


def test_what_a_dispatcher_writes_of_health_it_knows_at_once(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure that was counted is known to the next batch, however long health is kept in memory."""
    monkeypatch.setattr(health_keeper, "KNOWN_SECONDS", 3600.0)
    rule = add_rule(add_channel(unused_url()))
    assert services().health_keeper.known([rule.channel_id]) == {}
    pipeline.dispatch(document())
    assert services().health_keeper.known([rule.channel_id])[rule.channel_id].failures == 1


def test_many_unwell_channels(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When more channels are unwell than one read takes, a batch asks for its own, and misses none."""
    monkeypatch.setattr("notifications.store.health.SOME", 2)
    for number in range(5):
        set_health(f"c-{number}", failures=1)
    channel = add_channel(receiver.url)
    rule = add_rule(channel)
    set_health(channel.id, failures=100, suspended_at=datetime.now(UTC))
    pipeline.dispatch(document())
    assert made.delivery(rule).status == "held"
