"""Split events into requests."""

from collections.abc import Iterable, Iterator

from backendai_notification_bridge.core.events import CHOSEN_ID, SOURCE
from backendai_notification_bridge.spool.rows import Outgoing

BATCH_ENTRIES = 10
BATCH_BYTES = 1_000_000
"""EventBridge's limit of a request and of an event is "1 MB"; this is the stricter reading."""

TIME_BYTES = 14
"""The bytes that EventBridge counts for an event's time."""


def size(event: Outgoing) -> int:
    """Return an event's size as EventBridge counts it."""
    texts = (SOURCE, event.detail_type, event.detail, CHOSEN_ID, event.event_id)
    return TIME_BYTES + sum(len(text.encode()) for text in texts)


def batches(events: Iterable[Outgoing]) -> Iterator[list[Outgoing]]:
    """Split events into requests; one that is too large has a request of its own."""
    batch: list[Outgoing] = []
    held = 0
    for event in events:
        counted = size(event)
        if batch and (len(batch) == BATCH_ENTRIES or held + counted > BATCH_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(event)
        held += counted
    if batch:
        yield batch
