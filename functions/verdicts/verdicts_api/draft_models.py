"""The document of a draft: a rule that is tried before it is saved."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from notifications.api.models import Description, Document, LowerText, Name
from notifications.api.rule_parts import DigestIn, MessageIn, OncePerIn
from notifications.core.model import MAX_TEMPLATE_CHARS

MAX_DRAFTS = 100
"""How many drafts a request may have."""

UUID_PATTERN = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"


class DraftIn(Document):
    """A rule that is not saved. What it lacks is taken from the stored rule that it stands in for."""

    id: Annotated[str, Field(pattern=UUID_PATTERN), AfterValidator(str.lower)] | None = None
    """The stored rule that it stands in for; if absent, the only rule of the type with the draft's name."""
    name: Name | None = None
    """The rule's name."""
    description: Description | None = None
    """What the rule is for."""
    rule_type: LowerText | None = None
    """The event type; a draft of another type is left out."""
    channel: str | None = None
    """The id or the name of the channel to send to."""
    channel_id: str | None = None
    """Another name for ``channel``."""
    message_template: Annotated[str, Field(max_length=MAX_TEMPLATE_CHARS)] | None = None
    """The Jinja2 template of the message."""
    enabled: bool | None = None
    """Whether the rule sends events."""
    observe: bool | None = None
    """Whether messages are only recorded, not sent."""
    message: MessageIn | None = None
    """What is changed of the default message; ``{}`` for nothing."""
    once_per: OncePerIn | None = None
    """In which period the rule sends only one message; ``{}`` for a message for each event."""
    digest: DigestIn | None = None
    """How the rule collects events; ``{}`` for a message for each event."""
    condition: dict[str, Any] | None = None
    """Which events of the type the rule sends: an event pattern over their fields; ``{}`` means all."""
    event_filter: dict[str, Any] | None = None
    """Another name for ``condition``."""
    where: list[str] | None = None
    """The condition in the command line's spelling, in place of ``condition``: all clauses must hold."""
