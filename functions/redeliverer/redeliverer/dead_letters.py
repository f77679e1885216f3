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
"""How many batches of ten messages a sweep reads; later sweeps see the others."""

logger = logging.getLogger(__name__)


def list_dead_letters(queue: DeadLetterQueue, events: EventStore, now: datetime, deadline: float) -> int:
    """Record the events of unrecorded messages, and delete messages whose events have ended.

    An event that is being dispatched is left alone, because the sweeper brings it to an end. Returns how many
    events were recorded.

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
            if seen is None:
                seen = _as_it_ended(record, letter, now)
                if record.id not in events.insert([seen]).made:
                    continue  # another process was faster, or DynamoDB is busy: the next sweep looks again
                recorded += 1
                logger.error("event is a dead letter", extra={"event_id": seen.id, "reason": seen.reason})
            if event_records.standing(seen, now) == "ended":
                queue.delete(letter)
        if monotonic() > deadline:
            break
    return recorded


def _as_it_ended(record: EventRecord, letter: DeadLetter, now: datetime) -> EventRecord:
    """Make an event's record. With a reason it can still be dispatched; without one its dispatchers died."""
    if record.status == "refused":  # the event is malformed, and its record says so
        return record
    if letter.reason is not None:
        return event_records.buried(record, letter.reason, now)
    return event_records.ended(record, now, "refused", NO_RESULT)
