"""The v1 documents of rules and rule types."""

from typing import Any
from uuid import UUID

from notifications.api import channels, conditions
from notifications.api.channels import ChannelOut
from notifications.api.models import (
    Description,
    Document,
    LowerText,
    ManagedOut,
    Name,
    Pagination,
    Resource,
    Search,
    StringFilter,
    Uuid,
)
from notifications.api.requests.rules import Template
from notifications.api.rule_parts import DigestIn, DigestOut, MessageIn, MessageOut, OncePerIn, OncePerOut
from notifications.core import rule_parts, search
from notifications.core.model import Channel, Rule
from notifications.core.search import Predicate


class RuleChanges(Document):
    """What to change of a rule; absent or null is unchanged."""

    name: Name | None = None
    """The rule's new name."""
    description: Description | None = None
    """What the rule is for."""
    channel_id: UUID | None = None
    """The channel to send to from now on. The template is tried with what that channel takes."""
    message_template: Template | None = None
    """The Jinja2 template of the message."""
    enabled: bool | None = None
    """Whether the rule sends events."""
    observe: bool | None = None
    """Whether messages are only rendered and recorded as ``observed``, instead of being sent."""
    message: MessageIn | None = None
    """What to change of the parts of the message; ``{}`` removes all."""
    once_per: OncePerIn | None = None
    """What to change of the rule's limit to one message in a period; ``{}`` removes the limit."""
    digest: DigestIn | None = None
    """What to change of the rule's digest, which collects events; ``{}`` removes the digest."""
    condition: dict[str, Any] | None = None
    """Which events of the type the rule sends: an event pattern over their fields; ``{}`` means all."""
    event_filter: dict[str, Any] | None = None
    """Another name for ``condition``."""
    where: list[str] | None = None
    """The condition in the command line's spelling, in place of ``condition``: all clauses must hold."""


class RuleFilter(Document):
    """Which rules to find; all conditions must hold."""

    id: StringFilter | None = None
    """A condition on the rule's id."""
    name: StringFilter | None = None
    """A condition on the rule's name."""
    rule_types: list[LowerText] | None = None
    """Only rules on these event types."""
    enabled: bool | None = None
    """Only rules that are enabled, or only those that are not."""
    channel_id: UUID | None = None
    """Only rules that send to this channel."""

    def predicate(self) -> Predicate:
        """Convert it to the core's value."""
        return search.where(ids=self.id, name=self.name, types=self.rule_types, enabled=self.enabled)


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

    observe: bool
    """Whether messages are only rendered and recorded as ``observed``, instead of being sent."""
    message: MessageOut | None
    """What is changed of the default message; null if nothing is."""
    once_per: OncePerOut | None
    """In which period the rule sends only one message; null for a message for each event."""
    digest: DigestOut | None
    """How the rule collects events into one message; null for a message for each event."""
    condition: dict[str, Any] | None
    """Which events of the type are sent, as an event pattern; null for all."""
    where: list[str] | None
    """The condition in the command line's spelling; null if there is none, or it cannot be spelled so."""
    channel: ChannelOut
    """The channel that the rule sends to."""
    managed: ManagedOut | None
    """The set that it belongs to, whose file describes it; null if it belongs to none."""


class RuleEnvelope(Document):
    """One rule."""

    rule: RuleOut
    """The rule."""


class WarnedRule(RuleEnvelope):
    """One rule, with warnings about a message that can be sent nevertheless."""

    warnings: list[str]
    """Which parts would be cut, or have no effect, in words."""


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


class WarnedMessage(RenderedMessage):
    """The message that a rule renders from sample data, with warnings."""

    warnings: list[str]
    """Which parts would be cut, or have no effect, in words."""


class RuleTrial(RenderedMessage):
    """The message of a rule with a condition, and whether the rule fires on the sample data."""

    fires: bool
    """Whether an event with these fields meets the rule's condition."""
    reason: str
    """Which field decides that, which value it has and which it must have."""


class WarnedTrial(RuleTrial):
    """The message of a rule with a condition, whether the rule fires, and warnings about the message."""

    warnings: list[str]
    """Which parts would be cut, or have no effect, in words."""


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


def common(rule: Rule) -> dict[str, Any]:
    """Return the fields of a rule that the v1 and v2 routes share."""
    return {name: getattr(rule, name) for name in RuleBase.model_fields}


def shown(rule: Rule, channel: Channel) -> RuleOut:
    """Make the v1 document of a rule."""
    return RuleOut(
        observe=rule.observe,
        managed=ManagedOut.of(rule.managed),
        channel=channels.shown(channels.listed(channel)),
        condition=None if rule.condition is None else dict(rule.condition),
        where=None if rule.condition is None else conditions.clauses(rule.condition),
        **rule_parts.documents(rule),
        **common(rule),
    )
