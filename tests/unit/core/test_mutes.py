"""Mutes: when they are in force, and what they are about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core import muting
from notifications.core.model import Event, EventType, timestamp
from notifications.core.muting import Force, Mutes, Standing, first_naming, reason_of
from notifications.core.rule_types import BUILT_IN
from notifications.core.timetables import Timetable, parse
from tests.samples.configuration import STARTED, TIMESTAMP, channel, event_type, mute, rule

BEGIN = datetime.fromisoformat(TIMESTAMP)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NAME = "session.started"
NIGHTS = "mon-fri 22:00-06:00 Europe/Berlin"

hours = st.one_of(st.none(), st.integers(0, 240))


def text(after: int | None) -> str | None:
    """Write the time so many hours after the mute's creation."""
    return None if after is None else timestamp(BEGIN + after * HOUR)


@pytest.mark.parametrize(
    ("changes", "minutes", "expected"),
    [
        ({}, -1, Force(in_force=False, until=BEGIN)),
        ({}, 0, Force(in_force=True, until=BEGIN + 2 * HOUR)),
        ({}, 119, Force(in_force=True, until=BEGIN + 2 * HOUR)),
        ({}, 120, Force(in_force=False, until=None)),
        ({"ended_at": text(1)}, 59, Force(in_force=True, until=BEGIN + HOUR)),
        ({"ended_at": text(1)}, 60, Force(in_force=False, until=None)),
        ({"ended_at": text(3)}, 60, Force(in_force=True, until=BEGIN + 2 * HOUR)),
    ],
)
def test_it_is_in_force_from_its_creation_until_its_end(
    changes: dict[str, Any], minutes: int, expected: Force
) -> None:
    """The end is what was planned, or when somebody ended it, whichever is earlier."""
    assert Standing(mute(**changes)).at(BEGIN + minutes * MINUTE) == expected


def test_a_weekly_one_is_in_force_in_its_windows() -> None:
    """It begins again with the next window, and says when that is."""
    standing = Standing(mute(weekly=(NIGHTS,), until=None))  # a Thursday, 11:30 there
    opens, closes = datetime(2026, 1, 15, 21, tzinfo=UTC), datetime(2026, 1, 16, 5, tzinfo=UTC)
    assert standing.at(BEGIN - HOUR) == Force(in_force=False, until=opens)
    assert standing.at(BEGIN) == Force(in_force=False, until=opens)
    assert standing.at(opens) == Force(in_force=True, until=closes)
    assert standing.at(closes) == Force(in_force=False, until=opens + timedelta(days=1))


def test_a_weekly_one_that_ends_before_its_next_window_is_over() -> None:
    """What will never be in force again has no time at which that changes."""
    standing = Standing(mute(weekly=(NIGHTS,), until=text(3)))
    assert standing.at(BEGIN) == Force(in_force=False, until=None)


@given(
    hours,
    hours,
    st.sampled_from([(), (NIGHTS, "sat 00:00-24:00 Asia/Seoul")]),
    st.lists(st.integers(-60, 14_400), min_size=1, max_size=8),
)
def test_its_state_is_that_of_its_times_and_windows(
    until: int | None, ended: int | None, weekly: tuple[str, ...], asked: list[int]
) -> None:
    """Asked in any order, it is in force if each of its parts says so, and up to the time that it says."""
    table = Timetable([*map(parse, weekly)])
    one = mute(weekly=weekly, until=text(until), ended_at=text(ended))
    standing = Standing(one)
    ends = [BEGIN + each * HOUR for each in (until, ended) if each is not None]

    def in_force(at: datetime) -> bool:
        return at >= BEGIN and all(at < end for end in ends) and (not weekly or table.is_open(at))

    for minutes in asked:
        at = BEGIN + minutes * MINUTE
        found = standing.at(at)
        assert found.in_force is in_force(at)
        last = found.until or at + timedelta(days=10)
        step = max(MINUTE, (last - at) / 50)
        seen = at
        while seen < last:
            assert in_force(seen) is found.in_force
            seen += step
        assert found.until is None or in_force(found.until) is not found.in_force


def covered(*found: Any, data: dict[str, Any] = STARTED, of: EventType = BUILT_IN[NAME]) -> list[str]:
    """Name the mutes that cover an event, an hour after their creation."""
    event = Event("e-1", of.name, BEGIN, data)
    return [one.id for one, _ in Mutes(found, of).covering(event, BEGIN + HOUR)]


