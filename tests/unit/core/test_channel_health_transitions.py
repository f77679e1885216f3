"""The state machine of a channel's health, without any store: what no sequence of transitions may break."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from notifications.core import channel_health
from notifications.core.attempt_summary import AttemptSummary
from notifications.core.channel_health import (
    FIRST_PROBE,
    LAST_PROBE,
    SUSPEND_AFTER_FAILURES,
    SUSPEND_NOT_BEFORE,
    Change,
    Health,
)
from tests.samples.records import NOW

FAST, SLOW = 0.1, 1.5


def applied(health: Health | None, change: Change | None) -> tuple[Health | None, bool]:
    """Do to a health what the store does; tell whether the change was made."""
    if change is None:
        return health, False
    suspended = health is not None and health.suspended
    if change.only_if is not None and suspended != (change.only_if == "suspended"):
        return health, False
    if change.forgets:
        return None, True
    return channel_health.changed(health or Health("c"), change), True


class Life(RuleBasedStateMachine):
    """One channel, to which anything happens in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.health: Health | None = None
        self.held = 0

    def change(self, change: Change | None) -> bool:
        """Make a change; what it releases goes out."""
        self.health, done = applied(self.health, change)
        if done and change is not None and change.releases:
            self.held = 0
        return done

    @rule(seconds=st.integers(1, 100_000))
    def time_passes(self, seconds: int) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)

    @rule(count=st.integers(1, 150), first_tries=st.booleans())
    def attempts_fail(self, count: int, first_tries: bool) -> None:  # noqa: FBT001
        """Count failures as the store does, and then judge."""
        before = self.health or Health("c")
        self.health = Health(
            **asdict(before)
            | {
                "failures": before.failures + count,
                "repeated": before.repeated + (0 if first_tries else count),
                "failing_since": before.failing_since or self.now,
                "reason": "status 503",
            }
        )
        if self.change(channel_health.after_failures(self.health, self.now)):
            assert self.now - (before.failing_since or self.now) >= SUSPEND_NOT_BEFORE

    @rule(seconds=st.sampled_from([FAST, SLOW]))
    def an_attempt_succeeds(self, seconds: float) -> None:
        """Take a message."""
        self.change(channel_health.after_success(self.health, AttemptSummary(fastest=seconds), self.now))
        assert self.health is None or not (self.health.suspended or self.health.failures)

    @rule()
    def a_delivery_comes(self) -> None:
        """Hold what comes during a suspension."""
        if self.health is not None and self.health.suspended:
            self.held += 1

    @rule()
    def one_is_held_too_late(self) -> None:
        """Hold a delivery with a health that was read before the suspension ended."""
        self.held += 1
        self.change(channel_health.held_after_all(self.health))

    @rule()
    def it_is_slow(self) -> None:
        """Find it too slow for the fast lane."""
        self.change(channel_health.after_timeout(self.health))

    @rule()
    def the_sweeper_comes(self) -> None:
        """Send the probe that is due, and end a release."""
        if self.health is None:
            return
        due = self.health.suspended and (self.health.probe_at or self.now) <= self.now
        assert self.change(channel_health.next_probe(self.health, self.now)) == due
        if not self.held:
            self.change(channel_health.released(self.health))

    @rule(enabled=st.booleans())
    def an_operator_changes_it(self, enabled: bool) -> None:  # noqa: FBT001
        """Change where to send, or whether."""
        self.change(channel_health.reconfigured(self.health, enabled=enabled))

    @rule()
    def it_is_gone(self) -> None:
        """Answer 410."""
        self.change(channel_health.gone(self.health, "status 410"))

    @invariant()
    def nothing_is_held_for_ever(self) -> None:
        """What is held waits for a suspension, which ends, or is being released."""
        assert not self.held or (self.health is not None and (self.health.suspended or self.health.releasing))

    @invariant()
    def a_suspension_has_its_probes(self) -> None:
        """During a suspension, and only then, a probe is planned, within an hour."""
        if self.health is None:
            return
        assert self.health.suspended == (self.health.probe_at is not None)
        if self.health.probe_at is not None:
            assert self.health.probe_at <= self.now + LAST_PROBE

    @invariant()
    def it_is_not_suspended_and_released_at_once(self) -> None:
        """A suspended channel is not also being released."""
        assert self.health is None or not (self.health.suspended and self.health.releasing)


TestLife = Life.TestCase


@st.composite
def healths(draw: Callable[[st.SearchStrategy[int]], int]) -> Health:
    """Make a health that a process may have read some time ago."""
    suspended_at: datetime | None = NOW if draw(st.integers(0, 1)) else None
    return Health(
        "c",
        failures=draw(st.integers(0, 200)),
        failing_since=NOW,
        suspended_at=suspended_at,
        probe_at=NOW + FIRST_PROBE if suspended_at else None,
        releasing=not suspended_at and bool(draw(st.integers(0, 1))),
        gone=bool(draw(st.integers(0, 1))),
    )


@given(healths())
def test_a_stale_view_ends_no_suspension(stale: Health) -> None:
    """Whoever does not know of a suspension neither forgets it, nor writes a probe where there is none."""
    suspended = Health("c", SUSPEND_AFTER_FAILURES, failing_since=NOW, suspended_at=NOW, probe_at=NOW)
    unaware = [channel_health.released(stale), channel_health.held_after_all(stale)]
    if not stale.suspended:
        unaware = [channel_health.released(stale)]
        unaware.append(channel_health.after_success(stale, AttemptSummary(fastest=FAST), NOW))
    for change in unaware:
        after, _ = applied(suspended, change)
        assert after is not None
        assert after.suspended
    well, done = applied(Health("c"), channel_health.next_probe(suspended, NOW))
    assert (well, done) == (Health("c"), False)
