"""Make the deliveries of an event for the rules that it met: for the dispatcher, and for replays."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from notifications.core import rendering
from notifications.core.deciding import Decision
from notifications.core.delivery import Content, Request
from notifications.core.eligibility import EMPTY_MESSAGE
from notifications.core.errors import InvalidRequest, SecretsUnreadable, TemplateError
from notifications.core.event_records import EventRecord
from notifications.core.incoming import cut_reason
from notifications.core.matching import Match
from notifications.core.model import Channel, Rule
from notifications.core.records import DeliveryRecord, DeliveryStatus
from notifications.core.templating.budget import MAX_UNITS
from notifications.core.variables import Variables
from notifications.delivering.outgoing import Outgoing, unmade

Build = Callable[[Channel, Content, str, datetime], Request]
"""Builds a request for a channel: from its content, its message id, and the time."""


def ended(event: EventRecord, decision: Decision) -> Iterator[DeliveryRecord]:
    """Make the records of deliveries that are over before they began."""
    for skip in decision.skips:
        yield delivery(event, skip.rule, "skipped", skip.reason)
    for muted in decision.muted:
        if not muted.mute.hold:
            yield delivery(event, muted.rule, "skipped", muted.reason, mute_id=muted.mute.id)
    for rule, reason in decision.undecided:
        yield delivery(event, rule, "failed", cut_reason(reason))


def prepared(
    event: EventRecord, found: Match, variables: Variables, build: Build, units: int = MAX_UNITS
) -> Outgoing | DeliveryRecord:
    """Make the delivery for a rule that is to send, or its record if nothing is sent, with the reason.

    ``variables``: what templates see. ``units``: the budget of each template.
    """
    rule, channel = found.rule, found.channel
    status, reason, mute_id = _kept_back(found)
    try:
        seen = rendering.for_rule(rule, variables, found.repeats)
        content = rendering.content(rule, channel, seen, units)
        if content is None:
            return delivery(event, rule, "skipped", EMPTY_MESSAGE)
        record = delivery(
            event, rule, status, reason, mute_id=mute_id,
            message=content.message, subject=content.subject, recipients=content.recipients,
            html=content.html,
        )  # fmt: skip
        request = build(channel, content, record.id, datetime.now(UTC))
    except (TemplateError, InvalidRequest, SecretsUnreadable) as error:
        return delivery(event, rule, "failed", cut_reason(error.message), error_class=unmade(error))
    # A delivery that is not sent now goes through everything else, so that it fails now if it would fail.
    return Outgoing(record, channel, request) if status == "pending" else record


def _kept_back(found: Match) -> tuple[DeliveryStatus, str | None, str | None]:
    """Return the status of a rendered delivery, with the reason and the mute if it is not sent now."""
    if found.rule.observe:
        return "observed", None, None
    if found.muted is not None:
        return "held", found.muted.reason, found.muted.mute.id
    return "pending", None, None


def delivery(
    event: EventRecord, rule: Rule, status: DeliveryStatus, reason: str | None, **more: Any
) -> DeliveryRecord:
    """Make the record of an event's delivery for a rule."""
    return DeliveryRecord(
        event_id=event.id,
        rule_id=rule.id,
        channel_id=rule.channel_id,
        rule_type=event.rule_type,
        status=status,
        reason=reason,
        created_at=event.created_at,
        updated_at=event.created_at,
        **more,
    )
