"""Make the verdicts of rules on events, and say why: explain, simulate, backtest and validate ask here.

It is the dispatcher's own way, with a report: ``decide`` chooses the rules, ``rendering`` and ``kinds`` make
the request. Only the channel's secrets are missing, so the request is unsigned, but its body is the same.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from notifications.core import kinds, message_checks, rendering
from notifications.core.deciding import decide
from notifications.core.delivery import Content, Request
from notifications.core.eligibility import EMPTY_MESSAGE, depends_on_others
from notifications.core.errors import InvalidRequest, TemplateError
from notifications.core.incoming import cut_reason
from notifications.core.matching import IndexedRules
from notifications.core.model import Channel, Event, EventType, Rule
from notifications.core.records import DeliveryRecord, delivery_id
from notifications.core.routing import Routing
from notifications.core.values import replace, value

if TYPE_CHECKING:
    from notifications.core.conditions import LeafResult
    from notifications.core.muting import Muted
    from notifications.core.windows.outlooks import Outlook

VerdictName = Literal[
    "fires", "observes", "unmet", "withheld", "muted", "repeated", "collected", "empty", "failed"
]
"""In this order: the rule sends; it would, but only observes; its condition is not met; it or its channel is
off; a mute keeps the message back; the event repeats one that was sent; it is sent with a digest; the message
is empty; the message or the request cannot be made."""


NO_LEAF = "finding the part of its condition that decides takes too many steps with the lists of this event"


@value
class Verdict:
    """The verdict of a rule on an event.

    ``reason``: in words; None if there is nothing to add. ``leaf``: the part of the condition that decides;
    None if there is no condition. ``request``: the one that is sent, without secrets. ``sha256``: that of its
    body, in hexadecimal. ``muted``: the mute that keeps the message back, and until when.
    """

    rule: Rule
    name: VerdictName
    reason: str | None = None
    leaf: "LeafResult | None" = None
    channel: Channel | None = None
    content: Content | None = None
    request: Request | None = None
    sha256: str | None = None
    muted: "Muted | None" = None


@value
class Trial:
    """A rule's message for an event, even if its condition is not met.

    ``fires``: whether the condition is met. ``reason``: why; None if there is no condition. ``warnings``:
    which parts of the message were cut, or have no effect.
    """

    message: str
    fires: bool = True
    reason: str | None = None
    warnings: Sequence[str] = ()


def trial(event: Event, rule: Rule, channel: Channel, event_type: EventType) -> Trial:
    """Render a rule's message for an event, even if it is off or the event does not meet its condition.

    The message may be empty. Without a condition there is no reason.

    Raises:
        SchemaMismatch: the event does not fit its type.
        TemplateError: the template fails on it.
    """
    seen = rendering.for_rule(rule, rendering.variables(event, event_type))
    message = rendering.message(rule, channel, seen)
    warnings = message_checks.warnings(rule, channel, seen)
    if rule.condition is None:
        return Trial(message, warnings=warnings)
    routing = Routing(event_type, IndexedRules((rule,)), {channel.id: channel})
    passed = Verdicts(event, routing, event.timestamp).passed(rule)
    if passed is not None and passed.name in {"unmet", "failed"}:
        return Trial(message, fires=False, reason=passed.reason, warnings=warnings)
    return Trial(message, reason=str(_deciding(rule, event.data) or NO_LEAF), warnings=warnings)


def of_digest(rule: Rule, channel: Channel, delivery: DeliveryRecord) -> Verdict:
    """Return the verdict of a rule on a digest, by the digest's delivery."""
    if delivery.message is None:
        from notifications.core.windows import outlooks  # noqa: PLC0415 - few rules have digests

        if delivery.status == "pending":
            return Verdict(rule, "collected", outlooks.of_digest(delivery), channel=channel)
        name: VerdictName = "failed" if delivery.status == "failed" else "withheld"
        return Verdict(rule, name, delivery.reason, channel=channel)
    content = delivery.content
    at = datetime.fromisoformat(delivery.updated_at)
    try:
        request = kinds.build_request(channel.spec, content, delivery.id, at)
    except InvalidRequest as error:
        return Verdict(rule, "failed", cut_reason(error.message), None, channel, content)
    sha = sha256(request.body).hexdigest()
    return Verdict(rule, "observes" if rule.observe else "fires", None, None, channel, content, request, sha)


