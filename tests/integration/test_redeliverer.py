"""Deliveries that wait: who sends them, with what, and how they end."""

from typing import Any

import pytest

from local.receiver import Received, Receiver, Reply
from notifications.core.errors import Unavailable
from notifications.core.model import EmailSpec, Rule, WebhookSpec
from notifications.core.rule_types import BUILT_IN
from notifications.store import keys
from tests.cloud import pipeline as made
from tests.cloud.aws import client
from tests.cloud.pipeline import Message, Pipeline, add_channel, add_rule, hint
from tests.cloud.services import services
from tests.integration.flapping import set_health
from tests.integration.sockets import unused_url


def test_a_pending_delivery_is_sent_as_it_was_rendered(pipeline: Pipeline, receiver: Receiver) -> None:
    """The body is the recorded one, and the webhook-id that of the first attempt."""
    record = made.pending(add_rule(add_channel(receiver.url)))
    pipeline.redeliver(hint(record))
    (request,) = receiver.received
    assert (request.text, request.headers["webhook-id"]) == ("kept", record.id)


@pytest.mark.parametrize("revision", [0, 1, 2, 4])
def test_an_old_hint_does_nothing(pipeline: Pipeline, receiver: Receiver, revision: int) -> None:
    """A hint to another revision than the record's changes nothing."""
    record = made.pending(rule := add_rule(add_channel(receiver.url)), revision=3)
    pipeline.redeliver({**hint(record), "revision": revision})
    assert receiver.received == []
    assert made.delivery(rule) == record


def test_the_same_hint_often(pipeline: Pipeline, receiver: Receiver) -> None:
    """A message that comes five times, in one batch and another, sends once."""
    record = made.pending(add_rule(add_channel(receiver.url)))
    pipeline.redeliver(hint(record), hint(record), hint(record))
    pipeline.redeliver(hint(record), hint(record))
    assert len(receiver.received) == 1


def test_while_one_sends_another_does_not(pipeline: Pipeline) -> None:
    """A message that comes again while its delivery is being sent, by either queue, sends nothing."""
    came: list[str] = []

    def come_again(_: Received) -> Reply:
        came.append("at all")
        if len(came) == 1:
            pipeline.redeliver(hint(record))
            pipeline.redeliver(hint(record), queue="slow")
        return Reply()

    with Receiver(come_again) as receiver:
        record = made.pending(rule := add_rule(add_channel(receiver.url)))
        pipeline.redeliver(hint(record))
    assert len(came) == 1
    assert (made.delivery(rule).status, made.delivery(rule).attempt_count) == ("delivered", 1)


def test_retries_follow_the_channels_schedule_to_the_end(pipeline: Pipeline) -> None:
    """A receiver that always fails is tried once and then as often as the channel says; then it is failed."""
    with Receiver(lambda _: Reply(status=503, body=b"busy")) as receiver:
        rule = add_rule(add_channel(receiver.url, retry=(10, 20, 40)))
        pipeline.dispatch(made.document())
        delays: list[int] = []
        while messages := pipeline.take("delivery"):
            delays += [message.delay for message in messages]
            pipeline.redeliver(*(message.body for message in messages))
    record = made.delivery(rule)
    assert (record.status, record.attempt_count, record.tries) == ("failed", 4, 4)
    assert (record.error_class, record.next_attempt_at) == ("status", None)
    assert "busy" in (record.reason or "")
    for delay, planned in zip(delays, (10, 20, 40), strict=True):
        assert 0.8 * planned <= delay <= 1.2 * planned + 1
    assert {request.headers["webhook-id"] for request in receiver.received} == {record.id}


def test_the_channel_as_it_is_now(pipeline: Pipeline, receiver: Receiver) -> None:
    """A retry uses the URL, method and headers that the channel has by then: a new secret, not the old."""
    channel = add_channel(unused_url(), headers={"X-Token": "old"})
    record = made.pending(add_rule(channel))
    spec = WebhookSpec(receiver.url + "/new", method="PUT", headers={"X-Token": "new"})
    services().channels.update(channel.id, {"spec": spec})
    pipeline.redeliver(hint(record))
    (request,) = receiver.received
    assert (request.method, request.path, request.headers["x-token"]) == ("PUT", "/new", "new")


def _delete_channel(rule: Rule) -> None:
    services().channels.delete(rule.channel_id, with_rules=True)


def _delete_rule(rule: Rule) -> None:
    services().rules.delete(rule.id)


def _disable_channel(rule: Rule) -> None:
    services().channels.update(rule.channel_id, {"enabled": False})


def _disable_rule(rule: Rule) -> None:
    services().rules.update(rule, {"enabled": False}, BUILT_IN[rule.rule_type])


CHANGES = [
    (_delete_channel, "channel_deleted"),
    (_delete_rule, "rule_deleted"),
    (_disable_channel, "channel_disabled"),
    (_disable_rule, "rule_disabled"),
]


