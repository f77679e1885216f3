"""Bring a rule back to what it was."""

from typing import Any

from notifications.api import on_demand
from notifications.core import revisions
from notifications.core.errors import EntityNotFound, InvalidRequest, RuleConflict
from notifications.core.model import Rule
from notifications.core.revisions import Author
from notifications.wiring import Services
from rules_api import operations
from rules_api.operations import Shown

REVERT_TRIES = 4
"""How often a rule is changed that others change at the same time."""

_STAYS = {"id", "rule_type", "channel_id"}
"""What of a rule cannot be changed."""


def revert(services: Services, rule_id: str, to: int, by: Author, *, force: bool) -> Shown:
    """Make a rule what it was after its revision ``to``. ``force``: even if its template fails with a sample.

    Raises:
        EntityNotFound: there is no such rule or revision.
        InvalidRequest: the revision is a deletion, or its condition can never hold any more.
        TemplateError: its template cannot be rendered for the rule's type any more.
        RuleConflict: others kept changing it.
    """
    rule = _present(services, rule_id)
    state = services.revisions.get("rule", rule_id, to).state
    if not isinstance(state, Rule):
        raise InvalidRequest(f"to: revision {to} is a deletion; the one before it has the rule")
    for _ in range(REVERT_TRIES):
        changes = _changes(rule, state)
        if not changes:
            return operations.with_channel(services, rule)
        if changes.get("condition") is not None:
            event_type = services.event_types.get(rule.rule_type)
            on_demand.checked_condition(changes["condition"], None, None, event_type)
        # Somebody may change, at the same time, what was as it should be when the rule was read.
        rule, _ = operations.change(services, rule, changes, by, "reverted", force=force)
    raise RuleConflict(f"Rule {rule_id} is being changed by others; try again")


def _present(services: Services, rule_id: str) -> Rule:
    try:
        return services.rules.get(rule_id)
    except EntityNotFound:
        last = next(iter(services.revisions.page("rule", rule_id, 1).revisions), None)
        if last is None:
            raise
        path = f"/notifications/rules/{rule_id}/revisions/{last.number - 1}"
        raise EntityNotFound(
            f"The rule {rule_id} was deleted at {last.at}, and does not come back: create a new one from the "
            f"`state` of {path}"
        ) from None


def _changes(present: Rule, then: Rule) -> dict[str, Any]:
    return {
        name: getattr(then, name)
        for name in revisions.shown(present)
        if name not in _STAYS and getattr(then, name) != getattr(present, name)
    }
