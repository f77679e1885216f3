"""Give deliveries of paced channels their slots."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from datetime import UTC, datetime, timedelta

from notifications.core import pacing, records
from notifications.core.errors import Unavailable
from notifications.core.pacing import ASK_AGAIN, NEW_WAIT, QUEUE_LEAD, RESERVING, WAIT, WAIT_SLOTS, Pace
from notifications.core.records import DeliveryRecord
from notifications.core.values import mutable, replace
from notifications.delivering.outgoing import Paced
from notifications.jitter import random
from notifications.store.paces import PaceStore

THREADS = 16
"""For how many channels slots are reserved at once."""

UNRESERVED_PAUSE = timedelta(seconds=10)
"""How long deliveries wait if no slot can be reserved for them, because DynamoDB fails."""


@mutable
class Placed:
    """What came of deliveries: those to send at their slots, the soonest first, and the records of others."""

    timed: list[tuple[datetime, Paced]] = field(default_factory=list)
    waiting: list[DeliveryRecord] = field(default_factory=list)


class Pacer:
    """Give deliveries their slots, each batch of a channel's with one write."""

    def __init__(self, store: PaceStore) -> None:
        self._store = store

    def place(
        self, deliveries: Sequence[Paced], not_before: Mapping[str, datetime], most_wait: timedelta = WAIT
    ) -> Placed:
        """Give each delivery the slot that it has, unless it is too late for that, or a new one.

        ``not_before``: by channel, if that is later than now. ``most_wait``: what is due later waits in a
        queue.
        """
        now = datetime.now(UTC)
        placed = Placed()
        wanting: dict[str, list[Paced]] = {}
        for each in deliveries:
            slot = _own_slot(each, not_before.get(each.item.channel.id), now)
            if slot is None:
                wanting.setdefault(each.item.channel.id, []).append(each)
            else:
                _put(placed, each, slot, now, most_wait)
        starts = {channel_id: max(now, not_before.get(channel_id, now)) for channel_id in wanting}
        for channel_id, slots in self._reserved(wanting, starts, now, most_wait).items():
            _put_all(placed, wanting[channel_id], slots, now, most_wait)
        placed.timed.sort(key=lambda timed: timed[0])
        return placed

    def put_off(
        self, deliveries: Sequence[Paced], not_before: Mapping[str, datetime], now: datetime
    ) -> list[DeliveryRecord]:
        """Have deliveries that missed their slots wait for new ones; return their records.

        These are far enough away for a message of the queue to come in time: another slot that is now could
        be missed as well.
        """
        soon = now + QUEUE_LEAD
        channels = {each.item.channel.id for each in deliveries}
        starts = {channel_id: max(soon, not_before.get(channel_id, soon)) for channel_id in channels}
        return self.place(deliveries, starts, timedelta(0)).waiting

    def _reserved(
        self,
        wanting: Mapping[str, Sequence[Paced]],
        starts: Mapping[str, datetime],
        now: datetime,
        most_wait: timedelta,
    ) -> dict[str, list[datetime] | None]:
        """Reserve slots, by channel; None if DynamoDB failed: the other channels' deliveries still go out."""

        def reserve(channel_id: str) -> list[datetime] | None:
            count, pace = len(wanting[channel_id]), wanting[channel_id][0].pace
            try:
                start = max(starts[channel_id], now + (RESERVING if count > 1 else timedelta(0)))
                slots = self._store.reserve(channel_id, count, pace, start)
                # What is too far away to be waited for, and too near for a message of the queue, is given up.
                lead, soon = now + QUEUE_LEAD, now + _most_new_wait(pace, most_wait)
                usable = [slot for slot in slots if slot <= soon or slot >= lead]
                if len(usable) < len(slots):
                    usable += self._store.reserve(channel_id, len(slots) - len(usable), pace, lead)
            except Unavailable:
                return None
            return usable

        if len(wanting) <= 1:
            return {channel_id: reserve(channel_id) for channel_id in wanting}
        with ThreadPoolExecutor(THREADS) as pool:
            return dict(zip(wanting, pool.map(reserve, wanting), strict=True))


def waiting(delivery: Paced, slot: datetime, now: datetime) -> DeliveryRecord:
    """Return the record of a delivery that waits for its slot."""
    told = replace(delivery.item.record, reason=pacing.shown(slot, delivery.pace, now))
    return records.waiting(told, slot, now, paced=delivery.pace.text)


def _own_slot(delivery: Paced, not_before: datetime | None, now: datetime) -> datetime | None:
    """Return the slot that a delivery has; None if it has none, or not any more."""
    record, pace = delivery.item.record, delivery.pace
    slot = record.next_attempt_at
    # A slot of another rate is none: the clock was started anew when the rate was changed.
    if slot is None or record.paced != pace.text or pace.is_late(slot, now):
        return None
    return slot if not_before is None or slot >= not_before else None


def _put_all(
    placed: Placed,
    deliveries: Sequence[Paced],
    slots: Sequence[datetime] | None,
    now: datetime,
    most_wait: timedelta,
) -> None:
    """Give the deliveries of a channel the slots that were reserved for them, in their order."""
    if slots is None:
        until = now + UNRESERVED_PAUSE
        placed.waiting += [records.waiting(each.item.record, until, now) for each in deliveries]
        return
    soon = _most_new_wait(deliveries[0].pace, most_wait)
    for each, slot in zip(deliveries, slots, strict=False):
        _put(placed, each, slot, now, soon)
    for each in deliveries[len(slots) :]:
        again = now + ASK_AGAIN * random.uniform(0.8, 1.2)  # not all of them at once
        told = replace(each.item.record, reason=pacing.shown_without_slot())
        placed.waiting.append(records.waiting(told, again, now))


def _most_new_wait(pace: Pace, most_wait: timedelta) -> timedelta:
    """Return how long a process waits for a slot that it has just reserved."""
    return min(most_wait, NEW_WAIT, RESERVING + WAIT_SLOTS * pace.interval)


def _put(placed: Placed, delivery: Paced, slot: datetime, now: datetime, most_wait: timedelta) -> None:
    if slot - now <= most_wait:
        placed.timed.append((slot, delivery))
    else:
        placed.waiting.append(waiting(delivery, slot, now))
