"""The documents of events and deliveries, and what their lists can be asked for."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from notifications.api.models import Document, LowerText
from notifications.api.powertools import Header, Query
from notifications.core import times
from notifications.core.event_records import EventRecord, EventStatus
from notifications.core.model import timestamp
from notifications.core.records import DeliveryRecord, DeliveryStatus
from notifications.core.search import MAX_LIMIT

MessageChoice = Literal["recorded", "rendered"]
"""What a replay sends: the message as it was, or one that is rendered anew."""


def _moment(text: str) -> str:
    """Write a time as records have it; one without an offset is UTC."""
    try:
        return timestamp(times.moment(text))
    except ValueError:
        raise ValueError("must be an ISO 8601 time, like 2026-01-15T10:30:00Z") from None


def _bare(key: object) -> object:
    """Take a key out of the quotes in which the header's draft standard has it."""
    return key[1:-1] if isinstance(key, str) and key[:1] == key[-1:] == '"' else key


Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Moment = Annotated[str, AfterValidator(_moment)]
Since = Annotated[Moment | None, Query(description="ISO 8601; the records that were created then or later")]
Until = Annotated[Moment | None, Query(description="ISO 8601; the records that were created before")]
Cursor = Annotated[str | None, Query(description="The `next` of the page before")]

IdempotencyKey = Annotated[
    str | None,
    BeforeValidator(_bare),
    Header(
        alias="Idempotency-Key",
        pattern="^[A-Za-z0-9_-]{1,128}$",
        description="The event's id: what comes again with the same one within 24 hours is the same event",
    ),
]


class EventIn(Document):
    """An event to put on the bus."""

    rule_type: LowerText
    notification_data: dict[str, Any] = {}


class EventAccepted(Document):
    """The bus has the event. ``duplicate``: it had it already, by an earlier request with the same key."""

    event_id: str
    duplicate: bool = False


class EventOut(Document):
    """What became of an event. ``timestamp`` is the event's own moment."""

    id: str
    rule_type: str
    status: EventStatus
    reason: str | None
    timestamp: str | None
    created_at: str
    updated_at: str


class EventDetail(EventOut):
    """An event with its fields, and its deliveries counted by status."""

    data: dict[str, Any] | None
    counts: dict[DeliveryStatus, int]


class EventEnvelope(Document):
    """A reply with one event."""

    event: EventDetail


class EventList(Document):
    """A page of events, newest first."""

    events: list[EventOut]
    next: str | None


class AttemptOut(Document):
    """One try to deliver. ``seconds``: how long it took. Credentials are masked."""

    at: str
    seconds: float
    status: int | None
    error_class: str | None
    error: str | None
    method: str
    url: str
    headers: dict[str, str]
    answer: str | None
    answer_cut: bool
    recipients: dict[str, str]


class DeliveryOut(Document):
    """What became of an event for a rule."""

    id: str
    event_id: str
    rule_id: str
    channel_id: str
    rule_type: str
    status: DeliveryStatus
    reason: str | None
    error_class: str | None
    attempt_count: int
    next_attempt_at: str | None
    created_at: str
    updated_at: str


class DeliveryDetail(DeliveryOut):
    """A delivery with what is sent and the last attempts, the oldest of them first."""

    message: str | None
    subject: str | None
    attempts: list[AttemptOut]


class DeliveryEnvelope(Document):
    """A reply with one delivery."""

    delivery: DeliveryDetail


class DeliveryList(Document):
    """A page of deliveries, newest first."""

    deliveries: list[DeliveryOut]
    next: str | None


class ReplayIn(Document):
    """How to send a delivery once more."""

    message: MessageChoice = "recorded"


def shown_event(record: EventRecord) -> EventOut:
    """Show an event."""
    return EventOut(**_plain(record, EventOut))


def detailed_event(
    record: EventRecord, data: dict[str, Any] | None, counts: dict[DeliveryStatus, int]
) -> EventDetail:
    """Show an event with its fields and counts."""
    return EventDetail(**_plain(record, EventOut), data=data, counts=counts)


def shown_delivery(record: DeliveryRecord) -> DeliveryOut:
    """Show a delivery."""
    return DeliveryOut(**_plain(record, DeliveryOut))


def detailed_delivery(record: DeliveryRecord) -> DeliveryDetail:
    """Show a delivery with its message and attempts."""
    return DeliveryDetail(
        **_plain(record, DeliveryOut),
        message=record.message,
        subject=record.subject,
        attempts=[AttemptOut(**asdict(attempt)) for attempt in record.attempts],
    )


def _plain(record: EventRecord | DeliveryRecord, model: type[Document]) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in model.model_fields}
    return {
        name: timestamp(value) if isinstance(value, datetime) else value for name, value in values.items()
    }
