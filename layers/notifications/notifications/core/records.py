"""Records of deliveries, and their changes."""

import math
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from notifications.core.delivery import (
    ACCEPTED,
    Content,
)
from notifications.core.model import Rule, timestamp
from notifications.core.values import replace, value

DeliveryStatus = Literal["pending", "delivered", "failed", "skipped", "held", "observed", "collected"]
DELIVERY_STATUSES: tuple[DeliveryStatus, ...] = get_args(DeliveryStatus)

MAX_ATTEMPTS_KEPT = 12
"""Older attempts are dropped, because a DynamoDB item has at most 400 KB."""

CUT_MARK = "… [cut]"
MAX_REASON_CHARS = 500
RULE_ID_CHARS = 36


@value
class Attempt:
    """One attempt to deliver.

    ``at``: when it began, as a timestamp. ``seconds``: its duration. ``status``: of HTTP or SMTP; None if
    there was no response. ``headers`` and ``url`` are masked. ``response``: the beginning of the response's
    body. ``response_cut``: whether there was more. ``recipients``: a mail server's reply about each.
    """

    at: str
    seconds: float
    status: int | None
    error_class: str | None
    error: str | None
    method: str
    url: str
    headers: Mapping[str, str]
    response: str | None
    response_cut: bool
    recipients: Mapping[str, str] = field(default_factory=dict)


@value
class DeliveryRecord:
    """The delivery of one event for one rule.

    ``message``, ``subject``, ``html``: what is sent; None if nothing was rendered. ``recipients``: the
    results of recipient templates, by template. ``tries``: failed attempts of the present schedule.
    ``attempt_count``: all attempts ever. ``next_attempt_at``: when it is sent next. ``look_at``: when the
    sweeper checks why it is still pending. ``revision``: rises with every change, so that only one of two
    processes that want to send it can. ``manual``: whether an operator asked for it, so that a suspension
    does not hold it. ``lease``: until when its claim holds. ``settled``: recipients of an email who have it
    or never will. ``claims``: how many processes have claimed it since its last result. ``mute_id``: the mute
    that keeps it back. ``digest_id``: the digest that the event is in, or whose delivery this is. ``group``:
    the name of the group that a digest's delivery collects. ``paced``: the rate at which ``next_attempt_at``
    is a reserved slot, see ``core.pacing``; None if it is not one.
    """

    event_id: str
    rule_id: str
    channel_id: str
    rule_type: str
    status: DeliveryStatus
    reason: str | None
    created_at: str
    updated_at: str
    error_class: str | None = None
    message: str | None = None
    subject: str | None = None
    attempts: tuple[Attempt, ...] = ()
    attempt_count: int = 0
    tries: int = 0
    revision: int = 1
    next_attempt_at: datetime | None = None
    look_at: datetime | None = None
    manual: bool = False
    lease: datetime | None = None
    settled: tuple[str, ...] = ()
    claims: int = 0
    recipients: Mapping[str, str] | None = None
    mute_id: str | None = None
    digest_id: str | None = None
    group: str | None = None
    paced: str | None = None
    html: str | None = None

    @property
    def id(self) -> str:
        """Return the delivery's id, which is also the ``webhook-id`` of each attempt."""
        return delivery_id(self.event_id, self.rule_id)

    @property
    def content(self) -> Content:
        """Return the rendered content; its message is empty if nothing was rendered."""
        return Content(self.message or "", self.subject, self.recipients, self.html)


def is_digest(record: DeliveryRecord) -> bool:
    """Return whether a delivery is that of a digest, and not of one of its events."""
    return record.digest_id is not None and record.digest_id == record.event_id


def is_unrendered_digest(record: DeliveryRecord) -> bool:
    """Return whether a delivery is that of a digest that still collects events, or could not be rendered."""
    return record.message is None and is_digest(record)


def for_rendering(record: DeliveryRecord, rule: Rule | None) -> DeliveryRecord:
    """Return a delivery whose message its rule is about to render, on the channel that the rule has now.

    The template is that channel's: it may be another one than when the event came.
    """
    return record if rule is None else replace(record, channel_id=rule.channel_id)


