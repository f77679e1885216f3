"""The console's calendar of mutes, beside what the service makes of the same mutes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core import timetables
from notifications.core.model import timestamp
from notifications.core.mutes import Mute
from notifications.core.muting import Standing
from notifications.core.revisions import Author
from tests.unit.console.node import Ask

ZONES = ("Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "UTC")
"""Among them are zones that change by an hour, by half an hour, at midnight, and never. Their rules are years
old, because Node.js may have an older database of zones than the service."""

START = datetime(2027, 1, 1, tzinfo=UTC)

DAY = 24 * 60

hours = st.tuples(st.integers(0, DAY - 1), st.integers(1, DAY - 1)) | st.just((0, DAY))
"""When a window begins, and how long it is, in minutes."""

windows = st.builds(
    lambda days, hours, zone: timetables.Window(tuple(sorted(days)), hours[0], sum(hours), zone),
    st.sets(st.integers(0, 6), min_size=1),
    hours,
    st.sampled_from(ZONES),
)
moments = st.integers(0, 366 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def milliseconds(time: datetime) -> int:
    """Return a time as JavaScript has it."""
    return round(time.timestamp() * 1000)


def document(created: datetime, until: datetime | None, weekly: tuple[str, ...]) -> dict[str, Any]:
    """Make what the calendar needs of a mute's document."""
    return {
        "id": "1",
        "created_at": timestamp(created),
        "until": until and timestamp(until),
        "ended_at": None,
        "weekly": weekly,
    }


@given(
    weekly=st.lists(windows, max_size=3),
    zone=st.sampled_from(ZONES),
    at=moments,
    since=st.integers(-9_000, 9_000),
    lasts=st.none() | st.integers(1, 20_000),
    minutes=st.lists(st.integers(0, 7 * 24 * 60), min_size=20, max_size=20),
)
def test_bars_are_where_the_service_mutes(
    ask: Ask,
    weekly: list[timetables.Window],
    zone: str,
    at: datetime,
    since: int,
    lasts: int | None,
    minutes: list[int],
) -> None:
    """At any minute of any week, whatever clocks do, a bar is there exactly if the mute is in force."""
    created = at + timedelta(minutes=since)
    until = None if lasts is None and weekly else created + timedelta(minutes=lasts or 1)
    texts = tuple(map(str, weekly))
    week = ask("weekOf", zone, None, milliseconds(at))
    assert week["from"] <= milliseconds(at) < week["to"]
    bars = ask("inForce", document(created, until, texts), week)
    assert all(one["to"] < other["from"] for one, other in pairwise(bars))
    by = Author(access_key="AKIA", user_id="u")
    stored = Mute(
        id="1",
        reason="-",
        created_at=timestamp(created),
        created_by=by,
        updated_at=timestamp(created),
        until=None if until is None else timestamp(until),
        weekly=texts,
    )
    for minute in minutes:
        moment = week["from"] + minute * 60_000
        if moment < week["to"]:
            is_barred = any(bar["from"] <= moment < bar["to"] for bar in bars)
            time = datetime.fromtimestamp(moment / 1000, UTC)
            assert Standing(stored).is_in_force(time) == is_barred, (texts, time)


@given(window=windows)
def test_windows_are_spelled_as_the_service_does(ask: Ask, window: timetables.Window) -> None:
    """A window that the form makes is the one that the service stores, to the letter."""
    days, times, zone = str(window).split()
    begin, end = times.split("-")
    assert ask("spelled", [*window.days], begin, end, zone) == f"{days} {times} {zone}"
    assert str(timetables.parse(str(window))) == str(window)
    parsed = ask("parse", str(window))
    assert (parsed["days"], parsed["begin"]) == ([*window.days], window.begin)


@pytest.mark.parametrize(
    "text",
    ["", "mon", "mon 22:00-07:00", "xyz 22:00-07:00 UTC", "mon 2200-0700 UTC", "mon 22:00-07:00 Asia/Seul"],
)
def test_what_is_no_window_has_no_bars(ask: Ask, text: str) -> None:
    """A window that cannot be read is left out of the calendar, and does not break it."""
    assert ask("parse", text) is None


@pytest.mark.parametrize(
    ("zone", "date", "hours"),
    [
        ("Europe/Berlin", "2027-03-24", [24] * 6 + [23]),
        ("Europe/Berlin", "2027-10-30", [24] * 6 + [25]),
        ("Asia/Seoul", "2027-03-24", [24] * 7),
        ("Australia/Lord_Howe", "2027-04-01", [24] * 6 + [24.5]),
        ("America/Santiago", "2027-09-05", [24] * 6 + [23]),
    ],
)
def test_days_are_as_long_as_clocks_make_them(ask: Ask, zone: str, date: str, hours: list[float]) -> None:
    """The day on which clocks change is shorter or longer, and so is the week."""
    week = ask("weekOf", zone, date, 0)
    assert [(day["to"] - day["from"]) / 3_600_000 for day in week["days"]] == hours
    assert [day["to"] for day in week["days"][:-1]] == [day["from"] for day in week["days"][1:]]
    assert ask("weekOf", zone, week["after"], 0)["before"] == week["days"][0]["date"]


def test_a_form_and_its_line_say_the_same(ask: Ask) -> None:
    """The document and the command line of a new mute have the same in them."""
    window = {"days": [5, 6, 4, 0], "from": "22:00", "to": "07:00", "zone": "Asia/Seoul"}
    given = {
        "reason": "It's night",
        "channel": "c1",
        "type": "session.failed",
        "where": " status=ERROR \n\nproject!=ml",
        "when": "weekly",
        "windows": [window],
        "hold": True,
    }
    body, line = ask("muted", given, 0)
    assert body == {
        "reason": "It's night",
        "channel_id": "c1",
        "rule_type": "session.failed",
        "where": ["status=ERROR", "project!=ml"],
        "weekly": ["mon,fri-sun 22:00-07:00 Asia/Seoul"],
        "hold": True,
    }
    assert line == (
        "mute create --reason 'It'\\''s night' --channel c1 --rule-type session.failed --where status=ERROR "
        "--where 'project!=ml' --weekly 'mon,fri-sun 22:00-07:00 Asia/Seoul' --hold"
    )


@pytest.mark.parametrize("text", ["", "999999-01-01T00:00"])
def test_no_time_is_no_end(ask: Ask, text: str) -> None:
    """A field that has no time, or one beyond the calendar, makes no end."""
    body, line = ask("muted", {"reason": "x", "everything": True, "when": "until", "until": text}, 0)
    assert (body, line) == ({"reason": "x", "everything": True}, "mute create --reason x --everything")


def test_a_mute_of_everything(ask: Ask) -> None:
    """Everything is muted instead of what else is chosen, for as long as was chosen."""
    body, line = ask("muted", {"reason": "x", "everything": True, "channel": "c1", "length": "30m"}, 0)
    assert body == {"reason": "x", "everything": True, "until": "1970-01-01T00:30:00.000Z"}
    assert line == "mute create --reason x --everything --for 30m"
