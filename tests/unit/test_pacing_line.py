"""A paced channel's line, played with a virtual clock: slow starts, late messages and many processes."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count, pairwise
from random import Random
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from notifications.core import pacing
from notifications.core.delivery import WebhookRequest
from notifications.core.pacing import LEAD, MARGIN, MAX_AHEAD, WAIT, Pace
from notifications.core.records import DeliveryRecord, message_delay
from notifications.delivering.outgoing import Outgoing, Paced
from notifications.delivering.pacer import Pacer
from notifications.store.paces import PaceStore
from tests.cloud.values import channel
from tests.samples.records import NOW, delivery

CHANNEL = channel()
SECOND = timedelta(seconds=1)
BATCH = 10
"""How many messages a function gets at once at most."""

PROCESSES = 10
"""How many redeliverers there are at most."""


class Clocks:
    """Both clocks of one channel, as ``PaceStore`` keeps them."""

    def __init__(self) -> None:
        self.slot: datetime | None = None
        self.turn: datetime | None = None

    def slots(self, _: str, wanted: int, pace: Pace, start: datetime) -> list[datetime]:
        """Reserve slots."""
        times = pacing.reserve(self.slot, wanted, pace.interval, start, start + MAX_AHEAD)
        self.slot = times[-1] + pace.interval if times else self.slot
        return times

    def turns(self, _: str, wanted: int, pace: Pace, start: datetime, until: datetime) -> list[datetime]:
        """Take turns."""
        times = pacing.reserve(self.turn, wanted, pace.gap, start, until)
        self.turn = times[-1] + pace.gap if times else self.turn
        return times


@dataclass
class Line:
    """A channel, its queue, and the processes that send.

    ``start``, ``poll``: the most seconds that a redeliverer takes to start, and a message to be taken.
    ``busy``: how many of a hundred messages are kept from being sent until it is too late for their turns.
    """

    pace: Pace
    drawn: Random
    start: float
    poll: float
    busy: int
    now: datetime = NOW
    clocks: Clocks = field(default_factory=Clocks)
    sent: list[datetime] = field(default_factory=list)
    missed: int = 0
    queued: list[tuple[datetime, DeliveryRecord]] = field(default_factory=list)
    unmade: int = PROCESSES
    idle: int = 0
    _agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def at(self, time: datetime, what: Callable[[], None]) -> None:
        """Have something happen."""
        heapq.heappush(self._agenda, (time, next(self._numbers), what))

    def play(self) -> None:
        """Have everything happen."""
        while self._agenda:
            self.now, _, what = heapq.heappop(self._agenda)
            what()

    def dispatch(self, number: int) -> None:
        """Take over a batch of events, as a dispatcher does."""
        made = [delivery(event_id=f"e-{next(self._numbers)}") for _ in range(number)]
        self._place([Paced(_outgoing(each), self.pace, waited=False) for each in made], lambda: None)

    def _look(self) -> None:
        """Give a process what has come, if one is free."""
        come = [each for each in self.queued if each[0] <= self.now][:BATCH]
        if come and self.idle + self.unmade:
            self.queued = [each for each in self.queued if each not in come]
            made = [Paced(_outgoing(record), self.pace, waited=True) for _, record in come]
            begins = self.now if self.idle else self.now + self._within(self.start)
            self.idle, self.unmade = (self.idle - 1, self.unmade) if self.idle else (0, self.unmade - 1)
            self.at(begins, partial(self._place, made, self._end))

    def _end(self) -> None:
        self.idle += 1
        self._look()

    def _place(self, deliveries: Sequence[Paced], end: Callable[[], None]) -> None:
        placed = Pacer(cast(PaceStore, self.clocks)).place(deliveries, {}, self.now)
        for record in placed.waiting:
            comes = self.now + message_delay(record, self.now) * SECOND
            self.queued.append((comes, record))
            self.at(comes + self._within(self.poll), self._look)
        ends = self.now
        for turn, each in placed.timed:
            assert self.now + LEAD <= turn <= self.now + LEAD + WAIT
            late = self._within(self.pace.lateness / SECOND)
            if self.drawn.randrange(100) < self.busy:
                late += self.pace.lateness
            self.at(turn + late, partial(self._send, turn, each))
            ends = max(ends, turn)
        self.at(ends, end)

    def _send(self, turn: datetime, each: Paced) -> None:
        """Send, or take another turn, as ``Turns`` does."""
        if self.pace.is_late(turn, self.now):
            self.missed += 1
            self._place([replace(each, waited=True)], lambda: None)
        else:
            self.sent.append(self.now)

    def _within(self, most: float) -> timedelta:
        return self.drawn.uniform(0, most) * SECOND


def _outgoing(record: DeliveryRecord) -> Outgoing:
    return Outgoing(record, CHANNEL, WebhookRequest("POST", "https://example.com", (), b"m", 30))


@given(
    rate=st.sampled_from(["1/s", "10/s", "50/m", "10/h"]),
    batches=st.lists(st.integers(1, BATCH), min_size=1, max_size=8),
    seed=st.integers(0, 1_000_000),
    start=st.floats(0, 15),
    poll=st.floats(0.01, 1),
    busy=st.sampled_from([0, 0, 10]),
)
def test_the_line_moves_on(
    rate: str, batches: Sequence[int], seed: int, start: float, poll: float, busy: int
) -> None:
    """All are sent, in gaps that the rate allows, and no more turns are lost than a start and misses take."""
    pace = pacing.parse(rate)
    assert pace is not None
    line = Line(pace, Random(seed), start, poll, busy)  # noqa: S311 - not for secrets
    for number, size in enumerate(batches):
        line.at(NOW + number * timedelta(milliseconds=20), partial(line.dispatch, size))
    line.play()
    assert len(line.sent) == sum(batches)
    gaps = [after - before for before, after in pairwise(line.sent)]
    asked = pace.interval / MARGIN
    assert min(gaps, default=asked) >= min(0.98 * asked, pace.gap - pacing.LATE_AT_LEAST)
    turns = len(line.sent) + line.missed
    assert line.sent[-1] - NOW <= turns * pace.interval + (start + poll) * SECOND + WAIT
