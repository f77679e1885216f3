"""What the dead letter queue has is listed as events, so that it can be seen and dispatched anew.

The message stays there until its event has come to an end, so that the alarm does not end before that.
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
"""How many times ten messages a sweep looks at; the others are seen by a later one."""

logger = logging.getLogger(__name__)


def list_dead_letters(queue: DeadLetterQueue, events: EventStore, now: datetime, deadline: float) -> int:
    """Record the events of messages that nobody recorded; take away messages whose events have ended.

    What is recorded as being dispatched is left alone: the sweeper sees to it that it comes to an end.
    Returns how many events were recorded.

    Raises:
        Unavailable: SQS or DynamoDB did not do its part; the next sweep goes on.
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
                    continue  # it is busy, or somebody was faster: the next sweep sees what it is
                recorded += 1
                logger.error("event is a dead letter", extra={"event_id": seen.id, "reason": seen.reason})
            if event_records.standing(seen, now) == "ended":
                queue.delete(letter)
        if monotonic() > deadline:
            break
    return recorded


def _as_it_ended(record: EventRecord, letter: DeadLetter, now: datetime) -> EventRecord:
    """Make the record of an event: with a reason it may go out yet; without one its dispatchers have died."""
    if record.status == "refused":  # it is malformed
        return record
    if letter.reason is not None:
        return event_records.buried(record, letter.reason, now)
    return event_records.ended(record, now, "refused", NO_RESULT)
