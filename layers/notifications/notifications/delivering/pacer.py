"""Give deliveries of paced channels their slots."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from datetime import UTC, datetime, timedelta

from notifications.core import pacing, records
from notifications.core.errors import Unavailable
from notifications.core.pacing import ASK_AGAIN, WAIT, Pace
from notifications.core.records import DeliveryRecord
from notifications.core.values import mutable, replace
from notifications.delivering.outgoing import Outgoing
from notifications.jitter import random
from notifications.store.paces import PaceStore

THREADS = 16
"""For how many channels slots are reserved at once."""

UNRESERVED_PAUSE = timedelta(seconds=10)
"""How long deliveries wait if no slot can be reserved for them, because DynamoDB fails."""


@mutable
class Placed:
    """What came of deliveries. ``timed``: those to send at their slots, the soonest first.

    ``free``: those to send at any time, because their channels have no rate after all. ``waiting``: the
    records of those that wait for a later slot.
    """

    timed: list[tuple[datetime, Outgoing]] = field(default_factory=list)
    free: list[Outgoing] = field(default_factory=list)
    waiting: list[DeliveryRecord] = field(default_factory=list)


class Pacer:
    """Give deliveries their slots, each batch of a channel's with one write."""

    def __init__(self, store: PaceStore) -> None:
        self._store = store

    def place(
        self, items: Sequence[Outgoing], not_before: Mapping[str, datetime], most_wait: timedelta = WAIT
    ) -> Placed:
        """Give each delivery the slot that it has, unless it is too late for that, or a new one.

        ``not_before``: by channel, if that is later than now. ``most_wait``: what is due later waits in a
        queue.
        """
        now = datetime.now(UTC)
        placed = Placed()
        wanting: dict[str, tuple[Pace, list[Outgoing]]] = {}
        for item in items:
            channel = item.channel
            pace = pacing.pace_of(channel)
            if pace is None:
                placed.free.append(item)
            elif _keeps_slot(item.record, pace, not_before.get(channel.id), now):
                _put(placed, item, item.record.next_attempt_at, pace, now, most_wait)
            else:
                wanting.setdefault(channel.id, (pace, []))[1].append(item)
        starts = {channel_id: max(now, not_before.get(channel_id, now)) for channel_id in wanting}
        for channel_id, slots in self._reserved(wanting, starts).items():
            pace, waiting = wanting[channel_id]
            soon = min(most_wait, pacing.WAIT_SLOTS * pace.interval)
            for number, item in enumerate(waiting):
                slot = slots[number] if slots is not None and number < len(slots) else None
                if slots is None:
                    placed.waiting.append(records.waiting(item.record, now + UNRESERVED_PAUSE, now))
                else:
                    _put(placed, item, slot, pace, now, soon)
        placed.timed.sort(key=lambda timed: timed[0])
        return placed

    def put_off(
        self, items: Sequence[Outgoing], not_before: Mapping[str, datetime], now: datetime
    ) -> list[DeliveryRecord]:
        """Have deliveries that missed their slots wait for new ones.

        These are far enough away for a message of the queue to come in time: another slot that is now could
        be missed as well.
        """
        soon = now + WAIT
        starts = {item.channel.id: max(soon, not_before.get(item.channel.id, soon)) for item in items}
        placed = self.place(items, starts, timedelta(0))
        return [*placed.waiting, *(records.waiting(item.record, now, now) for item in placed.free)]

    def waiting(self, item: Outgoing, slot: datetime, now: datetime) -> DeliveryRecord:
        """Return the record of a delivery that waits for its slot."""
        pace = pacing.pace_of(item.channel)
        return records.waiting(item.record, now, now) if pace is None else _waiting(item, slot, pace, now)

    def is_late(self, item: Outgoing, slot: datetime) -> bool:
        """Return whether a delivery has missed its slot."""
        pace = pacing.pace_of(item.channel)
        return pace is not None and pacing.is_late(slot, pace, datetime.now(UTC))

    def _reserved(
        self, wanting: Mapping[str, tuple[Pace, Sequence[Outgoing]]], starts: Mapping[str, datetime]
    ) -> dict[str, list[datetime] | None]:
        """Reserve slots, by channel; None if DynamoDB failed: the other channels' deliveries still go out."""

        def reserve(channel_id: str) -> list[datetime] | None:
            pace, items = wanting[channel_id]
            try:
                return self._store.reserve(channel_id, len(items), pace, starts[channel_id])
            except Unavailable:
                return None

        if len(wanting) == 1:
            return {channel_id: reserve(channel_id) for channel_id in wanting}
        with ThreadPoolExecutor(THREADS) as pool:
            return dict(zip(wanting, pool.map(reserve, wanting), strict=True))


def _keeps_slot(record: DeliveryRecord, pace: Pace, not_before: datetime | None, now: datetime) -> bool:
    slot = record.next_attempt_at if record.paced else None
    # A slot of another rate is none: the clock was started anew when the rate was changed.
    if slot is None or record.paced != pace.text or pacing.is_late(slot, pace, now):
        return False
    return not_before is None or slot >= not_before


def _put(
    placed: Placed, item: Outgoing, slot: datetime | None, pace: Pace, now: datetime, most_wait: timedelta
) -> None:
    if slot is None:
        again = now + ASK_AGAIN * random.uniform(0.8, 1.2)  # not all of them at once
        told = replace(item.record, reason=pacing.shown_without_slot())
        placed.waiting.append(records.waiting(told, again, now))
    elif slot - now <= most_wait:
        placed.timed.append((slot, item))
    else:
        placed.waiting.append(_waiting(item, slot, pace, now))


def _waiting(item: Outgoing, slot: datetime, pace: Pace, now: datetime) -> DeliveryRecord:
    told = replace(item.record, reason=pacing.shown(slot, pace, now))
    return records.waiting(told, slot, now, paced=pace.text)
