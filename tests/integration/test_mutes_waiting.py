"""Deliveries that wait, under mutes: retries, what was held, and what somebody asks for by hand."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

import pytest

from local.receiver import Receiver
from notifications.core.model import Rule, timestamp
from notifications.core.mutes import Mute
from notifications.messaging.queues import DeliveryQueues
from notifications.store import keys
from tests.cloud import pipeline as made
from tests.cloud.aws import client
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document, hint
from tests.cloud.services import services
from tests.integration import flapping
from tests.integration.flapping import Flapping, endpoint, set_health
from tests.integration.muted import HOUR, end, mute, status, suppressed

__all__ = ["endpoint"]

MANY = 10


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Receive webhooks."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def rule(pipeline: Pipeline, receiver: Receiver) -> Rule:
    """Have a rule."""
    del pipeline
    return add_rule(add_channel(receiver.url))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clocks of the sweeper and the redeliverer."""
    from redeliverer import redeliver, release, sweep  # noqa: PLC0415

    def set_clock(time: datetime) -> None:
        clock = made.later(time - datetime.now(UTC))
        for module in (redeliver, release, sweep):
            monkeypatch.setattr(module, "datetime", clock)

    return set_clock


def until(muted: Mute) -> datetime:
    """Return when a mute ends."""
    return datetime.fromisoformat(muted.until or "")


def came(receiver: Receiver) -> list[str]:
    """Return the ids of what came."""
    return [request.headers["webhook-id"] for request in receiver.received]


@pytest.mark.parametrize("expected", ["skipped", "held"])
def test_a_retry_meets_the_mutes_of_its_time(
    pipeline: Pipeline, receiver: Receiver, rule: Rule, expected: str
) -> None:
    """What would be sent again is kept back like what is new, and keeps its attempts."""
    record = made.pending(rule, attempt_count=2, tries=2)
    muted = mute(hold=expected == "held")
    pipeline.redeliver(hint(record))
    kept = made.delivery(rule)
    assert (kept.status, kept.mute_id, kept.attempt_count, kept.message) == (expected, muted.id, 2, "kept")
    assert (kept.reason or "").startswith("muted: maintenance (mute ")
    assert receiver.received == []
    assert suppressed(muted) == 1


def test_what_somebody_asked_for_is_sent(pipeline: Pipeline, receiver: Receiver, rule: Rule) -> None:
    """A retry by hand is sent while the mute is in force, and is the mute's no more."""
    muted = mute()
    pipeline.dispatch(document())
    assert (status(rule), suppressed(muted)) == ("skipped", 1)
    assert call("POST", f"/notifications/deliveries/e-1_{rule.id}/retry", {}).status == 202
    assert (status(rule), suppressed(muted)) == ("pending", 0)
    pipeline.drain()
    assert (status(rule), len(receiver.received)) == ("delivered", 1)
    assert made.delivery(rule).mute_id is None


def test_the_condition_of_a_mute_is_asked_of_the_waiting_event(
    pipeline: Pipeline, receiver: Receiver, rule: Rule
) -> None:
    """Its fields are read from its record; where there is none, no condition is met."""
    pipeline.dispatch(document())
    recorded, unknown = made.pending(rule, "e-1"), made.pending(rule, "unheard-of")
    mute(condition={"status": ["ERROR"]})
    pipeline.redeliver(hint(recorded))
    assert status(rule) == "delivered"
    again = made.pending(rule, "e-1", revision=20)
    mute(condition={"status": ["RUNNING"]})
    pipeline.redeliver(hint(again), hint(unknown))
    assert (status(rule), status(rule, "unheard-of")) == ("skipped", "delivered")
    assert len(receiver.received) == 3


def test_other_waiting_deliveries_are_sent(pipeline: Pipeline, rule: Rule) -> None:
    """A mute of another rule, channel or type is none of their business."""
    record = made.pending(rule)
    for changes in ({"rule_id": "r"}, {"channel_id": "c"}, {"rule_type": "session.terminated"}):
        mute(**changes)
    pipeline.redeliver(hint(record))
    assert status(rule) == "delivered"


def hold(pipeline: Pipeline, rule: Rule, **changes: Any) -> Mute:
    """Have many deliveries held."""
    muted = mute(hold=True, **changes)
    pipeline.dispatch(*(document(f"e-{number}") for number in range(MANY)))
    assert {status(rule, f"e-{number}") for number in range(MANY)} == {"held"}
    assert suppressed(muted) == MANY
    return muted


