"""Probes: a suspended channel's receiver is tried on a schedule of its own, whatever is held in front."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from local.receiver import Receiver, Reply
from notifications.core.channel_health import FIRST_PROBE, Health
from notifications.core.model import Rule, timestamp
from notifications.core.rule_types import BUILT_IN
from notifications.delivering import deliverer
from notifications.delivering.health_keeper import HealthKeeper
from notifications.store import keys
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.flapping import Flapping, known, probe, set_health, suspend


def held(rule: Rule, event_id: str) -> None:
    """Hold a delivery since now."""
    made.pending(rule, event_id, status="held", updated_at=timestamp(datetime.now(UTC)))


def test_a_probe_ends_it(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the receiver is well again, the oldest held is sent as a probe, and then all the others go out."""
    suspend(pipeline, rule)
    pipeline.dispatch(document("held-2"), document("held-3"))
    endpoint.up = True
    assert probe(pipeline, monkeypatch, timedelta(0)) == 0, "it is too early"
    assert probe(pipeline, monkeypatch, FIRST_PROBE) == 1
    (message,) = pipeline.take("slow")
    assert message.body["delivery"].startswith("held-1_")
    pipeline.redeliver(message.body, queue="slow")
    assert endpoint.count == 4
    assert not known(rule).suspended
    pipeline.drain()
    statuses = [made.delivery(rule, f"held-{number}").status for number in (1, 2, 3)]
    assert statuses == ["delivered"] * 3
    pipeline.sweep()
    pipeline.drain()
    assert services().health.get(rule.channel_id) is None


