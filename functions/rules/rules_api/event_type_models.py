"""The documents of event types."""

from typing import Any

from notifications.api.models import Description, Document, ManagedOut, Timestamp
from notifications.core.model import EventType


class EventTypeChanges(Document):
    """What to change of a custom event type; absent or null is unchanged."""

    description: Description | None = None
    """When such an event happens."""
    json_schema: dict[str, Any] | None = None
    """The new JSON Schema of its events' fields. It must have all fields that rules on the type use."""


class EventTypeOut(Document):
    """An event type. Built-in ones have no creation data."""

    name: str
    """The event type's name."""
    description: str | None
    """When such an event happens."""
    json_schema: dict[str, Any]
    """The JSON Schema of its events' fields."""
    built_in: bool
    """Whether it is built in, and cannot be changed or deleted."""
    created_at: Timestamp | None
    """When it was created."""
    created_by: str | None
    """The user id of the keypair that created it."""
    updated_at: Timestamp | None
    """When it was last changed."""
    managed: ManagedOut | None
    """The set that it belongs to, whose file describes it; null if it belongs to none."""


class EventTypeEnvelope(Document):
    """One event type."""

    event_type: EventTypeOut
    """The event type."""


class EventSample(Document):
    """Sample fields of an event of this type, as ``POST /notifications/events`` takes them."""

    rule_type: str
    """The event type's name."""
    notification_data: dict[str, Any]
    """Fields that fit its schema."""


class EventTypeList(Document):
    """All event types."""

    event_types: list[EventTypeOut]
    """The event types."""


def shown_type(event_type: EventType) -> EventTypeOut:
    """Show an event type."""
    return EventTypeOut(**{name: getattr(event_type, name) for name in EventTypeOut.model_fields})