def delivery_id(event_id: str, rule_id: str) -> str:
    """Return the id of the delivery of an event for a rule."""
    return f"{event_id}_{rule_id}"


def split_delivery_id(text: str) -> tuple[str, str]:
    """Return the event's and the rule's id; empty ones, which do not exist, for any other text."""
    event_id, rule_id = text[: -RULE_ID_CHARS - 1], text[-RULE_ID_CHARS:]
    return (event_id, rule_id) if delivery_id(event_id, rule_id) == text else ("", "")


MAX_QUEUE_DELAY = timedelta(minutes=15)
"""SQS's limit. A delivery that waits longer gets its message from the sweeper when it is due."""

LOOK_AFTER = timedelta(minutes=2)
"""How long after its time the sweeper looks at a pending delivery, because its message may be lost."""

LOOK_BEFORE = timedelta(minutes=1)
"""How long before its time the sweeper queues a delivery that waits longer than a message can."""


LOOK_BEFORE_SLOT = timedelta(minutes=3)
"""The same for a paced delivery: the sweeper runs once a minute, and a turn that nobody takes is lost."""

AT_REST: dict[str, Any] = {
    "next_attempt_at": None,
    "look_at": None,
    "manual": False,
    "paced": None,
    "mute_id": None,
}
"""The fields of a delivery that is no longer sent automatically."""


def waiting(
    record: DeliveryRecord, until: datetime, now: datetime, *, paced: str | None = None
) -> DeliveryRecord:
    """Return the record as pending until a time. ``paced``: the rate, if that time is a slot."""
    before = LOOK_BEFORE_SLOT if paced else LOOK_BEFORE
    look_at = until - before if until - now > MAX_QUEUE_DELAY else until + LOOK_AFTER
    sent_then = {"next_attempt_at": until, "look_at": look_at, "paced": paced, "mute_id": None}
    return replace(record, status="pending", claims=0, **sent_then)


def in_other_lane(record: DeliveryRecord, now: datetime) -> DeliveryRecord:
    """Return the record as pending, for the other lane to send now, or at the slot that it has."""
    slot = record.next_attempt_at if record.paced else None
    return waiting(record, max(slot or now, now), now, paced=record.paced)


def message_delay(record: DeliveryRecord, now: datetime) -> float:
    """Return in how many seconds the message of a pending delivery is due; negative if it is overdue.

    The message of a paced one comes in the second before its slot, not after it: queues count whole seconds.
    """
    wait = ((record.next_attempt_at or now) - now).total_seconds()
    return math.floor(wait) if record.paced and wait > 0 else wait


def ended(record: DeliveryRecord, status: DeliveryStatus, reason: str, now: datetime) -> DeliveryRecord:
    """Return the record with a status in which it is no longer sent automatically."""
    return replace(
        record,
        status=status,
        reason=reason[:MAX_REASON_CHARS],
        updated_at=timestamp(now),
        revision=record.revision + 1,
        claims=0,
        **AT_REST,
    )


def is_claimed(record: DeliveryRecord, now: datetime) -> bool:
    """Return whether a process may be sending the delivery now."""
    return record.lease is not None and record.lease > now


def _reached(record: DeliveryRecord) -> tuple[str, ...]:
    """Return the recipients who got an email in a schedule that has not reached all of them."""
    if record.status == "delivered" or not record.tries:
        return ()
    tries = [one.recipients for one in record.attempts[-record.tries :]]
    return tuple(name for replies in tries for name, reply in replies.items() if reply == ACCEPTED)


def replayed(record: DeliveryRecord, content: Content, now: datetime) -> DeliveryRecord:
    """Return the record as pending and due now, with a new schedule, because an operator asked for it.

    If an email was delivered, all recipients get another copy; otherwise only those who do not have it.
    """
    again = replace(
        record,
        reason="replayed",
        error_class=None,
        message=content.message,
        subject=content.subject,
        recipients=content.recipients,
        html=content.html,
        updated_at=timestamp(now),
        tries=0,
        revision=record.revision + 1,
        manual=True,
        lease=None,
        settled=_reached(record),
    )
    return waiting(again, now, now)
