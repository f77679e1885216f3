"""Operational events are few: at most one a minute, one level deep, and none that nobody wants."""

from datetime import timedelta
from typing import Any

import pytest

from local.receiver import Receiver, Reply
from notifications.core import channel_health
from notifications.core.errors import Unavailable
from notifications.core.model import Rule
from notifications.core.operational import OperationalEvent
from notifications.core.operational_types import OPERATIONAL, OperationalType
from notifications.core.rule_types import BUILT_IN
from notifications.delivering import operational_bus
from notifications.messaging.bus import EventBus
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document, dynamodb_calls
from tests.cloud.services import services
from tests.integration.flapping import set_health
from tests.integration.operators import FAILED, RESUMED, SUSPENDED, Bus, bus, told

__all__ = ["bus", "told"]


@pytest.mark.usefixtures("told")
def test_only_one_of_several_tells_of_the_end(rule: Rule, bus: Bus) -> None:
    """Of processes that end a suspension at the same time, the one whose write did it tells of it."""
    set_health(rule.channel_id, suspended_at=made.PAST, ordinary=3, failures=3)
    known = services().health.get(rule.channel_id)
    for _ in range(3):
        services().health_keeper.end_suspension(rule.channel_id, {rule.channel_id: known} if known else {})
    services().operators.tell()
    assert bus.types == {RESUMED: 1}


def test_a_thousand_failures_in_a_minute(
    pipeline: Pipeline, told: Receiver, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They make one event; those of other processes have its id, so their copies do nothing."""
    monkeypatch.setattr(operational_bus, "datetime", made.later(timedelta(0)))
    with Receiver(lambda _: Reply(status=404)) as receiver:
        add_rule(add_channel(receiver.url))
        for start in range(0, 1000, 250):
            pipeline.dispatch(*(document(f"e-{number}") for number in range(start, start + 250)))
    assert bus.types == {FAILED: 1}
    again = operational_bus.OperationalBus(services().event_bus, services().rules, services().channels)
    again.put([of_another_process(bus)])
    assert bus.types == {FAILED: 2}
    first, second = bus.documents()
    assert first["id"] == second["id"]
    pipeline.dispatch(first)
    pipeline.dispatch(second)
    assert len(told.received) == 1


def test_every_rule_is_told_of(
    pipeline: Pipeline, told: Receiver, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event names the rules that failed together; those of later in its minute are in the next one."""
    del told
    monkeypatch.setattr(operational_bus, "datetime", made.later(timedelta(0)))
    with Receiver(lambda _: Reply(status=404)) as receiver:
        channel = add_channel(receiver.url)
        add_rule(channel, name="First")
        add_rule(channel, name="Second")
        pipeline.dispatch(document("e-1"))
        add_rule(channel, name="Third")
        pipeline.dispatch(document("e-2"))
        monkeypatch.setattr(operational_bus, "datetime", made.later(timedelta(minutes=1)))
        pipeline.dispatch(document("e-3"))
    named = [{data["rule_name"], *data["other_rules"]} for _, data, _ in bus.events]
    assert named == [{"First", "Second"}, {"First", "Second", "Third"}]


def test_many_rules_are_told_of_in_turns(told: Receiver, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event names ten other rules at most, and the next one those that were left."""
    del told
    one = operational_bus.OperationalBus(services().event_bus, services().rules, services().channels)
    data = {"event_id": "e", "event_type": "t", "delivery_id": "d", "reason": "r", "count": 1}
    kind: OperationalType = "notification.rule.render_failed"
    many = OperationalEvent(kind, "c-1", data, "r-0", tuple(f"r-{number}" for number in range(1, 15)))
    with monkeypatch.context() as patch:
        patch.setattr(operational_bus, "datetime", made.later(timedelta(0)))
        one.put([many])
    with monkeypatch.context() as patch:
        patch.setattr(operational_bus, "datetime", made.later(timedelta(minutes=1)))
        one.put([OperationalEvent(kind, "c-1", data, "r-0")])
    assert [len(data["other_rules"]) for _, data, _ in bus.events] == [10, 4]
    assert bus.events[1][1]["other_rules"] == ["r-11", "r-12", "r-13", "r-14"]


def of_another_process(bus: Bus) -> OperationalEvent:
    """Make the event of another process that is about the same channel."""
    _, data, _ = bus.events[0]
    named = {"channel_id", "channel_name", "rule_id", "rule_name", "other_rules"}
    rest = {name: value for name, value in data.items() if name not in named}
    return OperationalEvent("notification.delivery.failed", data["channel_id"], rest, data["rule_id"])


def test_no_loop(pipeline: Pipeline, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """A channel that gets operational events and fails itself makes no event by that, however it fails."""
    monkeypatch.setattr(channel_health, "SUSPEND_AFTER_FAILURES", 1)
    monkeypatch.setattr(channel_health, "SUSPEND_NOT_BEFORE", timedelta(0))
    status = 404
    with Receiver(lambda _: Reply(status=status)) as receiver:
        channel = add_channel(receiver.url)
        for name in OPERATIONAL:
            add_rule(channel, BUILT_IN[name], message_template="{{ reason }}")
        ordinary = add_rule(channel, message_template="{{ session_id }}")
        pipeline.dispatch(document("e-1"))
        assert bus.types == {SUSPENDED: 1, FAILED: 1}
        assert made.delivery(ordinary).status == "failed"
        set_health(channel.id, suspended_at=None, probe_at=None, failures=None, repeated=None, ordinary=None)
        pipeline.dispatch(*bus.documents())
        assert bus.events == []
        health = services().health.get(channel.id)
        assert health is not None
        assert health.suspended, "it is suspended as any other"
        assert call("POST", f"/notifications/channels/{channel.id}/resume").status == 200
        assert bus.events == []
        status = 410
        pipeline.dispatch(document("e-9", failed_sample(channel.id), **{"detail-type": FAILED}))
        assert bus.events == []
        assert not services().channels.get(channel.id).enabled


def failed_sample(channel_id: str) -> dict[str, Any]:
    """Make the fields of an event about a failed delivery."""
    return {
        "channel_id": channel_id,
        "rule_id": "r",
        "event_type": "session.started",
        "event_id": "e",
        "delivery_id": "e_r",
        "reason": "r",
        "attempts": 1,
        "count": 1,
    }


def test_nobody_wants_them(pipeline: Pipeline, bus: Bus) -> None:
    """Without an enabled rule nothing is put, and a minute's failures cost one query of a type."""
    with Receiver(lambda _: Reply(status=404)) as receiver:
        channel = add_channel(receiver.url)
        add_rule(channel, BUILT_IN[FAILED], enabled=False)
        add_rule(channel)
        pipeline.dispatch(document("e-1"))
        pipeline.dispatch(document("e-2"))
        with dynamodb_calls() as calls:
            pipeline.dispatch(document("e-3"))
    assert bus.events == []
    assert "Query" not in calls[-3:]


@pytest.mark.usefixtures("told")
def test_the_bus_is_away(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be told is logged, and disturbs no delivery."""

    def refused(*_: object) -> str:
        raise Unavailable("The event bus did not take the event")

    monkeypatch.setattr(EventBus, "put", refused)
    with Receiver(lambda _: Reply(status=404)) as receiver:
        rule = add_rule(add_channel(receiver.url))
        assert pipeline.dispatch(document()) == {"batchItemFailures": []}
    assert made.delivery(rule).status == "failed"
    assert "operational event is lost" in caplog.messages
