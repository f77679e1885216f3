"""The routes of events."""

from typing import Annotated, Any

from deliveries_api.clauses import meets
from deliveries_api.dispatching import dispatch
from deliveries_api.emitting import emit
from deliveries_api.models import (
    EventAccepted,
    EventEnvelope,
    EventIn,
    EventList,
    IdempotencyKey,
    Where,
    detailed_event,
    shown_event,
)
from deliveries_api.tail_models import TailIn, TailOut
from deliveries_api.tailing import tail
from notifications.api.given import services
from notifications.api.lists import Cursor, Limit, Since, Until
from notifications.api.models import LowerText
from notifications.api.powertools import Query, Router
from notifications.core import events
from notifications.core.errors import MalformedEvent
from notifications.core.event_records import EventRecord, EventStatus
from notifications.core.search import DEFAULT_LIMIT
from notifications.store.record_pages import Wanted

MAX_SHOWN_DEPTH = 100
"""Fields that are nested deeper are not shown, because they could not be written as JSON."""

router = Router()


@router.post("/notifications/events", status_code=202)
def emit_event(request: EventIn, idempotency_key: IdempotencyKey = None) -> EventAccepted:
    """Put an event on the bus.

    The service responds before it delivers anything. Requests with the same ``Idempotency-Key`` within 24
    hours make one event.
    """
    return emit(services(router), request.rule_type, request.notification_data, idempotency_key)


@router.get("/notifications/events")
def list_events(
    status: Annotated[EventStatus | None, Query(description="Only events with this status")] = None,
    rule_type: Annotated[LowerText | None, Query(description="Only events of this type")] = None,
    since: Since = None,
    until: Until = None,
    where: Where = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> EventList:
    """List events, newest first.

    All given conditions must hold. A page may be short, or even empty, and still have a next one: continue
    until ``next`` is null. With ``where``, a page searches at most 200 events and says how far it got.
    """
    wanted = Wanted(limit=limit, cursor=cursor, status=status, since=since, until=until, rule_type=rule_type)
    if where:
        page = services(router).event_search.page(wanted, meets(where))
    else:
        page = services(router).record_pages.events(wanted)
    return EventList(
        events=[shown_event(record) for record in page.records],
        next=page.next,
        searched=page.searched,
        reached_at=page.reached_at,
    )


@router.post("/notifications/events/tail")
def tail_events(request: TailIn) -> TailOut:
    """Follow events.

    The response has the events that have ended since ``position``, oldest first, each once, with their
    deliveries as they are now, and the next ``position``. Without a ``position`` it has no events, but the
    ``position`` from which to begin. Ask again at once if there are ``more``, otherwise after a second.
    """
    return tail(services(router), request)


@router.get("/notifications/events/<event_id>")
def get_event(event_id: str) -> EventEnvelope:
    """Show an event.

    The response has the event's fields and the number of its deliveries by status.
    """
    return _shown(services(router).events.get(event_id))


@router.post("/notifications/events/<event_id>/dispatch", status_code=202)
def dispatch_event(event_id: str) -> EventEnvelope:
    """Dispatch a recorded event again.

    Each matching rule that has no delivery of it yet gets one; existing deliveries stay as they are.
    """
    return _shown(dispatch(services(router), event_id))


def _shown(record: EventRecord) -> EventEnvelope:
    counts: dict[Any, int] = services(router).record_pages.counts(record.id)
    return EventEnvelope(event=detailed_event(record, _fields(record.document), counts))


def _fields(document: str | None) -> dict[str, Any] | None:
    try:
        fields = dict(events.read(document or "").data)
    except MalformedEvent:
        return None
    return fields if _is_shown(fields, MAX_SHOWN_DEPTH) else None


def _is_shown(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shown(part, levels - 1) for part in inner)
