"""Try a rule with recorded events. Nothing is sent, and nothing is written."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from notifications.api.known_types import require_type
from notifications.core import events
from notifications.core.backtests import Difference, Sample, Tally
from notifications.core.errors import InvalidRequest, MalformedEvent, NotificationError
from notifications.core.event_records import EventRecord
from notifications.core.matching import IndexedRules
from notifications.core.model import Channel, EventType, Rule
from notifications.core.nearest import quoted
from notifications.core.routing import Routing
from notifications.core.texts import cut
from notifications.core.values import replace, value
from notifications.core.verdicts import Verdicts
from notifications.store.recorded_events import RecordedEventsPage
from notifications.wiring import Services
from verdicts_api.backtest_models import BacktestIn, BacktestOut, ComparisonOut, FailureOut, HitOut
from verdicts_api.draft_models import DraftIn
from verdicts_api.drafts import resolve, type_of

if TYPE_CHECKING:
    from notifications.core.windows.tallying import MessageTally

SAMPLE_CHARS = 500
"""How much of a message is shown."""

COMPARED_ID = "stored"
"""The id of the stored rule beside the draft that has its own."""


@value
class _Tried:
    """The rule that is tried, on whose events, and its channel.

    ``stored``: the rule that it stands in for, None if there is none. ``channels``: of both, by id.
    """

    rule: Rule
    event_type: EventType
    channels: dict[str, Channel]
    stored: Rule | None = None

    @property
    def is_on(self) -> bool:
        """Return whether the rule would really send."""
        return self.rule.enabled and self.channels[self.rule.channel_id].enabled

    def routing(self) -> Routing:
        """Return a configuration that has nothing but these rules, all of it on."""
        rules = [self.rule, *([replace(self.stored, id=COMPARED_ID)] if self.stored else [])]
        channels = {each.id: replace(each, enabled=True) for each in self.channels.values()}
        return Routing(
            self.event_type, IndexedRules([replace(rule, enabled=True) for rule in rules]), channels
        )


def backtest(services: Services, request: BacktestIn) -> BacktestOut:
    """Try a rule with a page of the recorded events of its type.

    Raises:
        EntityNotFound: there is no such rule.
        InvalidRequest, TemplateError: the draft could not be saved, there is nothing to compare with, or the
            cursor is none.
        Unavailable: DynamoDB fails.
    """
    tried = _tried(services, request)
    page = services.recorded_events.page(tried.event_type.name, request.since, request.until, request.cursor)
    tally = Tally(difference=Difference() if request.compare else None)
    messages = _messages(tried.rule, request.windows)
    routing = tried.routing()
    for record in page:
        _try(record, routing, tally, messages)
    return _shown(tried, tally, page, messages)


def _messages(rule: Rule, windows: str | None) -> "MessageTally | None":
    """Make the count of a rule's messages; None if each hit is one."""
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


def _tried(services: Services, request: BacktestIn) -> _Tried:
    if request.rule is not None:
        tried = _drafted(services, _named(request.rule, request.rule_id))
        if request.compare and tried.stored is None:
            raise InvalidRequest("compare: the draft stands in for no stored rule; name one with rule_id")
        return tried if request.compare else replace(tried, stored=None)
    if request.rule_id is None:
        raise InvalidRequest("rule_id: name a rule, or give a draft as rule")
    if request.compare:
        raise InvalidRequest("compare: there is no draft to compare the rule with")
    rule = services.rules.get(request.rule_id)
    event_type = services.event_types.get(rule.rule_type)
    return _Tried(rule, event_type, _channels(services, [rule]))


def _named(draft: DraftIn, rule_id: str | None) -> DraftIn:
    """Return a draft that says for which rule it stands."""
    if rule_id is None:
        return draft
    if draft.id not in {None, rule_id}:
        raise InvalidRequest(f"rule.id: it is {quoted(str(draft.id))}, but rule_id is {quoted(rule_id)}")
    return draft.model_copy(update={"id": rule_id})


def _drafted(services: Services, draft: DraftIn) -> _Tried:
    try:
        name = type_of(services, draft)
        event_type = require_type(services, name, "rules.0.rule_type")
        stored = _namesakes(services, draft, name)
        drafted = resolve(services, [draft], event_type, stored)
    except NotificationError as error:
        # There is one draft only, and the request does not call it the first of some.
        error.message = error.message.replace("rules.0.", "rule.", 1)
        raise
    (rule,) = (rule for rule in drafted.rules if rule.id in drafted.ids)
    same = next((each for each in stored if each.id == rule.id), None)
    channels = _channels(services, [rule, *([same] if same else [])])
    return _Tried(rule, event_type, {**channels, **drafted.channels}, same)


def _namesakes(services: Services, draft: DraftIn, rule_type: str) -> list[Rule]:
    """Read the stored rules that a draft may stand in for, and not the thousands of others of the type."""
    if draft.id is not None:
        ids = [draft.id]
    else:
        summaries = services.rules.summaries()
        ids = [each.id for each in summaries if (each.name, each.type) == (draft.name, rule_type)]
    return [rule for rule in services.rules.get_many(ids).values() if rule.rule_type == rule_type]


def _channels(services: Services, rules: Sequence[Rule]) -> dict[str, Channel]:
    """Read the channels of rules.

    Raises:
        InvalidRequest: one of them was deleted just now.
    """
    wanted = {rule.channel_id for rule in rules}
    found = services.channels.get_many([*wanted])
    for channel_id in wanted - found.keys():
        raise InvalidRequest(f"There is no channel {channel_id} any more")
    return found


def _shown(
    tried: _Tried, tally: Tally, page: RecordedEventsPage, messages: "MessageTally | None"
) -> BacktestOut:
    difference = tally.difference
    return BacktestOut(
        rule_id=tried.rule.id,
        rule_name=tried.rule.name,
        rule_type=tried.event_type.name,
        enabled=tried.is_on,
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
