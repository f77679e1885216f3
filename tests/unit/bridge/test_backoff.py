"""The pauses between attempts."""

import pytest

from backendai_notification_bridge import backoff
from backendai_notification_bridge.backoff import Backoff


class Clock:
    """A monotonic clock that is moved by buffer."""

    now = 100.0

    def monotonic(self) -> float:
        """Tell the time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let the pauses go by that clock."""
    clock = Clock()
    monkeypatch.setattr(backoff, "time", clock)
    return clock


def test_pauses_double_up_to_a_bound(clock: Clock) -> None:
    """They have jitter, but never less than half."""
    pauses = Backoff(1.0, 8.0)
    for bound in (1.0, 2.0, 4.0, 8.0, 8.0):
        pauses.failed()
        assert bound / 2 <= pauses.left <= bound
        clock.now += bound
        assert pauses.left == 0.0


def test_failures_at_once_are_one(clock: Clock) -> None:
    """Four requests that fail together make one pause."""
    pauses = Backoff(1.0, 8.0)
    for _ in range(4):
        pauses.failed()
    clock.now += 1.0
    pauses.failed()
    assert pauses.left <= 2.0


def test_success_makes_pauses_short_again(clock: Clock) -> None:
    """What is over is forgotten."""
    pauses = Backoff(1.0, 8.0)
    for _ in range(5):
        pauses.failed()
        clock.now += 8.0
    pauses.went_well()
    pauses.failed()
    assert pauses.left <= 1.0
