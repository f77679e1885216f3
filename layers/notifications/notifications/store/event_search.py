"""Search events by their fields: their documents are read, page by page."""

from collections.abc import Callable
from dataclasses import replace

from notifications.core.event_records import EventRecord
from notifications.store.cursors import encoded
from notifications.store.events import EventStore
from notifications.store.merging import Merger
from notifications.store.record_items import created_at, event_from
from notifications.store.record_pages import RecordPage, Wanted, events_span

SEARCHED = 200
"""How many events a page searches at most."""


class EventSearch:
    """Finds events by the fields in their documents."""

    def __init__(self, events: EventStore) -> None:
        self._events = events
        self._merger = Merger(events)

    def page(self, wanted: Wanted, is_met: Callable[[EventRecord], bool]) -> RecordPage[EventRecord]:
        """Search the next events for those that are wanted and meet the condition.

        Raises:
            InvalidRequest: the cursor is not one of this list's.
            Unavailable: DynamoDB fails.
        """
        rows, following = self._merger.newest(events_span(wanted), SEARCHED)
        found: list[EventRecord] = []
        for searched, record in enumerate(self._events.in_full(map(event_from, rows)), 1):
            if is_met(record):
                found.append(replace(record, document=None))
            if len(found) == wanted.limit:  # the next page continues after this row
                here = str(rows[searched - 1]["moment"]["S"])
                return RecordPage(found, encoded(here), searched, record.created_at)
        reached_at = created_at(rows[-1]) if rows else None
        return RecordPage(found, following and encoded(following), len(rows), reached_at)
