"""What tests of operational events share: a bus that notes what is put, and rules that tell operators."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.core.operational_types import OPERATIONAL
from notifications.core.rule_types import BUILT_IN
from notifications.core.schemas import check_data
from notifications.messaging.bus import EventBus
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document

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