class Verdicts:
    """The verdicts of rules on one event, which is decided once for all of them.

    ``status``, ``reason``: those that its record would have. If the event is refused, there are no verdicts.
    ``now``: the time of the decision.
    """

    def __init__(self, event: Event, routing: Routing, now: datetime) -> None:
        decision = decide(event, routing, now)
        self.status, self.reason, self._variables = decision.status, decision.reason, decision.variables
        self._event = event
        self._channels = routing.channels
        self._matches = {found.rule.id: found for found in decision.matches}
        self._skips = {skip.rule.id: skip.reason for skip in decision.skips}
        self._muted = {muted.rule.id: muted for muted in decision.muted}
        self._undecided = {rule.id: reason for rule, reason in decision.undecided}

    def of(self, rule: Rule, outlook: Callable[[Rule], "Outlook"] | None = None) -> Verdict:
        """Return a rule's verdict.

        ``outlook``: returns what the rule's once-per and digest make of the event.
        """
        passed = self.passed(rule)
        if passed is not None:
            return self._repeated(passed, outlook) or passed
        channel = self._matches[rule.id].channel
        if outlook is None or not depends_on_others(rule):
            return self._made(rule, channel)
        seen = outlook(rule)
        if seen.name is not None and not seen.renders:
            return Verdict(rule, seen.name, seen.reason, self._leaf(rule), channel)
        made = self._made(rule, channel, seen.repeats, seen.content)
        return made if made.name != "fires" else replace(made, name=seen.name or "fires", reason=seen.reason)

    def _repeated(self, passed: Verdict, outlook: Callable[[Rule], "Outlook"] | None) -> Verdict | None:
        """Say that an event is a repeat, which no mute holds: of a window only the first is held."""
        rule, muted = passed.rule, passed.muted
        if muted is None or not muted.mute.hold or outlook is None or not depends_on_others(rule):
            return None
        seen = outlook(rule)
        return (
            Verdict(rule, "repeated", seen.reason, passed.leaf, muted.channel)
            if seen.name == "repeated"
            else None
        )

    def passed(self, rule: Rule) -> Verdict | None:
        """Return the verdict of a rule that does not fire; None if its message is to be rendered."""
        channel = self._channels.get(rule.channel_id)
        if rule.id in self._undecided:
            return Verdict(rule, "failed", cut_reason(self._undecided[rule.id]), channel=channel)
        if rule.id in self._skips:
            return Verdict(rule, "withheld", self._skips[rule.id], self._leaf(rule), channel)
        if rule.id in self._muted:
            muted = self._muted[rule.id]
            return Verdict(rule, "muted", muted.reason, self._leaf(rule), channel, muted=muted)
        if rule.id in self._matches:
            return None
        leaf = self._leaf(rule)
        return Verdict(rule, "unmet", str(leaf or NO_LEAF), leaf, channel)

    def _made(
        self, rule: Rule, channel: Channel, repeats: int = 0, recorded: Content | None = None
    ) -> Verdict:
        leaf = self._leaf(rule)
        content = recorded
        try:
            if content is None:
                seen = rendering.for_rule(rule, self._variables, repeats)
                content = rendering.content(rule, channel, seen)
            if content is None:
                return Verdict(rule, "empty", EMPTY_MESSAGE, leaf, channel)
            message_id = delivery_id(self._event.id, rule.id)
            request = kinds.build_request(channel.spec, content, message_id, self._event.timestamp)
        except (TemplateError, InvalidRequest) as error:
            return Verdict(rule, "failed", cut_reason(error.message), leaf, channel, content)
        name: VerdictName = "observes" if rule.observe else "fires"
        return Verdict(rule, name, None, leaf, channel, content, request, sha256(request.body).hexdigest())

    def _leaf(self, rule: Rule) -> "LeafResult | None":
        return _deciding(rule, self._event.data)


def _deciding(rule: Rule, data: Mapping[str, Any]) -> "LeafResult | None":
    """Return the part of a rule's condition that decides about these fields.

    None if it has no condition, or if this takes too many steps: the index may have found without a trial
    that the condition is not met.
    """
    if rule.condition is None:
        return None
    from notifications.core import conditions  # noqa: PLC0415 - 20 ms, for who has conditions

    try:
        return conditions.explain(conditions.parse(rule.condition), data).deciding
    except conditions.ConditionTooExpensive:
        return None
