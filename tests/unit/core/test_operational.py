"""Operational events as the core makes them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest

from notifications.core import events, operational
from notifications.core.channel_health import Health
from notifications.core.operational import OperationalEvent
from notifications.core.operational_types import OPERATIONAL, OperationalType
from notifications.core.rule_types import BUILT_IN
from notifications.core.schemas import check_data
from tests.samples.records import NOW, delivery

CHANNEL = "0f4b8a52-5d7e-4c3a-9b1e-7a2f00000001"
KOREA = timezone(timedelta(hours=9))


@pytest.mark.parametrize("kind", get_args(OperationalType))
def test_an_id_for_a_minute(kind: OperationalType) -> None:
    """All events of a type, channel and minute have one id, in whichever zone, and it is one that may be."""
    event = OperationalEvent(kind, CHANNEL, {})
    minute = datetime(2026, 1, 15, 23, 59, tzinfo=UTC)
    made = event.id(minute)
    assert made == event.id(minute + timedelta(seconds=59.9)) == event.id(minute.astimezone(KOREA))
    assert made != event.id(minute + timedelta(minutes=1))
    assert made != OperationalEvent(kind, CHANNEL[::-1], {}).id(minute)
    assert events.usable_id({"resources": [events.CHOSEN_ID + made]}) == made
    assert len({OperationalEvent(other, CHANNEL, {}).id(minute) for other in get_args(OperationalType)}) == 5


def test_of_many_failures() -> None:
    """Of each kind and channel the first is described, with how many there are; operational ones are none."""
    records = [
        delivery(status="failed", reason="r1", event_id="e-1", error_class="status", attempt_count=8),
        delivery(status="failed", reason="r2", event_id="e-2"),
        delivery(status="failed", reason="r3", event_id="e-3", error_class="render"),
        delivery(status="failed", reason="r4", event_id="e-4", channel_id=CHANNEL),
        delivery(status="delivered", event_id="e-5"),
        *(delivery(status="failed", reason="r", rule_type=name) for name in OPERATIONAL),
    ]
    told = operational.of_deliveries(records)
    shown = [
        (each.rule_type, each.data["event_id"], each.data["count"], each.data["reason"]) for each in told
    ]
    assert shown == [
        ("notification.delivery.failed", "e-1", 2, "r1"),
        ("notification.rule.render_failed", "e-3", 1, "r3"),
        ("notification.delivery.failed", "e-4", 1, "r4"),
    ]
    assert told[0].data["attempts"] == 8


def test_the_rules_that_failed_together() -> None:
    """Each rule of which a delivery failed is named once, behind the first."""
    rules = ["r-1", "r-2", "r-1", "r-3", "r-2"]
    records = [
        delivery(status="failed", reason="r", event_id=f"e-{at}", rule_id=rule)
        for at, rule in enumerate(rules)
    ]
    (told,) = operational.of_deliveries(records)
    assert (told.rule_id, told.others, told.data["count"]) == ("r-1", ("r-2", "r-3"), 5)


def test_they_fit_their_types() -> None:
    """What is made without names is an event of its type already, whatever is not known."""
    made = [
        operational.suspended(Health(CHANNEL), None),
        operational.suspended(Health(CHANNEL, 5, 5, NOW, "r", suspended_at=NOW, probe_at=NOW), 503),
        operational.resumed(CHANNEL, None, "r"),
        operational.disabled(CHANNEL, "r", 410),
        *operational.of_deliveries([delivery(status="failed", reason=None)]),
        *operational.of_deliveries([delivery(status="failed", reason="r", error_class="render")]),
    ]
    assert {each.rule_type for each in made} == OPERATIONAL
    for each in made:
        rule = {} if each.rule_id is None else {"rule_id": each.rule_id}
        check_data(BUILT_IN[each.rule_type], {"channel_id": CHANNEL, **rule, **each.data})
