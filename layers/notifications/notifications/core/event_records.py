"""What is kept of an event, and who may dispatch it.

A message of the event queue may come more than once, and its dispatcher may die over it. So an event is
*claimed* before anything of it is sent: its record says until when a dispatcher has it, and how many had it.

    there is          what happens                          then it is
    ----------------  ------------------------------------  ---------------------------------------------
    no record         it is malformed, fits no schema       refused
    no record         it meets no rule                      unmatched
    no record         a dispatcher claims it                dispatching, one claim, the lease runs
    dispatching       its dispatcher comes to the end       dispatched (or unmatched, refused)
    dispatching       its dispatcher hands it back          dispatching without a lease, one claim less
    dispatching       it was handed back too often          dead_letter: its message is on that queue
    dispatching       a copy comes, the lease runs          as it was: somebody is at work
    dispatching       a copy comes, the lease is over       dispatching, one claim more, a new lease
    dispatching       the same, after MAX_CLAIMS claims     refused: each of them ended without a result
    dead_letter       its message is given back             dispatching, as above
    any other         a copy comes                          as it was
    any               somebody asks for it                  dispatching, no claims; unless a lease runs

A claim that stays behind without a lease that runs is a death: the process was killed, ran out of time, or
aborted. Who hands an event back is alive, so that does not count. Nothing but these transitions changes a
record; each is one conditional write, because two may try at the same moment.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, get_args

from notifications.core.model import timestamp
from notifications.core.values import replace, value

EventStatus = Literal["dispatching", "dispatched", "unmatched", "refused", "dead_letter"]
EVENT_STATUSES: tuple[EventStatus, ...] = get_args(EventStatus)

MAX_CLAIMS = 3
"""How many dispatchers may end over an event without a result; then it is refused.

Each takes one receipt of the event's message, and the queue must allow more of them than this before it moves
the message to the dead letter queue: maxReceiveCount in template.yaml.
"""

NO_RESULT = "dispatching it ended without a result"

Standing = Literal["open", "taken", "spent", "ended"]
"""How an event stands for whoever has a message about it: it may be claimed; somebody has it; too many died
over it; nothing is left to do."""


@value
class EventRecord:
    """What became of an event. ``document``: the EventBridge document as it came, JSON text.

    ``timestamp``: the event's own time. ``claims``: how many dispatchers have claimed it and did not hand it
    back; ``lease``: until when the last one has it. ``look_at``: when the sweeper asks what became of it.
    ``unrecorded``: the rules whose deliveries were sent, and are recorded only later, see ``late_records``.
    """

    id: str
    rule_type: str
    status: EventStatus
    reason: str | None
    document: str
    timestamp: str | None
    created_at: str
    updated_at: str
    claims: int = 0
    lease: datetime | None = None
    look_at: datetime | None = None
    unrecorded: tuple[str, ...] = ()


def standing(record: EventRecord, now: datetime) -> Standing:
    """Tell how a recorded event stands."""
    if record.status not in {"dispatching", "dead_letter"}:
        return "ended"
    if record.lease is not None and record.lease > now:
        return "taken"
    return "spent" if record.claims >= MAX_CLAIMS else "open"


def claimed(record: EventRecord, lease: datetime, now: datetime) -> EventRecord:
    """Return the record of an event that a dispatcher has from now on, until ``lease`` at most."""
    return replace(
        record,
        status="dispatching",
        claims=record.claims + 1,
        lease=lease,
        look_at=lease,
        updated_at=timestamp(now),
    )


def handed_back(
    record: EventRecord, look_at: datetime, reason: str | None, unrecorded: Iterable[str] = ()
) -> EventRecord:
    """Return the record of an event that its dispatcher could not bring to its end, and did not die over."""
    return replace(
        record,
        claims=record.claims - 1,
        lease=None,
        look_at=look_at,
        reason=reason,
        unrecorded=tuple(sorted(unrecorded)),
    )


def buried(record: EventRecord, reason: str, now: datetime) -> EventRecord:
    """Return the record of an event whose message is in the dead letter queue, since it came to nothing."""
    return replace(
        record,
        status="dead_letter",
        reason=reason,
        lease=None,
        look_at=None,
        updated_at=timestamp(now),
    )


def reopened(record: EventRecord, look_at: datetime, now: datetime) -> EventRecord:
    """Return the record of an event that somebody asked to dispatch anew. What is recorded stays so."""
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
    record: EventRecord, now: datetime, status: EventStatus = "dispatched", reason: str | None = None
) -> EventRecord:
    """Return the record of an event with which nothing more is done."""
    return replace(record, status=status, reason=reason, lease=None, look_at=None, updated_at=timestamp(now))
