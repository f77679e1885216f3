"""Weekly timetables, held against a clock that is read minute by minute."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core import timetables
from notifications.core.errors import InvalidRequest
from notifications.core.timetables import DAY_MINUTES, Timetable, Window, parse

CHANGES = {
    "Europe/Berlin": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    "Asia/Seoul": (datetime(2026, 6, 1, tzinfo=UTC),),  # its clocks do not change
}
"""When the clocks of these zones change: forwards and backwards, by an hour or by half of one."""

MINUTE = timedelta(minutes=1)
WEEK_MINUTES = 7 * DAY_MINUTES
SEEN_DAYS = 16
"""How many days of a clock are looked at: the change is on the second of them."""

zones = st.sampled_from([*CHANGES])
windows = st.builds(
    lambda days, begin, length, zone: Window(tuple(sorted(days)), begin, begin + length, zone),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, DAY_MINUTES - 1),
    st.integers(1, DAY_MINUTES),
    zones,
).filter(lambda window: window.end <= DAY_MINUTES or window.end - DAY_MINUTES < window.begin)
"""All windows that can be spelled: one that goes over midnight is shorter than a day."""

moments = st.sampled_from([change for changes in CHANGES.values() for change in changes])


@cache
def clock(zone: str, change: datetime) -> list[int]:
    """Read a clock on the wall, as minutes of the week, each minute from the day before a change on."""
    first = change - timedelta(days=1)
    shown = (
        (first + number * MINUTE).astimezone(ZoneInfo(zone)) for number in range(SEEN_DAYS * DAY_MINUTES)
    )
    return [at.weekday() * DAY_MINUTES + at.hour * 60 + at.minute for at in shown]


def minutes(window: Window) -> set[int]:
    """List the minutes of the week that are in a window."""
    return {
        (day * DAY_MINUTES + minute) % WEEK_MINUTES
        for day in window.days
        for minute in range(window.begin, window.end)
    }


def shown_open(found: Sequence[Window], change: datetime) -> Callable[[int], bool]:
    """Return what says of a minute from the day before a change on whether a clock shows it in any window."""
    shown = [(clock(window.zone, change), minutes(window)) for window in found]
    return lambda at: any(seen[at] in wanted for seen, wanted in shown)


@given(st.lists(windows, min_size=1, max_size=3), moments)
def test_it_is_open_exactly_while_a_clock_shows_a_time_in_a_window(
    found: list[Window], change: datetime
) -> None:
    """On the days around each change of clocks, every minute is as a clock on the wall has it."""
    expected = shown_open(found, change)
    table, first = Timetable(found), change - timedelta(days=1)
    hours = range(22 * 60, 27 * 60)  # around the change each minute, else each seventh
    for at in sorted({*hours, *range(0, 3 * DAY_MINUTES, 7)}):
        assert table.is_open(first + at * MINUTE) is expected(at)


@given(st.lists(windows, min_size=1, max_size=3), moments, st.integers(0, DAY_MINUTES * 3 // 2))
def test_its_next_change_is_the_first_minute_that_differs(
    found: list[Window], change: datetime, begin: int
) -> None:
    """The next change is where a clock, read minute by minute, first shows something else."""
    is_open = shown_open(found, change)
    at = change - timedelta(days=1) + begin * MINUTE
    later = range(begin, SEEN_DAYS * DAY_MINUTES)
    differing = next((minute - begin for minute in later if is_open(minute) != is_open(begin)), None)
    changes_at = Timetable(found).next_change(at)
    if differing is None:  # nothing differs as far as the clock was read
        assert changes_at is None or changes_at > at + timedelta(days=13)
    else:
        assert changes_at == at + differing * MINUTE


@given(windows)
def test_a_window_is_read_back_as_it_was_written(window: Window) -> None:
    """The spelling of a window has all of it."""
    assert parse(str(window)) == window


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("sat,sun 00:00-24:00 Asia/Seoul", "sat,sun 00:00-24:00 Asia/Seoul"),
        ("SUN,sat 00:00-00:00 UTC", None),
        ("Fri-Mon 22:00-00:00 UTC", "mon,fri-sun 22:00-24:00 UTC"),
        ("mon,tue,wed 22:00-06:30 Europe/Berlin", "mon-wed 22:00-06:30 Europe/Berlin"),
    ],
)
def test_days_may_be_ranges_and_a_window_may_go_over_midnight(text: str, written: str | None) -> None:
    """A range may go over the week's end; what has no length is none."""
    if written is None:
        with pytest.raises(InvalidRequest, match="end at another time"):
            parse(text)
    else:
        assert str(parse(text)) == written


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sut 00:00-24:00 Asia/Seoul", "'sut' is not a day: .*; the nearest is 'sun'"),
        ("mon-fir 00:00-24:00 Asia/Seoul", "'fir' is not a day"),
        ("sat 00:00-24:00 Asia/Soul", "'Asia/Soul' is not a time zone .*; the nearest is 'Asia/Seoul'"),
        ("sat 00:00-24:00", "is not a weekly window: expected days, times and a time zone"),
        ("sat 0:00-24:00 UTC", "'0:00-24:00' is not a time of day"),
        ("sat 00:60-24:00 UTC", "is not a time of day"),
        ("sat 00:00-24:01 UTC", "is not a time of day"),
        ("sat \u0660\u0660:00-24:00 UTC", "is not a time of day"),
        ("sat 24:00-08:00 UTC", "must begin from 00:00 to 23:59"),
        (f"{'sat,' * 100}sat 00:00-24:00 UTC", "is not a weekly window"),
        ("sat,,sun 00:00-24:00 UTC", "'' is not a day"),
    ],
)
def test_what_is_no_window_is_told_with_what_is_right(text: str, told: str) -> None:
    """The error names the part that is wrong, and the nearest day or zone."""
    with pytest.raises(InvalidRequest, match=told):
        parse(text)


def test_an_hour_that_is_skipped_is_in_no_window() -> None:
    """In Berlin clocks go from 02:00 to 03:00: a window between opens only a week later."""
    table = Timetable([parse("sun 02:00-03:00 Europe/Berlin")])
    assert table.next_change(datetime(2026, 3, 28, tzinfo=UTC)) == datetime(2026, 4, 5, 0, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_in_its_window_twice() -> None:
    """In Berlin clocks show 02:00 to 03:00 twice: the window is open for two hours."""
    table = Timetable([parse("sun 02:00-03:00 Europe/Berlin")])
    opens, closes = datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC)
    assert table.next_change(datetime(2026, 10, 24, tzinfo=UTC)) == opens
    assert table.next_change(opens) == closes


def test_what_is_always_open_never_changes() -> None:
    """All days, around the clock: there is no next change, and the search for it ends."""
    table = Timetable([parse("mon-sun 00:00-24:00 Asia/Seoul")])
    assert table.is_open(datetime(2026, 1, 1, tzinfo=UTC))
    assert table.next_change(datetime(2026, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_ends_of_the_calendar_are_times_like_others(at: datetime) -> None:
    """There is no local time before the first day or after the last: they count as days next to them."""
    table = Timetable([parse("mon 00:00-12:00 Asia/Seoul")])
    assert table.is_open(at) in {True, False}
    assert table.next_change(at) is not None
    assert timetables.FIRST < timetables.LAST
