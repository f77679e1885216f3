"""The documents of events and deliveries."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from notifications.api.events import EventSummary
from notifications.api.models import Document, LowerText, Timestamp, Uuid
from notifications.api.powertools import Header, Query
from notifications.core.event_records import EventRecord
from notifications.core.model import timestamp
from notifications.core.records import DeliveryRecord, DeliveryStatus

MAX_CLAUSES = 50
"""How many clauses a search may have: as many as a condition has leaves."""

MessageChoice = Literal["recorded", "rendered"]
"""What is sent again: the recorded message, or one that is rendered now."""


def _bare(key: object) -> object:
    """Remove the quotes that the header's draft standard puts around a key."""
    return key[1:-1] if isinstance(key, str) and key[:1] == key[-1:] == '"' else key


Where = Annotated[
    list[str] | None,
    Query(
        max_length=MAX_CLAUSES,
        description="Only events whose fields meet this clause, as `session_id=S`; of several clauses, all",
    ),
]

IdempotencyKey = Annotated[
    str | None,
    BeforeValidator(_bare),
    Header(
        alias="Idempotency-Key",
        pattern="^[A-Za-z0-9_-]{1,128}$",
        description="The event's id: 1 to 128 letters, digits, hyphens and underscores."
        " Requests with the same one within 24 hours make one event",
    ),
]


class EventIn(Document):
    """An event to put on the bus."""

    rule_type: LowerText
    """The event's type, in any case."""
    notification_data: dict[str, Any] = {}
    """The event's fields, which have to fit the schema of its type."""


class EventAccepted(Document):
    """An event that is on the bus."""

    event_id: str
    """The event's id: the idempotency key if there is one, otherwise a new UUID."""
    duplicate: bool = False
    """Whether the same event was accepted before, with the same key."""


class EventOut(EventSummary):
    """An event and its status."""

    updated_at: Timestamp
    """When its record was last changed."""


class EventDetail(EventOut):
    """An event with its fields, and its deliveries counted by status."""

    data: dict[str, Any] | None
    """The event's fields; null if they cannot be shown."""
    counts: dict[DeliveryStatus, int]
    """How many of its first 10,000 deliveries have each status that occurs."""


class EventEnvelope(Document):
    """One event."""

    event: EventDetail
    """The event."""


class EventList(Document):
    """A page of events, newest first."""

    events: list[EventOut]
    """The events of this page; there may be none although there is a next page."""
    next: str | None
    """The ``cursor`` of the next page; null if this is the last one."""
    searched: int | None
    """How many events this page searched; null without ``where``."""
    reached_at: Timestamp | None
    """When the last of these was recorded; null if there was none."""


class AttemptOut(Document):
    """One attempt to deliver. Credentials are masked."""

    at: Timestamp
    """When it began."""
    seconds: float
    """How long it took."""
    status: int | None
    """The status code of HTTP or SMTP; null if there was no response."""
    error_class: str | None
    """What kind of failure it was; null if it was none."""
    error: str | None
    """What went wrong; null if nothing did."""
    method: str
    """The HTTP method; ``MAIL`` for an email."""
    url: str
    """Where it was sent: for a webhook, only the URL's scheme and host."""
    headers: dict[str, str]
    """The headers of the request; of each signature there are the first 8 characters."""
    response: str | None
    """The beginning of the response's body."""
    response_cut: bool
    """Whether the response was longer than the part that is kept."""
    recipients: dict[str, str]
    """The mail server's reply for each recipient; empty for a webhook."""


class DeliveryOut(Document):
    """The delivery of an event for a rule."""

    id: str
    """The delivery's id: the event's id, an underscore and the rule's id."""
    event_id: str
    """The event's id."""
    rule_id: Uuid
    """The rule's id."""
    channel_id: Uuid
    """The channel's id."""
    rule_type: str
    """The event's type."""
    status: DeliveryStatus
    """Its status."""
    reason: str | None
    """Why it has this status, if there is a reason to tell."""
    error_class: str | None
    """What kind of failure the last one was; null if there was none."""
    attempt_count: int
    """How many attempts there were."""
    next_attempt_at: Timestamp | None
    """When the next attempt is due; null if there is none."""
    created_at: Timestamp
    """When it was created."""
    updated_at: Timestamp
    """When it was last changed."""


class DeliveryDetail(DeliveryOut):
    """A delivery with its message and its last attempts."""

    message: str | None
    """The message that is sent; null if none was rendered."""
    subject: str | None
    """The email's subject; null for a webhook."""
    mute_id: Uuid | None
    """The mute that keeps it back, skipped or held; null if none does."""
    digest_id: str | None
    """The digest that the event is in, or whose delivery this is; null if there is none."""
    attempts: list[AttemptOut]
    """The last 12 attempts, the oldest first."""


class DeliveryEnvelope(Document):
    """One delivery."""

    delivery: DeliveryDetail
    """The delivery."""


class DeliveryList(Document):
    """A page of deliveries, newest first."""

    deliveries: list[DeliveryOut]
    """The deliveries of this page; there may be none although there is a next page."""
    next: str | None
    """The ``cursor`` of the next page; null if this is the last one."""


class RetryIn(Document):
    """How to send a delivery again."""

    message: MessageChoice = "recorded"
    """The recorded message, or one that is rendered again with the rule's present template."""


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
        mute_id=record.mute_id,
        digest_id=record.digest_id,
        attempts=[AttemptOut(**asdict(attempt)) for attempt in record.attempts],
    )


def _plain(record: EventRecord | DeliveryRecord, model: type[Document]) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in model.model_fields}
    return {
        name: timestamp(value) if isinstance(value, datetime) else value for name, value in values.items()
    }
