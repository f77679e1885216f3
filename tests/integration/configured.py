"""The configuration of a dispatcher, and what is written to it."""

from typing import Any

from dispatcher.configuration import Configuration
from notifications.core.model import Channel, EventType, Rule
from notifications.core.rule_types import BUILT_IN
from tests.cloud import values
from tests.cloud.services import services

TYPES = ("session.started", "session.terminated", "custom.one")
CUSTOM = EventType(
    "custom.one", None, {"type": "object"}, created_at="2026", created_by="u", updated_at="2026-01"
)


def opened() -> Configuration:
    """Open the configuration with nothing in memory."""
    return Configuration(
        services().config_table, services().rules, services().channels, services().event_types
    )


def channel(number: int = 0) -> Channel:
    """Store a channel."""
    made = values.channel(name=f"channel {number}")
    services().channels.create(made)
    return made


def rule(to: Channel, rule_type: str = TYPES[0], **changes: Any) -> Rule:
    """Store a rule."""
    made = values.rule(to, rule_type=rule_type, message_template="{{ session_id }}", **changes)
    services().rules.create(made, BUILT_IN.get(rule_type, CUSTOM))
    return made
