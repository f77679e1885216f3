"""When a channel's receiver is given a rest, and when it is tried again."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.attempt_summary import counts
from notifications.core.channel_health import (
    FIRST_PROBE,
    LAST_PROBE,
    MIN_FAILURES,
    SUSPEND_AFTER,
    SUSPEND_AFTER_FAILURES,
    SUSPEND_NOT_BEFORE,
    Health,
    must_suspend,
    pause,
    state,
)
from notifications.core.records import DeliveryStatus
from tests.samples import configuration as samples
from tests.samples.records import NOW, delivery

MICROSECOND = timedelta(microseconds=1)


def failing(failures: int, lasting: timedelta, **changes: Any) -> Health:
    """Make the health of a channel that has failed so often, all of it counting, and for so long."""
    counted = {"repeated": failures, **changes}
    return Health("channel-1", failures, failing_since=NOW - lasting, reason="status 500", **counted)


@pytest.mark.parametrize(
    ("failures", "lasting", "suspended"),
    [
        (SUSPEND_AFTER_FAILURES, SUSPEND_NOT_BEFORE, True),
        (SUSPEND_AFTER_FAILURES * 100, SUSPEND_NOT_BEFORE - MICROSECOND, False),
        (SUSPEND_AFTER_FAILURES - 1, SUSPEND_AFTER - MICROSECOND, False),
        (MIN_FAILURES, SUSPEND_AFTER, True),
        (MIN_FAILURES, SUSPEND_AFTER - MICROSECOND, False),
        (MIN_FAILURES - 1, 100 * SUSPEND_AFTER, False),
    ],
)
def test_policy(failures: int, lasting: timedelta, suspended: bool) -> None:  # noqa: FBT001
    """A hundred failures in a row suspend, or five in three days; a few in a long time do not."""
    assert must_suspend(failing(failures, lasting), NOW) == suspended


def test_first_tries_do_not_suspend() -> None:
    """However many first tries fail, a receiver that takes the second ones is only busy."""
    assert not must_suspend(failing(10_000, SUSPEND_AFTER - MICROSECOND, repeated=99), NOW)


@pytest.mark.parametrize(
    ("status", "tries", "counted"),
    [("pending", 1, False), ("pending", 2, True), ("failed", 1, True)],
)
def test_what_counts(status: DeliveryStatus, tries: int, counted: bool) -> None:  # noqa: FBT001
    """A failed try counts if it was not the first of its delivery, or the last."""
    assert counts(delivery(status=status, tries=tries)) == counted


def test_what_is_suspended_is_not_again() -> None:
    """A suspended channel keeps the time of its suspension and the pauses of its probes."""
    assert not must_suspend(failing(1_000, SUSPEND_AFTER, suspended_at=NOW), NOW)


@given(st.integers(0, 10**9))
def test_pauses(probes: int) -> None:
    """From a minute the pauses grow to an hour, and stay there however many probes there were."""
    assert FIRST_PROBE <= pause(probes) <= pause(probes + 1) <= LAST_PROBE


def test_pauses_double() -> None:
    """The pauses are 1, 2, 4, 8, 16, 32 and then 60 minutes."""
    assert [pause(probes) // timedelta(minutes=1) for probes in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_well() -> None:
    """A channel of which nothing is known, or whose held deliveries go out, is active without a reason."""
    assert state(samples.channel(), None) == ("active", None)
    assert state(samples.channel(), Health("channel-1", releasing=True)) == ("active", None)


def test_failing_says_since_when() -> None:
    """A failing channel's reason has the number of failures, the first time and the last reason."""
    shown, reason = state(samples.channel(), failing(3, timedelta(hours=1)))
    assert shown == "failing"
    assert reason == "3 attempts failed in a row since 2026-01-15T09:30:00Z; the last: status 500"


def test_suspended_says_when_it_is_probed() -> None:
    """A suspended channel's reason names the next probe."""
    health = failing(100, timedelta(hours=1), suspended_at=NOW, probe_at=NOW + FIRST_PROBE)
    shown, reason = state(samples.channel(), health)
    assert shown == "suspended"
    assert reason is not None
    assert reason.endswith("Next probe at 2026-01-15T10:31:00Z")


def test_suspended_again_while_releasing() -> None:
    """A receiver that fails again while what was held goes out is shown as what it is: suspended."""
    health = failing(100, timedelta(hours=1), suspended_at=NOW, probe_at=NOW, releasing=True)
    assert state(samples.channel(), health)[0] == "suspended"


def test_failing_while_releasing() -> None:
    """Failures that came since a suspension's end are shown, although not all is let out yet."""
    assert state(samples.channel(), failing(3, timedelta(hours=1), releasing=True))[0] == "failing"


def test_disabled_by_410() -> None:
    """A channel that its receiver disabled says so; one that an operator disabled has no reason."""
    gone = Health("channel-1", reason="status 410", gone=True)
    assert state(samples.channel(enabled=False), gone) == ("disabled", "status 410")
    assert state(samples.channel(enabled=False), failing(3, timedelta())) == ("disabled", None)


def test_slow() -> None:
    """A slow receiver's channel is active, and tells why its messages take the other way."""
    shown, reason = state(samples.channel(), Health("channel-1", slow=True))
    assert shown == "active"
    assert reason is not None
    assert "2 s" in reason
