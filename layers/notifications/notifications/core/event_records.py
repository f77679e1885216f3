"""What is kept of an event, and who may dispatch it.

The queue may give a message of an event more than once, and a dispatcher may die over it. So an event is
*claimed* before anything of it is sent: an item says until when a dispatcher has it, and how many had it.
Until its dispatch ends, the claim is all there is, because the message is still on the queue and comes again
with the document. The record, with the document, is written once, at the end.

    there is          what happens                          then it is
    ----------------  ------------------------------------  ---------------------------------------------
    nothing           it is malformed, fits no schema       refused, recorded
    nothing           it meets no rule                      unmatched, recorded
    nothing           a dispatcher claims it                dispatching, one claim, the lease runs
    dispatching       its dispatcher comes to the end       dispatched (or unmatched, refused), recorded
    dispatching       its dispatcher hands it back          dispatching without a lease, one claim less
    dispatching       it was handed back too often          dead_letter, recorded; that queue has its message
    dispatching       a copy comes, the lease runs          as it was; the copy comes again after the lease
    dispatching       a copy comes, the lease is over       dispatching, one claim more, a new lease
    dispatching       the same, after MAX_CLAIMS claims     dead_letter, recorded: each ended without a result
    dead_letter       its message is given back             dispatching, as above
    any other         a copy comes                          as it was
    any               another event with its id comes       as it was
    any recorded      somebody asks for it                  dispatching, no claims; unless a lease runs

A claim that stays behind without a running lease is a death: the process was killed, ran out of time, or
aborted. A dispatcher that hands an event back is alive, so that does not count. Nothing but these transitions
changes what is kept; each is one conditional write, because two dispatchers may try at the same time. The
last write alone has no condition: only the holder of the lease ends an event, and the lease outlasts it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, get_args

from notifications.core.model import timestamp
from notifications.core.values import replace, value

EventStatus = Literal["dispatching", "dispatched", "unmatched", "refused", "dead_letter"]
EVENT_STATUSES: tuple[EventStatus, ...] = get_args(EventStatus)

MAX_CLAIMS = 3
"""How many dispatchers may end over an event without a result; then it is a dead letter.

Each takes one receipt of the event's message, and the queue must allow more of them than this before it moves
the message to the dead letter queue: maxReceiveCount in template.yaml.
"""

DIGEST_CHARS = 16

NO_RESULT = "dispatching it ended without a result"

LOOK_AFTER_RETURN = timedelta(minutes=20)
"""When the sweeper looks for a recorded event that was handed back: its message has come again by then."""

Standing = Literal["open", "taken", "spent", "ended"]
"""How an event stands for whoever has a message about it: it may be claimed; somebody has it; too many died
over it; nothing is left to do."""


@value
class EventRecord:
    """What became of an event. ``document``: the EventBridge document as it came, None if it is not kept.

    ``timestamp``: the event's own time. ``created_at``: when it was recorded; of a claim, when it was made.
    ``claims``: how many dispatchers have claimed it and did not hand it back; ``lease``: until when the last
    one has it. ``unrecorded``: the rules whose deliveries were sent, and are recorded only later, see
    ``late_records``. ``listed``: it is recorded, so that lists have it and ``created_at`` stays as it is.
    ``digest``: of the document that was claimed, as long as it is not kept: another one is another event.
    ``look_at``: when the sweeper looks at it, only of what is recorded and is dispatched anew: the message of
    any other event is still on its queue. ``planned_at``: the time of the configuration that decided what
    becomes of it; None of what was never decided, or was recorded by a release that did not keep it.
    """

    id: str
    rule_type: str
    status: EventStatus
    reason: str | None
    document: str | None
    timestamp: str | None
    created_at: str
    updated_at: str
    claims: int = 0
    lease: datetime | None = None
    look_at: datetime | None = None
    unrecorded: tuple[str, ...] = ()
    listed: bool = False
    digest: str | None = None
    planned_at: str | None = None


def digest(document: str) -> str:
    """Tell a document from any other."""
    return sha256(document.encode(errors="replace")).hexdigest()[:DIGEST_CHARS]


def is_another(record: EventRecord, document: str | None) -> bool:
    """Return whether a document is not the one that was claimed under its id."""
    return record.digest is not None and record.digest != digest(document or "")


def standing(record: EventRecord, now: datetime) -> Standing:
    """Tell how an event stands of which something is kept."""
    if record.status not in {"dispatching", "dead_letter"}:
        return "ended"
    if record.lease is not None and record.lease > now:
        return "taken"
    return "spent" if record.claims >= MAX_CLAIMS else "open"


def standing_for(record: EventRecord, document: str | None, now: datetime) -> Standing:
    """Tell how an event stands for a message with this document: with another one nothing is left to do."""
    return "ended" if is_another(record, document) else standing(record, now)


def needs_attention(record: EventRecord) -> bool:
    """Return whether an event went wrong, or waits for another dispatcher."""
    return record.status in {"refused", "dead_letter"} or (
        record.status == "dispatching" and record.lease is None
    )


def claimed(record: EventRecord, lease: datetime, now: datetime) -> EventRecord:
    """Return an event that a dispatcher has from now on, until ``lease`` at most."""
    return replace(
        record,
        status="dispatching",
        claims=record.claims + 1,
        lease=lease,
        look_at=lease if record.listed else None,
        digest=digest(record.document) if record.document and not record.listed else record.digest,
        updated_at=timestamp(now),
    )


def handed_back(
    record: EventRecord, now: datetime, reason: str | None, unrecorded: Iterable[str] = ()
) -> EventRecord:
    """Return an event that its dispatcher could not bring to its end, and did not die over."""
    return replace(
        record,
        claims=record.claims - 1,
        lease=None,
        look_at=now + LOOK_AFTER_RETURN if record.listed else None,
        reason=reason,
        unrecorded=tuple(sorted(unrecorded)),
        updated_at=timestamp(now),
    )


def buried(record: EventRecord, reason: str, now: datetime) -> EventRecord:
    """Return an event whose message is in the dead letter queue, because it came to nothing.

    Nothing is unrecorded any more: what was not recorded until now may never be, and is sent again instead.
    """
    return ended(replace(record, claims=0, unrecorded=()), now, "dead_letter", reason)


def reopened(record: EventRecord, look_at: datetime, now: datetime) -> EventRecord:
    """Return a recorded event that somebody asked to dispatch anew. Its recorded deliveries stay."""
    return replace(
        record,
        status="dispatching",
        reason=None,
        claims=0,
        lease=None,
        look_at=look_at,
        updated_at=timestamp(now),
    )


def ended(
    record: EventRecord,
    now: datetime,
    status: EventStatus = "dispatched",
    reason: str | None = None,
    planned_at: str | None = None,
) -> EventRecord:
    """Return an event with which nothing more is done. It is listed under the time of its first end."""
    return replace(
        record,
        status=status,
        reason=reason,
        lease=None,
        look_at=None,
        created_at=record.created_at if record.listed else timestamp(now),
        updated_at=timestamp(now),
        listed=True,
        digest=None,
        planned_at=planned_at or record.planned_at,
    )
