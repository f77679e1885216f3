"""Dispatch an event again because an operator asked for it."""

import logging
from datetime import UTC, datetime, timedelta

from notifications.core import event_records
from notifications.core.errors import EventConflict, Unavailable
from notifications.core.event_records import EventRecord
from notifications.core.incoming import read
from notifications.core.windows.digests import is_digest_event
from notifications.wiring import Services

DISPATCH_TRIES = 4
"""How often a change of an event's record is tried while other processes change it too."""

LOOK_AFTER = timedelta(minutes=2)
"""How much later the sweeper checks whether the event was dispatched, because its message may be lost."""

logger = logging.getLogger(__name__)


def dispatch(services: Services, event_id: str) -> EventRecord:
    """Have an event dispatched with the present configuration; return its waiting record.

    Its recorded deliveries stay: only rules that have none yet get one.

    Raises:
        EntityNotFound: there is no record of it.
        EventConflict: it is being dispatched, or its document cannot be dispatched.
    """
    for _ in range(DISPATCH_TRIES):
        seen = services.events.get(event_id)
        now = datetime.now(UTC)
        if seen.document is None or event_records.standing(seen, now) == "taken":
            raise EventConflict(f"Event {event_id} is being dispatched; check its result first")
        if is_digest_event(seen):
            raise EventConflict(f"{event_id} is a digest of events; use delivery retry to send it again")
        refusal = read(seen.document, event_id).record
        if refusal.status == "refused":
            raise EventConflict(f"Event {event_id} cannot be dispatched: {refusal.reason}")
        again = event_records.reopened(seen, now + LOOK_AFTER, now)
        if services.events.put_if(again, seen):
            _put(services, again)
            return again
    raise EventConflict(f"Event {event_id} is being changed by others; try again")


def _put(services: Services, event: EventRecord) -> None:
    try:
        services.event_queue.put(event.document or "", 0)
    except Unavailable:
        logger.warning("the sweeper will dispatch it", exc_info=True, extra={"event_id": event.id})
    else:
        logger.info("event is dispatched again", extra={"event_id": event.id})
