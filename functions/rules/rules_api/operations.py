"""What can be done with rules."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from notifications import aws
from notifications.core import search, templates
from notifications.core.errors import EntityNotFound, InvalidRequest, RuleNotFound
from notifications.core.model import Event, EventType, Rule, timestamp
from notifications.core.rule_types import BUILT_IN
from notifications.core.schemas import check_data
from notifications.core.search import Page
from rules_api.models import RuleChanges, RuleIn, RuleSearch


def create(request: RuleIn, user_id: str) -> Rule:
    """Create a rule.

    Raises:
        InvalidRequest: its event type or channel does not exist.
        TemplateError: its template can not be rendered for the type.
    """
    try:
        event_type = aws.event_types().get(request.rule_type)
    except EntityNotFound:
        raise InvalidRequest(
            f"rule_type: {request.rule_type!r} is not an event type; /notifications/event-types lists them"
        ) from None
    templates.check(request.message_template, event_type)
    now = timestamp(datetime.now(UTC))
    rule = Rule(
        id=str(uuid4()),
        name=request.name,
        description=request.description,
        rule_type=event_type.name,
        channel_id=str(request.channel_id),
        message_template=request.message_template,
        enabled=request.enabled,
        created_at=now,
        created_by=user_id,
        updated_at=now,
    )
    aws.rules().create(rule, event_type)
    return rule


def get(rule_id: str, *, custom: bool) -> Rule:
    """Read a rule; one on a custom event type only for who asked for ``custom``.

    Raises:
        EntityNotFound: there is no such rule to be seen.
    """
    rule = aws.rules().get(rule_id)
    if not custom and rule.rule_type not in BUILT_IN:
        raise EntityNotFound(f"There is no rule {rule_id}")
    return rule


def find(request: RuleSearch, *, custom: bool) -> Page[Rule]:
    """Find rules; those on custom event types only for who asked for ``custom``."""
    wanted = request.filter
    found = aws.rules().summaries()
    if not custom:
        found = [summary for summary in found if summary.type in BUILT_IN]
    if wanted and wanted.name:
        fits = search.string_filter(wanted.name)
        found = [summary for summary in found if fits(summary.name)]
    if wanted and wanted.rule_types is not None:
        found = [summary for summary in found if summary.type in wanted.rule_types]
    if wanted and wanted.enabled is not None:
        found = [summary for summary in found if summary.enabled is wanted.enabled]
    page = search.page(found, request.orders(), request.offset, request.limit)
    rules = aws.rules().get_many([summary.id for summary in page.items])
    present = [rules[summary.id] for summary in page.items if summary.id in rules]
    return Page(present, page.total, page.offset, page.limit)


def change(rule: Rule, request: RuleChanges) -> Rule:
    """Change what the request names.

    Raises:
        EntityNotFound: the rule was deleted meanwhile.
        TemplateError: the new template can not be rendered for the rule's type.
    """
    changes = request.model_dump(exclude_none=True)
    if not changes:
        return rule
    event_type = aws.event_types().get(rule.rule_type)
    if request.message_template is not None:
        templates.check(request.message_template, event_type)
    return aws.rules().update(rule, changes | {"updated_at": timestamp(datetime.now(UTC))}, event_type)


def preview(rule_id: str, data: Mapping[str, Any], *, custom: bool) -> str:
    """Render a rule's template with sample data, exactly as the dispatcher would; send nothing.

    Raises:
        RuleNotFound: there is no such rule to be seen.
        SchemaMismatch: the data does not fit the rule's type.
        TemplateError: the template fails on the data.
    """
    try:
        rule = get(rule_id, custom=custom)
    except EntityNotFound as error:
        raise RuleNotFound(error.message) from None
    return _render(rule, aws.event_types().get(rule.rule_type), data)


def _render(rule: Rule, event_type: EventType, data: Mapping[str, Any]) -> str:
    complete = check_data(event_type, data)
    event = Event(id="preview", rule_type=rule.rule_type, timestamp=datetime.now(UTC), data=complete)
    return templates.render(rule.message_template, templates.context(event, complete))
