"""A receiver that fails without end is given a rest; what comes meanwhile is held, and then let out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notifications.core.channel_health import Health
from notifications.core.channel_health import state as state_of
from notifications.core.errors import Unavailable
from notifications.core.model import Rule
from notifications.delivering import health_keeper
from notifications.delivering.health_keeper import HealthKeeper
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document, hint
from tests.cloud.services import services
from tests.integration.flapping import Flapping, known, probe, set_health, suspend


def test_failures_in_a_row_suspend(pipeline: Pipeline, rule: Rule, endpoint: Flapping) -> None:
    """After so many failures nothing is sent any more: it is held, with the reason, and due to nobody."""
    suspend(pipeline, rule)
    assert endpoint.count == 3
    held = made.delivery(rule, "held-1")
    assert (held.reason, held.attempt_count, held.next_attempt_at) == ("channel_suspended", 0, None)
    assert held.message == '"s-1"'
    state, reason = state_of(services().channels.get(rule.channel_id), known(rule))
    assert state == "suspended"
    assert "status 503" in (reason or "")


def test_a_success_between_counts_anew(pipeline: Pipeline, rule: Rule, endpoint: Flapping) -> None:
    """Two failures, a success and two failures suspend nothing."""
    for up in (False, False, True, False, False):
        endpoint.up = up
        pipeline.dispatch(document(f"e-{endpoint.count}"))
    assert (known(rule).failures, known(rule).suspended) == (2, False)


def test_retries_that_come_due_are_held_too(pipeline: Pipeline, rule: Rule, endpoint: Flapping) -> None:
    """A retry that waited when the channel was suspended is held when its time comes, its tries kept."""
    suspend(pipeline, rule)
    pipeline.redeliver(hint(made.delivery(rule, "bad-0")))
    record = made.delivery(rule, "bad-0")
    assert (record.status, record.tries, endpoint.count) == ("held", 1, 3)


def test_what_is_held_goes_out_in_portions(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a portion goes out by itself, each delivery once, also when a portion's messages are lost."""
    from redeliverer import release  # noqa: PLC0415

    monkeypatch.setattr(release, "PORTION", 3)
    suspend(pipeline, rule)
    for number in range(2, 9):
        made.pending(rule, f"held-{number}", status="held")
    pipeline.take("delivery")
    endpoint.up = True
    endpoint.receiver.received.clear()
    set_health(rule.channel_id, releasing=True, suspended_at=None, probe_at=None)
    pipeline.redeliver({"release": rule.channel_id})
    assert len(pipeline.take("delivery")) == 4, "three deliveries and the next portion"
    pipeline.sweep()
    pipeline.drain()
    assert [*services().records.held(rule.channel_id)] == []
    assert endpoint.count == 5
    probe(pipeline, monkeypatch, timedelta(minutes=3))
    pipeline.drain()
    assert {made.delivery(rule, f"held-{number}").status for number in range(1, 9)} == {"delivered"}
    assert endpoint.count == 8


def test_a_release_of_what_is_suspended_again(pipeline: Pipeline, rule: Rule) -> None:
    """A release that comes late, when the channel is suspended again, lets nothing out."""
    suspend(pipeline, rule)
    pipeline.redeliver({"release": rule.channel_id, "last": True})
    assert made.delivery(rule, "held-1").status == "held"
    assert known(rule).suspended


def test_suspended_again_while_releasing(pipeline: Pipeline, rule: Rule, endpoint: Flapping) -> None:
    """A receiver that fails while what was held goes out is suspended again, and shown as that."""
    set_health(rule.channel_id, releasing=True)
    suspend(pipeline, rule)
    assert (known(rule).suspended, known(rule).releasing) == (True, False)
    assert endpoint.count == 3


