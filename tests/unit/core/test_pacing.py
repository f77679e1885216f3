"""Slots of a paced channel: nobody gets one twice, and gaps are kept whoever reserves, dies or comes late."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from notifications.core import pacing
from notifications.core.errors import InvalidRequest
from notifications.core.pacing import MARGIN, MAX_AHEAD, Pace
from tests.samples.records import NOW

SECOND = timedelta(seconds=1)
ONE_A_SECOND = Pace(MARGIN * SECOND, "1/s")


@pytest.mark.parametrize(
    ("rate", "seconds"),
    [
        ("1/s", 1),
        ("10/s", 0.1),
        ("600/m", 0.1),
        ("30/m", 2),
        ("1/m", 60),
        ("10/h", 360),
        ("9999/h", 3600 / 9999),
    ],
)
def test_rates(rate: str, seconds: float) -> None:
    """An interval is a little longer than the rate asks for."""
    assert pacing.parse(rate) == Pace(timedelta(seconds=seconds * MARGIN), rate)


def test_no_limit() -> None:
    """A channel may be unpaced though its preset has a rate."""
    assert pacing.parse("none") is None


@pytest.mark.parametrize(
    "rate",
    ["", "0/s", "11/s", "601/m", "10000/h", "1/d", "1.5/s", "1", "/s", "1 / s", "-1/s", "1/S", "\u0661/s"],
)
def test_what_is_not_a_rate(rate: str) -> None:
    """What is not a rate is refused, with examples of what is one."""
    with pytest.raises(
        InvalidRequest, match=r"is not a rate: expected .* such as 1/s, 30/m or 100/h, at most 10/s"
    ):
        pacing.parse(rate)


def test_an_idle_channel_sends_at_once() -> None:
    """The first slot of a channel that sent nothing lately is now; no slots have been saved up meanwhile."""
    for clock in (None, NOW - SECOND, NOW - timedelta(days=1)):
        slots, after = pacing.reserve(clock, 3, ONE_A_SECOND, NOW)
        assert slots == [NOW, NOW + MARGIN * SECOND, NOW + 2 * MARGIN * SECOND]
        assert after == NOW + 3 * MARGIN * SECOND


def test_slots_are_given_for_a_day() -> None:
    """Beyond that there are none, so no delivery waits until its record expires."""
    slots, clock = pacing.reserve(NOW, 200_000, ONE_A_SECOND, NOW)
    assert NOW + MAX_AHEAD - MARGIN * SECOND < slots[-1] <= NOW + MAX_AHEAD
    assert clock is not None
    assert len(slots) == ONE_A_SECOND.most
    more, clock = pacing.reserve(clock, 1, ONE_A_SECOND, NOW)
    assert more == []
    more, _ = pacing.reserve(clock, 1, ONE_A_SECOND, NOW + 2 * SECOND)
    assert len(more) == 1


@pytest.mark.parametrize(
    ("seconds", "before"),
    [(-1, 0), (0, 0), (0.4, 0), (MARGIN, 1), (41 * MARGIN, 41), (41 * MARGIN - 0.3, 41)],
)
def test_what_waits_says_for_what(seconds: float, before: int) -> None:
    """A delivery says how many are before it, and when it is its turn."""
    slot = NOW + timedelta(seconds=seconds)
    assert pacing.shown(slot, ONE_A_SECOND, NOW).startswith(f"paced: {before} before it, at 20")


@given(st.sampled_from(["1/s", "7/s", "50/m", "1/h"]), st.floats(0, 1))
def test_late_by_a_little(rate: str, share: float) -> None:
    """Who is as late as is allowed leaves gaps of 95 % of what the rate asks for, except at many a second."""
    pace = pacing.parse(rate)
    assert pace is not None
    sent = NOW + pace.lateness * share
    assert not pace.is_late(NOW, sent)
    assert pace.is_late(NOW, NOW + pace.lateness + timedelta(microseconds=1))
    gap = NOW + pace.interval - sent
    assert gap >= min(0.95 * pace.interval / MARGIN, pace.interval / MARGIN - pacing.LATE_AT_LEAST)


@dataclass
class Process:
    """A process, and the slots that it has reserved and not used yet. ``ahead``: of its clock."""

    ahead: timedelta = timedelta(0)
    slots: list[datetime] = field(default_factory=list)


class Pacing(RuleBasedStateMachine):
    """Processes that reserve slots of one channel, and use them on time, too late or never, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.clock: datetime | None = None
        self.processes = [Process(), Process(), Process()]
        self.sent: list[datetime] = []
        self.given: set[datetime] = set()

    @rule(which=st.integers(0, 2), count=st.integers(1, 12))
    def reserve(self, which: int, count: int) -> None:
        """Reserve slots as a process that dispatches a batch."""
        slots, self.clock = pacing.reserve(self.clock, count, ONE_A_SECOND, self.now)
        assert not self.given & {*slots}
        assert len(slots) == count
        assert slots[0] >= self.now
        self.given |= {*slots}
        self.processes[which].slots += slots

    @rule(seconds=st.floats(0.001, 5))
    def time_passes(self, seconds: float) -> None:
        """Send what comes to its slot meanwhile; nobody sleeps through a slot here."""
        until = self.now + timedelta(seconds=seconds)
        for process in self.processes:
            self.sent += [slot for slot in process.slots if self.now <= slot < until]
            process.slots = [slot for slot in process.slots if slot >= until]
        self.now = until

    @rule(which=st.integers(0, 2))
    def die(self, which: int) -> None:
        """Lose all slots of a process."""
        self.processes[which].slots.clear()

    @rule(which=st.integers(0, 2), seconds=st.floats(0, 3))
    def sleep(self, which: int, seconds: float) -> None:
        """Stop for a while, and then use each slot, if it is not too late, or else take a new one."""
        process = self.processes[which]
        asleep, process.slots = process.slots, []
        self.time_passes(seconds)
        for slot in asleep:
            if slot >= self.now:
                process.slots.append(slot)
            elif ONE_A_SECOND.is_late(slot, self.now):
                self.reserve(which, 1)
            else:
                self.sent.append(self.now)

    @invariant()
    def gaps_are_kept(self) -> None:
        """Between any two messages there is the time that the rate asks for, less 5 %."""
        assert all(after - before >= 0.95 * SECOND for before, after in pairwise(sorted(self.sent)))


test_any_order = Pacing.TestCase
