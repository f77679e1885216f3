"""Rates, and the times that a paced channel's clocks give."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def reserved(clock: datetime | None, count: int, now: datetime) -> tuple[list[datetime], datetime | None]:
    """Reserve slots of a message a second; return them, and the clock afterwards."""
    slots = pacing.reserve(clock, count, ONE_A_SECOND.interval, now, now + MAX_AHEAD)
    return slots, slots[-1] + ONE_A_SECOND.interval if slots else clock


def test_an_idle_channel_sends_at_once() -> None:
    """The first slot of a channel that sent nothing lately is now; no slots have been saved up meanwhile."""
    for clock in (None, NOW - SECOND, NOW - timedelta(days=1)):
        slots, after = reserved(clock, 3, NOW)
        assert slots == [NOW, NOW + MARGIN * SECOND, NOW + 2 * MARGIN * SECOND]
        assert after == NOW + 3 * MARGIN * SECOND


def test_slots_are_given_for_a_day() -> None:
    """Beyond that there are none, so no delivery waits until its record expires."""
    slots, clock = reserved(NOW, 200_000, NOW)
    assert NOW + MAX_AHEAD - MARGIN * SECOND < slots[-1] <= NOW + MAX_AHEAD
    assert reserved(clock, 1, NOW) == ([], clock)
    more, _ = reserved(clock, 5, NOW + MARGIN * SECOND)
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
    """Who is as late as is allowed leaves gaps of 98 % of what the rate asks for, except at many a second."""
    pace = pacing.parse(rate)
    assert pace is not None
    sent = NOW + pace.lateness * share
    assert not pace.is_late(NOW, sent)
    assert pace.is_late(NOW, NOW + pace.lateness + timedelta(microseconds=1))
    gap = NOW + pace.gap - sent
    assert gap >= min(0.98 * pace.interval / MARGIN, pace.gap - pacing.LATE_AT_LEAST)