@pytest.mark.parametrize("by", ["release", "success"])
def test_a_suspension_is_not_forgotten_by_who_knew_of_none(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """One that read the channel's health before it was suspended does not end the suspension unseen."""
    suspend(pipeline, rule)
    if by == "release":
        stale = Health(rule.channel_id, releasing=True)
        for record in [*services().records.held(rule.channel_id)]:
            services().records.put_many([replace(record, status="skipped")])
        monkeypatch.setattr(services().health, "get", lambda _: stale)
        pipeline.redeliver({"release": rule.channel_id, "last": True})
        monkeypatch.undo()
    else:
        endpoint.up = True
        stale = Health(rule.channel_id, failures=1, failing_since=made.PAST, reason="r")
        with monkeypatch.context() as patch:
            patch.setattr(HealthKeeper, "known", lambda *_: {rule.channel_id: stale})
            pipeline.dispatch(document("e-9"))
    assert known(rule).suspended


def test_held_at_the_moment_of_the_release(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is held by one that still takes the channel for suspended is let out all the same."""
    suspended = Health(rule.channel_id, failures=3, failing_since=made.PAST, suspended_at=made.PAST)
    endpoint.up = True
    with monkeypatch.context() as patch:
        patch.setattr(HealthKeeper, "known", lambda *_: {rule.channel_id: suspended})
        pipeline.dispatch(document())
    assert made.delivery(rule).status == "held"
    pipeline.drain()
    assert made.delivery(rule).status == "delivered"


def test_held_at_the_moment_of_the_release_when_health_cannot_be_written(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What such a one holds is released even if the rest of the batch's health cannot be recorded."""
    suspended = Health(rule.channel_id, failures=3, failing_since=made.PAST, suspended_at=made.PAST)
    endpoint.up = True

    def refused(*_: object) -> None:
        raise Unavailable("busy")

    with monkeypatch.context() as patch:
        patch.setattr(HealthKeeper, "known", lambda *_: {rule.channel_id: suspended})
        patch.setattr(HealthKeeper, "take", refused)
        with pytest.raises(Unavailable):
            pipeline.dispatch(document())
    pipeline.dispatch(document(), receives=2)
    pipeline.drain()
    assert made.delivery(rule).status == "delivered"


def test_what_the_index_does_not_show_yet(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was held a moment before the release, and is not in the index yet, is found a minute later."""
    suspend(pipeline, rule)
    endpoint.up = True
    set_health(rule.channel_id, releasing=True, suspended_at=None, probe_at=None)
    with monkeypatch.context() as patch:
        patch.setattr(services().records, "held", lambda *_, **__: iter(()))
        pipeline.redeliver({"release": rule.channel_id})
    pipeline.sweep()
    pipeline.drain()
    assert made.delivery(rule, "held-1").status == "delivered"


def test_held_for_two_weeks(pipeline: Pipeline, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """After fourteen days what is held ends as failed and says why; a day earlier it does not."""
    suspend(pipeline, rule)
    probe(pipeline, monkeypatch, timedelta(days=13))
    assert made.delivery(rule, "held-1").status == "held"
    probe(pipeline, monkeypatch, timedelta(days=14, seconds=1))
    record = made.delivery(rule, "held-1")
    assert (record.status, record.look_at) == ("failed", None)
    assert "14 days" in (record.reason or "")


def test_by_hand_it_goes_out(pipeline: Pipeline, rule: Rule, endpoint: Flapping) -> None:
    """What an operator sends by hand goes out to a suspended channel, and its success ends the suspension."""
    suspend(pipeline, rule)
    endpoint.up = True
    record = replace(made.delivery(rule, "held-1"), status="pending", manual=True, look_at=made.PAST)
    services().records.put_many([record])
    pipeline.redeliver(hint(record))
    assert made.delivery(rule, "held-1").status == "delivered"
    assert not known(rule).suspended


def test_a_busy_receiver_is_not_suspended(pipeline: Pipeline, endpoint: Flapping) -> None:
    """A hundred first attempts that fail, each to be followed by another, suspend nothing."""
    rule = add_rule(add_channel(endpoint.receiver.url, retry=(600,) * 5))
    pipeline.dispatch(*(document(f"e-{number}") for number in range(120)))
    assert (known(rule).failures, known(rule).repeated, known(rule).suspended) == (120, 0, False)
    endpoint.up = True
    pipeline.redeliver(*(hint(made.delivery(rule, f"e-{number}")) for number in range(10)))
    assert services().health.get(rule.channel_id) is None


def test_a_burst_suspends_nothing_in_its_first_minute(
    pipeline: Pipeline, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failures without number suspend a channel only when the first of them is a minute ago."""
    rule = add_rule(add_channel(endpoint.receiver.url, retry=()))
    pipeline.dispatch(*(document(f"e-{number}") for number in range(120)))
    assert (known(rule).repeated, known(rule).suspended) == (120, False)
    monkeypatch.setattr(health_keeper, "datetime", made.later(timedelta(seconds=59)))
    pipeline.dispatch(document("e-120"))
    assert not known(rule).suspended
    monkeypatch.setattr(health_keeper, "datetime", made.later(timedelta(seconds=61)))
    pipeline.dispatch(document("e-121"))
    assert known(rule).suspended
