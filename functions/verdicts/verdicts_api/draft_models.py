"""The document of a draft: a rule as it might be."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from notifications.api.models import Description, Document, LowerText, Name
from notifications.api.rule_parts import DigestIn, MessageIn, OncePerIn
from notifications.core.model import MAX_TEMPLATE_CHARS

MAX_DRAFTS = 100
"""How many drafts a request may have."""

UUID_PATTERN = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"


class DraftIn(Document):
    """A rule as it might be. What it lacks is taken from the stored rule that it stands in for."""

    id: Annotated[str, Field(pattern=UUID_PATTERN), AfterValidator(str.lower)] | None = None
    """The stored rule that it stands in for; without one, the only one of the type that has its name."""
    name: Name | None = None
    """The rule's name."""
    description: Description | None = None
    """What the rule is for."""
    rule_type: LowerText | None = None
    """The event type; a draft of another type is left out."""
    channel: str | None = None
    """The channel to send to, by its id or its name."""
    channel_id: str | None = None
    """Another name of ``channel``."""
    message_template: Annotated[str, Field(max_length=MAX_TEMPLATE_CHARS)] | None = None
    """The Jinja2 template of the message."""
    enabled: bool | None = None
    """Whether the rule sends events."""
    observe: bool | None = None
    """Whether messages are only recorded, not sent."""
    message: MessageIn | None = None
    """What is changed of the default message; ``{}`` for nothing."""
    once_per: OncePerIn | None = None
    """How often the rule sends; ``{}`` for as often as events come."""
    digest: DigestIn | None = None
    """How the rule collects events; ``{}`` for a message of each."""
    condition: dict[str, Any] | None = None
    """Which events of the type the rule sends: an event pattern over their fields; ``{}`` means all."""
    event_filter: dict[str, Any] | None = None
    """Another name of ``condition``."""
    where: list[str] | None = None
    """The condition in the command line's spelling, in place of ``condition``: all clauses must hold."""
