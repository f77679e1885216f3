"""Decide, before anything is rendered, which matches of rules with once-per or a digest are sent.

A match that depends on another event of the same batch is decided in the next round, after that event has
been sent and recorded.
"""

from collections.abc import Sequence
from dataclasses import field
from datetime import UTC, datetime

from dispatcher.plan import Plan
from notifications.core.errors import Unavailable
from notifications.core.matching import Match
from notifications.core.records import DeliveryRecord
from notifications.core.values import mutable, replace
from notifications.delivering.candidates import Again, Candidate, Fate, NotSent, Pass
from notifications.delivering.collapsing import Collapsing


@mutable
class Round:
    """What is sent in one round.

    ``unwritten``: records that only have to be reported: they are already written, or not worth it.
    ``error``: why events are left out of the round; None if none are.
    """

    plans: Sequence[Plan]
    unwritten: list[DeliveryRecord] = field(default_factory=list)
    error: Unavailable | None = None


def following(plans: Sequence[Plan], collapsing: Collapsing, deadline: float) -> Round | None:
    """Decide which of the matches that waited for this round are sent; None if none waited."""
    left = [plan for plan in plans if plan.later]
    for plan in left:
        plan.matches, plan.later, plan.ended = plan.later, (), []
    return first(left, collapsing, deadline) if left else None


def first(plans: Sequence[Plan], collapsing: Collapsing, deadline: float) -> Round:
    """Decide which matches are sent in the first round."""
    asked = [(plan, found) for plan in plans for found in plan.matches if found.is_in_windows]
    candidates = [Candidate(plan.event, found.rule, plan.variables["data"]) for plan, found in asked]
    fates = collapsing.collapse(candidates, datetime.now(UTC), deadline)
    for plan in plans:
        plan.matches = [found for found in plan.matches if not found.is_in_windows]
    made = Round(plans)
    failed: set[str] = set()
    for (plan, found), fate in zip(asked, fates, strict=True):
        if isinstance(fate, Unavailable):
            failed.add(plan.event.id)
            made.error = fate
        else:
            _take(plan, found, fate, made)
    made.plans = [plan for plan in plans if plan.event.id not in failed]
    return made


def _take(plan: Plan, found: Match, fate: Fate, made: Round) -> None:
    match fate:
        case Pass():
            plan.matches = [*plan.matches, replace(found, repeats=fate.repeats)]
        case NotSent():
            (plan.ended if fate.write else made.unwritten).append(fate.record)
        case Again():
            plan.later = [*plan.later, found]
