"""A channel, as the tests of its commands know it."""

from typing import Any

ID = "550e8400-e29b-41d4-a716-446655440000"
URL = "https://your-webhook-url.example.com"
CHANNELS = "/notifications/channels"
CHANNEL: dict[str, Any] = {
    "id": ID,
    "name": "Ops",
    "description": None,
    "channel_type": "webhook",
    "spec": {"url": URL, "method": "PUT", "headers": {"Authorization": None, "X-Team": "ops"}, "timeout": 5},
    "enabled": True,
}
