"""The document of an event, for its own function and for the one of verdicts."""

from notifications.api.models import Document, Timestamp
from notifications.core.event_records import EventStatus


class EventSummary(Document):
    """An event that was recorded."""

    id: str
    """The event's id: 1 to 128 letters, digits, hyphens and underscores."""
    rule_type: str
    """The event's type."""
    status: EventStatus
    """Its status."""
    reason: str | None
    """The reason for this status, if there is one."""
    timestamp: Timestamp | None
    """The event's own time; null if it has none."""
    created_at: Timestamp
    """When it was recorded."""
