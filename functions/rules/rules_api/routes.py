"""The v1 routes of rules and rule types. ``custom`` asks for custom event types and the rules on them."""

from typing import Annotated
from uuid import UUID

from notifications import aws
from notifications.api.models import Deleted, Pagination
from notifications.api.powertools import Query, Router
from notifications.core import search
from notifications.core.errors import InvalidRequest
from notifications.core.nearest import quoted
from notifications.core.rule_types import STOCK, stock_schema
from rules_api import operations
from rules_api.models import (
    Rendered,
    RuleChanges,
    RuleEnvelope,
    RuleFilter,
    RuleIn,
    RuleList,
    RuleSearch,
    RuleTypeList,
    RuleTypeSchema,
    SampleData,
    shown,
)

router = Router()

Custom = Annotated[bool, Query()]
Force = Annotated[bool, Query()]


@router.get("/notifications/rule-types")
def list_rule_types() -> RuleTypeList:
    """List the rule types that Backend.AI knows."""
    return RuleTypeList(rule_types=list(STOCK))


@router.get("/notifications/rule-types/<rule_type>/schema")
def get_rule_type_schema(rule_type: str) -> RuleTypeSchema:
    """Show the schema of a rule type that Backend.AI knows."""
    event_type = STOCK.get(rule_type.lower())
    if event_type is None:
        raise InvalidRequest(f"rule_type: {quoted(rule_type)} is not one of {', '.join(STOCK)}")
    return RuleTypeSchema(rule_type=event_type.name, json_schema=stock_schema(event_type))


@router.post("/notifications/rules", status_code=201)
def create_rule(request: RuleIn, force: Force = False) -> RuleEnvelope:
    """Create a rule; with ``force`` also one whose template makes nothing of a sample that could be sent."""
    caller = router.context["caller"]
    return RuleEnvelope(rule=shown(*operations.create(request, caller.user_id, force=force)))


@router.post("/notifications/rules/search")
def search_rules(request: RuleSearch, custom: Custom = False) -> RuleList:
    """Find rules."""
    wanted = request.filter or RuleFilter()
    operations.check_rule_types(wanted.rule_types or (), custom=custom)
    page = operations.find(
        wanted.predicate(), request.orders(), lambda items: search.cut(items, request.window()), custom=custom
    )
    return RuleList(
        rules=[shown(rule, channel) for rule, channel in page.items],
        pagination=Pagination(total=page.total, offset=page.offset, limit=page.limit),
    )


@router.get("/notifications/rules/<rule_id>")
def get_rule(rule_id: UUID, custom: Custom = False) -> RuleEnvelope:
    """Show a rule."""
    rule = operations.get(str(rule_id), custom=custom)
    return RuleEnvelope(rule=shown(*operations.with_channel(rule)))


@router.patch("/notifications/rules/<rule_id>")
def update_rule(
    rule_id: UUID, request: RuleChanges, custom: Custom = False, force: Force = False
) -> RuleEnvelope:
    """Change a rule; with ``force`` also to a template that makes nothing of a sample that could be sent."""
    rule = operations.get(str(rule_id), custom=custom)
    changes = request.model_dump(exclude_none=True)
    return RuleEnvelope(rule=shown(*operations.change(rule, changes, force=force)))


@router.delete("/notifications/rules/<rule_id>")
def delete_rule(rule_id: UUID, custom: Custom = False) -> Deleted:
    """Delete a rule."""
    operations.get(str(rule_id), custom=custom)
    aws.rules().delete(str(rule_id))
    return Deleted()


@router.post("/notifications/rules/<rule_id>/validate")
def validate_rule(rule_id: UUID, request: SampleData, custom: Custom = False) -> Rendered:
    """Render a rule's template with sample data; nothing is sent."""
    return Rendered(message=operations.preview(str(rule_id), request.notification_data, custom=custom))
