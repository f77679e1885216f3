"""Records as the service shows them, for the tests of what lists and retries them."""

from typing import Any

DELIVERIES = "/notifications/deliveries"
EVENTS = "/notifications/events"
EVENT_ID = "0b6d5a0e-6a1f-4a55-9d5c-0d6a9a1f3c11"
RULE_ID = "660e8400-e29b-41d4-a716-446655440000"
CHANNEL_ID = "550e8400-e29b-41d4-a716-446655440000"
DELIVERY_ID = f"{EVENT_ID}_{RULE_ID}"
CREATED = "2025-11-23T10:00:00.000000Z"
EVENT = {
    "id": EVENT_ID,
    "rule_type": "session.started",
    "status": "dispatched",
    "reason": None,
    "timestamp": None,
    "created_at": "2025-11-23T10:00:00.000000Z",
    "updated_at": "2025-11-23T10:00:01.000000Z",
}


def delivery(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Return a summary of a delivery."""
    event_id = f"event-{number}"
    summary = {
        "id": f"{event_id}_{RULE_ID}",
        "event_id": event_id,
        "rule_id": RULE_ID,
        "channel_id": CHANNEL_ID,
        "rule_type": "session.started",
        "status": "failed",
        "reason": "status 500",
        "error_class": "status",
        "attempt_count": 3,
        "next_attempt_at": None,
        "created_at": CREATED,
        "updated_at": "2025-11-23T10:00:05.000000Z",
    }
    return summary | changes


def page(*found: dict[str, Any], following: str | None = None, key: str = "deliveries") -> dict[str, Any]:
    """Return a page of a list."""
    return {key: list(found), "next": following}
