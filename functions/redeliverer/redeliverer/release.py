"""What was held for a channel goes out, a portion at a time."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from notifications.core import records
from notifications.senders.queues import DeliveryQueues
from notifications.store.health import HealthStore
from notifications.store.records import RecordStore

PORTION = 250
"""So many held deliveries are let out at once; then a message asks for the next portion."""


def release(
    store: RecordStore, health: HealthStore, queues: DeliveryQueues, channel_id: str, *, last: bool
) -> None:
    """Let out a portion of what is held, unless the channel is suspended (again).

    ``last``: the sweeper asks. Only then is the channel's health forgotten, if nothing was held: the index
    of what is held may lag behind, and what was held a moment before must be found once more.

    Raises:
        Unavailable: DynamoDB did not do its part; the sweeper asks again.
    """
    known = health.get(channel_id)
    if known is not None and known.suspended:
        return
    now = datetime.now(UTC)
    portion = list(islice(store.held(channel_id), PORTION))
    freed = [
        records.waiting(replace(record, revision=record.revision + 1, reason="channel_resumed"), now, now)
        for record in portion
    ]
    let_out = [new for old, new in zip(portion, freed, strict=True) if store.put_if(new, old.revision)]
    queues.hint([(record, 0.0) for record in let_out])
    if len(portion) == PORTION:
        queues.release(channel_id)
    elif last and not portion and known is not None and known.releasing:
        if known.gone:
            health.set(channel_id, releasing=None)
        else:
            health.forget(channel_id)
