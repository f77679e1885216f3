"""Revert a rule to one of its revisions."""

from typing import Any

from notifications.api import conditions, reverting
from notifications.core import revisions
from notifications.core.errors import RuleConflict
from notifications.core.model import Rule
from notifications.core.revisions import Author
from notifications.wiring import Services
from rules_api import operations
from rules_api.operations import Shown

_STAYS = {"id", "rule_type", "managed"}
"""The members of a rule that cannot be changed, or say who keeps the rule."""


def revert(services: Services, rule_id: str, to: int, by: Author, *, force: bool) -> Shown:
    """Revert a rule to its revision ``to``. ``force``: also if its template never renders a valid message.

    Raises:
        EntityNotFound: there is no such rule or revision.
        InvalidRequest: the revision is a deletion, its channel is gone, or its condition can no longer hold.
        TemplateError: its template can no longer be rendered for the rule's type.
        RuleConflict: other clients kept changing it.
    """
    rule = reverting.present(services, "rule", rule_id, services.rules.get)
    then = reverting.state_of(services, "rule", rule_id, to, Rule)
    for _ in range(reverting.REVERT_TRIES):
        changes = _changes(rule, then)
        if not changes:
            return operations.with_channel(services, rule)
        if changes.get("condition") is not None:
            event_type = services.event_types.get(rule.rule_type)
            conditions.check(changes["condition"], event_type)
        # Compare again after the write: meanwhile another client may have changed an attribute that needed
        # no change when the rule was read.
        rule, _ = operations.change(services, rule, changes, by, "reverted", force=force)
    raise RuleConflict(f"Rule {rule_id} is being changed by others; try again")


def _changes(present: Rule, then: Rule) -> dict[str, Any]:
    return {
        name: getattr(then, name)
        for name in revisions.shown(present)
        if name not in _STAYS and getattr(then, name) != getattr(present, name)
    }
