"""Release the held deliveries of a channel, a portion at a time."""

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
"""How many held deliveries one message releases; another message then asks for the next portion."""

THREADS = 16
"""How many of them are written at once, so that thousands are released within a minute."""


def release(
    store: RecordStore, keeper: HealthKeeper, queues: DeliveryQueues, channel_id: str, *, last: bool
) -> None:
    """Release a portion of the held deliveries, unless the channel is suspended (again).

    ``last``: the sweeper asked. Only then may the release end, when nothing is held any more: the index of
    held deliveries lags behind, so a delivery that was held a moment ago is found only by the sweeper's later
    look.

    Raises:
        Unavailable: DynamoDB failed; the sweeper asks again.
    """
    known = keeper.get(channel_id)
    if known is not None and known.suspended:
        return
    portion = list(islice(store.held(channel_id, at_once=BATCH_GET_SIZE), PORTION))
    queues.hint([(record, 0.0) for record in _freed(store, portion)])
    # The index may still show deliveries that were released by now, so even a portion that is not full, or of
    # which nothing was released, does not prove that none is left.
    if portion:
        queues.release(channel_id)
    elif last:
        keeper.apply(channel_id, channel_health.released(known))


def _freed(store: RecordStore, held: Sequence[DeliveryRecord]) -> list[DeliveryRecord]:
    """Make records pending and due now; leave out those that another process has changed meanwhile."""
    now = datetime.now(UTC)

    def freed(record: DeliveryRecord) -> DeliveryRecord | None:
        changed = replace(record, revision=record.revision + 1, reason="channel_resumed")
        waiting = records.waiting(changed, now, now)
        return waiting if store.put_if(waiting, record.revision) else None

    with ThreadPoolExecutor(THREADS) as pool:
        return [record for record in pool.map(freed, held) if record is not None]