@pytest.mark.parametrize(("change", "reason"), CHANGES)
def test_what_may_not_be_sent_any_more(
    pipeline: Pipeline, receiver: Receiver, change: Any, reason: str
) -> None:
    """When its rule or channel is deleted or disabled while a retry waits, it ends as skipped."""
    record = made.pending(rule := add_rule(add_channel(receiver.url)))
    change(rule)
    pipeline.redeliver(hint(record))
    ended = made.delivery(rule)
    assert (ended.status, ended.reason) == ("skipped", reason)
    assert (ended.next_attempt_at, ended.look_at) == (None, None)
    assert receiver.received == []


def test_a_rule_that_begins_to_observe(pipeline: Pipeline, receiver: Receiver) -> None:
    """What waits for another attempt is not sent when its rule observes now."""
    record = made.pending(rule := add_rule(add_channel(receiver.url)))
    _observe(rule)
    pipeline.redeliver(hint(record))
    ended = made.delivery(rule)
    assert (ended.status, ended.reason, ended.next_attempt_at) == ("observed", "rule_observes", None)
    assert receiver.received == []


def _observe(rule: Rule) -> None:
    services().rules.update(rule, {"observe": True}, BUILT_IN[rule.rule_type])


@pytest.mark.parametrize("change", [_delete_rule, _disable_rule, _observe])
def test_what_somebody_asked_for_needs_no_rule(pipeline: Pipeline, receiver: Receiver, change: Any) -> None:
    """A replay by hand goes out although its rule is disabled or gone, or observes."""
    record = made.pending(rule := add_rule(add_channel(receiver.url)), manual=True)
    change(rule)
    pipeline.redeliver(hint(record))
    assert made.delivery(rule).status == "delivered"
    assert not made.delivery(rule).manual


def test_gone_and_deleted_meanwhile(pipeline: Pipeline) -> None:
    """If the channel is deleted while its receiver answers 410, nothing of its health stays for ever."""

    def deleted(_: object) -> Reply:
        client("dynamodb").delete_item(TableName="config", Key=keys.channel(channel.id))
        return Reply(status=410)

    with Receiver(deleted) as receiver:
        rule = add_rule(channel := add_channel(receiver.url))
        pipeline.redeliver(hint(made.pending(rule)))
    assert made.delivery(rule).status == "failed"
    assert services().health.get(channel.id) is None


def test_gone_disables_the_channel(pipeline: Pipeline) -> None:
    """A receiver that answers 410 is not sent anything any more, and the channel says why."""
    with Receiver(lambda _: Reply(status=410, body=b"moved out")) as receiver:
        rule = add_rule(channel := add_channel(receiver.url))
        first, second = made.pending(rule), made.pending(rule, "e-2")
        pipeline.redeliver(hint(first))
        pipeline.redeliver(hint(second))
        assert len(receiver.received) == 1
    assert made.delivery(rule).status == "failed"
    assert made.delivery(rule, "e-2").reason == "channel_disabled"
    assert not services().channels.get(channel.id).enabled
    known = services().health.get(channel.id)
    assert known is not None
    assert known.gone
    assert "moved out" in (known.reason or "")


def test_a_channel_whose_type_has_changed_under_it(pipeline: Pipeline) -> None:
    """An email address that cannot be used ends its delivery as failed, with the reason, and no other."""
    spec = EmailSpec(host="127.0.0.1", port=1, from_email="a@b..c", to_emails=("d@e",), use_tls=False)
    record = made.pending(rule := add_rule(add_channel("", spec=spec)))
    pipeline.redeliver(hint(record), queue="slow")
    assert made.delivery(rule).status == "failed"
    assert "is not an email address" in (made.delivery(rule).reason or "")


@pytest.mark.parametrize(
    "poison",
    [
        "not JSON",
        "[1]",
        "3",
        "{}",
        '{"delivery": 3, "revision": 1}',
        '{"delivery": "e_r", "revision": "x"}',
        '{"delivery": "e_r"}',
        "[" * 100_000,
    ],
)
def test_a_poisonous_message_hurts_only_itself(pipeline: Pipeline, receiver: Receiver, poison: str) -> None:
    """A message that the service did not write is dropped, and the others of its batch are sent."""
    record = made.pending(rule := add_rule(add_channel(receiver.url)))
    pipeline.redeliver(poison, hint(record))
    assert made.delivery(rule).status == "delivered"


def test_configuration_that_can_not_be_read(pipeline: Pipeline, receiver: Receiver) -> None:
    """Without the config table nothing is sent and nothing ends: the claim runs out and it is due again."""
    record = made.pending(rule := add_rule(add_channel(receiver.url)))
    client("dynamodb").delete_table(TableName="config")
    with pytest.raises(Unavailable):
        pipeline.redeliver(hint(record))
    waiting = made.delivery(rule)
    assert (waiting.status, receiver.received) == ("pending", [])
    assert waiting.look_at is not None


def test_slow_in_the_fast_lane(pipeline: Pipeline, receiver: Receiver) -> None:
    """A retry for a slow receiver that came by the delivery queue is passed on to the slow one."""
    record = made.pending(rule := add_rule(channel := add_channel(receiver.url)))
    set_health(channel.id, slow=True)
    pipeline.redeliver(hint(record))
    assert receiver.received == []
    (message,) = pipeline.take("slow")
    assert message == Message(hint(made.delivery(rule)), 0)
    pipeline.redeliver(message.body, queue="slow")
    assert made.delivery(rule).status == "delivered"
