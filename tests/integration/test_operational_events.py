"""What happens to channels and deliveries is told on the bus: once, one level deep, and only if wanted."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.receiver import Receiver, Reply
from notifications.core import channel_health
from notifications.core.errors import Unavailable
from notifications.core.model import Rule
from notifications.core.operational import OperationalEvent
from notifications.core.operational_types import OPERATIONAL
from notifications.core.rule_types import BUILT_IN, OWN, STOCK
from notifications.core.schemas import check_data
from notifications.delivering import operational_bus
from notifications.messaging.bus import EventBus
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document, dynamodb_calls, hint
from tests.cloud.services import services
from tests.integration.flapping import Flapping, probe, set_health, suspend

SUSPENDED, RESUMED, DISABLED, FAILED, RENDER = (
    "notification.channel.suspended",
    "notification.channel.resumed",
    "notification.channel.disabled",
    "notification.delivery.failed",
    "notification.rule.render_failed",
)


class Bus:
    """The events that were put."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any], str]] = []

    def put(self, rule_type: str, data: dict[str, Any], event_id: str) -> str:
        """Take an event that fits its type."""
        check_data(BUILT_IN[rule_type], data)
        self.events.append((rule_type, data, event_id))
        return event_id

    @property
    def types(self) -> Counter[str]:
        """How many there are of each type."""
        return Counter(rule_type for rule_type, _, _ in self.events)

    def documents(self) -> list[dict[str, Any]]:
        """Return them as the queue has them, and forget them."""
        taken, self.events = self.events, []
        return [document(event_id, data, **{"detail-type": rule_type}) for rule_type, data, event_id in taken]


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Bus:
    """Note what is put on the bus."""
    found = Bus()
    monkeypatch.setattr(EventBus, "put", found.put)
    return found


@pytest.fixture
def told(pipeline: Pipeline, bus: Bus) -> Iterator[Receiver]:
    """Have rules that tell operators of everything, on a channel of their own."""
    del pipeline, bus
    with Receiver() as receiver:
        channel = add_channel(receiver.url, name="Operators")
        for name in OPERATIONAL:
            add_rule(channel, BUILT_IN[name], message_template="{{ rule_type }}")
        yield receiver


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
def test_only_one_of_several_tells_of_the_end(rule: Rule, bus: Bus) -> None:
    """Of processes that end a suspension at the same time, the one whose write did it tells of it."""
    set_health(rule.channel_id, suspended_at=made.PAST, ordinary=3, failures=3)
    known = services().health.get(rule.channel_id)
    for _ in range(3):
        services().health_keeper.end_suspension(rule.channel_id, {rule.channel_id: known} if known else {})
    services().operators.tell()
    assert bus.types == {RESUMED: 1}


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
def test_a_thousand_failures_in_a_minute(
    pipeline: Pipeline, bus: Bus, monkeypatch: pytest.MonkeyPatch
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


def of_another_process(bus: Bus) -> OperationalEvent:
    """Make the event of another process that is about the same channel."""
    _, data, _ = bus.events[0]
    named = {"channel_id", "channel_name", "rule_id", "rule_name"}
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
def test_the_bus_is_away(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be told is logged, and disturbs no delivery."""

    def refused(*_: object) -> str:
        raise Unavailable("The event bus did not take the event")

    monkeypatch.setattr(EventBus, "put", refused)
    with Receiver(lambda _: Reply(status=404)) as receiver:
        rule = add_rule(add_channel(receiver.url))
        assert pipeline.dispatch(document()) == {"batchItemFailures": []}
    assert made.delivery(rule).status == "failed"


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
