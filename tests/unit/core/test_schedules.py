"""When digests close, right across every change of clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.windows import schedules
from notifications.core.windows.schedules import Daily, Every, ScheduleError


@pytest.mark.parametrize(
    ("text", "schedule", "written"),
    [
        ("5m", Every(300), "5m"),
        ("90m", Every(5_400), "90m"),
        ("24h", Every(86_400), "1d"),
        (" 10S ", Every(10), "10s"),
        ("daily@09:00", Daily(time(9), "UTC"), "daily@09:00[UTC]"),
        ("daily@9:05[Asia/Seoul]", Daily(time(9, 5), "Asia/Seoul"), "daily@09:05[Asia/Seoul]"),
    ],
)
def test_what_is_a_period(text: str, schedule: object, written: str) -> None:
    """A period, or a daily time with a zone; each has one spelling in which it is kept."""
    assert schedules.parse(text) == schedule
    assert schedules.written(schedules.parse(text)) == written


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is not a digest's period: expected 30s, 5m, 2h, 1d or daily@09:00[Asia/Seoul]"),
        ("five", "is not a digest's period"),
        ("9s", "collects for 10s to 7d"),
        ("8d", "collects for 10s to 7d"),
        ("daily@24:00", "24:00 is not a time of day"),
        ("daily@9", "is not a digest's period"),
        ("daily@09:00[Asia/Soul]", "the nearest is 'Asia/Seoul'"),
        ("daily@09:00[]", "is not a time zone"),
    ],
)
def test_what_is_none(text: str, fault: str) -> None:
    """Each fault is told with what would be right."""
    with pytest.raises(ScheduleError) as refused:
        schedules.parse(text)
    assert fault in refused.value.message


def closes(text: str, opened: str) -> str:
    """Tell when a digest closes, in UTC."""
    return schedules.closes_at(schedules.parse(text), datetime.fromisoformat(opened)).isoformat()


@pytest.mark.parametrize(
    ("text", "opened", "closed"),
    [
        ("5m", "2026-01-15T10:30:00+00:00", "2026-01-15T10:35:00+00:00"),
        ("daily@09:00[Asia/Seoul]", "2026-01-14T23:59:59+00:00", "2026-01-15T00:00:00+00:00"),
        ("daily@09:00[Asia/Seoul]", "2026-01-15T00:00:00+00:00", "2026-01-16T00:00:00+00:00"),
        # In Berlin the clock goes from 2:00 to 3:00 on March 29, and from 3:00 to 2:00 on October 25.
        ("daily@09:00[Europe/Berlin]", "2026-03-28T12:00:00+00:00", "2026-03-29T07:00:00+00:00"),
        ("daily@09:00[Europe/Berlin]", "2026-10-24T12:00:00+00:00", "2026-10-25T08:00:00+00:00"),
        # 2:30 does not exist on that day, and comes twice on the other.
        ("daily@02:30[Europe/Berlin]", "2026-03-28T12:00:00+00:00", "2026-03-29T01:30:00+00:00"),
        ("daily@02:30[Europe/Berlin]", "2026-03-29T01:30:00+00:00", "2026-03-30T00:30:00+00:00"),
        ("daily@02:30[Europe/Berlin]", "2026-10-24T12:00:00+00:00", "2026-10-25T00:30:00+00:00"),
        ("daily@02:30[Europe/Berlin]", "2026-10-25T00:30:00+00:00", "2026-10-26T01:30:00+00:00"),
        # Samoa had no December 30 in 2011.
        ("daily@09:00[Pacific/Apia]", "2011-12-29T20:00:00+00:00", "2011-12-30T19:00:00+00:00"),
    ],
)
def test_when_a_digest_closes(text: str, opened: str, closed: str) -> None:
    """Local times are those that the clocks of the zone show; each day has one."""
    assert closes(text, opened) == closed


@given(
    st.integers(631_152_000, 2_051_222_400),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
    st.times(),
)
def test_the_next_closing_is_near_and_at_its_time(opened: int, zone: str, at: time) -> None:
    """A daily digest closes within 25 hours, 49 where a day is left out; at its time, or later by a gap."""
    now = datetime.fromtimestamp(opened, UTC)
    daily = Daily(at.replace(second=0, microsecond=0), zone)
    closed = schedules.closes_at(daily, now)
    assert now < closed <= now + timedelta(hours=25 if zone != "Pacific/Apia" else 49)
    shown = closed.astimezone(ZoneInfo(zone))
    missing = (
        datetime.combine(shown.date(), shown.time()) - datetime.combine(shown.date(), daily.at)
    ) % timedelta(1)
    assert missing in {timedelta(0), timedelta(minutes=30), timedelta(hours=1)}
