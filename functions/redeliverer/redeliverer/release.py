"""Release the deliveries that are held for a channel, or by a mute, a portion at a time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from notifications.core import channel_health, records
from notifications.core.errors import EntityNotFound
from notifications.core.records import DeliveryRecord
from notifications.delivering.health_keeper import HealthKeeper
from notifications.messaging.queues import DeliveryQueues
from notifications.store.dynamodb import BATCH_GET_SIZE
from notifications.store.records import RecordStore

if TYPE_CHECKING:
    from notifications.store.mutes import MuteStore

PORTION = 250
"""How many held deliveries one message releases; another message then asks for the next portion."""

THREADS = 16
"""How many of them are written at once, so that thousands are released within a minute."""


def release(
    store: RecordStore, keeper: HealthKeeper, queues: DeliveryQueues, channel_id: str, *, last: bool
) -> None:
    """Release a portion of the held deliveries, unless the channel is suspended (again).

    ``last``: whether the sweeper asked. Only then may the release end, if it finds nothing held: the index of
    held deliveries lags, so only a later look of the sweeper finds a delivery that was held a moment ago.

    Raises:
        Unavailable: DynamoDB failed; the sweeper asks again.
    """
    known = keeper.get(channel_id)
    if known is not None and known.suspended:
        return
    portion = list(islice(store.held(channel_id, at_once=BATCH_GET_SIZE), PORTION))
    queues.hint([(record, 0.0) for record in _freed(store, portion, "channel_resumed")])
    # The index may still list deliveries that have been released, so even a portion that is not full, or of
    # which nothing could be released, does not prove that none is left.
    if portion:
        queues.release(channel_id)
    elif last:
        keeper.apply(channel_id, channel_health.released(known))


def release_muted(store: RecordStore, mutes: "MuteStore", queues: DeliveryQueues, mute_id: str) -> None:
    """Release a portion of the deliveries that a mute holds, unless it is in force (again).

    The redeliverer checks all mutes before it sends them, so another mute may continue to hold them.

    Raises:
        Unavailable: DynamoDB failed; the sweeper asks again.
    """
    if _is_in_force(mutes, mute_id):
        return
    portion = list(islice(store.held(mute_id, at_once=BATCH_GET_SIZE), PORTION))
    queues.hint([(record, 0.0) for record in _freed(store, portion, "mute_ended")])
    if portion:
        queues.release_muted(mute_id)


def _is_in_force(mutes: "MuteStore", mute_id: str) -> bool:
    from notifications.core.muting import Standing  # noqa: PLC0415 - for who has mutes

    try:
        return Standing(mutes.get(mute_id)).is_in_force(datetime.now(UTC))
    except EntityNotFound:  # it ended so long ago that its item has expired
        return False


def _freed(store: RecordStore, held: Sequence[DeliveryRecord], reason: str) -> list[DeliveryRecord]:
    """Make records pending and due now; leave out those that another process has changed meanwhile."""
    now = datetime.now(UTC)

    def freed(record: DeliveryRecord) -> DeliveryRecord | None:
        changed = replace(record, revision=record.revision + 1, reason=reason)
        waiting = records.waiting(changed, now, now)
        return waiting if store.put_if(waiting, record.revision) else None

    with ThreadPoolExecutor(THREADS) as pool:
        return [record for record in pool.map(freed, held) if record is not None]
