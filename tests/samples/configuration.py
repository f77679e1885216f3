"""Values that tests share: event types, rules, channels, and the fields of events."""

from random import Random
from typing import Any

from notifications.core.model import Channel, EventType, Rule, WebhookSpec
from notifications.core.mutes import Mute
from notifications.core.revisions import Author

TIMESTAMP = "2026-01-15T10:30:00.000000Z"
USER = "0b0c5d2e-6f4f-4f0c-9a4d-1f2f3a4b5c6d"

STARTED = {
    "session_id": "6f1c",
    "session_type": "interactive",
    "cluster_mode": "single-node",
    "status": "RUNNING",
}
"""The required fields of session.started."""

STARTED_DOCUMENT = {
    "id": "e",
    "source": "backend.ai.manager",
    "detail-type": "session.started",
    "time": "2026-01-15T10:30:00Z",
    "detail": STARTED,
}
"""An EventBridge document of it."""

DOWNLOADED = {
    "artifact_id": "a-1",
    "artifact_name": "llama",
    "artifact_type": "MODEL",
    "registry_type": "HARBOR",
    "registry_id": "r-1",
    "status": "AVAILABLE",
    "success": True,
}
"""The required fields of artifact.download.completed."""


def event_type(properties: dict[str, Any], **more: Any) -> EventType:
    """Make a custom event type with these fields."""
    schema = {"type": "object", "properties": properties, "additionalProperties": False, **more}
    return EventType(name="custom.made", description=None, json_schema=schema)


def rule(**changes: Any) -> Rule:
    """Make a rule on session.started."""
    values: dict[str, Any] = {
        "id": "rule-1",
        "name": "A rule",
        "description": None,
        "rule_type": "session.started",
        "channel_id": "channel-1",
        "message_template": "{{ session_id }}",
        "enabled": True,
        "created_at": TIMESTAMP,
        "created_by": USER,
        "updated_at": TIMESTAMP,
    }
    return Rule(**(values | changes))


def channel(**changes: Any) -> Channel:
    """Make a webhook channel."""
    values: dict[str, Any] = {
        "id": "channel-1",
        "name": "A channel",
        "description": None,
        "spec": WebhookSpec("https://example.com/hook"),
        "enabled": True,
        "created_at": TIMESTAMP,
        "created_by": USER,
        "updated_at": TIMESTAMP,
    }
    return Channel(**(values | changes))


def mute(**changes: Any) -> Mute:
    """Make a mute of everything that is in force for two hours."""
    values: dict[str, Any] = {
        "id": "mute-1",
        "reason": "maintenance",
        "created_at": TIMESTAMP,
        "created_by": Author("AKIATEST", USER, "night shift"),
        "updated_at": TIMESTAMP,
        "until": "2026-01-15T12:30:00.000000Z",
    }
    return Mute(**(values | changes))


def noise(length: int) -> str:
    """Make a text that nothing can be made of shorter."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
    return "".join(Random(7).choices(letters, k=length))  # noqa: S311 - any will do
