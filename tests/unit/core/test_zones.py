"""Time zones by their names."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.core.zones import fault, or_utc


@pytest.mark.parametrize("name", [None, "", "Asia/Soul", "../../etc/passwd"])
def test_a_message_goes_out_though_its_zone_is_gone(name: str | None) -> None:
    """No zone, and one that the database does not have any more, are UTC."""
    assert or_utc(name) is UTC


def test_a_zone_that_exists_is_used() -> None:
    """A time is told in the zone that is named."""
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
    assert noon.astimezone(or_utc("Asia/Seoul")).utcoffset() == timedelta(hours=9)


def test_the_nearest_zone_is_told() -> None:
    """Who mistypes a zone is told the nearest."""
    assert fault("Asia/Seoul") is None
    assert "the nearest is 'Asia/Seoul'" in str(fault("Asia/Soul"))
