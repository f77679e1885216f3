"""What a bridge does that does not lead."""

from backendai_notification_bridge.running.standby import Standby


class Events:
    """A spool as far as a standby knows it."""

    def __init__(self) -> None:
        self.made = 0
        self.dropped = 0
        self.owned = 0

    def newest(self) -> int:
        """Return the newest event's number."""
        return self.made

    def drop_foreign(self, until: int) -> int:
        """Drop."""
        count, self.dropped = until - self.dropped, until
        return count

    def drop_foreign_gaps(self) -> int:
        """Have none."""
        return 0

    def own_all(self) -> int:
        """Take over."""
        self.owned = self.made - self.dropped
        return self.owned


class Moved:
    """A clock."""

    now = 1_000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def test_a_standby_keeps_for_its_window_and_drops_then() -> None:
    """What came within the window is there when it takes over."""
    events, clock = Events(), Moved()
    standby = Standby(events, 300.0, clock)
    for _ in range(60):
        standby.look(leads=False, other_leads=True)
        events.made += 1
        clock.now += 10.0
    assert 28 <= events.made - events.dropped <= 32
    assert standby.look(leads=True, other_leads=False) == events.made - events.dropped


def test_nothing_is_dropped_while_nobody_is_known_to_lead() -> None:
    """Valkey may be away, and with it the lock."""
    events, clock = Events(), Moved()
    standby = Standby(events, 300.0, clock)
    for _ in range(100):
        standby.look(leads=False, other_leads=False)
        events.made += 1
        clock.now += 10.0
    assert events.dropped == 0
