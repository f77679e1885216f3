"""Deliveries that wait, under mutes: retries, what was held, and what somebody asks for by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from local.receiver import Receiver
from notifications.core.model import Rule
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document, hint
from tests.cloud.services import services
from tests.integration import flapping
from tests.integration.flapping import Flapping, endpoint, set_health
from tests.integration.held import hold
from tests.integration.muted import HOUR, end, mute, rule, status, suppressed

__all__ = ["endpoint", "rule"]


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