def test_a_probe_that_is_taken_among_others_that_hang(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was held is released at the moment of the first success, not at the end of its batch."""
    resumed: list[bool] = []

    def hang(_: object) -> Reply:
        deadline = time.monotonic() + 10
        while known(rule).suspended and time.monotonic() < deadline:
            time.sleep(0.01)
        resumed.append(not known(rule).suspended)
        return Reply()

    suspend(pipeline, rule)
    with Receiver(hang) as hanging:
        slow = add_rule(add_channel(hanging.url))
        waiting = made.pending(slow)
        endpoint.up = True
        assert probe(pipeline, monkeypatch, FIRST_PROBE) == 1
        (message,) = pipeline.take("slow")
        pipeline.redeliver(message.body, made.hint(waiting), queue="slow")
    assert resumed == [True]
    assert not known(rule).suspended


def test_suspended_while_a_long_batch_was_sent(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A success of a batch that began before the suspension ends it, if the batch took long."""
    monkeypatch.setattr(deliverer, "LONG_BATCH_SECONDS", 0)
    endpoint.up = True
    stale: list[dict[str, Health]] = [{}]
    with monkeypatch.context() as patch:
        real = HealthKeeper.known
        patch.setattr(HealthKeeper, "known", lambda *given: stale.pop() if stale else real(*given))
        at = made.PAST
        set_health(rule.channel_id, suspended_at=at, failing_since=at, failures=3)
        pipeline.dispatch(document())
    assert not known(rule).suspended


def test_a_probe_that_fails_holds_on(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the probe fails the channel stays suspended, and the pauses are 1, 2 and 4 minutes."""
    suspend(pipeline, rule)
    assert probe(pipeline, monkeypatch, FIRST_PROBE) == 1
    pipeline.drain()
    assert endpoint.count == 4
    assert known(rule).suspended
    pipeline.dispatch(document("held-2"))
    assert probe(pipeline, monkeypatch, FIRST_PROBE * 2) == 0
    assert probe(pipeline, monkeypatch, FIRST_PROBE * 3) == 1
    assert probe(pipeline, monkeypatch, FIRST_PROBE * 6) == 0
    assert probe(pipeline, monkeypatch, FIRST_PROBE * 7) == 1


@pytest.mark.parametrize("in_front", [1, 150])
@pytest.mark.parametrize("why", ["rule_deleted", "rule_disabled"])
def test_a_probe_of_what_may_not_go_out(
    pipeline: Pipeline,
    rule: Rule,
    endpoint: Flapping,
    monkeypatch: pytest.MonkeyPatch,
    why: str,
    in_front: int,
) -> None:
    """Held deliveries of a rule that is gone end at once; the first that can be sent is the probe."""
    suspend(pipeline, rule)
    for number in range(1, in_front):
        made.pending(rule, f"gone-{number}", status="held")
    other = add_rule(services().channels.get(rule.channel_id))
    made.pending(other, "held-2", status="held", updated_at="2099-01-01T00:00:00.000000Z")
    if why == "rule_deleted":
        services().rules.delete(rule.id)
    else:
        services().rules.update(rule, {"enabled": False}, BUILT_IN[rule.rule_type])
    endpoint.up = True
    assert probe(pipeline, monkeypatch, FIRST_PROBE) == 1
    pipeline.drain()
    assert made.delivery(rule, "held-1").reason == why
    assert [*services().records.held(rule.channel_id)] == []
    assert made.delivery(other, "held-2").status == "delivered"
    assert not known(rule).suspended


def test_no_time_is_left_to_find_another_probe(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the time runs out among deliveries that may not go out, another message goes on with the search."""
    from redeliverer import redeliver  # noqa: PLC0415

    suspend(pipeline, rule)
    other = add_rule(services().channels.get(rule.channel_id))
    made.pending(other, "held-2", status="held", updated_at="2099-01-01T00:00:00.000000Z")
    endpoint.up = True
    assert probe(pipeline, monkeypatch, FIRST_PROBE) == 1
    (message,) = pipeline.take("slow")
    services().rules.delete(rule.id)
    with monkeypatch.context() as patch:
        patch.setattr(redeliver, "time", SimpleNamespace(monotonic=lambda: float("inf")))
        pipeline.redeliver(message.body, queue="slow")
    assert known(rule).suspended
    (message,) = pipeline.take("slow")
    pipeline.redeliver(message.body, queue="slow")
    assert made.delivery(other, "held-2").status == "delivered"
    assert not known(rule).suspended


def test_what_may_not_go_out_ends_before_any_probe(pipeline: Pipeline, rule: Rule) -> None:
    """What is held for a rule that is gone ends in the next sweep, as much as that has time for."""
    from redeliverer import tend  # noqa: PLC0415

    suspend(pipeline, rule)
    for number in range(4):
        held(rule, f"gone-{number}")
    other = add_rule(services().channels.get(rule.channel_id))
    held(other, "held-2")
    assert pipeline.sweep()["probes"] == 0
    assert len([*services().records.held_ids(rule.channel_id)]) == 6
    services().rules.delete(rule.id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tend, "SKIPPED_AT_ONCE", 3)
        pipeline.sweep()
        assert len([*services().records.held_ids(rule.channel_id)]) == 3
        pipeline.sweep()
    assert [record.id for record in services().records.held(rule.channel_id)] == [f"held-2_{other.id}"]
    assert (known(rule).suspended, known(rule).probes) == (True, 0)
    assert made.delivery(rule, "held-1").reason == "rule_deleted"


def test_what_is_held_is_looked_at_again_only_when_rules_were_written(pipeline: Pipeline, rule: Rule) -> None:
    """A minute in which no rule was written reads nothing of what is held."""
    suspend(pipeline, rule)
    pipeline.sweep()
    with made.dynamodb_calls() as calls:
        pipeline.sweep()
    shards = services().records.shards
    queries = ["Query"] * (1 + shards + len(keys.held_keys("c", shards)))
    assert sorted(calls) == ["GetItem", "GetItem", *queries], "versions; health, what is due, what is too old"
    add_rule(services().channels.get(rule.channel_id))
    with made.dynamodb_calls() as calls:
        pipeline.sweep()
    assert calls.count("BatchGetItem") == 1


@pytest.mark.parametrize("behind", [0, 1])
def test_a_rule_that_is_deleted_while_its_delivery_is_the_probe(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch, behind: int
) -> None:
    """The next held delivery that can be sent is the probe then; if there is none, nothing is sent."""
    suspend(pipeline, rule)
    other = add_rule(services().channels.get(rule.channel_id))
    for _ in range(behind):
        held(other, "held-2")
    assert probe(pipeline, monkeypatch, FIRST_PROBE) == 1
    services().rules.delete(rule.id)
    sent, endpoint.up = endpoint.count, True
    pipeline.drain()
    assert made.delivery(rule, "held-1").reason == "rule_deleted"
    assert (endpoint.count - sent, known(rule).suspended) == (behind, not behind)


def test_a_probe_that_fails_stands_behind_the_others(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that its receiver never takes is one probe of many: the next is another delivery."""
    suspend(pipeline, rule)
    held(rule, "held-2")
    assert probe(pipeline, monkeypatch, FIRST_PROBE) == 1
    pipeline.drain()
    failed = made.delivery(rule, "held-1")
    assert (failed.status, failed.tries) == ("held", 1)
    endpoint.up = True
    assert probe(pipeline, monkeypatch, FIRST_PROBE * 3) == 1
    (message,) = pipeline.take("slow")
    assert message.body["delivery"].startswith("held-2_")
