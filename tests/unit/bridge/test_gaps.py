"""Where reading goes on, and how many entries are missing."""

import pytest

from backendai_notification_bridge.reading.gaps import Begin, Meter, Position, StreamInfo, begin, key


def test_ids_are_ordered_by_their_numbers() -> None:
    """Text order would put 9-0 after 10-0, and 1-9 after 1-10."""
    assert key("9-0") < key("10-0") < key("10-9") < key("10-10")


@pytest.mark.parametrize(
    ("start", "expected"),
    [("new", Begin("20-0", 300)), ("oldest", Begin("0-0", 170))],
)
def test_the_first_start_is_no_gap(start: str, expected: Begin) -> None:
    """What was there before the bridge was is not missing, whichever way it begins."""
    info = StreamInfo(130, 300, "20-0", "3-0")
    assert begin(None, info, "run", start, away=True) == expected


def test_a_stream_that_is_not_there_yet_is_read_from_its_first_entry() -> None:
    """Its first entry must not be missed."""
    assert begin(None, None, "run", "new", away=True) == Begin("0-0", 0)


def test_reading_goes_on_at_the_position() -> None:
    """On the same server the count goes on as well."""
    info = StreamInfo(130, 300, "20-0", "15-0")
    assert begin(Position("10-0", 100, "run"), info, "run", "new", away=True) == Begin("10-0", 100)


@pytest.mark.parametrize("info", [None, StreamInfo(5, 5, "7-0", "3-0")])
@pytest.mark.parametrize("away", [True, False])
def test_a_stream_made_anew_is_read_from_its_beginning(info: StreamInfo | None, *, away: bool) -> None:
    """XREAD from a higher id would wait for ever; what the old stream had had is unknown after an absence."""
    assert begin(Position("10-0", 100, "run"), info, "run", "new", away=away) == Begin("0-0", 0, unknown=away)


@pytest.mark.parametrize(
    ("first", "away", "unknown"),
    [("9-0", True, False), ("10-0", True, False), ("12-0", True, True), ("12-0", False, False)],
)
def test_another_server_tells_by_what_it_has_whether_something_is_missing(
    first: str, *, away: bool, unknown: bool
) -> None:
    """Its count is not the old server's, so that nothing is reckoned from that."""
    info = StreamInfo(130, 300, "20-0", first)
    begun = begin(Position("10-0", 100, "run"), info, "other", "new", away=away)
    assert begun == Begin("10-0", None, unknown=unknown)


def test_the_meter_tells_what_was_added_and_not_read() -> None:
    """Each entry is missed once."""
    meter = Meter(Begin("10-0", 100))
    meter.read(50)
    assert meter.added == 150
    assert meter.check(170) == 20
    assert meter.check(170) == 0
    meter.read(5)
    assert meter.check(175) == 0


def test_the_meter_reckons_nothing_from_an_unknown_count() -> None:
    """It begins with the first count that it is told."""
    meter = Meter(Begin("10-0", None))
    meter.read(5)
    assert meter.added is None
    assert meter.check(500) == 0
    assert meter.check(503) == 3
