"""When a channel's receiver is given a rest, and when it is tried again: the policy of docs/deliveries.md."""

from datetime import datetime, timedelta
from typing import Literal

from notifications.core.model import Channel
from notifications.core.pauses import doubled
from notifications.core.records import DeliveryRecord
from notifications.core.values import value

SUSPEND_AFTER_FAILURES = 100
"""So many failures in a row, with no success between, suspend a channel."""

COUNTED_FROM_TRY = 2
"""A first try that fails and is followed by another tells of a busy receiver, so only later ones count."""

SUSPEND_NOT_BEFORE = timedelta(minutes=1)
"""Nothing suspends a channel sooner after its first failure: a burst is over by then."""

SUSPEND_AFTER = timedelta(days=3)
MIN_FAILURES = 5
"""Or failing all the time for so long, with no fewer attempts than this."""

FIRST_PROBE = timedelta(minutes=1)
LAST_PROBE = timedelta(hours=1)
"""The pauses between probes double from the first to this."""

MAX_HELD = timedelta(days=14)
"""What is held for longer ends as failed; it can still be replayed."""

SLOW_SECONDS = 2.0
"""A receiver that needs longer gets its messages through the patient queue, where it delays no other."""

State = Literal["active", "failing", "suspended", "disabled"]


@value
class Health:
    """What is remembered of a channel whose receiver is not well; of the others nothing is.

    ``failures``: attempts that failed since the last success, the first of them at ``failing_since``;
    ``repeated``: how many of them count towards a suspension, see ``counts``.
    ``reason``: why the last one did. ``slow``: it answers too late for the fast lane. ``gone``: it answered
    410. ``releasing``: it is well again, and what was held goes out. ``rules_seen``: how many writes of rules
    there were when it was last looked for what is held and may not be sent any more.
    """

    channel_id: str
    failures: int = 0
    repeated: int = 0
    failing_since: datetime | None = None
    reason: str | None = None
    slow: bool = False
    suspended_at: datetime | None = None
    probe_at: datetime | None = None
    probes: int = 0
    releasing: bool = False
    gone: bool = False
    rules_seen: int | None = None

    @property
    def suspended(self) -> bool:
        """Tell whether its messages are held."""
        return self.suspended_at is not None


def must_suspend(health: Health, now: datetime) -> bool:
    """Tell whether the failures are many, repeated and unbroken, or have lasted for days."""
    if health.suspended or health.failing_since is None:
        return False
    lasting = now - health.failing_since
    if health.failures >= MIN_FAILURES and lasting >= SUSPEND_AFTER:
        return True
    return health.repeated >= SUSPEND_AFTER_FAILURES and lasting >= SUSPEND_NOT_BEFORE


def counts(record: DeliveryRecord) -> bool:
    """Tell of a delivery whose attempt has just failed whether that says that its receiver is not well."""
    return record.status == "failed" or record.tries >= COUNTED_FROM_TRY


def pause(probes: int) -> timedelta:
    """Return how long to wait before the next probe. ``probes``: how many were sent so far."""
    return timedelta(seconds=doubled(FIRST_PROBE.total_seconds(), LAST_PROBE.total_seconds(), probes))


def state(channel: Channel, health: Health | None) -> tuple[State, str | None]:
    """Tell how a channel is, and why."""
    if not channel.enabled:
        gone = health is not None and health.gone
        return "disabled", health.reason if gone and health else None
    if health is None:
        return "active", None
    since = f"{health.failures} attempts failed in a row since {_moment(health.failing_since)}"
    if health.suspended:
        return "suspended", f"{since}; the last: {health.reason}. Next probe at {_moment(health.probe_at)}"
    if health.failures:
        return "failing", f"{since}; the last: {health.reason}"
    return "active", f"answers after more than {SLOW_SECONDS:g} s" if health.slow else None


def _moment(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else "?"
