"""The record of an event, and who may dispatch the event.

The queue may deliver a message more than once, and a dispatcher may die over an event. So an event is
*claimed* before anything is sent for it: an item says until when a dispatcher has it, and how many
dispatchers had it before. While it is dispatched, only the claim is stored, because the message is still on
the queue and comes again with the document. The record, with the document, is written once, at the end.

    stored            what happens                          then stored
    ----------------  ------------------------------------  ---------------------------------------------
    nothing           it is malformed, fits no schema       refused, recorded
    nothing           it meets no rule                      unmatched, recorded
    nothing           a dispatcher claims it                dispatching, one claim, the lease runs
    dispatching       its dispatcher comes to the end       dispatched (or unmatched, refused), recorded
    dispatching       its dispatcher hands it back          dispatching without a lease, one claim less
    dispatching       it was handed back too often          dead_letter, recorded; that queue has its message
    dispatching       a copy comes, the lease runs          unchanged; the copy comes again after the lease
    dispatching       a copy comes, the lease is over       dispatching, one claim more, a new lease
    dispatching       the same, after MAX_CLAIMS claims     dead_letter, recorded: each ended without a result
    dead_letter       its message is moved back             dispatching, as above
    any other         a copy comes                          unchanged
    any               another event with its id comes       unchanged
    any recorded      an operator dispatches it again       dispatching, no claims; unless a lease runs

A claim whose lease is over means that a dispatcher died: its process was killed, ran out of time, or aborted.
A dispatcher that hands an event back is alive, so that claim does not count. Only these transitions change
the record. Each is one conditional write, because two dispatchers may try at the same time. Only the last
write has no condition: only the holder of the lease ends an event, and the lease outlasts its invocation.
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
"""How many dispatchers may die over an event before it is a dead letter.

Each has received the event's message once, so the queue must allow more receives than this before it moves
the message to the dead letter queue: maxReceiveCount in template.yaml.
"""

DIGEST_CHARS = 16

NO_RESULT = "dispatching it ended without a result"

LOOK_AFTER_RETURN = timedelta(minutes=20)
"""How much later the sweeper looks at a recorded event that was handed back: by then its message has come
again."""

Standing = Literal["open", "taken", "spent", "ended"]
"""What a dispatcher with a message of an event may do. ``open``: claim it. ``taken``: nothing, another
dispatcher has it. ``spent``: bury it, because too many died over it. ``ended``: nothing is left to do."""


@value
class EventRecord:
    """The record of an event, or its claim.

    ``document``: the EventBridge document as it came; None if it is not stored. ``timestamp``: the event's
    own time. ``created_at``: when it was recorded; for a claim, when that was made. ``claims``: how many
    dispatchers claimed it and did not hand it back. ``lease``: until when the last one has it.
    ``unrecorded``: the ids of rules whose deliveries were sent and will be recorded later, see
    ``late_records``. ``listed``: whether it is recorded, so that lists have it and ``created_at`` stays.
    ``digest``: that of the claimed document while only the claim is stored: a different document is a
    different event. ``look_at``: when the sweeper looks at it; only for recorded events that are dispatched
    again, because the message of any other is still on its queue. ``planned_at``: the time of the
    configuration that decided; None if it was never decided, or a former release did not record it.
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
    """Return a digest that distinguishes a document from any other."""
    return sha256(document.encode(errors="replace")).hexdigest()[:DIGEST_CHARS]


def is_another(record: EventRecord, document: str | None) -> bool:
    """Return whether a document is not the one that was claimed under its id."""
    return record.digest is not None and record.digest != digest(document or "")


def standing(record: EventRecord, now: datetime) -> Standing:
    """Return what a dispatcher may do with an event that is stored."""
    if record.status not in {"dispatching", "dead_letter"}:
        return "ended"
    if record.lease is not None and record.lease > now:
        return "taken"
    return "spent" if record.claims >= MAX_CLAIMS else "open"


def standing_for(record: EventRecord, document: str | None, now: datetime) -> Standing:
    """Return what a dispatcher with a message of this document may do: nothing, if it is another event's."""
    return "ended" if is_another(record, document) else standing(record, now)


def needs_attention(record: EventRecord) -> bool:
    """Return whether an event failed, or waits for another dispatcher."""
    return record.status in {"refused", "dead_letter"} or (
        record.status == "dispatching" and record.lease is None
    )


def claimed(record: EventRecord, lease: datetime, now: datetime) -> EventRecord:
    """Return the record of an event that a dispatcher has from now on, until ``lease`` at most."""
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
    """Return the record of an event that its dispatcher could not finish, and did not die over."""
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
    """Return the record of an event whose message is in the dead letter queue.

    It has no ``unrecorded`` rules: results that have not been recorded by now may never be, so if the event
    is dispatched again, their deliveries are sent again.
    """
    return ended(replace(record, claims=0, unrecorded=()), now, "dead_letter", reason)


def reopened(record: EventRecord, look_at: datetime, now: datetime) -> EventRecord:
    """Return the record of an event that an operator dispatches again. Its recorded deliveries stay."""
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
    """Return the record of an event that has ended. It is listed under the time when it first did."""
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
