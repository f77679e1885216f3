"""What a mute holds is sent when it is not in force: once each, whoever dies and whatever is lost."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

import pytest

from local.receiver import Receiver
from notifications.core.model import Rule, timestamp
from notifications.messaging.queues import DeliveryQueues
from notifications.store import keys
from tests.cloud import pipeline as made
from tests.cloud.aws import client
from tests.cloud.pipeline import Pipeline
from tests.cloud.services import services
from tests.integration.held import MANY, at, expect_all, hold, until
from tests.integration.muted import HOUR, end, mute, rule, status, suppressed

__all__ = ["at", "rule"]


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


@pytest.mark.parametrize("seconds", [20, 58])
@pytest.mark.parametrize("later", [1, 30, 600])
def test_a_short_mute_is_none_that_the_sweeper_misses(
    pipeline: Pipeline, receiver: Receiver, rule: Rule, at: Any, seconds: int, later: int
) -> None:
    """A mute that is in force for less than a minute, between two sweeps, is looked for as any other."""
    now = datetime.now(UTC)
    over = now + timedelta(seconds=seconds)
    hold(pipeline, rule, created_at=timestamp(now - timedelta(seconds=1)), until=timestamp(over))
    at(over + timedelta(seconds=later))
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
