"""What is kept of deliveries, and how an attempt changes it. Values in, values out."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from notifications.core.delivery import (
    ACCEPTED,
    RESPONSE_BYTES,
    Content,
    Failure,
    Outcome,
    Request,
    Response,
    Verdict,
)
from notifications.core.kinds import kind_of
from notifications.core.model import Retry, timestamp
from notifications.core.retries import delay, is_retried
from notifications.core.values import value

DeliveryStatus = Literal["pending", "delivered", "failed", "skipped", "held"]
DELIVERY_STATUSES: tuple[DeliveryStatus, ...] = get_args(DeliveryStatus)

MAX_ATTEMPTS_KEPT = 12
"""Of a delivery with more, the oldest are dropped: an item of DynamoDB has 400 KB at most."""

CUT_MARK = "… [cut]"
MAX_REASON_CHARS = 500
RULE_ID_CHARS = 36


@value
class Attempt:
    """One try to deliver. ``seconds``: how long it took. ``status``: HTTP's or SMTP's, if there was any.

    ``headers`` and ``url`` are masked. ``response``: the beginning of the response's body; ``response_cut``
    tells whether there was more. ``recipients``: what a mail server said of each.
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
    """What became of an event for one rule.

    ``message``, ``subject``: what is sent, None if nothing was rendered. ``recipients``: what templates among
    an email's recipients made, by template. ``tries``: failed ones of the
    present schedule; ``attempt_count``: all there ever were. ``next_attempt_at``: when it is sent again.
    ``look_at``: when the sweeper asks why it is still pending. ``revision`` rises with every change, so that
    of two who want to send it only one does. ``manual``: somebody asked for it, so it goes out even to a
    suspended channel. ``lease``: until when whoever took it to send it has it. ``settled``: the recipients of
    an email who have it, or never will. ``claims``: how many took it since anything was recorded of it.
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

    @property
    def id(self) -> str:
        """The delivery's id, and the ``webhook-id`` of each attempt."""
        return delivery_id(self.event_id, self.rule_id)

    @property
    def content(self) -> Content:
        """What was rendered, to send it once more; an empty message if nothing was."""
        return Content(self.message or "", self.subject, self.recipients)


def delivery_id(event_id: str, rule_id: str) -> str:
    """Name the delivery of an event for a rule."""
    return f"{event_id}_{rule_id}"


def split_delivery_id(text: str) -> tuple[str, str]:
    """Return the event's and the rule's id; what is no delivery's id gives ids that nothing has."""
    event_id, rule_id = text[: -RULE_ID_CHARS - 1], text[-RULE_ID_CHARS:]
    return (event_id, rule_id) if delivery_id(event_id, rule_id) == text else ("", "")


MAX_QUEUE_DELAY = timedelta(minutes=15)
"""SQS's limit. What waits longer gets no message until the sweeper sees that its time has come."""

LOOK_AFTER = timedelta(minutes=2)
"""How long after its time a pending delivery is looked for by the sweeper: its message may be lost."""

LOOK_BEFORE = timedelta(minutes=1)
"""How long before its time the sweeper puts a delivery on the queue that waits longer than a message can."""


_AT_REST: dict[str, Any] = {"next_attempt_at": None, "look_at": None, "manual": False}
"""What a delivery has that is not sent by itself any more."""


def attempted(
    record: DeliveryRecord, attempt: Attempt, verdict: Verdict, outcome: Outcome, retry: Retry, jitter: float
) -> DeliveryRecord:
    """Return the record after an attempt: delivered, pending until the next one, or failed."""
    reason = verdict.reason[:MAX_REASON_CHARS]
    if outcome.email is not None:
        record = replace(record, settled=tuple(dict.fromkeys((*record.settled, *outcome.email.settled))))
    if verdict.delivered:
        return _with_attempt(record, attempt, status="delivered", reason=reason, error_class=None, **_AT_REST)
    tries = record.tries + 1
    wait = None
    if is_retried(verdict, outcome):
        asked = None if isinstance(outcome, Failure) else outcome.retry_after
        wait = delay(retry, tries, jitter, asked)
    tried = _with_attempt(record, attempt, reason=reason, error_class=verdict.error_class, tries=tries)
    if wait is None:
        return replace(tried, status="failed", **_AT_REST)
    now = datetime.fromisoformat(tried.updated_at)
    return waiting(tried, now + timedelta(seconds=wait), now)


