"""Explain a digest: which events it has, and what became of its delivery."""

from itertools import islice

from notifications.api.events import EventSummary
from notifications.core import events, verdicts
from notifications.core.event_records import EventRecord
from notifications.wiring import Services
from verdicts_api.models import Explanation, VerdictOut
from verdicts_api.pages import Asked, page
from verdicts_api.shown import About, shown, unknown

MAX_NAMED = 100
"""How many of a digest's events are named."""


def explain_digest(services: Services, record: EventRecord, asked: Asked) -> Explanation:
    """Explain a digest like an event: its rule, its message, and its delivery.

    Raises:
        RuleNotFound: a rule other than the digest's is asked for.
        InvalidRequest: the cursor is not one of these pages'.
    """
    detail = events.read(record.document or "").data
    made = page([str(detail["rule_id"])], asked, lambda rule_id: _verdict(services, record, rule_id, asked))
    return Explanation(
        event=EventSummary(**{name: getattr(record, name) for name in EventSummary.model_fields}),
        as_of=record.updated_at,
        approximate=False,
        status=record.status,
        reason=record.reason,
        notes=[_members(services, record, str(detail["rule_type"]))],
        rules=[*made.verdicts],
        total=made.total,
        next=made.next,
    )


def _verdict(services: Services, record: EventRecord, rule_id: str, asked: Asked) -> VerdictOut:
    delivery = services.records.of_rules(record.id, [rule_id]).get(rule_id)
    about = About(whole=asked.is_single, delivery=delivery)
    rule = services.rules.get_many([rule_id]).get(rule_id)
    channel = None if rule is None else services.channels.get_many([rule.channel_id]).get(rule.channel_id)
    if rule is None or channel is None:
        return unknown(rule, rule_id, "the rule or its channel was deleted", about)
    if delivery is None:
        return unknown(rule, rule_id, "the record of its delivery has expired", about)
    return shown(verdicts.of_digest(rule, channel, delivery), about)


def _members(services: Services, record: EventRecord, rule_type: str) -> str:
    members = (member.event_id for member in services.digests.members(record.id))
    named = [*islice(members, MAX_NAMED)]
    more = sum(1 for _ in members)
    shown_names = ", ".join(named) + (f" and {more} more" if more else "")
    return f"A digest of {len(named) + more} events of {rule_type}: {shown_names}"
