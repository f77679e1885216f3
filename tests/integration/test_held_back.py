"""A receiver that asks to wait is asked by nobody until then, and what waits for it is no attempt."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.receiver import Received, Receiver, Reply
from notifications.core.model import Rule, WebhookSpec
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document, hint
from tests.cloud.services import services
from tests.integration.flapping import known, set_health

DISCORD = json.dumps({"message": "You are being rate limited.", "retry_after": 29.4}).encode()


class Limited:
    """A receiver with a rate limit; ``reply`` is what it answers beyond it."""

    def __init__(self, reply: Reply) -> None:
        self.is_limited = True
        self.answers = reply
        self.receiver = Receiver(self.reply)

    def reply(self, _: Received) -> Reply:
        """Answer."""
        return self.answers if self.is_limited else Reply()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=429, headers={"Retry-After": "30"}),
        Reply(status=503, headers={"Retry-After": "30"}),
        Reply(status=429, body=DISCORD),
    ],
    ids=["429", "503", "in the body"],
)
def test_the_whole_channel_waits(pipeline: Pipeline, reply: Reply) -> None:
    """Later deliveries, of other rules too, wait until the time that the receiver asked for."""
    limited = Limited(reply)
    with limited.receiver as receiver:
        channel = add_channel(receiver.url)
        rule, other = add_rule(channel), add_rule(channel)
        pipeline.redeliver(hint(made.pending(rule, "e-0", created_at=made.STAMP)))
        asked = services().health.get(channel.id)
        assert asked is not None
        assert asked.held_back_until is not None
        assert 28 < (asked.held_back_until - datetime.now(UTC)).total_seconds() <= 30
        limited.is_limited = False
        pipeline.dispatch(document("e-1"))
        assert len(receiver.received) == 1
        for each in (rule, other):
            record = made.delivery(each, "e-1")
            assert (record.status, record.attempt_count, record.tries) == ("pending", 0, 0)
            assert (record.reason or "").startswith("held back: the receiver asked for no message before 20")
            assert record.next_attempt_at is not None
            spread = record.next_attempt_at - asked.held_back_until
            assert timedelta(0) <= spread <= timedelta(seconds=6)
        assert known(rule).failures == 1
        set_health(channel.id, held_back_until=made.PAST)
        pipeline.drain()
        assert {made.delivery(each, "e-1").status for each in (rule, other)} == {"delivered"}
        assert services().health.get(channel.id) is None, "it is well again"


@pytest.mark.parametrize("more", [{"rate": "none"}, {"preset": "ntfy"}])
def test_a_channel_that_could_have_a_rate(pipeline: Pipeline, more: dict[str, Any]) -> None:
    """A channel that is unpaced on purpose, or whose preset has no rate, waits as any other."""
    with Receiver() as receiver:
        spec = WebhookSpec(receiver.url, preset=more.get("preset"))
        rule = add_rule(add_channel(receiver.url, spec=spec, rate=more.get("rate")), message_template="{}")
        services().health_keeper.hold_back(rule.channel_id, datetime.now(UTC) + timedelta(seconds=30))
        record = made.pending(rule, message='{"topic": "t", "message": "m"}', created_at=made.STAMP)
        pipeline.redeliver(hint(record))
        assert receiver.received == []
    waiting = made.delivery(rule)
    assert waiting.next_attempt_at is not None
    assert waiting.next_attempt_at > datetime.now(UTC) + timedelta(seconds=25)


def test_the_rest_of_the_batch_waits(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has not begun when a receiver asks to wait is not sent any more."""
    monkeypatch.setattr(services().sender, "_free", [None])
    limited = Limited(Reply(status=429, headers={"Retry-After": "30"}))
    with limited.receiver as receiver:
        rule = add_rule(add_channel(receiver.url))
        pipeline.dispatch(*(document(f"e-{number}") for number in range(6)))
        assert len(receiver.received) <= 2
    records = [made.delivery(rule, f"e-{number}") for number in range(6)]
    assert {record.status for record in records} == {"pending"}
    assert sum(record.attempt_count for record in records) == len(receiver.received)


def test_an_answer_that_was_on_its_way(pipeline: Pipeline) -> None:
    """A message that the receiver takes though it asked to wait does not end the wait."""
    with Receiver() as receiver:
        rule = add_rule(add_channel(receiver.url))
        until = datetime.now(UTC) + timedelta(seconds=30)
        services().health_keeper.hold_back(rule.channel_id, until)
        services().health_keeper.hold_back(rule.channel_id, until - timedelta(seconds=20))
        assert known(rule).held_back_until == until
        before = known(rule)
        from notifications.core import channel_health  # noqa: PLC0415
        from notifications.core.attempt_summary import AttemptSummary  # noqa: PLC0415

        taken, now = AttemptSummary(fastest=0.1), datetime.now(UTC)
        assert channel_health.after_success(before, taken, now) is None
        stale = channel_health.after_success(channel_health.Health(rule.channel_id, failures=1), taken, now)
        assert stale is not None
        assert not services().health_keeper.apply(rule.channel_id, stale)
        assert known(rule) == before
    del pipeline


def test_a_paced_channel(pipeline: Pipeline) -> None:
    """Deliveries of a paced channel take slots after that time, and those that have earlier ones new ones."""
    limited = Limited(Reply(status=429, headers={"Retry-After": "30"}))
    with limited.receiver as receiver:
        rule: Rule = add_rule(add_channel(receiver.url, rate="1/s"))
        pipeline.dispatch(document("e-0"))
        until = known(rule).held_back_until
        assert until is not None
        pipeline.dispatch(document("e-1"), document("e-2"))
        soon = datetime.now(UTC) + timedelta(seconds=0.5)
        early = made.pending(rule, "e-3", next_attempt_at=soon, look_at=soon, paced="1/s")
        pipeline.redeliver(hint(early))
        assert len(receiver.received) == 1
    slots = [made.delivery(rule, f"e-{number}").next_attempt_at for number in (1, 2, 3)]
    assert [slot - until for slot in slots if slot] == [timedelta(seconds=1.05 * n) for n in range(3)]


def test_a_suspended_channel(pipeline: Pipeline) -> None:
    """A probe that would come too early is held as the others are."""
    with Receiver() as receiver:
        rule = add_rule(add_channel(receiver.url))
        record = made.pending(rule, status="held")
        later = datetime.now(UTC) + timedelta(minutes=1)
        set_health(rule.channel_id, suspended_at=made.PAST, probe_at=made.PAST, held_back_until=later)
        pipeline.redeliver({**hint(record), "probe": True}, queue="slow")
        assert receiver.received == []
        assert made.delivery(rule).status == "held"
