"""Whose turn it is among the deliveries that a batch sends."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING

from notifications.core import records
from notifications.core.records import DeliveryRecord
from notifications.core.values import replace
from notifications.delivering.outgoing import Outgoing, Paced, pace_of
from notifications.jitter import random
from notifications.outbound.waiting import Later

if TYPE_CHECKING:
    from notifications.delivering.pacer import Pacer

HELD_BACK_JITTER = 0.2
"""By up to which share of its wait a delivery that is held back comes later, lest all come at once."""


class Turns:
    """Deliveries of a batch, in the order in which they are to be sent.

    Those without a rate come first, and at once. Only when all of them are on their way are turns taken for
    the others, because that takes time. A delivery that comes late for its turn, as when no handle was free,
    takes the next one, and one whose receiver has asked to wait meanwhile waits.
    """

    def __init__(
        self, items: Iterable[Outgoing], pacer: "Callable[[], Pacer]", held_back: Mapping[str, datetime]
    ) -> None:
        self._plain: deque[Outgoing] = deque()
        self._unplaced: list[Paced] = []
        self._timed: deque[tuple[datetime, Paced]] = deque()
        self._waiting: list[DeliveryRecord] = []
        self._pacer = pacer
        self._held_back = dict(held_back)
        for item in items:
            # There is at most one probe a minute, and it must not queue behind everything that waits for a
            # slot.
            pace = None if item.probe else pace_of(item.channel)
            if pace is None:
                self._plain.append(item)
            else:
                self._unplaced.append(Paced(item, pace, waited=item.record.paced is not None))

    def __bool__(self) -> bool:
        """Return whether any delivery may still be sent."""
        return bool(self._plain or self._unplaced or self._timed)

    def next(self) -> Outgoing | Later | None:
        """Return the delivery whose turn it is, how long to wait for the next, or None if none is left."""
        while self._plain:
            item = self._plain.popleft()
            until = self._held_back_until(item)
            if until is None:
                return item
            self._waiting.append(held_back(item.record, until, datetime.now(UTC)))
        while self._unplaced or self._timed:
            if self._unplaced:
                self._place()
                continue
            turn, paced = self._timed[0]
            now = datetime.now(UTC)
            if turn > now:
                return Later((turn - now).total_seconds())
            self._timed.popleft()
            if not paced.pace.is_late(turn, now) and self._held_back_until(paced.item) is None:
                return paced.item
            # Sent late, it would come too close to the message of the next turn.
            self._unplaced.append(replace(paced, waited=True))
        return None

    def hold_back(self, channel_id: str, until: datetime) -> bool:
        """Send nothing more to a channel whose receiver asked for that; return whether that is news."""
        # Of many responses, each asks to wait until a little later than the one before. Only a real change is
        # worth a write of the channel's health.
        known = self._held_back.get(channel_id)
        self._held_back[channel_id] = until if known is None else max(known, until)
        return known is None or until - known > timedelta(seconds=1)

    def rest(self) -> Iterator[DeliveryRecord]:
        """Make the records of the deliveries that were not sent; they wait, here or for another process."""
        now = datetime.now(UTC)
        for item in (*self._plain, *(paced.item for paced in self._unplaced)):
            yield records.waiting(item.record, now, now, paced=item.record.paced)
        yield from self._waiting
        if self._timed:
            from notifications.delivering.pacer import waiting  # noqa: PLC0415 - it is loaded by now

            for turn, paced in self._timed:
                yield waiting(paced, turn, now)

    def _place(self) -> None:
        placed = self._pacer().place(self._unplaced, self._held_back, datetime.now(UTC))
        self._unplaced = []
        self._timed = deque(sorted([*self._timed, *placed.timed], key=itemgetter(0)))
        self._waiting += placed.waiting

    def _held_back_until(self, item: Outgoing) -> datetime | None:
        """Return until when a delivery's receiver wants nothing; None if it does not say so."""
        until = self._held_back.get(item.channel.id) if self._held_back else None
        return until if until is not None and until > datetime.now(UTC) else None


def held_back(record: DeliveryRecord, until: datetime, now: datetime) -> DeliveryRecord:
    """Return the record of a delivery that waits because its receiver asked to wait."""
    from notifications.core.pacing import shown_held_back  # noqa: PLC0415 - few receivers ask for it

    spread = (until - now) * HELD_BACK_JITTER * random.random()
    told = replace(record, reason=shown_held_back(until))
    return records.waiting(told, until + max(spread, timedelta(0)), now)
