"""The v1 documents of rules and rule types, and those of event types."""

import re
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, field_validator

from notifications.api import channels
from notifications.api.channels import ChannelOut
from notifications.api.models import (
    Description,
    Document,
    LowerText,
    Name,
    Pagination,
    Record,
    Search,
    StringFilter,
)
from notifications.core import search
from notifications.core.model import MAX_EVENT_TYPE_CHARS, MAX_TEMPLATE_CHARS, Channel, EventType, Rule
from notifications.core.search import Predicate

_EVENT_TYPE = r"[a-z0-9]+([._-][a-z0-9]+)*"

Template = Annotated[str, Field(max_length=MAX_TEMPLATE_CHARS)]


class RuleIn(Document):
    """A rule to create."""

    name: Name
    description: Description | None = None
    rule_type: LowerText
    channel_id: UUID
    message_template: Template
    enabled: bool = True


class RuleChanges(Document):
    """What to change of a rule; absent or null is unchanged."""

    name: Name | None = None
    description: Description | None = None
    message_template: Template | None = None
    enabled: bool | None = None


class RuleFilter(Document):
    """Which rules to find; all conditions must hold."""

    name: StringFilter | None = None
    rule_types: list[LowerText] | None = None
    enabled: bool | None = None

    def predicate(self) -> Predicate:
        """Give it to the core."""
        return search.where(name=self.name, types=self.rule_types, enabled=self.enabled)


class RuleSearch(Search):
    """A search for rules."""

    filter: RuleFilter | None = None


class SampleData(Document):
    """Data to try a rule's template with."""

    notification_data: dict[str, Any] = {}


class RuleBase(Record):
    """What the v1 and v2 routes show alike of a rule."""

    id: str
    name: str
    description: str | None
    rule_type: str
    channel_id: str
    message_template: str
    enabled: bool


class RuleOut(RuleBase):
    """A rule of the v1 routes, with its channel."""

    channel: ChannelOut


class RuleEnvelope(Document):
    """A reply with one rule."""

    rule: RuleOut


class RuleList(Document):
    """A page of rules."""

    rules: list[RuleOut]
    pagination: Pagination


class Rendered(Document):
    """The message that a rule makes of sample data."""

    message: str


class RuleTypeList(Document):
    """The names of rule types."""

    rule_types: list[str]


class RuleTypeSchema(Document):
    """The schema of a rule type's fields."""

    rule_type: str
    json_schema: dict[str, Any]


class EventTypeIn(Document):
    """A custom event type to create."""

    name: Annotated[str, Field(max_length=MAX_EVENT_TYPE_CHARS)]
    description: Description | None = None
    json_schema: dict[str, Any]

    @field_validator("name")
    @classmethod
    def _plain_name(cls, name: str) -> str:
        if not re.fullmatch(_EVENT_TYPE, name):
            raise ValueError("must be lower-case words joined by '.', '-' or '_', like 'quota.exceeded'")
        return name


class EventTypeChanges(Document):
    """What to change of a custom event type; absent or null is unchanged."""

    description: Description | None = None
    json_schema: dict[str, Any] | None = None


class EventTypeOut(Document):
    """An event type as it is shown; built-in ones were never created."""

    name: str
    description: str | None
    json_schema: dict[str, Any]
    built_in: bool
    created_at: str | None
    created_by: str | None
    updated_at: str | None


class EventTypeEnvelope(Document):
    """A reply with one event type."""

    event_type: EventTypeOut


class EventSample(Document):
    """Fields that an event of this type may have, as ``POST /notifications/events`` takes them."""

    rule_type: str
    notification_data: dict[str, Any]


class EventTypeList(Document):
    """All event types."""

    event_types: list[EventTypeOut]


def common(rule: Rule) -> dict[str, Any]:
    """Lay out what the v1 and v2 routes show alike of a rule."""
    return {name: getattr(rule, name) for name in RuleBase.model_fields}


def shown(rule: Rule, channel: Channel) -> RuleOut:
    """Show a rule as the v1 routes do."""
    return RuleOut(channel=channels.shown(channels.listed(channel)), **common(rule))


def shown_type(event_type: EventType) -> EventTypeOut:
    """Show an event type."""
    return EventTypeOut(**{name: getattr(event_type, name) for name in EventTypeOut.model_fields})
