"""Try a rule with recorded events. Nothing is sent, and nothing is written."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from notifications.core import events
from notifications.core.backtests import Difference, Sample, Tally
from notifications.core.errors import InvalidRequest, MalformedEvent
from notifications.core.event_records import EventRecord
from notifications.core.matching import IndexedRules
from notifications.core.model import Rule
from notifications.core.routing import Routing
from notifications.core.texts import cut
from notifications.core.values import replace
from notifications.core.verdicts import Verdicts
from notifications.store.recorded_events import RecordedEventsPage
from notifications.wiring import Services
from verdicts_api import single
from verdicts_api.backtest_models import BacktestIn, BacktestOut, ComparisonOut, FailureOut, HitOut
from verdicts_api.single import Single

if TYPE_CHECKING:
    from notifications.core.windows.tallying import MessageTally

SAMPLE_CHARS = 500
"""How much of a message is shown."""

COMPARED_ID = "stored"
"""The id that the stored rule gets while it is compared with a draft, because the draft has its id."""


def backtest(services: Services, request: BacktestIn) -> BacktestOut:
    """Try a rule with a page of the recorded events of its type.

    Raises:
        EntityNotFound: there is no such rule.
        InvalidRequest, TemplateError: the draft could not be saved, there is nothing to compare it with, or
            the cursor is not one of these pages'.
        Unavailable: DynamoDB fails.
    """
    tried = _tried(services, request)
    page = services.recorded_events.page(tried.event_type.name, request.since, request.until, request.cursor)
    tally = Tally(difference=Difference() if request.compare else None)
    messages = _messages(tried.rule, request.windows)
    routing = _routing(tried)
    for record in page:
        _try(record, routing, tally, messages)
    return _shown(tried, tally, page, messages)


def _messages(rule: Rule, windows: str | None) -> "MessageTally | None":
    """Make the tally of a rule's messages; None if each hit is one message."""
    if rule.once_per is None and rule.digest is None:
        return None
    from notifications.core.windows.tallying import MessageTally  # noqa: PLC0415 - few rules have windows

    return MessageTally(rule, windows)


def _try(record: EventRecord, routing: Routing, tally: Tally, messages: "MessageTally | None") -> None:
    try:
        event = events.read(record.document or "")
    except MalformedEvent:
        tally.unreadable += 1
        return
    verdicts = Verdicts(event, routing, event.timestamp)
    if verdicts.status == "refused":
        tally.unreadable += 1
        return
    hits = tally.hits
    tally.add(record, *map(verdicts.of, routing.rules))
    if messages is not None and tally.hits > hits:
        messages.add(datetime.fromisoformat(record.created_at), event.data)


def _tried(services: Services, request: BacktestIn) -> Single:
    if request.rule is not None:
        tried = single.of_draft(services, request.rule, request.rule_id)
        if request.compare and tried.stored is None:
            raise InvalidRequest("compare: the draft stands in for no stored rule; name one with rule_id")
        return tried if request.compare else replace(tried, stored=None)
    if request.rule_id is None:
        raise InvalidRequest("rule_id: name a rule, or give a draft as rule")
    if request.compare:
        raise InvalidRequest("compare: there is no draft to compare the rule with")
    return single.of_rule(services, request.rule_id)


def _routing(tried: Single) -> Routing:
    """Return a configuration of only the tried rule and the stored one, with everything enabled."""
    rules = [tried.rule, *([replace(tried.stored, id=COMPARED_ID)] if tried.stored else [])]
    channels = {each.id: replace(each, enabled=True) for each in tried.channels.values()}
    return Routing(tried.event_type, IndexedRules([replace(rule, enabled=True) for rule in rules]), channels)


def _shown(
    tried: Single, tally: Tally, page: RecordedEventsPage, messages: "MessageTally | None"
) -> BacktestOut:
    difference = tally.difference
    return BacktestOut(
        rule_id=tried.rule.id,
        rule_name=tried.rule.name,
        rule_type=tried.event_type.name,
        enabled=tried.rule.enabled and tried.channel.enabled,
        searched=page.searched,
        unreadable=tally.unreadable,
        hits=tally.hits,
        messages=None if messages is None else messages.messages,
        windows=None if messages is None else messages.left(),
        hours=dict(tally.hours),
        samples=[_hit(sample) for sample in tally.samples],
        empty=tally.empty,
        failed=tally.failed,
        failures=[
            FailureOut(event_id=each.event_id, created_at=each.created_at, error=each.text)
            for each in tally.failures
        ],
        difference=None if difference is None else ComparisonOut(**asdict(difference)),
        next=page.next,
        reached_at=page.reached_at,
    )


def _hit(sample: Sample) -> HitOut:
    return HitOut(
        event_id=sample.event_id,
        created_at=sample.created_at,
        message=cut(sample.text, SAMPLE_CHARS),
        message_cut=len(sample.text) > SAMPLE_CHARS,
    )
