"""The v1 routes of rules and rule types. ``custom`` includes event types that Backend.AI does not know."""

from typing import Annotated
from uuid import UUID

from notifications.api.given import author, services
from notifications.api.models import Deleted, Pagination
from notifications.api.powertools import Query, Router
from notifications.api.requests.rules import RuleIn
from notifications.core import search
from notifications.core.errors import InvalidRequest
from notifications.core.model import Channel, Rule
from notifications.core.nearest import quoted
from notifications.core.rule_types import STOCK, stock_schema
from rules_api import operations
from rules_api.models import (
    RenderedMessage,
    RuleChanges,
    RuleEnvelope,
    RuleFilter,
    RuleList,
    RuleSearch,
    RuleTrial,
    RuleTypeList,
    RuleTypeSchema,
    SampleData,
    WarnedMessage,
    WarnedRule,
    WarnedTrial,
    shown,
)

router = Router()

Custom = Annotated[
    bool, Query(description="Whether rules on event types that Backend.AI does not know are shown")
]
Force = Annotated[bool, Query(description="Whether to save a template that fails with a sample")]


@router.get("/notifications/rule-types")
def list_rule_types() -> RuleTypeList:
    """List the rule types that Backend.AI knows.

    The operation ``list_event_types`` lists the other event types too.
    """
    return RuleTypeList(rule_types=list(STOCK))


@router.get("/notifications/rule-types/<rule_type>/schema")
def get_rule_type_schema(rule_type: str) -> RuleTypeSchema:
    """Show the schema of a rule type that Backend.AI knows.

    The name may be in any case. ``get_event_type`` shows the other event types too.
    """
    event_type = STOCK.get(rule_type.lower())
    if event_type is None:
        raise InvalidRequest(f"rule_type: {quoted(rule_type)} is not one of {', '.join(STOCK)}")
    return RuleTypeSchema(rule_type=event_type.name, json_schema=stock_schema(event_type))


@router.post("/notifications/rules", status_code=201)
def create_rule(request: RuleIn, force: Force = False) -> WarnedRule | RuleEnvelope:
    """Create a rule.

    Its template is tried with a sample of the event type. One that can never render a valid message, such as
    plain text for a JSON channel, is refused unless ``force`` is true. Without a template it sends the
    default message of its type, which channels with a preset and email channels have. Its condition is
    checked against the type's schema. ``warnings`` is present if part of the message would be cut, or has no
    effect.
    """
    return _shown_with_warnings(*operations.create(services(router), request, author(router), force=force))


@router.post("/notifications/rules/search")
def search_rules(request: RuleSearch, custom: Custom = False) -> RuleList:
    """Find rules.

    All conditions of the filter must hold. Rules on event types that Backend.AI does not know are found if
    ``custom`` is true.
    """
    wanted = request.filter or RuleFilter()
    operations.check_rule_types(services(router), wanted.rule_types or (), custom=custom)
    predicate = wanted.predicate()
    if wanted.channel_id is not None:
        predicate = search.all_of([predicate, operations.sends_to(services(router), str(wanted.channel_id))])
    page = operations.find(
        services(router),
        predicate,
        request.orders(),
        lambda items: search.cut(items, request.window()),
        custom=custom,
    )
    return RuleList(
        rules=[shown(rule, channel) for rule, channel in page.items],
        pagination=Pagination(total=page.total, offset=page.offset, limit=page.limit),
    )


@router.get("/notifications/rules/<rule_id>")
def get_rule(rule_id: UUID, custom: Custom = False) -> RuleEnvelope:
    """Show a rule.

    A rule on an event type that Backend.AI does not know is found if ``custom`` is true.
    """
    rule = operations.get(services(router), str(rule_id), custom=custom)
    return RuleEnvelope(rule=shown(*operations.with_channel(services(router), rule)))


@router.patch("/notifications/rules/<rule_id>")
def update_rule(
    rule_id: UUID, request: RuleChanges, custom: Custom = False, force: Force = False
) -> WarnedRule | RuleEnvelope:
    """Change a rule.

    Fields that are absent or null stay as they are. A new template is tried with a sample of the event type.
    One that can never render a valid message is refused unless ``force`` is true.
    """
    rule = operations.get(services(router), str(rule_id), custom=custom)
    changes = operations.changes_of(services(router), rule, request)
    return _shown_with_warnings(
        *operations.change(services(router), rule, changes, author(router), force=force)
    )


@router.delete("/notifications/rules/<rule_id>")
def delete_rule(rule_id: UUID, custom: Custom = False) -> Deleted:
    """Delete a rule.

    Its deliveries stay recorded; those that still wait are skipped.
    """
    operations.get(services(router), str(rule_id), custom=custom)
    services(router).rules.delete(str(rule_id), author(router))
    return Deleted()


@router.post("/notifications/rules/<rule_id>/validate")
def validate_rule(
    rule_id: UUID, request: SampleData, custom: Custom = False
) -> WarnedTrial | RuleTrial | WarnedMessage | RenderedMessage:
    """Render a rule's template with sample data, and try its condition on it.

    The response has the message as it would be sent. If the rule has a condition, it also says whether the
    rule fires, and why. ``warnings`` is present if part of the message was cut or has no effect. Nothing is
    sent.
    """
    found = operations.try_out(services(router), str(rule_id), request.notification_data, custom=custom)
    if found.reason is not None:
        tried = RuleTrial(message=found.message, fires=found.fires, reason=found.reason)
        return WarnedTrial(**tried.model_dump(), warnings=[*found.warnings]) if found.warnings else tried
    if found.warnings:
        return WarnedMessage(message=found.message, warnings=[*found.warnings])
    return RenderedMessage(message=found.message)


def _shown_with_warnings(rule: Rule, channel: Channel) -> WarnedRule | RuleEnvelope:
    """Show a rule that was saved, with warnings if there are any."""
    warnings = operations.warnings(services(router), rule, channel)
    made = shown(rule, channel)
    return WarnedRule(rule=made, warnings=warnings) if warnings else RuleEnvelope(rule=made)
