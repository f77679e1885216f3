"""Record the events of the dead letter queue, so that operators see them and can dispatch them again.

A message stays in the queue until its event has ended, so that the alarm lasts as long as the problem.
"""

import logging
from datetime import datetime
from time import monotonic

from notifications.core import event_records
from notifications.core.event_records import NO_RESULT, EventRecord
from notifications.core.incoming import read
from notifications.messaging.dead_letters import DeadLetter, DeadLetterQueue
from notifications.store.events import EventStore

PORTIONS = 100
"""How many batches of ten messages a sweep reads; later sweeps read the others."""

logger = logging.getLogger(__name__)


def list_dead_letters(queue: DeadLetterQueue, events: EventStore, now: datetime, deadline: float) -> int:
    """Record the events of dead letters, and delete the letters whose events have ended.

    Returns how many events it recorded. An event that is being dispatched is left alone, because the sweeper
    has it finished. ``deadline``: when (monotonic, in seconds) to stop.

    Raises:
        Unavailable: SQS or DynamoDB failed; the next sweep goes on.
    """
    recorded = 0
    for portion in queue.peek(PORTIONS):
        read_events = {letter.id: read(letter.body, letter.id).record for letter in portion}
        known = events.standings([*{record.id for record in read_events.values()}])
        for letter in portion:
            record = read_events[letter.id]
            seen = known.get(record.id)
            if seen is None or _is_left(seen, record, now):
                seen = _recorded(events, _as_it_ended(record, letter, now), seen)
                recorded += seen is not None
            if seen is not None and event_records.standing(seen, now) == "ended":
                queue.delete(letter)
        if monotonic() > deadline:
            break
    return recorded


def _is_left(seen: EventRecord, record: EventRecord, now: datetime) -> bool:
    """Return whether an event was only claimed, so that only this message still has its document."""
    return not seen.listed and event_records.standing_for(seen, record.document, now) in {"open", "spent"}


def _as_it_ended(record: EventRecord, letter: DeadLetter, now: datetime) -> EventRecord:
    """Make the record of a dead letter's event. A letter without a reason means that its dispatchers died."""
    if record.status == "refused":  # it is malformed
        return event_records.ended(record, now, "refused", record.reason)
    return event_records.buried(record, letter.reason or NO_RESULT, now)


def _recorded(events: EventStore, record: EventRecord, seen: EventRecord | None) -> EventRecord | None:
    """Record an event in place of its claim, if there is one; None if another process was faster."""
    made = record.id in events.insert([record]).made if seen is None else events.put_if(record, seen)
    if not made:
        return None  # DynamoDB is busy, or the event has changed: the next sweep looks again
    logger.error("event is a dead letter", extra={"event_id": record.id, "reason": record.reason})
    return record
