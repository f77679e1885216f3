"""The routes of the revisions of rules and event types, and of the audit log."""

from typing import Annotated
from uuid import UUID

from notifications.api.given import author, services
from notifications.api.lists import Cursor, Limit, Since, Until
from notifications.api.powertools import Query, Router
from notifications.api.revisions import (
    AuditList,
    ComparedTo,
    RevertIn,
    RevisionEnvelope,
    RevisionList,
    audited,
    detailed,
    listed,
)
from notifications.core.revisions import RevisionKind
from notifications.core.search import DEFAULT_LIMIT
from notifications.store.revisions import WantedChanges
from rules_api import reverting
from rules_api.models import RuleEnvelope, shown
from rules_api.routes import Force

router = Router()

By = Annotated[str | None, Query(description="Only changes by this keypair (access key or name) or user id")]
Kind = Annotated[RevisionKind | None, Query(description="Only changes of these")]


@router.get("/notifications/rules/<rule_id>/revisions")
def list_rule_revisions(rule_id: UUID, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> RevisionList:
    """List the revisions of a rule, newest first.

    There is one for each change, with its author. A deleted rule keeps its revisions. A revision is kept
    for 400 days after the next one.
    """
    return listed(services(router), "rule", str(rule_id), (limit, cursor), services(router).rules.get)


@router.get("/notifications/rules/<rule_id>/revisions/<number>")
def get_rule_revision(rule_id: UUID, number: int, compared_to: ComparedTo = None) -> RevisionEnvelope:
    """Show a revision of a rule.

    The response has the rule as it was, and how it differs from another revision.
    """
    return detailed(services(router), "rule", str(rule_id), number, compared_to)


@router.post("/notifications/rules/<rule_id>/revert")
def revert_rule(rule_id: UUID, request: RevertIn, force: Force = False) -> RuleEnvelope:
    """Revert a rule to one of its revisions.

    Its template and its condition are checked as they are for an update. The change makes a revision of its
    own. A deleted rule cannot be reverted.
    """
    found = reverting.revert(services(router), str(rule_id), request.to, author(router), force=force)
    return RuleEnvelope(rule=shown(*found))


@router.get("/notifications/event-types/<name>/revisions")
def list_event_type_revisions(name: str, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> RevisionList:
    """List the revisions of a custom event type, newest first.

    There is one for each change, with its author. A deleted type keeps its revisions.
    """
    get = services(router).event_types.get
    return listed(services(router), "event_type", name.lower(), (limit, cursor), get)


@router.get("/notifications/event-types/<name>/revisions/<number>")
def get_event_type_revision(name: str, number: int, compared_to: ComparedTo = None) -> RevisionEnvelope:
    """Show a revision of a custom event type.

    The response has the type as it was, and how it differs from another revision.
    """
    return detailed(services(router), "event_type", name.lower(), number, compared_to)


@router.get("/notifications/audit")
def list_changes(
    since: Since = None,
    until: Until = None,
    by: By = None,
    kind: Kind = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> AuditList:
    """List the changes of all configuration, newest first.

    All given conditions must hold. A page looks through 500 changes at most, so it may be short, or even
    empty, and still have a next one: continue until ``next`` is null.
    """
    wanted = WantedChanges(limit=limit, cursor=cursor, since=since, until=until, by=by, kind=kind)
    return audited(services(router).revisions.audit(wanted))
