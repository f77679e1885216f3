"""The documents of previews: what readers see of a rule's message."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from notifications.api.models import Document, LowerText, Timestamp, TimeZone
from notifications.api.rule_parts import MessageIn
from notifications.core.model import Action, ChannelType, Level
from verdicts_api.draft_models import DraftIn


class PreviewIn(Document):
    """A rule, a draft of one, or a service and an event type, and an event whose message is to be shown."""

    rule_id: UUID | None = None
    """The rule whose message is shown; with a draft, the stored rule that the draft stands in for."""
    rule: DraftIn | None = None
    """A draft whose message is shown. What it lacks is taken from the stored rule that it stands in for."""
    preset: LowerText | None = None
    """The service that the message is shown for, if no rule is given."""
    rule_type: LowerText | None = None
    """The event type, if no rule is given; absent for that of the event, or ``session.started``."""
    message: MessageIn | None = None
    """Parts of the default message to change in addition to those that the rule changes."""
    timezone: TimeZone | None = None
    """The IANA time zone in which times are shown; absent for the channel's, empty for UTC."""
    sample: bool = False
    """Whether the service makes the event's fields."""
    notification_data: dict[str, Any] | None = None
    """The event's fields, which have to fit the schema of its type."""
    event_id: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    """The id of a recorded event."""


class PreviewField(Document):
    """A field of a message."""

    label: str
    """What it is called."""
    value: str
    """Its value."""


class PreviewMessage(Document):
    """A default message, in plain text."""

    title: str
    """Its title."""
    text: str
    """Its text; empty if there is none."""
    fields: list[PreviewField]
    """The fields that are shown."""
    link: str | None
    """The link to more about the event, if there is one."""
    level: Level
    """Its level: how much it matters."""
    time: str
    """When it happened, in local time."""
    dedup: str | None
    """The key of the incident that it is about."""
    action: Action | None
    """What it does to the incident."""


class Preview(Document):
    """The message that a rule sends for an event, and what readers see of it."""

    channel_type: ChannelType
    """The kind of channel."""
    preset: str | None
    """The service that it is sent to, if the channel has a preset."""
    rule_type: str
    """The event's type."""
    event_id: str
    """The event's id."""
    timestamp: Timestamp
    """When it happened."""
    shown: PreviewMessage | None
    """The default message; null if the rule has a template of its own."""
    body: str
    """The body as it is sent, or the email's text; empty if nothing is sent."""
    subject: str | None
    """The email's subject; null for a webhook."""
    html: str | None
    """The email's HTML, of a default message; null without it."""
    warnings: list[str]
    """Which parts would be cut, or have no effect, in words."""
