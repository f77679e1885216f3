"""Explain a recorded event: the verdicts of the rules of its type, with the configuration of that time."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from notifications.api.events import EventSummary
from notifications.core import events, times
from notifications.core.errors import MalformedEvent
from notifications.core.event_records import EventRecord
from notifications.core.model import Event, Rule, timestamp
from notifications.core.records import DeliveryRecord
from notifications.core.values import replace, value
from notifications.core.verdicts import Verdicts
from notifications.core.windows.digests import is_digest_event
from notifications.store.past import AsOf
from notifications.wiring import Services
from verdicts_api.digests import explain_digest
from verdicts_api.models import Explanation, VerdictOut
from verdicts_api.pages import Asked, Page, page
from verdicts_api.shown import About, shown, unknown

if TYPE_CHECKING:
    from notifications.core.windows.outlooks import Outlook

READ_AHEAD = 25
"""How many deliveries are read at once, because each may have a message of 256 KB."""

MAX_GAPS = 20
"""How many notes about lost earlier states an explanation has; each rule's verdict says so anyway."""

UNDECIDED = "The event is not decided yet: this is what the present configuration makes of it"
DEAD = "The event was never decided: this is what the present configuration makes of it"
FORMER = (
    "A former release decided the event, and did not record when: this is the configuration at the time of"
    " its record"
)
ANOTHER_DISPATCH = (
    "it was not a rule of this type at that time: the delivery comes from another dispatch of the event"
)


@value
class Moment:
    """The time whose configuration is used, as a timestamp. ``note``: what readers should know about it."""

    at: str
    note: str | None = None
    approximate: bool = False


def explain(services: Services, event_id: str, asked: Asked) -> Explanation:
    """Return the verdict of each rule of an event's type, why, and what became of the deliveries.

    Raises:
        EntityNotFound: there is no record of the event.
        RuleNotFound: a rule is asked for that the type did not have, and that has no delivery.
        InvalidRequest: the cursor is not one of these pages'.
    """
    record = services.events.get(event_id)
    if is_digest_event(record):
        return explain_digest(services, record, asked)
    moment = _moment(record)
    notes = [moment.note] if moment.note else []
    try:
        event = events.read(record.document or "")
    except MalformedEvent as error:
        notes.append(f"The event's fields cannot be read: {error.message}")
        return _explanation(record, moment, notes, Page((), None, 0), (record.status, record.reason))
    past = services.past.routing(event.rule_type, moment.at)
    has_ended = record.status == "dispatched"
    explainer = _Explainer(services, event, past, moment.at, asked, has_ended=has_ended)
    found = explainer.verdicts
    notes += _gaps(past.unknown)
    if record.status in {"dispatched", "unmatched", "refused"} and found.status != record.status:
        notes.append(f"The record says {record.status}; with this configuration it would be {found.status}")
    return _explanation(record, moment, notes, explainer.page(), (found.status, found.reason))


def _gaps(unknown: Sequence[str]) -> list[str]:
    notes = [
        f"The {name} was changed since then, and its earlier state was not kept"
        for name in unknown[:MAX_GAPS]
    ]
    more = len(unknown) - MAX_GAPS
    return notes if more <= 0 else [*notes, f"The same is true of {more:,} more"]


def _moment(record: EventRecord) -> Moment:
    now = timestamp(datetime.now(UTC))
    if record.status == "dispatching":
        return Moment(now, UNDECIDED, approximate=True)
    if record.planned_at is not None:
        return Moment(record.planned_at)
    if record.status == "dead_letter":
        return Moment(now, DEAD, approximate=True)
    return Moment(record.created_at, FORMER, approximate=True)


class _Explainer:
    """Makes the verdicts on one event, with what became of its deliveries."""

    def __init__(
        self, services: Services, event: Event, past: AsOf, at: str, asked: Asked, *, has_ended: bool
    ) -> None:
        self.verdicts = Verdicts(event, past.routing, times.parse(at))
        self._past = past
        self._asked = asked
        self._rules = {rule.id: rule for rule in past.routing.rules}
        self._outcomes = _Outcomes(services, event.id)
        self._services = services
        self._unknown = frozenset(past.unknown)
        self._has_ended = has_ended
        self._type_unknown = f"event type {event.rule_type}" in past.unknown

    def page(self) -> Page:
        """Make a page of the verdicts of the type's rules, and of others that have a delivery."""
        if self.verdicts.status == "refused":  # no rule was tried, so only deliveries can be shown
            asked = replace(self._asked, rule_ids=None)
            return page(self._outcomes.rules, asked, self._verdict)
        return page([*self._rules, *self._outcomes.rules], self._asked, self._verdict)

    def _verdict(self, rule_id: str) -> VerdictOut:
        about = About(
            self._past.revisions.get(rule_id),
            whole=self._asked.is_single,
            delivery=self._outcomes.of(rule_id),
        )
        rule = self._rules.get(rule_id)
        if rule is None or self.verdicts.status == "refused":
            present = self._services.rules.get_many([rule_id]).get(rule_id)
            return unknown(rule or present, rule_id, ANOTHER_DISPATCH, about)
        gap = self._gap(rule)
        if gap:
            return unknown(rule, rule_id, gap, about)
        return shown(self.verdicts.of(rule, lambda rule: self._outlook(rule, about.delivery)), about)

    def _outlook(self, rule: Rule, delivery: DeliveryRecord | None) -> "Outlook":
        """Return what the windows of a rule made of the event, by its recorded delivery."""
        from notifications.core.windows import outlooks  # noqa: PLC0415 - few rules have windows

        digest = None
        if delivery is not None and delivery.digest_id is not None:
            digest = self._services.records.of_rules(delivery.digest_id, [rule.id]).get(rule.id)
        return outlooks.recorded(rule, delivery, digest, ended=self._has_ended)

    def _gap(self, rule: Rule) -> str | None:
        """Return why a rule's verdict is not known; None if it is."""
        if self._type_unknown:
            return "the event type's earlier state was not kept"
        for name, what in ((f"rule {rule.id}", "rule"), (f"channel {rule.channel_id}", "channel")):
            if name in self._unknown:
                return f"the {what}'s earlier state was not kept"
        return None


class _Outcomes:
    """The deliveries of an event, read ``READ_AHEAD`` at a time in the order of the rules' ids."""

    def __init__(self, services: Services, event_id: str) -> None:
        self._records = services.records
        self._event_id = event_id
        self._met = self._records.rules_met(event_id)
        self.rules = sorted(self._met)
        self._known: dict[str, DeliveryRecord] = {}
        self._asked: frozenset[str] = frozenset()

    def of(self, rule_id: str) -> DeliveryRecord | None:
        """Return the delivery for a rule; None if there is none."""
        if rule_id not in self._met:
            return None
        if rule_id not in self._asked:
            first = bisect_left(self.rules, rule_id)
            self._asked = frozenset(self.rules[first : first + READ_AHEAD])
            self._known = self._records.of_rules(self._event_id, self._asked)
        return self._known.get(rule_id)


def _explanation(
    record: EventRecord, moment: Moment, notes: list[str], made: Page, decided: tuple[object, str | None]
) -> Explanation:
    return Explanation(
        event=EventSummary(**{name: getattr(record, name) for name in EventSummary.model_fields}),
        as_of=moment.at,
        approximate=moment.approximate,
        status=decided[0],
        reason=decided[1],
        notes=notes,
        rules=[*made.verdicts],
        total=made.total,
        next=made.next,
    )
