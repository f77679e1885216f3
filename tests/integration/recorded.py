"""Records to keep in the deliveries table."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from notifications.core.event_records import EventRecord
from notifications.core.model import timestamp
from notifications.core.records import Attempt, DeliveryRecord
from tests.samples import configuration as samples

START = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)

ATTEMPT = Attempt(
    at=samples.TIMESTAMP,
    seconds=0.25,
    status=503,
    error_class="status",
    error="The receiver answered with status 503: busy",
    method="POST",
    url="https://example.com/***",
    headers={"Authorization": "***", "webhook-id": "w"},
    response="busy",
    response_cut=False,
)


def at_minute(minute: float) -> str:
    """Write the time so many minutes after the start."""
    return timestamp(START + timedelta(minutes=minute))


def event(**changes: Any) -> EventRecord:
    """Make the record of an event that was dispatched."""
    values: dict[str, Any] = {
        "id": str(uuid4()),
        "rule_type": "session.started",
        "status": "dispatched",
        "reason": None,
        "document": "{}",
        "timestamp": samples.TIMESTAMP,
        "created_at": samples.TIMESTAMP,
        "updated_at": samples.TIMESTAMP,
        "listed": True,
    }
    return EventRecord(**(values | changes))


def delivery(**changes: Any) -> DeliveryRecord:
    """Make the record of a delivery that was delivered."""
    values: dict[str, Any] = {
        "event_id": str(uuid4()),
        "rule_id": str(uuid4()),
        "channel_id": str(uuid4()),
        "rule_type": "session.started",
        "status": "delivered",
        "reason": "status 200",
        "created_at": samples.TIMESTAMP,
        "updated_at": samples.TIMESTAMP,
    }
    return DeliveryRecord(**(values | changes))


def pending(**changes: Any) -> DeliveryRecord:
    """Make the record of a delivery that waits for its next attempt, since the start."""
    values = {"status": "pending", "reason": "status 503", "error_class": "status", "message": "m"}
    return delivery(**(values | {"next_attempt_at": START, "look_at": START} | changes))
