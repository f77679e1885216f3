"""The v2 documents of rules."""

from typing import Any
from uuid import UUID

from notifications.api.channels import V2ChannelOut
from notifications.api.models import Description, Document, Name, Uuid
from notifications.api.requests.rules import Template
from notifications.api.v2 import Found
from rules_api.models import RuleBase


class V2RuleChanges(Document):
    """What to change of a rule. Absent fields stay as they are; a null description is removed."""

    name: Name | None = None
    """The rule's new name."""
    description: Description | None = None
    """What the rule is for; null removes it."""
    message_template: Template | None = None
    """The Jinja2 template of the message."""
    enabled: bool | None = None
    """Whether the rule sends events."""


class V2SampleData(Document):
    """Data to try a rule's template with."""

    id: UUID
    """The rule's id."""
    notification_data: dict[str, Any] | None = None
    """The fields of an event of the rule's type."""


class V2RuleOut(RuleBase):
    """A rule of the v2 routes, with its channel."""

    entity_id: Uuid
    """The rule's id once more, for Backend.AI's clients."""
    channel: V2ChannelOut
    """The channel that the rule sends to."""


class V2RuleEnvelope(Document):
    """A rule that was created or changed."""

    rule: V2RuleOut
    """The rule."""


class V2RuleItem(Document):
    """One rule."""

    item: V2RuleOut
    """The rule."""


class V2RulePage(Found):
    """A page of rules."""

    items: list[V2RuleOut]
    """The rules of this page."""