def outlasted(record: DeliveryRecord, attempt: Attempt, reason: str, now: datetime) -> DeliveryRecord:
    """Return the record after an attempt for which the fast lane had no patience: it counts for nothing."""
    return waiting(_with_attempt(record, attempt, reason=reason), now, now)


def waiting(record: DeliveryRecord, until: datetime, now: datetime) -> DeliveryRecord:
    """Return the record as one that is to be sent at a given time."""
    look_at = until - LOOK_BEFORE if until - now > MAX_QUEUE_DELAY else until + LOOK_AFTER
    return replace(record, status="pending", next_attempt_at=until, look_at=look_at, claims=0)


def ended(record: DeliveryRecord, status: DeliveryStatus, reason: str, now: datetime) -> DeliveryRecord:
    """Return the record as one that is not sent by itself any more."""
    return replace(
        record,
        status=status,
        reason=reason[:MAX_REASON_CHARS],
        updated_at=timestamp(now),
        revision=record.revision + 1,
        claims=0,
        **_AT_REST,
    )


def is_claimed(record: DeliveryRecord, now: datetime) -> bool:
    """Tell whether somebody is sending the delivery at this moment."""
    return record.lease is not None and record.lease > now


def _reached(record: DeliveryRecord) -> tuple[str, ...]:
    """Name who has an email by the present schedule, which has not delivered it to all."""
    if record.status == "delivered" or not record.tries:
        return ()
    told = [one.recipients for one in record.attempts[-record.tries :]]
    return tuple(name for replies in told for name, reply in replies.items() if reply == ACCEPTED)


def replayed(record: DeliveryRecord, content: Content, now: datetime) -> DeliveryRecord:
    """Return the record as one that somebody asked to send again: at once, with a schedule anew.

    Of an email that was delivered all recipients get another copy; of one that was not, those who lack it.
    """
    again = replace(
        record,
        reason="replayed",
        error_class=None,
        message=content.message,
        subject=content.subject,
        recipients=content.recipients,
        updated_at=timestamp(now),
        tries=0,
        revision=record.revision + 1,
        manual=True,
        lease=None,
        settled=_reached(record),
    )
    return waiting(again, now, now)


def attempt(request: Request, outcome: Outcome, verdict: Verdict, at: datetime) -> Attempt:
    """Describe an attempt that began ``at`` that time."""
    body, cut = (None, False) if isinstance(outcome, Failure) else _shown_body(outcome)
    method, url, headers = kind_of(request).describe(request)
    return Attempt(
        at=timestamp(at),
        seconds=round(outcome.seconds, 6),
        status=outcome.status or None,
        error_class=verdict.error_class,
        error=None if verdict.delivered else verdict.reason[:MAX_REASON_CHARS],
        method=method,
        url=url,
        headers=headers,
        response=body,
        response_cut=cut,
        recipients=outcome.email.told if outcome.email else {},
    )


def _shown_body(response: Response) -> tuple[str, bool]:
    text = response.body.decode(errors="replace")
    encoded = text.encode()  # what was no text has become longer
    cut = response.cut or len(encoded) > RESPONSE_BYTES
    if not cut:
        return text, False
    return encoded[: RESPONSE_BYTES - len(CUT_MARK.encode())].decode(errors="ignore") + CUT_MARK, True


def _with_attempt(record: DeliveryRecord, attempt: Attempt, **changes: Any) -> DeliveryRecord:
    return replace(
        record,
        attempts=(*record.attempts, attempt)[-MAX_ATTEMPTS_KEPT:],
        attempt_count=record.attempt_count + 1,
        updated_at=timestamp(datetime.fromisoformat(attempt.at) + timedelta(seconds=attempt.seconds)),
        revision=record.revision + 1,
        claims=0,
        **changes,
    )
