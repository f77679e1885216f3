"""What the sweeper does for a channel that is not well: probes, releases, and giving up what is too old."""

from collections import Counter
from datetime import datetime
from itertools import islice

from notifications.core import health, records
from notifications.core.health import Health
from notifications.senders.queues import DeliveryQueues
from notifications.store.health import HealthStore
from notifications.store.records import RecordStore

PORTION = 250
"""So many of one channel's held deliveries are given up in one sweep: others wait too."""


def tend(
    known: Health, now: datetime, store: RecordStore, healths: HealthStore, queues: DeliveryQueues
) -> Counter[str]:
    """Bring on its way what a channel needs; tell how many probes and releases.

    Raises:
        Unavailable: DynamoDB did not do its part.
    """
    brought: Counter[str] = Counter()
    if known.releasing:
        queues.release(known.channel_id, last=True)
        brought["releases"] = 1
    if not known.suspended:
        return brought
    _give_up_old(store, known.channel_id, now)
    if known.probe_at is None or known.probe_at > now:
        return brought
    oldest = next(store.held(known.channel_id), None)
    if oldest is not None:  # else the next event for it will be the probe
        probes = known.probes + 1
        healths.set(known.channel_id, probe_at=now + health.pause(probes), probes=probes)
        queues.probe(oldest)
        brought["probes"] = 1
    return brought


def _give_up_old(store: RecordStore, channel_id: str, now: datetime) -> None:
    for record in islice(store.held(channel_id, until=now - health.MAX_HELD), PORTION):
        reason = f"the channel was suspended for more than {health.MAX_HELD.days} days"
        store.put_if(records.ended(record, "failed", reason, now), record.revision)
