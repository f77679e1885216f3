"""What was held for a channel goes out, a portion at a time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from notifications.core import channel_health, records
from notifications.core.records import DeliveryRecord
from notifications.delivering.health_keeper import HealthKeeper
from notifications.messaging.queues import DeliveryQueues
from notifications.store.dynamodb import BATCH_GET_SIZE
from notifications.store.records import RecordStore

PORTION = 250
"""So many held deliveries are released by one message; then another one asks for the next portion."""

THREADS = 16
"""So many of them are written at once: thousands are to go out within a minute."""


def release(
    store: RecordStore, keeper: HealthKeeper, queues: DeliveryQueues, channel_id: str, *, last: bool
) -> None:
    """Release a portion of what is held, unless the channel is suspended (again).

    ``last``: the sweeper asks. Only then is the channel's health forgotten, if nothing was held: the index
    of what is held may lag behind, and what was held a moment before must be found once more.

    Raises:
        Unavailable: DynamoDB did not do its part; the sweeper asks again.
    """
    known = keeper.get(channel_id)
    if known is not None and known.suspended:
        return
    portion = list(islice(store.held(channel_id, at_once=BATCH_GET_SIZE), PORTION))
    queues.hint([(record, 0.0) for record in _freed(store, portion)])
    if portion:  # a full one or not: what the index still shows of the last one was left out of it
        queues.release(channel_id)
    elif last:
        keeper.apply(channel_id, channel_health.released(known))


def _freed(store: RecordStore, held: Sequence[DeliveryRecord]) -> list[DeliveryRecord]:
    """Have records wait to be sent at once; leave out those that somebody has changed meanwhile."""
    now = datetime.now(UTC)

    def freed(record: DeliveryRecord) -> DeliveryRecord | None:
        changed = replace(record, revision=record.revision + 1, reason="channel_resumed")
        waiting = records.waiting(changed, now, now)
        return waiting if store.put_if(waiting, record.revision) else None

    with ThreadPoolExecutor(THREADS) as pool:
        return [record for record in pool.map(freed, held) if record is not None]