def expect_all(receiver: Receiver, rule: Rule) -> None:
    """Prove that each of them was delivered once."""
    assert {status(rule, f"e-{number}") for number in range(MANY)} == {"delivered"}
    assert sorted(came(receiver)) == sorted(f"e-{number}_{rule.id}" for number in range(MANY))


def test_when_a_mute_is_ended_what_it_holds_is_sent_at_once(
    pipeline: Pipeline, receiver: Receiver, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In portions, each delivery once, without waiting for the sweeper."""
    from redeliverer import release  # noqa: PLC0415

    monkeypatch.setattr(release, "PORTION", 3)
    muted = hold(pipeline, rule)
    end(muted)
    pipeline.drain()
    expect_all(receiver, rule)
    assert suppressed(muted) == 0


def test_when_a_mute_is_over_the_sweeper_has_sent_what_it_holds(
    pipeline: Pipeline, receiver: Receiver, rule: Rule, at: Any
) -> None:
    """Before that it looks for nothing; a minute after it finds all."""
    muted = hold(pipeline, rule)
    assert pipeline.sweep()["releases"] == 0
    at(until(muted) + timedelta(seconds=30))
    assert pipeline.sweep()["releases"] == 1
    pipeline.drain()
    expect_all(receiver, rule)


def test_a_message_that_is_lost_costs_a_minute(pipeline: Pipeline, receiver: Receiver, rule: Rule) -> None:
    """If the release of an ended mute is lost, the next sweep asks for it again."""
    end(hold(pipeline, rule))
    assert [message.body for message in pipeline.take("delivery")] == [
        {"release_muted": made.delivery(rule, "e-0").mute_id}
    ]
    assert pipeline.sweep()["releases"] == 1
    pipeline.drain()
    expect_all(receiver, rule)


def test_a_redeliverer_that_dies_in_between_loses_nothing(
    pipeline: Pipeline, receiver: Receiver, rule: Rule, monkeypatch: pytest.MonkeyPatch, at: Any
) -> None:
    """What was freed and not hinted is pending, and the sweeper finds both halves."""
    from redeliverer import release  # noqa: PLC0415

    monkeypatch.setattr(release, "PORTION", 4)
    end(hold(pipeline, rule))
    with monkeypatch.context() as patch:
        patch.setattr(DeliveryQueues, "hint", _die)
        with pytest.raises(made.Death):
            pipeline.drain()
    states = [status(rule, f"e-{number}") for number in range(MANY)]
    assert sorted(states) == ["held"] * 6 + ["pending"] * 4
    at(datetime.now(UTC) + timedelta(minutes=3))
    assert pipeline.sweep() == {"events": 0, "deliveries": 4, "probes": 0, "releases": 1}
    pipeline.drain()
    expect_all(receiver, rule)


def _die(_: DeliveryQueues, waiting: Sequence[object], **__: Any) -> None:
    if waiting:
        raise made.Death


def test_what_is_held_late_is_found(pipeline: Pipeline, receiver: Receiver, rule: Rule, at: Any) -> None:
    """A dispatcher may record after the end what it decided before: within an hour some sweep finds it."""
    muted = hold(pipeline, rule)
    turn = crc32(muted.id.encode()) % 60
    later = (until(muted) + timedelta(days=2)).replace(minute=(turn + 1) % 60)
    at(later)
    assert pipeline.sweep()["releases"] == 0
    at(later.replace(minute=turn))
    assert pipeline.sweep()["releases"] == 1
    pipeline.drain()
    expect_all(receiver, rule)


def test_a_weekly_mute_holds_until_its_window_closes(
    pipeline: Pipeline, receiver: Receiver, rule: Rule, at: Any
) -> None:
    """It goes on being a mute, and what it held is sent in each pause."""
    now = datetime.now(UTC)
    closes = now.replace(minute=0, second=0, microsecond=0) + 2 * HOUR
    weekly = f"mon-sun {now - HOUR:%H}:00-{closes:%H}:00 UTC"
    muted = hold(pipeline, rule, weekly=(weekly,))
    assert made.delivery(rule, "e-0").reason == (
        f"muted: maintenance (mute {muted.id}, until {closes:%Y-%m-%dT%H:%M:%SZ})"
    )
    at(closes - timedelta(seconds=1))
    assert pipeline.sweep()["releases"] == 0
    at(closes + timedelta(seconds=1))
    assert pipeline.sweep()["releases"] == 1
    pipeline.drain()
    expect_all(receiver, rule)


def test_nothing_is_released_while_a_mute_is_in_force(
    pipeline: Pipeline, receiver: Receiver, rule: Rule
) -> None:
    """A message that comes late, when a window has opened again, does nothing."""
    muted = hold(pipeline, rule)
    pipeline.redeliver({"release_muted": muted.id})
    pipeline.drain()
    assert receiver.received == []
    assert suppressed(muted) == MANY


def test_what_another_mute_holds_too_waits_for_that(
    pipeline: Pipeline, receiver: Receiver, rule: Rule
) -> None:
    """Each release asks all mutes once more."""
    first = hold(pipeline, rule)
    second = mute(hold=True, rule_id=rule.id)
    end(first)
    pipeline.drain()
    assert receiver.received == []
    assert (suppressed(first), suppressed(second)) == (0, MANY)
    end(second)
    pipeline.drain()
    expect_all(receiver, rule)


def test_what_a_mute_held_may_be_held_by_a_suspension(
    pipeline: Pipeline, rule: Rule, receiver: Receiver
) -> None:
    """A release does not go round the channel's state, and holding for a mute is none of it."""
    muted = hold(pipeline, rule)
    assert services().health.get(rule.channel_id) is None
    now = datetime.now(UTC)
    set_health(rule.channel_id, failures=3, failing_since=now, suspended_at=now, probe_at=now + HOUR)
    end(muted)
    pipeline.drain()
    record = made.delivery(rule, "e-0")
    assert (record.status, record.reason, record.mute_id) == ("held", "channel_suspended", None)
    assert receiver.received == []


def test_a_probe_is_no_way_round_a_mute(
    pipeline: Pipeline, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a mute covers what a suspended channel holds, nothing is sent to test it; then it goes on."""
    rule = add_rule(add_channel(endpoint.receiver.url, retry=(600,) * 5))
    now = datetime.now(UTC)
    set_health(rule.channel_id, failures=3, failing_since=now, suspended_at=now, probe_at=now)
    pipeline.dispatch(document("held-1"), document("held-2"))
    endpoint.up = True
    muted = mute()
    assert flapping.probe(pipeline, monkeypatch, timedelta(minutes=1)) == 1
    pipeline.drain()
    assert endpoint.count == 0
    assert [status(rule, each) for each in ("held-1", "held-2")] == ["held", "held"]
    end(muted)
    assert flapping.probe(pipeline, monkeypatch, timedelta(minutes=10)) == 1
    pipeline.drain()
    assert [status(rule, each) for each in ("held-1", "held-2")] == ["delivered", "delivered"]


def test_other_deliveries_are_probes_all_the_same(
    pipeline: Pipeline, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a mute covers the oldest only, the next one tests the receiver."""
    quiet = add_rule(add_channel(endpoint.receiver.url, retry=(600,) * 5))
    channel = services().channels.get(quiet.channel_id)
    now = datetime.now(UTC)
    set_health(channel.id, failures=3, failing_since=now, suspended_at=now, probe_at=now)
    pipeline.dispatch(document("held-1"))
    loud = add_rule(channel)
    pipeline.dispatch(document("held-2"))
    endpoint.up = True
    muted = mute(rule_id=quiet.id)
    assert flapping.probe(pipeline, monkeypatch, timedelta(minutes=1)) == 1
    pipeline.drain()
    assert status(loud, "held-2") == "delivered"
    # The suspension is over, so what it held is released, and skipped by the mute.
    assert [status(quiet, each) for each in ("held-1", "held-2")] == ["skipped", "skipped"]
    assert suppressed(muted) == 2


def test_a_deleted_rules_held_deliveries_end(pipeline: Pipeline, receiver: Receiver, rule: Rule) -> None:
    """What a mute holds for a rule that is gone is skipped when it is released."""
    muted = hold(pipeline, rule)
    services().rules.delete(rule.id)
    end(muted)
    pipeline.drain()
    assert made.delivery(rule, "e-0").reason == "rule_deleted"
    assert receiver.received == []


def test_a_mute_that_is_not_kept_any_more_holds_nothing(pipeline: Pipeline, rule: Rule) -> None:
    """Even if it was dropped, a message about it releases what it held."""
    muted = hold(pipeline, rule, until=timestamp(datetime.now(UTC) + HOUR))
    client("dynamodb").delete_item(TableName="config", Key=keys.mute(muted.id))
    pipeline.redeliver({"release_muted": muted.id})
    records = [made.delivery(rule, f"e-{number}") for number in range(MANY)]
    assert {record.status for record in records} == {"pending"}
    assert {record.reason for record in records} == {"mute_ended"}
