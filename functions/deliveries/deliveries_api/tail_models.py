"""The documents of the route that follows events."""

from typing import Annotated

from pydantic import Field

from deliveries_api.models import MAX_CLAUSES, EventOut
from notifications.api.models import Document, LowerText, Uuid
from notifications.core.event_records import EventStatus
from notifications.core.records import DeliveryStatus


class TailIn(Document):
    """Where to continue, and which events to return."""

    position: str | None = None
    """The ``position`` of the last response; null to begin."""
    status: EventStatus | None = None
    """Only events that ended with this status."""
    rule_type: LowerText | None = None
    """Only events of this type."""
    where: Annotated[list[str], Field(max_length=MAX_CLAUSES)] = []
    """Only events whose fields meet all of these clauses, like ``session_id=S``."""


class FollowedDelivery(Document):
    """A delivery of an event."""

    rule_id: Uuid
    """The rule's id."""
    rule_name: str | None
    """The rule's name; null if it was deleted."""
    channel_id: Uuid
    """The channel's id."""
    status: DeliveryStatus
    """The delivery's status."""
    reason: str | None
    """Why it has this status, if there is a reason to tell."""


class FollowedEvent(EventOut):
    """An event that has ended, with its deliveries."""

    deliveries: list[FollowedDelivery]
    """Its first 20 deliveries."""
    more_deliveries: bool
    """Whether it has more than these."""


class TailOut(Document):
    """The events that have ended since a position."""

    events: list[FollowedEvent]
    """At most 100 of them, oldest first."""
    position: str
    """The ``position`` of the next request."""
    more: bool
    """Whether more events have ended already."""
