"""What happens to channels and deliveries is told on the bus: once, one level deep, and only if wanted."""

from datetime import UTC, datetime, timedelta

import pytest

from local.receiver import Receiver, Reply
from notifications.core.model import Rule
from notifications.core.operational_types import OPERATIONAL
from notifications.core.rule_types import OWN, STOCK
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document, hint
from tests.integration.flapping import Flapping, probe, set_health, suspend
from tests.integration.operators import DISABLED, FAILED, RENDER, RESUMED, SUSPENDED, Bus, bus, told

__all__ = ["bus", "told"]


@pytest.mark.usefixtures("told")
def test_a_suspension_and_its_end(
    pipeline: Pipeline, rule: Rule, endpoint: Flapping, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each transition makes one event, which says what happened to which channel."""
    suspend(pipeline, rule)
    ((rule_type, data, event_id),) = bus.events
    assert rule_type == SUSPENDED
    assert (data["channel_id"], data["channel_name"]) == (rule.channel_id, "A channel")
    assert (data["failures"], data["last_status"]) == (3, 503)
    assert "status 503" in data["reason"]
    assert event_id.startswith(f"notification-channel-suspended-{rule.channel_id}-20")
    endpoint.up = True
    probe(pipeline, monkeypatch, timedelta(minutes=2))
    pipeline.drain()
    assert bus.types == {SUSPENDED: 1, RESUMED: 1}
    assert bus.events[-1][1]["reason"] == "the receiver took a message"
    assert bus.events[-1][1]["suspended_since"] is not None


@pytest.mark.usefixtures("told")
def test_an_operator_resumes(pipeline: Pipeline, rule: Rule, bus: Bus) -> None:
    """A suspension that an operator ends is told as well, once, and that of a deleted channel is not."""
    suspend(pipeline, rule)
    for _ in range(2):
        assert call("POST", f"/notifications/channels/{rule.channel_id}/resume").status == 200
    assert bus.types == {SUSPENDED: 1, RESUMED: 1}
    assert bus.events[-1][1]["reason"] == "an operator resumed the channel"
    set_health(rule.channel_id, suspended_at=made.PAST, ordinary=3)
    assert call("DELETE", f"/notifications/channels/{rule.channel_id}?force=true").status in {200, 204}
    assert bus.types == {SUSPENDED: 1, RESUMED: 1}


@pytest.mark.usefixtures("told")
def test_a_receiver_that_is_gone(pipeline: Pipeline, bus: Bus) -> None:
    """A 410 tells that the channel was disabled, and that the delivery failed."""
    with Receiver(lambda _: Reply(status=410, body=b"gone")) as receiver:
        add_rule(add_channel(receiver.url))
        pipeline.dispatch(document("e-1"), document("e-2"))
    assert bus.types == {DISABLED: 1, FAILED: 1}
    data = {rule_type: data for rule_type, data, _ in bus.events}
    assert data[DISABLED]["last_status"] == data[FAILED]["last_status"] == 410
    assert (data[FAILED]["count"], data[FAILED]["attempts"], data[FAILED]["event_type"]) == (
        2,
        1,
        "session.started",
    )
    assert data[FAILED]["rule_name"] == "A rule"


@pytest.mark.usefixtures("told")
def test_a_template_that_fails(pipeline: Pipeline, bus: Bus) -> None:
    """A template that fails on an event is told as the rule's fault."""
    with Receiver() as receiver:
        rule = add_rule(add_channel(receiver.url), message_template="{{ 1 / (session_id | length - 3) }}")
        pipeline.dispatch(document())
    ((rule_type, data, _),) = bus.events
    assert rule_type == RENDER
    assert (data["rule_id"], data["delivery_id"]) == (rule.id, f"e-1_{rule.id}")
    assert "zero" in data["reason"]


@pytest.mark.usefixtures("told")
def test_held_for_too_long(pipeline: Pipeline, rule: Rule, bus: Bus) -> None:
    """What the sweeper gives up is told."""
    now = datetime.now(UTC)
    set_health(rule.channel_id, suspended_at=now, probe_at=now + timedelta(hours=1))
    made.pending(rule, status="held")
    pipeline.sweep()
    assert bus.types == {FAILED: 1}
    assert bus.events[0][1]["attempts"] == 0
    assert "more than 14 days" in bus.events[0][1]["reason"]


@pytest.mark.usefixtures("told")
def test_a_retry_that_was_the_last(pipeline: Pipeline, bus: Bus) -> None:
    """A delivery that fails after its last attempt is told when that was made, and not before."""
    with Receiver(lambda _: Reply(status=500)) as receiver:
        rule = add_rule(add_channel(receiver.url, retry=(600,)))
        pipeline.dispatch(document())
        assert bus.events == []
        pipeline.redeliver(hint(made.delivery(rule)))
    assert bus.types == {FAILED: 1}
    assert bus.events[0][1]["attempts"] == 2


def test_operators_get_it(pipeline: Pipeline, told: Receiver, bus: Bus) -> None:
    """An ordinary rule delivers it."""
    with Receiver(lambda _: Reply(status=404)) as receiver:
        add_rule(add_channel(receiver.url))
        pipeline.dispatch(document())
    pipeline.dispatch(*bus.documents())
    assert [request.text for request in told.received] == [f'"{FAILED}"']


def test_stock_clients_see_none() -> None:
    """They are types of the service's own, as the heartbeat is."""
    assert {*OPERATIONAL} < {*OWN}
    assert not {*OPERATIONAL} & {*STOCK}
