"""The v2 routes of rules. They do not show rules on event types that Backend.AI does not know."""

from uuid import UUID

from notifications.api.channels import listed, v2_shown
from notifications.api.given import author, services
from notifications.api.powertools import Router
from notifications.api.requests.rules import RuleIn
from notifications.api.v2 import V2ById, V2Id, V2Search, found, kept
from notifications.core.model import Channel, Rule
from notifications.core.rule_types import STOCK
from rules_api import operations
from rules_api.models import RenderedMessage, common
from rules_api.v2_models import (
    V2RuleChanges,
    V2RuleEnvelope,
    V2RuleItem,
    V2RuleOut,
    V2RulePage,
    V2SampleData,
)

router = Router()


@router.post("/v2/notifications/rules", status_code=201)
def v2_create_rule(request: RuleIn) -> V2RuleEnvelope:
    """Create a rule.

    Its template is tried with a sample of the event type, and refused if it can never render a valid message.
    """
    return V2RuleEnvelope(rule=_shown(*operations.create(services(router), request, author(router))))


@router.post("/v2/notifications/rules/search")
def v2_search_rules(request: V2Search) -> V2RulePage:
    """Find rules.

    There are three ways of paging, only one of which can be used in a request. Rules on event types that
    Backend.AI does not know are not found.
    """
    page = operations.find(
        services(router), request.predicate(STOCK), request.orders(), request.page, custom=False
    )
    return V2RulePage(items=[_shown(rule, channel) for rule, channel in page.items], **found(page))


@router.get("/v2/notifications/rules/<rule_id>")
def v2_get_rule(rule_id: UUID) -> V2RuleItem:
    """Show a rule.

    Rules on event types that Backend.AI does not know are not found.
    """
    rule = operations.get(services(router), str(rule_id), custom=False)
    return V2RuleItem(item=_shown(*operations.with_channel(services(router), rule)))


@router.patch("/v2/notifications/rules/<rule_id>")
def v2_update_rule(rule_id: UUID, request: V2RuleChanges) -> V2RuleEnvelope:
    """Change a rule.

    Absent fields stay as they are; a null description is removed. Rules on event types that Backend.AI does
    not know are not found.
    """
    rule = operations.get(services(router), str(rule_id), custom=False)
    return V2RuleEnvelope(
        rule=_shown(*operations.change(services(router), rule, kept(request), author(router)))
    )


@router.post("/v2/notifications/rules/delete")
def v2_delete_rule(request: V2ById) -> V2Id:
    """Delete a rule.

    Rules on event types that Backend.AI does not know are not found.
    """
    rule = operations.get(services(router), str(request.id), custom=False)
    services(router).rules.delete(rule.id, author(router))
    return V2Id(id=rule.id)


@router.post("/v2/notifications/rules/validate")
def v2_validate_rule(request: V2SampleData) -> RenderedMessage:
    """Render a rule's template with sample data.

    The response has the message as it would be sent. Nothing is sent.
    """
    data = request.notification_data or {}
    found = operations.try_out(services(router), str(request.id), data, custom=False)
    return RenderedMessage(message=found.message)


def _shown(rule: Rule, channel: Channel) -> V2RuleOut:
    return V2RuleOut(entity_id=rule.id, channel=v2_shown(listed(channel)), **common(rule))
