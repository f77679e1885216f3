"""The v1 documents of rules and rule types, and those of event types."""

import re
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, field_validator

from notifications.api import channels, on_demand
from notifications.api.channels import ChannelOut
from notifications.api.models import (
    Description,
    Document,
    LowerText,
    Name,
    Pagination,
    Resource,
    Search,
    StringFilter,
    Timestamp,
    Uuid,
)
from notifications.core import search
from notifications.core.model import MAX_EVENT_TYPE_CHARS, MAX_TEMPLATE_CHARS, Channel, EventType, Rule
from notifications.core.search import Predicate

_EVENT_TYPE = r"[a-z0-9]+([._-][a-z0-9]+)*"

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
    """The channel to send to. It cannot be changed later."""
    message_template: Template
    """The Jinja2 template of the message."""
    enabled: bool = True
    """Whether the rule sends events."""
    condition: dict[str, Any] | None = None
    """Which events of the type the rule sends: an EventBridge event pattern over their fields."""
    event_filter: dict[str, Any] | None = None
    """Another name of ``condition``."""
    where: list[str] | None = None
    """The condition in the command line's spelling, in place of ``condition``: all clauses must hold."""


class RuleChanges(Document):
    """What to change of a rule; absent or null is unchanged."""

    name: Name | None = None
    """The rule's new name."""
    description: Description | None = None
    """What the rule is for."""
    message_template: Template | None = None
    """The Jinja2 template of the message."""
    enabled: bool | None = None
    """Whether the rule sends events."""
    condition: dict[str, Any] | None = None
    """Which events of the type the rule sends: an event pattern over their fields; ``{}`` removes it."""
    event_filter: dict[str, Any] | None = None
    """Another name of ``condition``."""
    where: list[str] | None = None
    """The condition in the command line's spelling, in place of ``condition``: all clauses must hold."""


class RuleFilter(Document):
    """Which rules to find; all conditions must hold."""

    name: StringFilter | None = None
    """A condition on the rule's name."""
    rule_types: list[LowerText] | None = None
    """Only rules on these event types."""
    enabled: bool | None = None
    """Only rules that are enabled, or only those that are not."""

    def predicate(self) -> Predicate:
        """Convert it to the core's value."""
        return search.where(name=self.name, types=self.rule_types, enabled=self.enabled)


class RuleSearch(Search):
    """A search for rules."""

    filter: RuleFilter | None = None
    """Which rules to find; all if absent."""


class SampleData(Document):
    """Data to try a rule's template with."""

    notification_data: dict[str, Any] = {}
    """The fields of an event of the rule's type."""


class RuleBase(Resource):
    """The fields of a rule that the v1 and v2 routes share."""

    id: Uuid
    """The rule's id."""
    name: str
    """The rule's name."""
    description: str | None
    """What the rule is for."""
    rule_type: str
    """The event type whose events the rule sends."""
    channel_id: Uuid
    """The channel that the rule sends to."""
    message_template: str
    """The Jinja2 template of the message."""
    enabled: bool
    """Whether the rule sends events."""


class RuleOut(RuleBase):
    """A rule of the v1 routes, with its condition and its channel."""

    condition: dict[str, Any] | None
    """Which events of the type are sent, as an event pattern; null for all."""
    where: list[str] | None
    """The condition in the command line's spelling; null if there is none, or it cannot be spelled so."""
    channel: ChannelOut
    """The channel that the rule sends to."""


class RuleEnvelope(Document):
    """One rule."""

    rule: RuleOut
    """The rule."""


class RuleList(Document):
    """A page of rules."""

    rules: list[RuleOut]
    """The rules of this page."""
    pagination: Pagination
    """Which part of the results this page is."""


class RenderedMessage(Document):
    """The message that a rule renders from sample data."""

    message: str
    """The message, as it would be sent."""


class RuleTrial(RenderedMessage):
    """What a rule with a condition makes of sample data."""

    fires: bool
    """Whether an event with these fields meets the rule's condition."""
    reason: str
    """Which field decides that, what it is and what it must be."""


class RuleTypeList(Document):
    """The names of rule types."""

    rule_types: list[str]
    """The names."""


class RuleTypeSchema(Document):
    """The schema of a rule type's fields."""

    rule_type: str
    """The rule type's name."""
    json_schema: dict[str, Any]
    """The JSON Schema of its events' fields."""


class EventTypeIn(Document):
    """A custom event type to create."""

    name: Annotated[str, Field(max_length=MAX_EVENT_TYPE_CHARS)]
    """The name: lower-case words joined by ``.``, ``-`` or ``_``."""
    description: Description | None = None
    """When such an event happens."""
    json_schema: dict[str, Any]
    """The JSON Schema of its events' fields. Its type has to be ``object``."""

    @field_validator("name")
    @classmethod
    def _plain_name(cls, name: str) -> str:
        if not re.fullmatch(_EVENT_TYPE, name):
            raise ValueError("must be lower-case words joined by '.', '-' or '_', like 'quota.exceeded'")
        return name


class EventTypeChanges(Document):
    """What to change of a custom event type; absent or null is unchanged."""

    description: Description | None = None
    """When such an event happens."""
    json_schema: dict[str, Any] | None = None
    """The new JSON Schema of its events' fields. It must have all fields that rules use."""


class EventTypeOut(Document):
    """An event type. Built-in ones have no creation data."""

    name: str
    """The event type's name."""
    description: str | None
    """When such an event happens."""
    json_schema: dict[str, Any]
    """The JSON Schema of its events' fields."""
    built_in: bool
    """Whether it is built in, and cannot be changed or deleted."""
    created_at: Timestamp | None
    """When it was created."""
    created_by: str | None
    """The user id of the keypair that created it."""
    updated_at: Timestamp | None
    """When it was last changed."""


class EventTypeEnvelope(Document):
    """One event type."""

    event_type: EventTypeOut
    """The event type."""


class EventSample(Document):
    """Sample fields of an event of this type, as ``POST /notifications/events`` takes them."""

    rule_type: str
    """The event type's name."""
    notification_data: dict[str, Any]
    """Fields that fit its schema."""


class EventTypeList(Document):
    """All event types."""

    event_types: list[EventTypeOut]
    """The event types."""


def common(rule: Rule) -> dict[str, Any]:
    """Return the fields of a rule that the v1 and v2 routes share."""
    return {name: getattr(rule, name) for name in RuleBase.model_fields}


def shown(rule: Rule, channel: Channel) -> RuleOut:
    """Make the v1 document of a rule."""
    return RuleOut(
        channel=channels.shown(channels.listed(channel)),
        condition=None if rule.condition is None else dict(rule.condition),
        where=None if rule.condition is None else on_demand.clauses(rule.condition),
        **common(rule),
    )


def shown_type(event_type: EventType) -> EventTypeOut:
    """Show an event type."""
    return EventTypeOut(**{name: getattr(event_type, name) for name in EventTypeOut.model_fields})
