"""Give deliveries of paced channels their turns, or slots at which they come again."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from datetime import datetime, timedelta

from notifications.core import pacing, records
from notifications.core.errors import Unavailable
from notifications.core.pacing import ASK_AGAIN, LEAD, WAIT
from notifications.core.records import DeliveryRecord
from notifications.core.values import mutable, replace
from notifications.delivering.outgoing import Paced
from notifications.jitter import random
from notifications.store.paces import PaceStore

THREADS = 16
"""For how many channels turns and slots are reserved at once."""

UNRESERVED_PAUSE = timedelta(seconds=10)
"""How long deliveries wait if nothing can be reserved for them, because DynamoDB fails."""


@mutable
class Placed:
    """What came of deliveries: those to send at their turns, and the records of the others."""

    timed: list[tuple[datetime, Paced]] = field(default_factory=list)
    waiting: list[DeliveryRecord] = field(default_factory=list)


class Pacer:
    """Give deliveries turns and slots, with one write of either for each channel in a batch."""

    def __init__(self, store: PaceStore) -> None:
        self._store = store

    def place(self, deliveries: Sequence[Paced], not_before: Mapping[str, datetime], now: datetime) -> Placed:
        """Give each delivery a turn, if one is near, or else a slot.

        ``not_before``: by channel, if that is later than now.
        """
        by_channel: dict[str, list[Paced]] = {}
        for each in deliveries:
            by_channel.setdefault(each.item.channel.id, []).append(each)

        def placed(channel_id: str) -> Placed:
            own = by_channel[channel_id]
            try:
                return self._placed(channel_id, own, max(now, not_before.get(channel_id, now)), now)
            except Unavailable:  # the other channels' deliveries still go out
                until = now + UNRESERVED_PAUSE
                return Placed([], [records.waiting(each.item.record, until, now) for each in own])

        if len(by_channel) == 1:
            return placed(*by_channel)
        with ThreadPoolExecutor(THREADS) as pool:
            found = [*pool.map(placed, by_channel)]
        return Placed(
            [timed for each in found for timed in each.timed],
            [record for each in found for record in each.waiting],
        )

    def _placed(self, channel_id: str, deliveries: Sequence[Paced], start: datetime, now: datetime) -> Placed:
        """Place the deliveries of one channel: those that have waited come first.

        The store may give fewer turns and slots than are asked for, hence the lists of different lengths.
        """
        pace = deliveries[0].pace
        waited = [each for each in deliveries if each.waited]
        new = [each for each in deliveries if not each.waited]
        turns = self._store.turns(channel_id, len(waited), pace, start + LEAD, now + WAIT) if waited else []
        timed = [*zip(turns, waited, strict=False)]
        joining = [*waited[len(turns) :], *new]
        slots = self._store.slots(channel_id, len(joining), pace, start) if joining else []
        # A new delivery takes a slot even if it is sent at a turn now. Otherwise slots would be given as if
        # nothing had been sent, and more deliveries would come for the next turns than there are.
        most = now + pace.new_wait
        near = sum(slot <= most for slot in slots)
        # If not all that had waited got turns, no turn is near enough for the new ones.
        if near and joining == new:
            turns = self._store.turns(channel_id, near, pace, slots[0] + LEAD, most + LEAD)
            timed += zip(turns, joining, strict=False)
            joining, slots = joining[len(turns) :], slots[len(turns) :]
        placed = [waiting(each, slot, now) for each, slot in zip(joining, slots, strict=False)]
        return Placed(timed, placed + [_without_slot(each, now) for each in joining[len(slots) :]])


def waiting(delivery: Paced, slot: datetime, now: datetime) -> DeliveryRecord:
    """Return the record of a delivery that waits for its slot."""
    told = replace(delivery.item.record, reason=pacing.shown(slot, delivery.pace, now))
    return records.waiting(told, slot, now, paced=delivery.pace.text)


def _without_slot(delivery: Paced, now: datetime) -> DeliveryRecord:
    """Return the record of a delivery that got no slot, because too many are reserved."""
    again = now + ASK_AGAIN * random.uniform(0.8, 1.2)  # not all of them at once
    told = replace(delivery.item.record, reason=pacing.shown_without_slot())
    return records.waiting(told, again, now)
