"""The values that the service is about."""

import re
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from notifications.core.model import timestamp

TIMES = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


def test_timestamp() -> None:
    """A time is written in UTC with six digits of a second, also when they are zeros."""
    tokyo = timezone(timedelta(hours=9))
    assert timestamp(datetime(2026, 1, 15, 19, 30, tzinfo=tokyo)) == "2026-01-15T10:30:00.000000Z"


@given(TIMES)
def test_timestamp_is_the_time(time: datetime) -> None:
    """What is written is RFC 3339 and is the same time."""
    text = timestamp(time)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text)
    assert datetime.fromisoformat(text) == time


@given(TIMES, TIMES)
def test_timestamps_sort_by_time(one: datetime, other: datetime) -> None:
    """Timestamps sort as the times do, so that the index by creation is in order."""
    assert (timestamp(one) < timestamp(other)) is (one.astimezone(UTC) < other.astimezone(UTC))
