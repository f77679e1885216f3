"""How events are parted into requests."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from backendai_notification_bridge.putting.batches import BATCH_BYTES, BATCH_ENTRIES, batches, size
from backendai_notification_bridge.spool.rows import Outgoing


def event(number: int, length: int) -> Outgoing:
    """Make an event of a size."""
    return Outgoing(number, f"{number:064d}", "agent.lost", "x" * length, datetime(2026, 1, 15, tzinfo=UTC))


@given(st.lists(st.integers(0, 1_200_000), max_size=40))
def test_each_request_is_within_its_limits(lengths: list[int]) -> None:
    """Nothing is lost or moved, and only what is too large alone makes a request too large."""
    events = [event(number, length) for number, length in enumerate(lengths)]
    parted = list(batches(events))
    assert [each for batch in parted for each in batch] == events
    for batch in parted:
        assert 1 <= len(batch) <= BATCH_ENTRIES
        assert len(batch) == 1 or sum(map(size, batch)) <= BATCH_BYTES


def test_few_events_share_a_request() -> None:
    """Twenty-five small events need three requests."""
    assert [len(batch) for batch in batches(event(number, 100) for number in range(25))] == [10, 10, 5]
