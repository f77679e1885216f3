"""The document that creates a rule."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from notifications.api.models import Description, Document, LowerText, Name
from notifications.api.rule_parts import DigestIn, MessageIn, OncePerIn
from notifications.core.model import MAX_TEMPLATE_CHARS

Template = Annotated[str, Field(max_length=MAX_TEMPLATE_CHARS)]


class RuleIn(Document):
    """A rule to create."""

    name: Name
    """The rule's name. White space around it is removed."""
    description: Description | None = None
    """What the rule is for."""
    rule_type: LowerText
    """The event type, in any case, whose events the rule sends. It cannot be changed later."""
    channel_id: UUID
    """The channel to send to."""
    message_template: Template | None = None
    """The Jinja2 template of the message. It may be absent where the channel has a default message."""
    enabled: bool = True
    """Whether the rule sends events."""
    observe: bool = False
    """Whether messages are only rendered and recorded as ``observed``, instead of being sent."""
    message: MessageIn | None = None
    """Changes of the default message, if there is no template."""
    once_per: OncePerIn | None = None
    """How often the rule sends; if absent, for every event."""
    digest: DigestIn | None = None
    """How the rule collects events into one message; if absent, each event has its own."""
    condition: dict[str, Any] | None = None
    """Which events of the type the rule sends: an EventBridge event pattern over their fields."""
    event_filter: dict[str, Any] | None = None
    """Another name of ``condition``."""
    where: list[str] | None = None
    """The condition in the command line's spelling, in place of ``condition``: all clauses must hold."""
