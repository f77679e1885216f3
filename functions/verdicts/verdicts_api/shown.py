"""Verdicts as documents."""

from collections.abc import Mapping
from typing import Any

from notifications.api.verdicts import leaf_of
from notifications.core.delivery import EmailRequest
from notifications.core.kinds import kind_of
from notifications.core.masking import MASK
from notifications.core.model import Rule, timestamp
from notifications.core.records import DeliveryRecord
from notifications.core.signatures import SIGNATURE_HEADER, TIMESTAMP_HEADER
from notifications.core.texts import cut
from notifications.core.values import value
from notifications.core.verdicts import Verdict
from verdicts_api.models import MutedOut, OutcomeOut, VerdictOut

MAX_MESSAGE_CHARS = 16_384
"""How much of a message is shown, unless a single rule is asked for."""


@value
class About:
    """What is known of a rule besides its verdict.

    ``revision``: the number of the rule's revision. ``draft``: whether the rule is a draft. ``whole``:
    whether the message is shown in full. ``delivery``: the event's delivery for the rule.
    """

    revision: int | None = None
    draft: bool = False
    whole: bool = False
    delivery: DeliveryRecord | None = None


def shown(verdict: Verdict, about: About) -> VerdictOut:
    """Show a verdict."""
    return VerdictOut(
        **_of_rule(verdict.rule, about),
        channel=verdict.channel and verdict.channel.name,
        verdict=verdict.name,
        reason=verdict.reason,
        mute=_muted(verdict),
        deciding=leaf_of(verdict),
        **_content(verdict, about),
        **_request(verdict),
        **_recipients(verdict),
        sha256=verdict.sha256,
    )


def unknown(rule: Rule | None, rule_id: str, reason: str, about: About) -> VerdictOut:
    """Show a rule whose verdict is not known. ``rule``: None if it was deleted."""
    gone: dict[str, Any] = {
        "rule_id": rule_id,
        "name": None,
        "draft": False,
        "revision": about.revision,
        "channel_id": about.delivery and about.delivery.channel_id,
        "delivery": _outcome(about.delivery),
    }
    return VerdictOut(
        **(gone if rule is None else _of_rule(rule, about)),
        **dict.fromkeys(("channel", "verdict", "mute", "deciding", "message", "subject")),
        **dict.fromkeys(("recipients", "unsent", "method", "url", "headers", "sha256")),
        message_cut=False,
        reason=reason,
    )


def _of_rule(rule: Rule, about: About) -> dict[str, Any]:
    return {
        "rule_id": rule.id,
        "name": rule.name,
        "draft": about.draft,
        "revision": about.revision,
        "channel_id": rule.channel_id,
        "delivery": _outcome(about.delivery),
    }


def _muted(verdict: Verdict) -> MutedOut | None:
    if verdict.muted is None:
        return None
    mute, until = verdict.muted.mute, verdict.muted.until
    return MutedOut(id=mute.id, reason=mute.reason, until=until and timestamp(until), hold=mute.hold)


def _content(verdict: Verdict, about: About) -> dict[str, Any]:
    content = verdict.content
    if content is None:
        return {"message": None, "message_cut": False, "subject": None}
    is_cut = not about.whole and len(content.message) > MAX_MESSAGE_CHARS
    message = cut(content.message, MAX_MESSAGE_CHARS) if is_cut else content.message
    return {"message": message, "message_cut": is_cut, "subject": content.subject}


def _request(verdict: Verdict) -> dict[str, Any]:
    if verdict.request is None:
        return {"method": None, "url": None, "headers": None}
    kind = kind_of(verdict.request)
    method, url, headers = kind.describe(verdict.request)
    return {"method": method, "url": url, "headers": {**headers, **(_SIGNATURE if kind.signed else {})}}


def _recipients(verdict: Verdict) -> dict[str, Any]:
    request = verdict.request
    if not isinstance(request, EmailRequest):
        return {"recipients": None, "unsent": None}
    return {"recipients": [*request.recipients], "unsent": dict(request.unsent)}


_SIGNATURE: Mapping[str, str] = {TIMESTAMP_HEADER: MASK, SIGNATURE_HEADER: MASK}
"""The headers that depend on the time of sending, and so cannot be known before."""


def _outcome(record: DeliveryRecord | None) -> OutcomeOut | None:
    if record is None:
        return None
    last = record.attempts[-1] if record.attempts else None
    return OutcomeOut(
        id=record.id,
        status=record.status,
        reason=record.reason,
        attempt_count=record.attempt_count,
        last_status=last and last.status,
        updated_at=record.updated_at,
    )