def test_all_that_it_names_must_fit() -> None:
    """A type and a condition are asked of the event, a rule and a channel of who would send."""
    assert covered(mute()) == ["mute-1"]
    assert covered(mute(rule_type=NAME)) == ["mute-1"]
    assert covered(mute(rule_type="session.terminated")) == []
    assert covered(mute(condition={"status": ["RUNNING"]})) == ["mute-1"]
    assert covered(mute(condition={"status": ["ERROR"]})) == []
    assert covered(mute(rule_type=NAME, condition={"status": ["ERROR"]})) == []
    sends = rule(id="r", channel_id="c"), channel(id="c")
    for names, fits in (
        ({}, True),
        ({"rule_id": "r"}, True),
        ({"channel_id": "c"}, True),
        ({"rule_id": "r", "channel_id": "c"}, True),
        ({"rule_id": "r", "channel_id": "other"}, False),
        ({"rule_id": "other"}, False),
    ):
        assert (first_naming([(mute(**names), None)], *sends) is not None) is fits


def test_a_condition_is_about_types_that_have_its_fields() -> None:
    """That a field is absent means something only where it could be there."""
    has = event_type({"project": {"type": "string"}, "x": {"type": "string"}})
    lacks = event_type({"x": {"type": "string"}})
    other = mute(condition={"project": [{"anything-but": ["a"]}, {"exists": False}]})
    assert covered(other, data={"project": "b"}, of=has) == ["mute-1"]
    assert covered(other, data={"x": ""}, of=has) == ["mute-1"]
    assert covered(other, data={"x": ""}, of=lacks) == []
    assert covered(mute(condition={"project": ["a"]}), data={"x": ""}, of=has) == []


def test_a_condition_that_cannot_be_asked_mutes_nothing() -> None:
    """What a later release saved, and what takes too many steps, keeps no message back."""
    assert covered(mute(condition={"status": [{"unheard-of": 1}]})) == []
    costly = {"items": {"a": [{"wildcard": "*a*b*c*d*"}]}}
    items = {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}}
    of = event_type({"items": items})
    assert covered(mute(condition=costly), data={"items": [{"a": "abcd"}]}, of=of) == ["mute-1"]
    assert covered(mute(condition=costly), data={"items": 100_000 * [{"a": "abc"}]}, of=of) == []


def test_a_rule_that_only_observes_is_not_muted() -> None:
    """It sends nothing that could be kept back, and what it would send is still recorded."""
    assert first_naming([(mute(), None)], rule(observe=True), channel()) is None


def test_of_several_the_one_decides_that_skips_and_lasts_longest() -> None:
    """What somebody does not want at all is not sent later because somebody else would wait for it."""
    found = [
        mute(id="short", until=text(2)),
        mute(id="held for long", until=text(9), hold=True),
        mute(id="long", until=text(3)),
        mute(id="held", until=text(2), hold=True),
        mute(id="weekly", until=None, weekly=("mon-sun 00:00-24:00 UTC",)),
    ]
    assert covered(*found) == ["weekly", "long", "short", "held for long", "held"]


def test_its_reason_says_why_and_until_when() -> None:
    """Who reads a record sees which mute it was."""
    until = datetime(2026, 1, 15, 12, 30, tzinfo=UTC)
    assert reason_of(mute(), until) == "muted: maintenance (mute mute-1, until 2026-01-15T12:30:00Z)"
    assert reason_of(mute(), None) == "muted: maintenance (mute mute-1)"


def test_windows_that_never_close_are_told() -> None:
    """Any pause in a week is one; without any it would be in force for ever."""
    assert muting.pauses(["mon-sun 00:00-23:59 UTC"], BEGIN, MINUTE)
    assert not muting.pauses(["mon-sat 00:00-24:00 UTC", "sun 00:00-24:00 UTC"], BEGIN, timedelta())
    assert muting.pauses(["sat 00:00-24:00 Asia/Seoul"], BEGIN, HOUR)


@pytest.mark.parametrize("began", range(0, 7 * 24 * 60, 997))
def test_a_pause_must_be_long_enough(began: int) -> None:
    """The longest one of a week counts, also if it is asked for within it."""
    weekly = ["mon-sat 00:00-24:00 UTC", "sun 00:00-11:55 UTC", "sun 12:05-24:00 UTC"]
    now = BEGIN + began * MINUTE
    assert muting.pauses(weekly, now, 10 * MINUTE)
    assert not muting.pauses(weekly, now, 11 * MINUTE)
