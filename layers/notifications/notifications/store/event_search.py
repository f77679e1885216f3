"""Search events by their fields: their documents are read, page by page."""

from collections.abc import Callable
from dataclasses import replace

from notifications.core.batches import batches
from notifications.core.event_records import EventRecord
from notifications.store.cursors import encoded
from notifications.store.events import EventStore
from notifications.store.merging import Merger
from notifications.store.record_items import created_at, event_from
from notifications.store.record_pages import RecordPage, Wanted, events_span

SEARCHED = 200
"""Events through which a page looks at most."""

READ_TOGETHER = 25
"""How many documents are in memory at once: each may have a megabyte."""


class EventSearch:
    """Find events by what their documents say."""

    def __init__(self, events: EventStore) -> None:
        self._events = events
        self._merger = Merger(events)

    def page(self, wanted: Wanted, is_met: Callable[[EventRecord], bool]) -> RecordPage[EventRecord]:
        """Look through the next events for those that are wanted and met.

        Raises:
            InvalidRequest: the cursor is none of this list's.
            Unavailable: DynamoDB fails.
        """
        rows, following = self._merger.newest(events_span(wanted), SEARCHED)
        found: list[EventRecord] = []
        searched = 0
        for portion in batches(map(event_from, rows), READ_TOGETHER):
            records = self._events.get_many([record.id for record in portion])
            met = {record.id: replace(record, document=None) for record in records if is_met(record)}
            for record in portion:
                searched += 1
                found += [met[record.id]] if record.id in met else []
                if len(found) == wanted.limit:  # the next page goes on after this row
                    here = str(rows[searched - 1]["moment"]["S"])
                    return RecordPage(found, encoded(here), searched, record.created_at)
        reached_at = created_at(rows[-1]) if rows else None
        return RecordPage(found, following and encoded(following), searched, reached_at)
