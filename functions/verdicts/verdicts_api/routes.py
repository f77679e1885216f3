"""The routes that explain an event and simulate one."""

from typing import Annotated
from uuid import UUID

from notifications.api.given import services
from notifications.api.powertools import Query, Router
from verdicts_api import explaining, simulating
from verdicts_api.models import DEFAULT_PAGE_RULES, MAX_PAGE_RULES, Explanation, Simulation, SimulationIn
from verdicts_api.pages import Asked

router = Router()

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE_RULES, description="How many rules a page has at most")]
Cursor = Annotated[str | None, Query(description="The `next` of the page before")]
RuleId = Annotated[
    UUID | None,
    Query(description="Only this rule, and its whole message, which is otherwise cut if it is long"),
]


@router.get("/notifications/events/<event_id>/explanation")
def explain_event(
    event_id: str, rule_id: RuleId = None, limit: Limit = DEFAULT_PAGE_RULES, cursor: Cursor = None
) -> Explanation:
    """Explain what became of an event.

    For each rule of its type, the response has the verdict by the configuration of that time, the part of the
    condition that decided, what was sent, and what became of the delivery. A page may be short and still have
    a next one: continue until ``next`` is null.
    """
    wanted = None if rule_id is None else {str(rule_id)}
    return explaining.explain(services(router), event_id, Asked(limit, cursor, wanted))


@router.post("/notifications/simulations")
def simulate_event(request: SimulationIn) -> Simulation:
    """Simulate an event.

    For each rule of its type, the response has the verdict on the event now, why, and what would be sent.
    Drafts of rules may stand in for stored ones. Nothing is sent or written. A page may be short and still
    have a next one: continue until ``next`` is null.
    """
    return simulating.simulate(services(router), request)
