"""The v2 documents of rules."""

from typing import Any
from uuid import UUID

from notifications.api.channels import V2ChannelOut
from notifications.api.models import Description, Document, Name
from notifications.api.v2 import Found
from rules_api.models import RuleBase, Template


class V2RuleChanges(Document):
    """What to change of a rule; what is absent stays, and a description of null is removed."""

    name: Name | None = None
    description: Description | None = None
    message_template: Template | None = None
    enabled: bool | None = None


class V2SampleData(Document):
    """Data to try a rule's template with."""

    id: UUID
    notification_data: dict[str, Any] | None = None


class V2RuleOut(RuleBase):
    """A rule of the v2 routes, with its channel. ``entity_id`` is ``id`` again, as with channels."""

    entity_id: str
    channel: V2ChannelOut


class V2RuleEnvelope(Document):
    """A reply to what made or changed a rule."""

    rule: V2RuleOut


class V2RuleItem(Document):
    """A reply to what asked for a rule."""

    item: V2RuleOut


class V2RulePage(Found):
    """A page of rules."""

    items: list[V2RuleOut]
