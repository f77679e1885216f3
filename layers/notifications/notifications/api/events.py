"""The document of an event that both its own function and the one of verdicts show."""

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
    """Why it has this status, if there is a reason to tell."""
    timestamp: Timestamp | None
    """The event's own time; null if it has none."""
    created_at: Timestamp
    """When it was recorded."""
