"""Simulate an event. Nothing is sent, and nothing is written."""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from notifications.api import tried_events
from notifications.api.known_types import no_type
from notifications.core.matching import IndexedRules
from notifications.core.model import Event, EventType, Rule
from notifications.core.nearest import quoted
from notifications.core.routing import Routing
from notifications.core.values import replace
from notifications.core.verdicts import Verdicts
from notifications.store.past import PRESENT
from notifications.wiring import Services
from verdicts_api.drafts import Drafted, resolve
from verdicts_api.models import Simulation, SimulationIn, VerdictOut
from verdicts_api.pages import Asked, page
from verdicts_api.shown import About, shown
from verdicts_api.waits import Waits

if TYPE_CHECKING:
    from notifications.core.windows.outlooks import Outlook


def simulate(services: Services, request: SimulationIn) -> Simulation:
    """Return the verdicts of the rules of a type, with drafts among them, on an event that came now.

    Raises:
        InvalidRequest: there is no such type, or a draft could not be saved.
        MalformedEvent, SchemaMismatch: no event of the type can have these fields.
        TemplateError: a draft's template could not be saved.
        RuleNotFound: a rule is asked for that the type does not have.
    """
    present = services.past.routing(request.rule_type, PRESENT)
    event_type = present.routing.event_type
    if event_type is None:
        raise no_type(services, request.rule_type, "rule_type")
    event = _event(event_type, request)
    drafted = resolve(services, request.rules, event_type, [*present.routing.rules])
    rules = {rule.id: rule for rule in drafted.rules}
    # An event that has a time of its own is checked against the mutes of that time.
    found = Verdicts(event, _routing(present.routing, drafted), event.timestamp)
    waits = Waits(services, datetime.now(UTC))
    asked = Asked(request.limit, request.cursor, request.rule_ids)

    def verdict_of(rule_id: str) -> VerdictOut:
        is_draft = rule_id in drafted.ids
        revision = None if is_draft else present.revisions.get(rule_id)
        outlook = partial(_outlook, services, event) if request.windows else None
        verdict = found.of(rules[rule_id], outlook)
        if verdict.name == "fires" and verdict.channel is not None:
            verdict = replace(verdict, reason=waits.of(verdict.channel))
        return shown(verdict, About(revision, is_draft, whole=asked.is_single))

    made = page(rules, asked, verdict_of)
    return Simulation(
        status=found.status,
        reason=found.reason,
        notes=_notes(drafted, event_type),
        rules=[*made.verdicts],
        total=made.total,
        next=made.next,
    )


def _event(event_type: EventType, request: SimulationIn) -> Event:
    return tried_events.make(
        event_type,
        request.notification_data,
        sample=request.sample,
        at=request.timestamp,
        event_id=request.event_id,
    )


def _routing(present: Routing, drafted: Drafted) -> Routing:
    """Return the present routing with drafts among its rules, and the channels of these."""
    channels = {**present.channels, **drafted.channels}
    return replace(present, rules=IndexedRules(drafted.rules), channels=channels)


def _outlook(services: Services, event: Event, rule: Rule) -> "Outlook":
    """Return what the windows of a rule would make of an event now; a new draft has none yet."""
    from notifications.delivering.window_outlooks import WindowOutlooks  # noqa: PLC0415 - few have windows

    outlooks = WindowOutlooks(services.repeats, services.digests, services.records, services.events)
    return outlooks.outlook(rule, event.id, event.data, datetime.now(UTC))


def _notes(drafted: Drafted, event_type: EventType) -> list[str]:
    return [f"The draft {quoted(name)} is not about {event_type.name}" for name in drafted.left_out]
