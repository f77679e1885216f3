"""Times are read in every form of RFC 3339."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.core.times import parse

HALF_PAST_TEN = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-15T10:30:00Z",
        "2026-01-15t10:30:00z",
        "2026-01-15t10:30:00Z",
        "2026-01-15T10:30:00z",
        "2026-01-15 10:30:00z",
        "2026-01-15T10:30:00-00:00",
        "2026-01-15t19:30:00.000000000+09:00",
        "2026-01-15T10:30:00",
        "20260115t103000z",
        "2026-01-15T10:29:60Z",
        "2026-01-15t19:29:60+09:00",
    ],
)
def test_one_time(text: str) -> None:
    """Letters may be small, a time without an offset is UTC, and second 60 is the next minute's first."""
    assert parse(text) == HALF_PAST_TEN
    assert parse(text).utcoffset() is not None


def test_fractions() -> None:
    """Fractions finer than Python's are cut, also those of a leap second."""
    assert parse("2026-01-15t10:30:00.123456789z") == HALF_PAST_TEN + timedelta(microseconds=123456)
    assert parse("2026-01-15T10:29:60.5Z") == HALF_PAST_TEN + timedelta(seconds=0.5)


@pytest.mark.parametrize(
    "text",
    [
        *("", "z", "yesterday", "2026-01-15T10:30:61Z", "2026-01-15T10:30:00zz", "2026-13-01t00:00:00z"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-12:00", "9" * 5_000),
    ],
)
def test_no_time(text: str) -> None:
    """What is no time, or none in UTC, is refused."""
    with pytest.raises(ValueError, match=r".+"):
        parse(text)
